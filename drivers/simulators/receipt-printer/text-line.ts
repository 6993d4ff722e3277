import { createCanvas } from '@napi-rs/canvas';
import { blacken, blankRow, type DotRow, isBlack } from './dot-row.ts';

/** How characters are drawn at the moment. */
export interface TextStyle {
  readonly widthScale: number;
  readonly heightScale: number;
  readonly bold: boolean;
  readonly underline: boolean;
  readonly reverse: boolean;
  readonly fontB: boolean;
}

/** A stretch of the line that is being put together. */
type Cell =
  | { readonly kind: 'character'; readonly text: string; readonly style: TextStyle; readonly dots: number }
  | {
      readonly kind: 'image';
      readonly columns: readonly Uint8Array[];
      readonly dots: number;
      readonly height: number;
    };

const FONT = '"Noto Sans CJK SC", "WenQuanYi Zen Hei", "Noto Sans SC", sans-serif';
/** Height of a line of text at single size, in dots (font A 12 × 24, Chinese 24 × 24). */
const CELL_HEIGHT = 24;
const THRESHOLD = 128;

/** Width of a character in dots. */
export function cellDots(twoByte: boolean, style: TextStyle): number {
  const single = twoByte ? 24 : style.fontB ? 9 : 12;
  return single * style.widthScale;
}

/** The line that is being put together until it is printed. */
export class TextLine {
  #cells: Cell[] = [];

  get dots(): number {
    return this.#cells.reduce((sum, cell) => sum + cell.dots, 0);
  }

  get empty(): boolean {
    return this.#cells.length === 0;
  }

  /** Dots from top to bottom. */
  get height(): number {
    return Math.max(0, ...this.#cells.map(heightOf));
  }

  addCharacter(text: string, twoByte: boolean, style: TextStyle): void {
    this.#cells.push({ kind: 'character', text, style, dots: cellDots(twoByte, style) });
  }

  /** Columns of `height` dots, top bit first. */
  addImage(columns: readonly Uint8Array[], height: number, columnDots: number): void {
    this.#cells.push({ kind: 'image', columns, dots: columns.length * columnDots, height });
  }

  clear(): void {
    this.#cells = [];
  }

  /** The rows of this line, drawn from dot `left` on; the line is empty afterwards. */
  take(headDots: number, left: number): DotRow[] {
    const { height } = this;
    const rows = Array.from({ length: height }, () => blankRow(headDots));
    let x = left;
    for (const cell of this.#cells) {
      const top = height - heightOf(cell);
      if (cell.kind === 'image') drawColumns(rows, cell, x, top);
      else drawCharacter(rows, cell, x, top);
      x += cell.dots;
    }
    this.#cells = [];
    return rows;
  }
}

function heightOf(cell: Cell): number {
  return cell.kind === 'image' ? cell.height : CELL_HEIGHT * cell.style.heightScale;
}

function drawColumns(rows: DotRow[], cell: Extract<Cell, { kind: 'image' }>, x: number, top: number): void {
  const columnDots = cell.dots / Math.max(1, cell.columns.length);
  for (let dot = 0; dot < cell.dots; dot += 1) {
    const column = cell.columns[Math.floor(dot / columnDots)];
    for (let y = 0; y < cell.height; y += 1) {
      const row = rows[top + y];
      if (row && column && isBlack(column, y)) blacken(row, x + dot);
    }
  }
}

function drawCharacter(
  rows: DotRow[],
  cell: Extract<Cell, { kind: 'character' }>,
  x: number,
  top: number,
): void {
  const { style, dots } = cell;
  const height = heightOf(cell);
  const canvas = createCanvas(dots, height);
  const context = canvas.getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, dots, height);
  context.fillStyle = 'black';
  context.scale(style.widthScale, style.heightScale);
  context.font = `${style.bold ? 'bold ' : ''}${style.fontB ? 16 : 22}px ${FONT}`;
  context.textBaseline = 'alphabetic';
  context.fillText(cell.text, 0, 20, dots / style.widthScale);
  const { data } = context.getImageData(0, 0, dots, height);
  for (let y = 0; y < height; y += 1) {
    const row = rows[top + y];
    if (!row) continue;
    const underlined = style.underline && y >= height - 2 * style.heightScale;
    for (let dot = 0; dot < dots; dot += 1) {
      const ink = (data[(y * dots + dot) * 4] ?? 255) < THRESHOLD || underlined;
      if (ink !== style.reverse) blacken(row, x + dot);
    }
  }
}
