import { createCanvas } from '@napi-rs/canvas';
import { blacken, blankRow, type DotRow, isBlack } from './dot-row.ts';

/** How characters are drawn at the moment. */
export interface TextStyle {
  readonly widthScale: number;
  readonly heightScale: number;
  /** White on the left and on the right, in dots. */
  readonly before: number;
  readonly after: number;
  readonly bold: boolean;
  readonly underline: boolean;
  readonly reverse: boolean;
  readonly fontB: boolean;
}

interface CharacterCell {
  readonly kind: 'character';
  readonly text: string;
  readonly twoByte: boolean;
  readonly style: TextStyle;
  readonly dots: number;
}

/** A stretch of the line that is being put together. */
type Cell =
  | CharacterCell
  /** White between two positions. */
  | { readonly kind: 'gap'; readonly dots: number }
  | {
      readonly kind: 'image';
      readonly columns: readonly Uint8Array[];
      readonly dots: number;
      readonly height: number;
    };

/** Letters half as wide as hanzi, as printers have them. */
const FONT = '"Noto Sans Mono CJK SC", "Noto Sans CJK SC", "WenQuanYi Zen Hei", "Noto Sans SC", sans-serif';
/** Height of a line of text at single size, in dots (font A 12 × 24, Chinese 24 × 24). */
const CELL_HEIGHT = 24;
/** Rows above the baseline. */
const BASELINE = 20;
const THRESHOLD = 128;

/** Width of a character with the white around it, in dots. */
export function cellDots(twoByte: boolean, style: TextStyle): number {
  return style.before + glyphDots(twoByte, style) * style.widthScale + style.after;
}

function glyphDots(twoByte: boolean, { fontB }: TextStyle): number {
  if (twoByte) return 24;
  return fontB ? 9 : 12;
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
    this.#cells.push({ kind: 'character', text, twoByte, style, dots: cellDots(twoByte, style) });
  }

  /** Columns of `height` dots, top bit first. */
  addImage(columns: readonly Uint8Array[], height: number, columnDots: number): void {
    this.#cells.push({ kind: 'image', columns, dots: columns.length * columnDots, height });
  }

  /** What follows begins `dots` from the left (ESC $); going back over what stands there is not modelled. */
  moveTo(dots: number): void {
    if (dots > this.dots) this.#cells.push({ kind: 'gap', dots: dots - this.dots });
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
      else if (cell.kind === 'character') drawCharacter(rows, cell, x, top);
      x += cell.dots;
    }
    this.#cells = [];
    return rows;
  }
}

function heightOf(cell: Cell): number {
  if (cell.kind === 'gap') return 0;
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

/** Each dot of the memory's picture becomes a block of dots: an enlarged character has steps, as on a real printer. */
function drawCharacter(rows: DotRow[], cell: CharacterCell, x: number, top: number): void {
  const { style, dots } = cell;
  const height = heightOf(cell);
  const glyph = glyphOf(cell);
  const right = dots - style.after;
  for (let y = 0; y < height; y += 1) {
    const row = rows[top + y];
    const glyphRow = glyph[Math.floor(y / style.heightScale)];
    if (!row || !glyphRow) continue;
    const underlined = style.underline && y >= height - 2 * style.heightScale;
    for (let dot = 0; dot < dots; dot += 1) {
      const inside = dot >= style.before && dot < right;
      const black = inside && glyphRow[Math.floor((dot - style.before) / style.widthScale)] === true;
      if ((black || underlined) !== style.reverse) blacken(row, x + dot);
    }
  }
}

/** The character as it is in the printer's memory: 24 × 24, 12 × 24 or 9 × 24 dots, black or white. */
function glyphOf({ text, twoByte, style }: CharacterCell): readonly (readonly boolean[])[] {
  const width = glyphDots(twoByte, style);
  const canvas = createCanvas(width, CELL_HEIGHT);
  const context = canvas.getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, width, CELL_HEIGHT);
  context.fillStyle = 'black';
  context.font = `${style.fontB ? 16 : 22}px ${FONT}`;
  context.textBaseline = 'alphabetic';
  context.textAlign = 'center';
  context.fillText(text, width / 2, BASELINE, width);
  const { data } = context.getImageData(0, 0, width, CELL_HEIGHT);
  const inked = (x: number, y: number) => x >= 0 && (data[(y * width + x) * 4] ?? 255) < THRESHOLD;
  // Bold is printed twice, the second time one dot to the right.
  const black = (x: number, y: number) => inked(x, y) || (style.bold && inked(x - 1, y));
  return Array.from({ length: CELL_HEIGHT }, (_, y) => Array.from({ length: width }, (_, x) => black(x, y)));
}
