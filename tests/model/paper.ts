import type { Move } from './moves.ts';
import { copyOf } from './state.ts';
import type { Ink, Leftover, State } from './state.ts';

/** What one print job came to: what is on paper, and what the kiosk hears of it. */
export interface PrintOutcome {
  readonly name: string;
  /** `none`: not a dot; `part`: some rows; `full`: all of it. */
  readonly ink: Ink;
  /** `weak`: printed, and less is proven than is needed. `not-printed`: certainly nothing. `unknown`: anything. */
  readonly heard: 'proof' | 'weak' | 'unknown' | 'not-printed';
  /** What is not printed waits in the printer. */
  readonly waits: boolean;
  /** The knife fell (footers only). */
  readonly cut: boolean;
}

/** All that a print job can come to. A `cut` without proof stands for an answer that was lost. */
export const PRINT_OUTCOMES: readonly PrintOutcome[] = [
  { name: 'is printed and proven', ink: 'full', heard: 'proof', waits: false, cut: true },
  { name: 'is printed, the proof is too weak', ink: 'full', heard: 'weak', waits: false, cut: true },
  { name: 'is printed, the answer is lost', ink: 'full', heard: 'unknown', waits: false, cut: true },
  { name: 'is printed, the cutter jams', ink: 'full', heard: 'unknown', waits: false, cut: false },
  { name: 'is printed in part', ink: 'part', heard: 'unknown', waits: false, cut: false },
  {
    name: 'is printed in part, the rest waits in the printer',
    ink: 'part',
    heard: 'unknown',
    waits: true,
    cut: false,
  },
  { name: 'waits in a printer that says nothing', ink: 'none', heard: 'unknown', waits: true, cut: false },
  { name: 'is lost with the cable', ink: 'none', heard: 'unknown', waits: false, cut: false },
  { name: 'is refused by the printer', ink: 'none', heard: 'not-printed', waits: false, cut: false },
];

/** More ink than there was. */
export function moreInk(before: Ink, now: Ink): Ink {
  if (before === 'full' || now === 'full') return 'full';
  return before === 'part' || now === 'part' ? 'part' : 'none';
}

/** What waits in the printer comes out without anybody asking. */
export function leftoverPrints(state: State): readonly Move[] {
  const { leftover } = state;
  if (leftover === null) return [];
  return (['part', 'full'] as const).map((ink) => {
    const next = copyOf(state);
    put(next, leftover, ink);
    if (ink === 'full') next.leftover = null;
    return { name: `what waits in the printer comes out (${ink})`, what: { kind: 'leftover', ink }, next };
  });
}

function put(state: State, { op: which, part }: Leftover, ink: Ink): void {
  const op = state.ops[which];
  if (part !== 'footer') op.body = moreInk(op.body, ink);
  if (part !== 'body') op.footer = moreInk(op.footer, ink);
  if (op.place === 'none') op.place = 'hanging';
  // The knife is asked for when the footer has been proven, so it is not among what waits.
  if (part === 'whole' && ink === 'full') op.place = 'out';
}
