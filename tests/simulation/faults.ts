import { JOURNAL_STATES } from '../../src/issuance/transitions.ts';
import type { JournalState } from '../../src/issuance/transitions.ts';
import type { Odds } from './fates.ts';
import type { Part } from './printer-model.ts';

/** Where in an operation something struck; `NONE`: the kiosk's journal held nothing unfinished. */
export const STRUCK_IN = ['NONE', ...JOURNAL_STATES] as const;
export type StruckIn = (typeof STRUCK_IN)[number];

/** What happens to one request, or to its answer. */
export const REQUEST_FAULTS = [
  'request-lost',
  'reply-lost',
  'late',
  'doubled',
  'hangs',
  'slow',
  'centre-error',
] as const;
/** What happens to one print job. */
export const JOB_FAULTS = [
  'not-printed',
  'half-unknown',
  'whole-unknown',
  'whole-silent',
  'nothing-silent',
  'weak-proof',
  'cutter-fault',
] as const;
/** What comes of pulling a slip back. */
export const PULL_FAULTS = ['pull-jams', 'pull-stuck'] as const;
/** What may happen to a kiosk or its person's codes at any instant. */
export const STRIKES = [
  'killed',
  'power-cut',
  'restarted',
  'network-down',
  'centre-down',
  'paper-out',
  'cover-open',
  'printer-unplugged',
  'printer-power-cycled',
  'reader-unplugged',
  'scanner-unplugged',
  'clock-jump',
  'loss-report',
  'issued-elsewhere',
] as const;
/** What happens at one journal write. `write-fails-kept`: it throws, and the row is on disk all the same. */
export const WRITE_FAULTS = [
  'killed-before-write',
  'killed-after-write',
  'write-fails',
  'write-fails-kept',
] as const;
/** What is found of the database at a start. */
export const DISK_FAULTS = ['database-lost', 'database-corrupt'] as const;
/** What lies on the reader or under the scanner, and what people do. */
export const PERSON_FAULTS = [
  'card-unreadable',
  'not-an-id-card',
  'code-smeared',
  'code-of-another-kind',
  'walks-away',
  'leaves-and-comes-back',
  'hesitates',
  'swaps-card',
  'presses-anything',
  'presses-stale',
  'leaves-slip',
  'says-no-paper',
] as const;

export type RequestFault = (typeof REQUEST_FAULTS)[number];
export type JobFault = (typeof JOB_FAULTS)[number];
export type Strike = (typeof STRIKES)[number];
export type WriteFault = (typeof WRITE_FAULTS)[number];
export type PersonFault = (typeof PERSON_FAULTS)[number];

export const FAULTS = [
  ...REQUEST_FAULTS,
  ...JOB_FAULTS,
  ...PULL_FAULTS,
  ...STRIKES,
  ...WRITE_FAULTS,
  ...DISK_FAULTS,
  ...PERSON_FAULTS,
] as const;
export type Fault = (typeof FAULTS)[number];

/** How likely each fault is at each occasion for it: a request, a job, a pull, a write, a start, a step of a person. */
export type Rates = Readonly<Record<Fault, number>>;

function each<F extends Fault>(faults: readonly F[], rate: number): Record<F, number> {
  // Every key is a member of `faults`, which is all that the record promises.
  return Object.fromEntries(faults.map((fault) => [fault, rate])) as Record<F, number>;
}

export const DEFAULT_RATES: Rates = {
  ...each(REQUEST_FAULTS, 0.006),
  ...each(JOB_FAULTS, 0.006),
  ...each(PULL_FAULTS, 0.15),
  /** At each journal write, for the state that it enters; more in states that few operations see. */
  ...each(STRIKES, 0.0015),
  ...each(WRITE_FAULTS, 0.0025),
  ...each(DISK_FAULTS, 0.12),
  ...each(PERSON_FAULTS, 0.012),
};

/** States into which few operations come, and how much oftener something strikes there. */
export const RARE_STATES: Partial<Record<StruckIn, number>> = {
  NONE: 0.5,
  INTENT: 2,
  ACTIVATING: 2,
  DONE_U: 12,
  VOIDING: 4,
};

/** The parts that few operations print, and how much oftener something goes wrong with them. */
export const RARE_PARTS: Partial<Record<Part, number>> = { void: 5, blank: 20 };

export function oddsOf<F extends Fault>(rates: Rates, faults: readonly F[], times = 1): Odds<F> {
  return faults.map((fault) => [fault, rates[fault] * times] as const);
}

/** No time passes in these: the next step follows at once, so only a journal write can be hit. */
const INSTANTANEOUS: readonly JournalState[] = ['RESERVED', 'PRINTED', 'ACTIVE'];
const AT_AN_INSTANT: readonly Fault[] = [
  ...REQUEST_FAULTS,
  ...JOB_FAULTS,
  ...PULL_FAULTS,
  ...STRIKES,
  ...PERSON_FAULTS,
];
/** The states in which something is printed, and what cannot go wrong with a part. */
const PRINTED_IN: Partial<Record<StruckIn, readonly JobFault[]>> = {
  PRINTING: ['cutter-fault'],
  FOOTER: [],
  VOIDING: [],
  DONE_U: [],
};

/** Why a fault cannot strike in a state; null when it can. */
export function whyNever(fault: Fault, state: StruckIn): string | null {
  if (AT_AN_INSTANT.includes(fault) && (INSTANTANEOUS as readonly string[]).includes(state))
    return 'no time passes in this state';
  if ((JOB_FAULTS as readonly string[]).includes(fault)) {
    const never = PRINTED_IN[state];
    if (never === undefined) return 'nothing is printed in this state';
    if ((never as readonly string[]).includes(fault)) return 'the body is not cut';
  }
  if ((PULL_FAULTS as readonly string[]).includes(fault) && state !== 'DONE')
    return 'only a slip whose delivery is open is pulled back';
  return null;
}

/** How often each fault struck in each state. */
export class Tally {
  readonly #counts = new Map<string, number>();

  note(fault: Fault, state: StruckIn): void {
    const key = `${fault} ${state}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  add(table: FaultTable): void {
    for (const [fault, row] of Object.entries(table)) {
      for (const [state, count] of Object.entries(row)) {
        const key = `${fault} ${state}`;
        this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
      }
    }
  }

  count(fault: Fault, state: StruckIn): number {
    return this.#counts.get(`${fault} ${state}`) ?? 0;
  }

  table(): FaultTable {
    return Object.fromEntries(
      FAULTS.map((fault) => [
        fault,
        Object.fromEntries(
          STRUCK_IN.flatMap((state) =>
            whyNever(fault, state) === null || this.count(fault, state) > 0
              ? [[state, this.count(fault, state)]]
              : [],
          ),
        ),
      ]),
    );
  }
}

export type FaultTable = Readonly<Record<string, Readonly<Record<string, number>>>>;
