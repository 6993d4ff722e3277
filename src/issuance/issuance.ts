import type { Cancel } from '../platform/clock.ts';
import { createEngine } from './engine.ts';
import { createOutcomeJudge } from './outcome.ts';
import type { IssuanceOutcome } from './outcome.ts';
import type { IssuancePorts, IssueKind } from './ports.ts';
import type { Operation } from './reducer.ts';
import { recover } from './recovery.ts';
import type { LostJournal } from './recovery.ts';
import type { IssuanceSettings } from './settings.ts';
import { createSlipHandle } from './slip-handle.ts';
import type { SlipEnd } from './slip-handle.ts';
import type { SlipAnswer } from './slip-watch.ts';
import type { JournalState } from './transitions.ts';

/** Where a running operation is, for the screen. `waiting-long` comes once in each step that takes more than 6 s. */
type IssuanceProgress = 'reserving' | 'printing' | 'activating' | 'finishing' | 'waiting-long';

interface IssuanceRequest {
  readonly kind: IssueKind;
  /** A UUID never used before; made here when absent. */
  readonly opId?: string;
  readonly onProgress?: (progress: IssuanceProgress) => void;
}

/** One operation as the session sees it. */
interface IssuanceHandle {
  readonly opId: string;
  /** What came of it; never rejects. */
  readonly outcome: Promise<IssuanceOutcome>;
  /** Gives up: left of the footer the operation is voided, after that nothing changes. */
  cancel(): void;
  /**
   * What became of the slip at the exit, after `issued` with `cut`: what the sensor there saw, `unknown` where none can tell.
   * Never rejects.
   */
  slipGone(): Promise<SlipEnd>;
  /** Nobody has taken the slip: pulls it back, where the printer can. Never rejects. */
  takeBack(): Promise<SlipEnd>;
  /**
   * What is said of the slip in the end, after `issued` with `cut`; the centre is told the best that is known then. Only the
   * first answer counts; false when it came too late or means nothing here.
   */
  answerForSlip(answer: SlipAnswer): boolean;
}

/** The issuing of codes: one operation at a time, recovery at boot, and what is owed to centre and paper for ever. */
export interface Issuance {
  /** Begins one operation. What cannot be finished is said before the centre is asked (`not-ready`). */
  runIssuance(request: IssuanceRequest): IssuanceHandle;
  /**
   * Once, after start. True when the boot scan is over and new operations may begin. `lost`: the journal of the last run is not
   * there any more.
   */
  recover(lost?: LostJournal): Promise<boolean>;
  /** Whether `runIssuance` would be refused without asking anybody, and why. */
  obstacle(): 'recovering' | 'busy' | 'backlog' | 'stopped' | null;
  /** Operations of which the centre does not know the end, the running one included. */
  unresolvedCount(): number;
  /** So many that nobody new is begun. */
  backlog(): boolean;
  /** The centre answers again: tell it everything at once. */
  centreReachable(): void;
  /** The printer answers again: print the void marks and cuts that are owed. */
  printerReady(): void;
  /**
   * Does other work on the printer while nothing of an issuance is on its paper: none runs, none is begun meanwhile, and what was
   * owed of an earlier one has been cut off. `busy`: that is not so now, and nothing was done.
   */
  otherPaper<T>(work: () => Promise<T>): Promise<T | 'busy'>;
  stop(): void;
}

/** Holds the place of an operation under way; no operation has this id. */
const OTHER_PAPER = 'other-paper';

const PROGRESS: Partial<Record<JournalState, IssuanceProgress>> = {
  INTENT: 'reserving',
  PRINTING: 'printing',
  ACTIVATING: 'activating',
  FOOTER: 'finishing',
};

