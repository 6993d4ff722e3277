import type { ParsedCommand } from './command-parser.ts';
import { blankRow, type DotRow, placedRow } from './dot-row.ts';
import type { CommandLanguage, PrinterEffect } from './language.ts';
import { TextLine, type TextStyle } from './text-line.ts';

const ESC = 0x1b;
/** ESC * r, in raster mode. */
const RASTER = [ESC, 0x2a, 0x72] as const;
const DOTS_PER_QUARTER_MM = 2;
const LINE_DOTS = 32;

/** Bytes that follow ESC and a letter (or two); what is not here takes none. */
const ESCAPES: Readonly<Record<string, readonly [name: string, args: number]>> = {
  '40': ['initialize', 0],
  '4a': ['feed-quarters', 1],
  '64': ['cut', 1],
  '0601': ['ignored', 0],
  '0c': ['ignored', 1],
  '1630': ['retract', 1],
  '1631': ['auto-retract', 1],
  '1e45': ['etb-reset', 1],
  '1e61': ['automatic-status', 1],
};

/** Star Line Mode as far as a receipt in raster needs it (Star Line Mode Command Specifications §3.3, 3.4, 3.8). */
export function starLineLanguage(headDots: number): CommandLanguage {
  let raster = false;
  const line = new TextLine();
  const feed = (dots: number): PrinterEffect => ({ kind: 'rows', rows: blankRows(headDots, dots) });
  const flush = (): readonly PrinterEffect[] =>
    line.empty ? [] : [{ kind: 'rows', rows: line.take(headDots, 0) }];
  return {
    parse: (buffered) => (raster ? parseRaster(buffered) : parseLine(buffered)),
    initialize() {
      raster = false;
      line.clear();
    },
    run({ name, args }) {
      const n = args[0] ?? 0;
      switch (name) {
        case 'raster-on':
        case 'raster-off':
          raster = name === 'raster-on';
          return raster ? flush() : [];
        case 'initialize':
          return flush();
        case 'row':
          return [{ kind: 'rows', rows: [rowOf(headDots, args)] }];
        case 'feed-dots':
          return [feed(Math.min(LONGEST_FEED_DOTS, Number(Buffer.from(args).toString('latin1')) || 0))];
        case 'feed-quarters':
          return [...flush(), feed(n * DOTS_PER_QUARTER_MM)];
        case 'line-feed':
          return [...flush(), feed(LINE_DOTS)];
        case 'cut':
          return [...flush(), { kind: 'cut', feedDots: 0, toCutter: (n & 0x0f) >= 2 }];
        case 'etb':
          return [...flush(), { kind: 'etb' }];
        case 'etb-reset':
          return [{ kind: 'etb-reset' }];
        case 'automatic-status':
          return [{ kind: 'automatic-star-status', on: (n & 1) === 1 }];
        case 'retract':
          // Only n = 0 is defined.
          return n === 0 ? [{ kind: 'retract' }] : [];
        case 'auto-retract':
          return [{ kind: 'auto-retract', ms: n * 500 }];
        case 'text':
          line.addCharacter(String.fromCharCode(n), false, PLAIN);
          return [];
        default:
          return [];
      }
    },
  };
}

const PLAIN: TextStyle = {
  widthScale: 1,
  heightScale: 1,
  before: 0,
  after: 0,
  bold: false,
  underline: false,
  reverse: false,
  fontB: false,
};
/** A number that no paper is long enough for is noise. */
const LONGEST_FEED_DOTS = 10_000;

function blankRows(headDots: number, dots: number): readonly DotRow[] {
  return Array.from({ length: dots }, () => blankRow(headDots));
}

/** What does not fit on the head is thrown away. */
function rowOf(headDots: number, bytes: Uint8Array): DotRow {
  return placedRow(headDots, bytes, bytes.length * 8, 1, 0, headDots);
}

const of = (name: string, length: number, args: Uint8Array = new Uint8Array(0)): ParsedCommand => ({
  name,
  length,
  args,
});

function parseLine(buffered: Uint8Array): ParsedCommand | 'more' {
  const [first] = buffered;
  if (first === undefined) return 'more';
  if (first === 0x17) return of('etb', 1);
  if (first === 0x0a) return of('line-feed', 1);
  if (first !== ESC) return first < 0x20 ? of('ignored', 1) : of('text', 1, buffered.slice(0, 1));
  if (buffered.length === 1) return 'more';
  if (buffered[1] === RASTER[1]) return parseRasterCommand(buffered);
  for (const length of [1, 2]) {
    if (buffered.length < 1 + length) return 'more';
    const found = ESCAPES[Buffer.from(buffered.subarray(1, 1 + length)).toString('hex')];
    if (found) return withArguments(found, buffered, 1 + length);
  }
  return of('ignored', 2);
}

function withArguments(
  [name, count]: readonly [string, number],
  buffered: Uint8Array,
  head: number,
): ParsedCommand | 'more' {
  if (buffered.length < head + count) return 'more';
  return of(name, head + count, buffered.slice(head, head + count));
}

function parseRaster(buffered: Uint8Array): ParsedCommand | 'more' {
  const [first, low, high] = buffered;
  if (first === undefined) return 'more';
  if (first === ESC) return parseRasterCommand(buffered);
  // `b` a row and down by one, `k` a row without moving; anything else means nothing here.
  if (first !== 0x62 && first !== 0x6b) return of('ignored', 1);
  if (low === undefined || high === undefined) return 'more';
  const count = low | (high << 8);
  if (buffered.length < 3 + count) return 'more';
  return of(first === 0x62 ? 'row' : 'ignored', 3 + count, buffered.slice(3, 3 + count));
}

/** ESC * r A, B, R, C alone; all others have decimal digits and a NUL behind them. ESC FF n ends pages and documents. */
function parseRasterCommand(buffered: Uint8Array): ParsedCommand | 'more' {
  if (buffered[1] === 0x0c) return withArguments(['ignored', 1], buffered, 2);
  if (buffered.length < 4) return 'more';
  if (buffered[1] !== RASTER[1] || buffered[2] !== RASTER[2]) return of('ignored', 2);
  const letter = String.fromCharCode(buffered[3] ?? 0);
  if (letter === 'A') return of('raster-on', 4);
  if (letter === 'B') return of('raster-off', 4);
  if (letter === 'R' || letter === 'C') return of('ignored', 4);
  const end = buffered.indexOf(0, 4);
  if (end < 0) return buffered.length > 300 ? of('ignored', 4) : 'more';
  return of(letter === 'Y' ? 'feed-dots' : 'ignored', end + 1, buffered.slice(4, end));
}
