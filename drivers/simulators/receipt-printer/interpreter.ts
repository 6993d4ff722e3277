import { type ChineseRom, printedCharacters } from './character-rom.ts';
import type { ParsedCommand } from './command-parser.ts';
import { type DotRow, blankRow, placedRow } from './dot-row.ts';
import { cellDots, TextLine } from './text-line.ts';
import { type TextHabits, TextModes } from './text-modes.ts';

/** What a command makes the printer do. */
export type Effect =
  | { readonly kind: 'rows'; readonly rows: readonly DotRow[] }
  | { readonly kind: 'raster'; readonly image: RasterImage }
  | { readonly kind: 'cut'; readonly feedDots: number; readonly toCutter: boolean }
  | { readonly kind: 'process-id'; readonly id: Uint8Array }
  | { readonly kind: 'transmit-status'; readonly n: number }
  | { readonly kind: 'identify'; readonly n: number }
  | { readonly kind: 'automatic-status'; readonly mask: number };

/** The head of a GS v 0 image whose rows follow in the buffer. */
export interface RasterImage {
  readonly bytesPerRow: number;
  readonly rows: number;
  readonly widthScale: number;
  readonly heightScale: number;
  readonly left: number;
  readonly right: number;
}

/** What a printer's maker has put in for text. */
export interface TextMake extends TextHabits {
  readonly chineseRom: ChineseRom;
}

const COMMON_MAKE: TextMake = { chineseRom: 'gb18030', scalesChineseBy: 'both', largestScale: 8 };

/** 1/6 inch at 203 dpi, in dots. */
const DEFAULT_LINE_SPACING = 34;

/** Turns commands into rows of dots and other effects: the printer's modes and its line buffer. */
export class Interpreter {
  readonly #headDots: number;
  readonly #chineseRom: ChineseRom;
  readonly #line = new TextLine();
  readonly #modes: TextModes;
  #align = 0;
  #lineSpacing = DEFAULT_LINE_SPACING;
  #left = 0;
  #areaDots: number;
  #twoByte = true;
  #stored: readonly DotRow[] = [];

  constructor(headDots: number, make: TextMake = COMMON_MAKE) {
    this.#headDots = headDots;
    this.#areaDots = headDots;
    this.#chineseRom = make.chineseRom;
    this.#modes = new TextModes(make);
  }

  /** Whether bytes from 81 on begin a Chinese character; Chinese-market printers start so, others never do. */
  get twoByteText(): boolean {
    return this.#twoByte && this.#chineseRom !== 'none';
  }

  /** Modes as after switching on, the line buffer empty (ESC @). */
  initialize(): void {
    this.#line.clear();
    this.#modes.initialize();
    this.#align = 0;
    this.#lineSpacing = DEFAULT_LINE_SPACING;
    this.#left = 0;
    this.#areaDots = this.#headDots;
    this.#twoByte = true;
    this.#stored = [];
  }

  run(command: ParsedCommand): Effect[] {
    const { args } = command;
    const n = args[0] ?? 0;
    switch (command.name) {
      case 'text':
        return this.#addText(args);
      case 'line-feed':
        return this.#printLine(1);
      case 'feed-lines':
        return this.#printLine(n);
      case 'feed-dots':
        return [...this.#flush(), this.#blank(n)];
      case 'position':
        this.#line.moveTo(n | ((args[1] ?? 0) << 8));
        return [];
      case 'move':
        // A 16-bit number with a sign.
        this.#line.moveTo(this.#line.dots + (((n | ((args[1] ?? 0) << 8)) << 16) >> 16));
        return [];
      case 'bit-image':
        this.#addBitImage(args);
        return [];
      case 'raster':
        return this.#raster(args);
      case 'large-graphics':
        return n === 0x4c ? this.#graphics(args.subarray(5)) : [];
      case 'extended':
        return this.#extended(n, args.subarray(3));
      case 'cut':
      case 'cut-now':
        return [...this.#flush(), { kind: 'cut', feedDots: args[1] ?? 0, toCutter: n === 65 || n === 66 }];
      case 'transmit-status':
      case 'identify':
        return [{ kind: command.name, n }];
      case 'automatic-status':
        return [{ kind: 'automatic-status', mask: n }];
      default:
        this.#setMode(command.name, n, args[1] ?? 0);
        return [];
    }
  }

  #setMode(name: string, n: number, second: number): void {
    switch (name) {
      case 'initialize':
        this.initialize();
        break;
      case 'two-byte-on':
      case 'two-byte-off':
        this.#twoByte = name === 'two-byte-on';
        break;
      default:
        if (!this.#modes.set(name, n, second)) this.#setLayout(name, n, n | (second << 8));
    }
  }

  #setLayout(name: string, n: number, word: number): void {
    if (name === 'line-spacing') this.#lineSpacing = n;
    else if (name === 'default-line-spacing') this.#lineSpacing = DEFAULT_LINE_SPACING;
    // Alignment, margin and width hold from the start of a line only.
    else if (!this.#line.empty) return;
    else if (name === 'align') this.#align = n % 48;
    else if (name === 'left-margin') this.#left = Math.min(word, this.#headDots);
    else if (name === 'print-width') this.#areaDots = word;
  }

  get #right(): number {
    return Math.min(this.#headDots, this.#left + this.#areaDots);
  }

  #leftFor(dots: number): number {
    const spare = Math.max(0, this.#right - this.#left - dots);
    return this.#left + (this.#align === 1 ? spare >> 1 : this.#align === 2 ? spare : 0);
  }

  #addText(bytes: Uint8Array): Effect[] {
    return printedCharacters(bytes, this.#chineseRom).flatMap(({ text, twoByte }) => {
      const style = this.#modes.style(twoByte);
      const dots = cellDots(twoByte, style);
      const full = !this.#line.empty && this.#left + this.#line.dots + dots > this.#right;
      const printed = full ? this.#printLine(1) : [];
      this.#line.addCharacter(text, twoByte, style);
      return printed;
    });
  }

