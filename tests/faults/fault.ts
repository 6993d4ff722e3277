/** What one kind of fault came to. `wrong` holds one sentence for each case that did not end as promised, without anything personal. */
export interface FaultReport {
  readonly fault: string;
  readonly cases: number;
  readonly wrong: readonly string[];
  /** Where service was interrupted: the longest time from the end of the fault until somebody could be served, ms. */
  readonly backMsMax?: number;
  /** Why it could not be tried on this machine; then there are no cases. */
  readonly skipped?: string;
}

export interface FaultOptions {
  /** A few cases of each kind, as `npm test` has time for; else all of them. */
  readonly bounded: boolean;
  readonly onProgress: (what: string) => void;
}

/** A kind of fault: it is done to something real, and what comes of it is looked at from outside. */
export interface Fault {
  readonly name: string;
  run(options: FaultOptions): Promise<FaultReport>;
}

/** An exception as a sentence of a report. */
export function sayOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
