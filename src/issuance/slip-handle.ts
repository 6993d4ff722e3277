import { withTimeLimit } from '../platform/clock.ts';
import type { Clock } from '../platform/clock.ts';
import type { Engine } from './engine.ts';
import type { IssueKind, SlipFate } from './ports.ts';
import type { IssuanceLimits } from './settings.ts';

/**
 * What became of the slip at the exit, as the session needs it for the next screen. `retracted`: the operation is void.
 * `oldCodeStillValid`: there was an earlier code and it certainly holds; false also while the centre has not acknowledged the void.
 */
export type SlipEnd =
  | { readonly kind: Exclude<SlipFate, 'retracted'> }
  | { readonly kind: 'retracted'; readonly oldCodeStillValid: boolean };

/** The slip of one operation, from its cut on. Nothing here rejects. */
export interface SlipHandle {
  /** Settles with what the sensor at the exit saw; `unknown` where there is none, or it was lost. */
  gone(): Promise<SlipEnd>;
  /** Pulls the slip back; `unknown`: it stayed where it was, or nobody can tell. */
  takeBack(): Promise<SlipEnd>;
}

/** Whoever asks listens to the centre from then on: how a void was received may decide what is said. */
export function createSlipHandle(
  parts: { readonly engine: Engine; readonly clock: Clock; readonly limits: IssuanceLimits },
  opId: string,
  kind: IssueKind,
): SlipHandle {
  const { engine, clock, limits } = parts;
  // One request has its limit; the little more is for what lies around it.
  const limitMs = limits.requestMs + limits.repeatMs;

  async function endOf(look: () => Promise<SlipFate>): Promise<SlipEnd> {
    const voided = firstWordOfTheCentre(engine, opId);
    const fate = await look();
    if (fate !== 'retracted') return { kind: fate };
    const done = (await withTimeLimit(clock, limitMs, voided)) === true;
    return { kind: 'retracted', oldCodeStillValid: kind === 'reissue' && done };
  }

  return {
    gone: () => endOf(() => engine.slips.gone(opId)),
    takeBack: () => endOf(() => engine.slips.takeBack(opId)),
  };
}

/** Whether the centre did at the first attempt what the operation asks of it next. */
function firstWordOfTheCentre(engine: Engine, opId: string): Promise<boolean> {
  if (engine.get(opId) === undefined) return Promise.resolve(false);
  return new Promise((resolve) => {
    const unwatch = engine.watch(opId, (event, state) => {
      // A slip that went back owes the paper nothing: with the centre's word its row closes.
      if (event.type !== 'centre-pending' && state !== null) return;
      unwatch();
      resolve(event.type === 'centre-settled' && event.done);
    });
  });
}