/** Composes the effect loop, the outbox and recovery over one set of ports. */
export function createIssuance(ports: IssuancePorts, settings: IssuanceSettings): Issuance {
  const { limits } = settings;
  const ending = new AbortController();
  /** Tells the operation under way, if there is one, that nothing more will come of it; told twice it does nothing. */
  let stopRunning: () => void = () => undefined;
  const engine = createEngine({ ...ports, fatal: onFatal }, settings);
  let scanned = false;
  let current: string | null = null;

  function stop(): void {
    engine.stop();
    ending.abort();
    stopRunning();
  }

  function onFatal(error: unknown): void {
    stop();
    ports.fatal(error);
  }

  function unresolvedCount(): number {
    return engine.operations().filter(({ row }) => !row.centreSettled).length;
  }

  function backlog(): boolean {
    return unresolvedCount() >= limits.unresolvedMost;
  }

  function obstacle(): ReturnType<Issuance['obstacle']> {
    if (engine.stopped()) return 'stopped';
    if (!scanned) return 'recovering';
    if (current !== null) return 'busy';
    return backlog() ? 'backlog' : null;
  }

  async function prepare(): Promise<IssuanceOutcome | null> {
    if (!(await engine.clearPaper())) {
      const cause = await engine.paper.check();
      return { kind: 'not-ready', reason: cause === 'ready' ? 'fault' : cause };
    }
    const state = await engine.paper.check();
    return state === 'ready' ? null : { kind: 'not-ready', reason: state };
  }

  function perform(opId: string, request: IssuanceRequest): Promise<IssuanceOutcome> {
    const judge = createOutcomeJudge(request.kind, () => engine.slips.exit());
    return new Promise((resolve) => {
      const progress = followProgress(ports, limits.longWaitMs, request.onProgress);
      const finish = (outcome: IssuanceOutcome) => {
        unwatch();
        progress.end();
        resolve(outcome);
      };
      const unwatch = engine.watch(opId, (event, state) => {
        progress.see(state);
        const outcome = judge(event, state);
        if (outcome !== null) finish(outcome);
      });
      stopRunning = () => {
        finish({ kind: 'stopped' });
      };
      engine.dispatch(opId, { type: 'begin', opId, kind: request.kind });
    });
  }

  async function run(
    opId: string,
    request: IssuanceRequest,
    given: { up: boolean },
  ): Promise<IssuanceOutcome> {
    const notReady = await prepare();
    if (engine.stopped()) return { kind: 'stopped' };
    if (notReady !== null) return notReady;
    if (given.up)
      return { kind: 'voided', reason: 'cancelled', oldCodeStillValid: request.kind === 'reissue' };
    return perform(opId, request);
  }

  return {
    runIssuance(request) {
      const opId = request.opId ?? ports.random.uuid();
      const hindrance = engine.get(opId) === undefined ? obstacle() : 'busy';
      const given = { up: false };
      const slip = createSlipHandle({ engine, clock: ports.clock, limits }, opId, request.kind);
      const outcome =
        hindrance === null
          ? startRun(opId, () => run(opId, request, given))
          : Promise.resolve(refuse(hindrance));
      return {
        opId,
        outcome,
        cancel() {
          given.up = true;
          engine.dispatch(opId, { type: 'cancelled' });
        },
        slipGone: () => slip.gone(),
        takeBack: () => slip.takeBack(),
        answerForSlip: (answer) => engine.answerForSlip(opId, answer),
      };
    },
    async recover(lost) {
      scanned = await recover(ports, limits, engine, ending.signal, lost).catch((error: unknown) => {
        engine.fail(error);
        return false;
      });
      return scanned;
    },
    obstacle,
    unresolvedCount,
    backlog,
    centreReachable() {
      engine.retryNow();
    },
    printerReady() {
      engine.printerReady().catch((error: unknown) => {
        engine.fail(error);
      });
    },
    otherPaper,
    stop,
  };

  async function otherPaper<T>(work: () => Promise<T>): Promise<T | 'busy'> {
    const hindrance = obstacle();
    if (hindrance !== null && hindrance !== 'backlog') return 'busy';
    current = OTHER_PAPER;
    try {
      return (await engine.clearPaper()) && !engine.stopped() ? await engine.paper.others(work) : 'busy';
    } finally {
      current = null;
    }
  }

  function startRun(opId: string, work: () => Promise<IssuanceOutcome>): Promise<IssuanceOutcome> {
    current = opId;
    return work()
      .catch((error: unknown): IssuanceOutcome => {
        engine.fail(error);
        return { kind: 'stopped' };
      })
      .finally(() => {
        current = null;
      });
  }
}

function refuse(hindrance: 'recovering' | 'busy' | 'backlog' | 'stopped'): IssuanceOutcome {
  return hindrance === 'stopped' ? { kind: 'stopped' } : { kind: 'not-ready', reason: hindrance };
}

/** Tells the screen each step once, and once per step that it takes long. */
function followProgress(
  ports: Pick<IssuancePorts, 'clock'>,
  longWaitMs: number,
  tell: IssuanceRequest['onProgress'],
): { see(state: Operation | null): void; end(): void } {
  let step: IssuanceProgress | undefined;
  let cancel: Cancel = () => undefined;
  return {
    see(state) {
      const next = state === null ? undefined : PROGRESS[state.row.state];
      if (next === undefined || next === step) return;
      step = next;
      cancel();
      tell?.(next);
      cancel = ports.clock.schedule(longWaitMs, () => tell?.('waiting-long'));
    },
    end() {
      cancel();
    },
  };
}