  #addBitImage(args: Uint8Array): void {
    const mode = args[0] ?? 0;
    const bytesPerColumn = mode >= 32 ? 3 : 1;
    const columns: Uint8Array[] = [];
    for (let at = 3; at + bytesPerColumn <= args.length; at += bytesPerColumn) {
      columns.push(args.slice(at, at + bytesPerColumn));
    }
    this.#line.addImage(columns, bytesPerColumn * 8, (mode & 1) === 0 ? 2 : 1);
  }

  #flush(): Effect[] {
    if (this.#line.empty) return [];
    return [{ kind: 'rows', rows: this.#line.take(this.#headDots, this.#leftFor(this.#line.dots)) }];
  }

  #blank(dots: number): Effect {
    return { kind: 'rows', rows: Array.from({ length: dots }, () => blankRow(this.#headDots)) };
  }

  #printLine(lines: number): Effect[] {
    const height = this.#line.empty ? 0 : this.#line.height;
    const rest = lines * this.#lineSpacing - height;
    return [...this.#flush(), this.#blank(Math.max(0, rest))];
  }

  #raster(args: Uint8Array): Effect[] {
    const [mode = 0, xL = 0, xH = 0, yL = 0, yH = 0] = args;
    // Only with an empty line buffer: else the command falls apart into letters.
    if (!this.#line.empty) return args.length > 0 ? this.#addText(args.subarray(0, 1)) : [];
    const bytesPerRow = xL | (xH << 8);
    const widthScale = (mode & 1) + 1;
    return [
      {
        kind: 'raster',
        image: {
          bytesPerRow,
          rows: yL | (yH << 8),
          widthScale,
          heightScale: ((mode >> 1) & 1) + 1,
          left: this.#leftFor(bytesPerRow * 8 * widthScale),
          right: this.#right,
        },
      },
    ];
  }

  #extended(letter: number, args: Uint8Array): Effect[] {
    if (letter === 0x48 && args[0] === 0x30 && args[1] === 0x30 && args.length === 6) {
      return [{ kind: 'process-id', id: args.slice(2) }];
    }
    if (letter === 0x4c) return this.#graphics(args);
    // Functions it does not have are skipped by their length.
    return [];
  }

  /** GS ( L and GS 8 L: fn 112 keeps an image, fn 2 and 50 print it. */
  #graphics(args: Uint8Array): Effect[] {
    const fn = args[1];
    if (fn === 112) {
      const [, , , bx = 1, by = 1, , xL = 0, xH = 0, yL = 0, yH = 0] = args;
      const dots = xL | (xH << 8);
      const bytesPerRow = Math.ceil(dots / 8);
      // Once or twice, nothing else is defined.
      const [scaleX, scaleY] = [bx === 2 ? 2 : 1, by === 2 ? 2 : 1];
      // Rows that did not come along are not there, whatever the numbers say.
      const most = bytesPerRow === 0 ? 0 : Math.floor((args.length - 10) / bytesPerRow);
      const rows: DotRow[] = [];
      for (let y = 0; y < Math.min(yL | (yH << 8), most); y += 1) {
        const source = args.subarray(10 + y * bytesPerRow, 10 + (y + 1) * bytesPerRow);
        const left = this.#leftFor(dots * scaleX);
        const row = placedRow(this.#headDots, source, dots, scaleX, left, this.#right);
        for (let copy = 0; copy < scaleY; copy += 1) rows.push(row);
      }
      this.#stored = rows;
      return [];
    }
    return fn === 2 || fn === 50 ? [...this.#flush(), { kind: 'rows', rows: this.#stored }] : [];
  }
}
