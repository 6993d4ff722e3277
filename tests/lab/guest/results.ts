/** What a suite found, one line of JSON each on standard output (`scripts/lab.ts` reads them). */
export interface Result {
  readonly suite: string;
  readonly test: string;
  readonly error?: string;
  readonly ms?: number;
  readonly unplugs?: number;
  readonly replugMs?: readonly number[];
}

/** Reports a result; one with an error makes the suite fail. */
export function report(result: Result): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
  if (result.error !== undefined) process.exitCode = 1;
}

/** Whether a suite is asked for: `LAB_ONLY` is a pattern for suites' names, URI encoded. */
export function isWanted(suite: string): boolean {
  return new RegExp(decodeURIComponent(process.env['LAB_ONLY'] ?? '')).test(suite);
}

/** Runs one test and reports it, with what it noted meanwhile; false when it failed. Never rejects. */
export async function judge(
  suite: string,
  test: string,
  work: () => Promise<void>,
  noted: Pick<Result, 'unplugs' | 'replugMs'> = {},
): Promise<boolean> {
  const sinceMs = performance.now();
  const error = await work().then(
    () => undefined,
    (reason: unknown) => (reason instanceof Error ? reason.message : String(reason)),
  );
  const ms = Math.round(performance.now() - sinceMs);
  report({ suite, test, ms, ...noted, ...(error === undefined ? {} : { error }) });
  return error === undefined;
}
