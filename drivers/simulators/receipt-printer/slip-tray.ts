import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Slip } from './paper-path.ts';

/** More than anyone looks at; older ones are forgotten (their files stay). */
const MOST_KEPT = 500;

/** The slips that came out, newest last, and which of them still lies at the exit. */
export class SlipTray {
  readonly #out: string | undefined;
  #slips: { slip: Slip; png: Uint8Array }[] = [];
  #count = 0;
  #waiting = 0;

  /** With `out`, each slip is also written there as `slip-0001.png`. */
  constructor(out: string | undefined) {
    this.#out = out;
  }

  get slips(): readonly Slip[] {
    return this.#slips.map(({ slip }) => slip);
  }

  /** Slips at the exit that nobody has taken. */
  get waiting(): number {
    return this.#waiting;
  }

  add(piece: { png: Uint8Array; heightMm: number }, about: Omit<Slip, 'id' | 'file' | 'heightMm'>): void {
    this.#count += 1;
    const file = `slip-${String(this.#count).padStart(4, '0')}.png`;
    const slip: Slip = { id: this.#count, file, heightMm: piece.heightMm, ...about };
    this.#slips = [...this.#slips, { slip, png: piece.png }].slice(-MOST_KEPT);
    if (slip.cut) this.#waiting += 1;
    if (this.#out !== undefined) writeFileSync(join(this.#out, file), piece.png);
  }

  take(): void {
    this.#waiting = 0;
  }

  /** The picture of `1`, `0001` or `slip-0001`. */
  picture(name: string): Uint8Array | undefined {
    const id = Number(/^(?:slip-)?(\d+)$/.exec(name)?.[1]);
    return this.#slips.find(({ slip }) => slip.id === id)?.png;
  }
}
