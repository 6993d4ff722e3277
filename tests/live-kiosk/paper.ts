import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { KioskOutside, Slip } from './kiosk-outside.ts';
import { decodeSlip } from './slip.ts';

/** What a framed mark on paper is: the void one is struck through. */
type Mark = 'valid' | 'void';

/** A piece of paper as somebody sees it who knows nothing of how it was printed. */
export interface Piece {
  /** The slip's file, or `hanging` for what still hangs in the printer. */
  readonly name: string;
  /** The text of each QR symbol an independent decoder finds. */
  readonly tokens: readonly string[];
  /** Framed marks, from top to bottom. */
  readonly marks: readonly Mark[];
  /** Nothing black on it. */
  readonly blank: boolean;
  /** The machine has pulled it back: nobody holds it or ever will. */
  readonly inside: boolean;
}

/** A frame is the only thing on a slip that is black for so long without a gap, dots. */
const FRAME_RUN_DOTS = 200;
const FRAME_ROWS = 5;
const TALLEST_MARK_DOTS = 200;
/** Inside of a frame's side, which is FRAME_ROWS thick. */
const SIDE_DOTS = 2;

/** All paper of a kiosk: the slips that came out, and what hangs in the printer. Each slip is looked at once. */
export class PaperTrail {
  readonly #kiosk: KioskOutside;
  readonly #seen = new Map<string, Piece>();
  #hung: { readonly png: Uint8Array; readonly piece: Piece } | undefined;

  constructor(kiosk: KioskOutside) {
    this.#kiosk = kiosk;
  }

  /** All of it at one moment: a printer that goes on by itself may cut between two looks, and the piece would be in neither. */
  async pieces(): Promise<readonly Piece[]> {
    for (;;) {
      const slips = await this.#kiosk.slips();
      const hanging = await this.#hanging();
      const after = await this.#kiosk.slips();
      if (after.length !== slips.length) continue;
      const pieces: Piece[] = [];
      for (const slip of after) pieces.push(await this.#piece(slip));
      return [...pieces, hanging];
    }
  }

  async #piece(slip: Slip): Promise<Piece> {
    const piece = this.#seen.get(slip.file) ?? (await look(slip.file, this.#kiosk.slipPicture(slip)));
    this.#seen.set(slip.file, piece);
    return { ...piece, inside: slip.fate === 'retracted' };
  }

  async #hanging(): Promise<Piece> {
    const png = await this.#kiosk.printer.bytes('/paper.png');
    if (this.#hung !== undefined && Buffer.compare(this.#hung.png, png) === 0) return this.#hung.piece;
    const directory = mkdtempSync(path.join(tmpdir(), 'paper-'));
    try {
      const file = path.join(directory, 'paper.png');
      writeFileSync(file, png);
      const piece = await look('hanging', file);
      this.#hung = { png, piece };
      return piece;
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
}

async function look(name: string, pngFile: string): Promise<Piece> {
  const [tokens, rows] = await Promise.all([decodeSlip(pngFile), rowsOf(pngFile)]);
  return { name, tokens, marks: marksOn(rows), blank: rows.every((row) => !row.includes(1)), inside: false };
}

/** Rows of dots, 1 is black. */
export async function rowsOf(pngFile: string): Promise<readonly Uint8Array[]> {
  const image = await loadImage(pngFile);
  const { width, height } = image;
  const context = createCanvas(width, height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const dots = new Uint8Array(width * height);
  for (let at = 0; at < dots.length; at += 1) dots[at] = (data[at * 4] ?? 255) < 128 ? 1 : 0;
  return Array.from({ length: height }, (_nothing, y) => dots.subarray(y * width, (y + 1) * width));
}

interface Edge {
  readonly top: number;
  readonly left: number;
  readonly width: number;
}

/** Frames are two long edges, one below the other, of the same place and width. */
function marksOn(rows: readonly Uint8Array[]): readonly Mark[] {
  const edges = edgesOf(rows);
  const marks: Mark[] = [];
  for (let at = 0; at + 1 < edges.length; at += 1) {
    const [upper, lower] = [edges[at], edges[at + 1]];
    if (upper === undefined || lower === undefined) break;
    const sameBox = Math.abs(upper.left - lower.left) < 12 && Math.abs(upper.width - lower.width) < 24;
    if (!sameBox || lower.top - upper.top > TALLEST_MARK_DOTS || !hasSides(rows, upper, lower.top)) continue;
    marks.push(isStruck(rows, upper, lower.top + FRAME_ROWS) ? 'void' : 'valid');
    at += 1;
  }
  return marks;
}

/** Two edges with a gap in their sides are the beginning of one frame and the beginning of the next. */
function hasSides(rows: readonly Uint8Array[], { top, left, width }: Edge, bottom: number): boolean {
  for (let y = top; y < bottom; y += 1) {
    const row = rows[y];
    if (row?.[left + SIDE_DOTS] !== 1 || row[left + width - 1 - SIDE_DOTS] !== 1) return false;
  }
  return true;
}

function edgesOf(rows: readonly Uint8Array[]): readonly Edge[] {
  const edges: Edge[] = [];
  let run = 0;
  rows.forEach((row, y) => {
    const longest = longestRun(row);
    run = longest.width >= FRAME_RUN_DOTS ? run + 1 : 0;
    if (run === FRAME_ROWS) edges.push({ top: y - FRAME_ROWS + 1, ...longest });
  });
  return edges;
}

function longestRun(row: Uint8Array): { left: number; width: number } {
  let best = { left: 0, width: 0 };
  let left = 0;
  for (let x = 0; x <= row.length; x += 1) {
    if (row[x] === 1) continue;
    if (x - left > best.width) best = { left, width: x - left };
    left = x + 1;
  }
  return best;
}

/** Black all the way from the lower left to the upper right; a character alone leaves gaps there. */
function isStruck(rows: readonly Uint8Array[], box: Edge, bottom: number): boolean {
  const height = bottom - box.top;
  let black = 0;
  for (let step = 0; step < box.width; step += 1) {
    const y = bottom - Math.round((step / box.width) * height);
    const hit = [-3, 0, 3].some((off) => rows[y + off]?.[box.left + step] === 1);
    if (hit) black += 1;
  }
  return black / box.width > 0.97;
}
