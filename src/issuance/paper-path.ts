import { withTimeLimit } from '../platform/clock.ts';
import type { IssuancePorts, PaperDebt, PrinterCause, PrintResult } from './ports.ts';
import type { IssuanceLimits } from './settings.ts';

type Job = { readonly opId: string; readonly processId: string };

/** The one way to the printer: jobs one after the other, each with a time limit, none over the rest of an earlier one. */
export interface PaperPath {
  printBody(job: Job): Promise<PrintResult>;
  printFooter(job: Job): Promise<PrintResult>;
  /** Pays what an operation owes to the paper; true when it is paid and cut. */
  clear(opId: string, debt: Exclude<PaperDebt, 'none'>): Promise<boolean>;
  /** Nothing of an earlier job can come out any more, and a whole slip can be printed now; otherwise why not. */
  check(): Promise<'ready' | PrinterCause>;
  /** Anything else that moves paper: after the jobs before it, before the ones behind. `work` has a limit of its own. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** Other people's paper, in its turn: what it may leave in the buffer is dropped before the next check. */
  others<T>(work: () => Promise<T>): Promise<T>;
  /** A fresh id for a print job: four characters, not repeated within 1.6 million jobs. */
  processId(): string;
}

const PROCESS_IDS = 36 ** 4;

/** Serialises the printer port. `unknown` stands for every job that outlives its limit. */
export function createPaperPath(
  ports: Pick<IssuancePorts, 'clock' | 'random' | 'printer'>,
  limits: IssuanceLimits,
): PaperPath {
  const { clock, printer } = ports;
  let last: Promise<unknown> = Promise.resolve();
  let nextProcess = Math.floor(ports.random.fraction() * PROCESS_IDS);
  /** After a start, and after every job that did not end well, the buffer may hold something. */
  let purged = false;

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = last.then(work);
    last = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  async function limited(work: Promise<PrintResult>): Promise<PrintResult> {
    const result = await withTimeLimit(clock, limits.printMs, work);
    const outcome: PrintResult = result === 'timed-out' ? { kind: 'unknown', cause: 'fault' } : result;
    if (outcome.kind !== 'printed') purged = false;
    return outcome;
  }

  async function purge(): Promise<boolean> {
    purged = (await withTimeLimit(clock, limits.printerAnswerMs, printer.purge())) === true;
    return purged;
  }

  function processId(): string {
    nextProcess = (nextProcess + 1) % PROCESS_IDS;
    return nextProcess.toString(36).toUpperCase().padStart(4, '0');
  }

  return {
    processId,
    inTurn,
    others: (work) =>
      inTurn(() => {
        purged = false;
        return work();
      }),
    printBody: (job) => inTurn(() => limited(printer.printBody(job))),
    printFooter: (job) => inTurn(() => limited(printer.printFooterAndCut(job))),
    clear: (opId, debt) =>
      inTurn(async () => {
        if (!(await purge())) return false;
        const job = { opId, processId: processId() };
        const result = await limited(
          debt === 'void-mark' ? printer.printVoidAndCut(job) : printer.cutOff(job),
        );
        return result.kind === 'printed' && result.cut;
      }),
    check: () =>
      inTurn(async () => {
        if (!purged && !(await purge())) return 'fault';
        const state = await withTimeLimit(clock, limits.printerAnswerMs, printer.preflight());
        if (state === 'timed-out') return 'fault';
        return state.kind === 'ready' ? 'ready' : state.cause;
      }),
  };
}
