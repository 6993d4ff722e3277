import { blankRow, type DotRow } from './dot-row.ts';
import { pngOfRows } from './png-1-bit.ts';

/** 203 dpi. */
const DOTS_PER_MM = 8;

/** A piece of paper that left the printer. */
export interface Slip {
  readonly id: number;
  readonly file: string;
  readonly heightMm: number;
  /** How it came off: by the knife, or torn or pulled off by hand. */
  readonly cut: boolean;
  /** Bytes taken from the receive buffer for it. */
  readonly bytes: number;
  /** When the first byte of the first printing command on it arrived (wall-clock ms); null on a blank piece. */
  readonly firstByteAtMs: number | null;
  readonly cutAtMs: number;
}

/** How wide the paper is and where the knife sits. */
export interface PaperGeometry {
  /** Dots of the head: 576 on 80 mm paper, 384 on 58 mm. */
  readonly headDots: number;
  /** Unprintable edge on each side, in dots. */
  readonly marginDots: number;
  /** From the head to the cutter, mm. */
  readonly cutterDistanceMm: number;
}

/** The paper between head and hand: what was printed since the last cut, the oldest row first. */
export class PaperPath {
  readonly geometry: PaperGeometry;
  #rows: DotRow[] = [];
  #printed = 0;

  constructor(geometry: PaperGeometry) {
    this.geometry = geometry;
    this.thread();
  }

  /** Dots from the head to the cutter. */
  get cutterDots(): number {
    return Math.round(this.geometry.cutterDistanceMm * DOTS_PER_MM);
  }

  /** Rows fed since the last cut (not counting what lay between head and cutter then). */
  get dotsSinceCut(): number {
    return this.#printed;
  }

  /** Rows that stick out beyond the cutter. */
  get visibleDots(): number {
    return Math.max(0, this.#rows.length - this.cutterDots);
  }

  /** A new roll is put in, its beginning at the cutter. */
  thread(): void {
    this.#rows = Array.from({ length: this.cutterDots }, () => blankRow(this.geometry.headDots));
    this.#printed = 0;
  }

  feed(row: DotRow): void {
    this.#rows.push(row);
    this.#printed += 1;
  }

  /** Takes off what is beyond the cutter, as a picture; undefined when there is nothing. */
  cutOff(): { readonly png: Uint8Array; readonly heightMm: number } | undefined {
    const piece = this.#rows.splice(0, this.visibleDots);
    this.#printed = 0;
    return this.#pictured(piece);
  }

  /** Takes all of it out, up to the head (a roll that ran out, a jam that is cleared). */
  pullOut(): { readonly png: Uint8Array; readonly heightMm: number } | undefined {
    const piece = this.#printed === 0 ? [] : this.#rows;
    this.thread();
    return this.#pictured(piece);
  }

  /** All that hangs uncut, with what has not passed the cutter yet. */
  picture(): Uint8Array {
    return pngOfRows(this.#rows, this.geometry.headDots, this.geometry.marginDots);
  }

  #pictured(rows: readonly DotRow[]) {
    if (rows.length === 0) return undefined;
    const { headDots, marginDots } = this.geometry;
    return { png: pngOfRows(rows, headDots, marginDots), heightMm: rows.length / DOTS_PER_MM };
  }
}
