import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Slip } from './paper-path.ts';

/** More than anyone looks at; older ones are forgotten (their files stay). */
const MOST_KEPT = 500;

/** What became of a slip: still at the exit, in somebody's hand, or pulled back into the machine. */
export type SlipFate = 'waiting' | 'taken' | 'retracted';

/** The slips that came out, newest last, and which of them still lies at the exit. */
export class SlipTray {
  readonly #out: string | undefined;
  #slips: { slip: Slip; png: Uint8Array; fate: SlipFate }[] = [];
  #count = 0;

  /** With `out`, each slip is also written there as `slip-0001.png`. */
  constructor(out: string | undefined) {
    this.#out = out;
  }

  get slips(): readonly (Slip & { readonly fate: SlipFate })[] {
    return this.#slips.map(({ slip, fate }) => ({ ...slip, fate }));
  }

  /** Slips at the exit that nobody has taken. */
  get waiting(): number {
    return this.#slips.filter(({ fate }) => fate === 'waiting').length;
  }

  add(piece: { png: Uint8Array; heightMm: number }, about: Omit<Slip, 'id' | 'file' | 'heightMm'>): void {
    this.#count += 1;
    const file = `slip-${String(this.#count).padStart(4, '0')}.png`;
    const slip: Slip = { id: this.#count, file, heightMm: piece.heightMm, ...about };
    // What was torn off is in the hand that tore it.
    const fate = slip.cut ? 'waiting' : 'taken';
    this.#slips = [...this.#slips, { slip, png: piece.png, fate } as const].slice(-MOST_KEPT);
    if (this.#out !== undefined) writeFileSync(join(this.#out, file), piece.png);
  }

  take(): void {
    this.#waitingBecome('taken');
  }

  /** The presenter pulls in what lies there. */
  retract(): void {
    this.#waitingBecome('retracted');
  }

  #waitingBecome(fate: SlipFate): void {
    for (const piece of this.#slips) if (piece.fate === 'waiting') piece.fate = fate;
  }

  /** The picture of `1`, `0001` or `slip-0001`. */
  picture(name: string): Uint8Array | undefined {
    const id = Number(/^(?:slip-)?(\d+)$/.exec(name)?.[1]);
    return this.#slips.find(({ slip }) => slip.id === id)?.png;
  }
}
