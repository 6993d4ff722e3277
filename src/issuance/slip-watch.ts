import { withTimeLimit } from '../platform/clock.ts';
import type { PaperPath } from './paper-path.ts';
import type { Delivery, IssuancePorts, SlipExit, SlipFate } from './ports.ts';
import type { IssuanceLimits } from './settings.ts';

/**
 * What the kiosk knows of its exit: `blind` no sensor, `sees` a sensor that tells when the slip has gone, `retracts` one that
 * can pull the slip back as well.
 */
export type ExitKind = 'blind' | 'sees' | 'retracts';

/**
 * What the person says of the slip, or their silence does. `in-hand` 都拿好了, or S7's time · `missing` 纸没出来 · `unanswered`
 * nobody is there any more · `read-back` the kiosk's scanner has read this very code from it · `illegible` it cannot be read ·
 * `interrupted` the agent is ending and asks no more.
 */
export type SlipAnswer = 'in-hand' | 'missing' | 'unanswered' | 'read-back' | 'illegible' | 'interrupted';

/** Where the sensor at the exit has seen the slip last; `blind`: there is none, or it is lost. */
type SlipSight = 'blind' | 'at-exit' | Exclude<SlipFate, 'unknown'>;

/** Looks at the exit, from the cut of a slip until its delivery is told. Slips of several operations are kept apart. */
export interface SlipWatch {
  /** What the exit of this moment is like. */
  exit(): ExitKind;
  /** The operation's slip was cut. */
  begin(opId: string): void;
  /** Resolves once with what became of the slip; `unknown`: no sensor tells. */
  gone(opId: string): Promise<SlipFate>;
  /** Whether the slip lies there and can be pulled back. */
  retractable(opId: string): boolean;
  /** Pulls the slip back, behind whatever is being printed; says where it is then, `unknown` when it stayed or nobody can tell. */
  takeBack(opId: string): Promise<SlipFate>;
  /** The best that can be said of the delivery. */
  deliveryOf(opId: string, answer: SlipAnswer): Delivery;
  /** The delivery is told: nobody looks any more. */
  end(opId: string): void;
  stop(): void;
}

interface Watched {
  readonly exit: SlipExit;
  readonly watching: AbortController;
  readonly gone: PromiseWithResolvers<SlipFate>;
  sight: SlipSight;
  pulling: Promise<SlipFate> | null;
}

/** `onRetracted` is called when a sensor saw a slip go back, whoever pulled it; `fail` when the port has thrown. */
export function createSlipWatch(parts: {
  readonly ports: Pick<IssuancePorts, 'clock' | 'printer'>;
  readonly limits: IssuanceLimits;
  readonly paper: Pick<PaperPath, 'inTurn'>;
  readonly onRetracted: (opId: string) => void;
  readonly fail: (error: unknown) => void;
}): SlipWatch {
  const { ports, limits } = parts;
  const slips = new Map<string, Watched>();

  /** The first word of the sensor counts: a slip that was taken does not come back. */
  function see(opId: string, slip: Watched, fate: SlipFate): void {
    if (slip.sight !== 'at-exit') return;
    slip.sight = fate === 'unknown' ? 'blind' : fate;
    slip.gone.resolve(fate);
    if (fate === 'retracted') parts.onRetracted(opId);
  }

  async function pull(opId: string, slip: Watched, retract: () => Promise<SlipFate>): Promise<SlipFate> {
    const fate = await parts.paper.inTurn(() => withTimeLimit(ports.clock, limits.retractMs, retract()));
    // No word of the sensor: the slip is where it was, and is looked at on.
    if (fate !== 'timed-out' && fate !== 'unknown') see(opId, slip, fate);
    return fateOf(slip.sight);
  }

  return {
    exit: () => kindOf(ports.printer.slipExit()),
    begin(opId) {
      for (const [other, { watching }] of slips) if (watching.signal.aborted) slips.delete(other);
      const exit = ports.printer.slipExit();
      if (exit === undefined) return;
      const slip: Watched = {
        exit,
        watching: new AbortController(),
        gone: Promise.withResolvers(),
        sight: 'at-exit',
        pulling: null,
      };
      slips.set(opId, slip);
      exit
        .whenGone(slip.watching.signal)
        .then((fate) => {
          see(opId, slip, fate);
          return undefined;
        })
        .catch(parts.fail);
    },
    gone: (opId) => slips.get(opId)?.gone.promise ?? Promise.resolve('unknown'),
    retractable(opId) {
      const slip = slips.get(opId);
      return slip?.sight === 'at-exit' && slip.exit.retract !== undefined;
    },
    takeBack(opId) {
      const slip = slips.get(opId);
      if (slip === undefined) return Promise.resolve('unknown');
      const { retract } = slip.exit;
      if (slip.sight !== 'at-exit' || retract === undefined) return Promise.resolve(fateOf(slip.sight));
      slip.pulling ??= pull(opId, slip, retract);
      return slip.pulling;
    },
    deliveryOf: (opId, answer) => deliveryOf(answer, slips.get(opId)?.sight ?? 'blind'),
    end(opId) {
      slips.get(opId)?.watching.abort();
    },
    stop() {
      for (const { watching } of slips.values()) watching.abort();
    },
  };
}

function kindOf(exit: SlipExit | undefined): ExitKind {
  if (exit === undefined) return 'blind';
  return exit.retract === undefined ? 'sees' : 'retracts';
}

function fateOf(sight: SlipSight): SlipFate {
  return sight === 'at-exit' || sight === 'blind' ? 'unknown' : sight;
}

/** `taken` is said by the sensor alone, `cut` only where none can tell: a key proves no hand. */
function deliveryOf(answer: SlipAnswer, sight: SlipSight): Delivery {
  switch (answer) {
    case 'read-back':
      return 'scanned';
    case 'missing':
    case 'illegible':
      return 'unconfirmed';
    case 'in-hand':
      return sight === 'blind' ? 'cut' : seenDelivery(sight);
    case 'unanswered':
    case 'interrupted':
      return seenDelivery(sight);
  }
}

function seenDelivery(sight: SlipSight): Delivery {
  return sight === 'taken' ? 'taken' : 'unconfirmed';
}
