/**
 * Names what failed, out of a runner's JSON report, so that the end of `npm test` tells it: whoever has only the last lines of a
 * run need not search the rest.
 */
import { z } from 'zod';

/** Vitest's reporter `json`. */
const vitestReport = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

/** Playwright's reporter `json`: suites in suites. The lab's report has suites as well, with counts instead of specs. */
interface PlaywrightSuite {
  readonly specs?:
    | readonly { readonly title: string; readonly file: string; readonly ok: boolean }[]
    | undefined;
  readonly suites?: readonly PlaywrightSuite[] | undefined;
}
const playwrightSuite: z.ZodType<PlaywrightSuite> = z.object({
  specs: z.array(z.object({ title: z.string(), file: z.string(), ok: z.boolean() })).optional(),
  get suites() {
    return z.array(playwrightSuite).optional();
  },
});

const playwrightReport = z.object({ suites: z.array(playwrightSuite), stats: z.object({}) });

/** The reports of the project's own commands; a field that one of them fills otherwise does not hide the rest. */
const ownReport = z.object({
  faults: listOf({ fault: z.string(), wrong: z.array(z.string()) }),
  failures: listOf({ suite: z.string(), test: z.string(), error: z.string() }),
  examples: z.array(z.string()).catch([]),
  wrong: z.array(z.string()).catch([]),
  violations: listOf({ invariant: z.string(), what: z.string() }),
  mutants: listOf({ name: z.string(), found: z.boolean() }),
  variants: listOf({ name: z.string(), caught: z.boolean() }),
  checks: listOf({ what: z.string(), held: z.boolean() }),
  decoders: z.record(z.string(), z.object({ crashes: z.number(), hangs: z.number() })).catch({}),
});

function listOf<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.array(z.object(shape)).catch([]);
}

/** One line for each thing that failed; none where the report names nothing, or there is no report. */
export function failedNames(report: unknown): readonly string[] {
  const vitest = vitestReport.safeParse(report);
  if (vitest.success) return vitest.data.testResults.flatMap(failedTests);
  const playwright = playwrightReport.safeParse(report);
  if (playwright.success) return failedSpecs(playwright.data);
  const own = ownReport.safeParse(report);
  return own.success ? ownFailures(own.data) : [];
}

function failedTests(file: z.infer<typeof vitestReport>['testResults'][number]): readonly string[] {
  const failed = file.assertionResults.filter(({ status }) => status === 'failed');
  if (failed.length > 0)
    return failed.map(({ fullName, failureMessages }) => `${fullName}: ${firstLine(failureMessages?.[0])}`);
  // A file that cannot be loaded has a message, and no test.
  return file.assertionResults.length === 0 && file.message
    ? [`${file.name}: ${firstLine(file.message)}`]
    : [];
}

function failedSpecs({ specs = [], suites = [] }: PlaywrightSuite): readonly string[] {
  return [
    ...specs.filter(({ ok }) => !ok).map(({ file, title }) => `${file} › ${title}`),
    ...suites.flatMap(failedSpecs),
  ];
}

function ownFailures(report: z.infer<typeof ownReport>): readonly string[] {
  return [
    ...report.faults.flatMap(({ fault, wrong }) => wrong.map((what) => `${fault}: ${what}`)),
    ...report.failures.map(({ suite, test, error }) => `${suite} › ${test}: ${firstLine(error)}`),
    ...report.examples,
    ...report.wrong,
    ...report.violations.map(({ invariant, what }) => `${invariant}: ${what}`),
    ...report.mutants.filter(({ found }) => !found).map(({ name }) => `not found: ${name}`),
    ...report.variants.filter(({ caught }) => !caught).map(({ name }) => `not caught: ${name}`),
    ...report.checks.filter(({ held }) => !held).map(({ what }) => `not so: ${what}`),
    ...Object.entries(report.decoders)
      .filter(([, { crashes, hangs }]) => crashes + hangs > 0)
      .map(([name, { crashes, hangs }]) => `${name}: ${crashes} crashes, ${hangs} hangs`),
  ];
}

function firstLine(text = ''): string {
  return text.split('\n', 1)[0] ?? '';
}
