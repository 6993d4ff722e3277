import { inflateSync } from 'node:zlib';
import { qrSymbol } from '../../src/slip/qr-symbol.ts';
import type { Ink } from '../model/state.ts';

/** What can be on a slip: rows of dots from its first to its last black one, each as text of 0 and 1 without white ends. */
export interface Print {
  readonly part: 'body' | 'footer' | 'void';
  /** Whose code it holds, on a body. */
  readonly opId?: string;
  readonly rows: readonly string[];
}

/** A part that was found on a slip. */
export interface Found {
  readonly print: Print;
  readonly ink: Exclude<Ink, 'none'>;
}

/** 6 dots a module. */
const MODULE_DOTS = 6;

/** The symbol of a code as it must be on paper. */
export function bodyOf(opId: string, token: string): Print {
  const symbol = qrSymbol(token);
  if (!symbol.ok) throw new Error(symbol.error);
  const { size, modules } = symbol.value;
  const rows: string[] = [];
  for (let row = 0; row < size; row += 1) {
    const dots = Array.from(modules.subarray(row * size, (row + 1) * size), (module) =>
      String(module).repeat(MODULE_DOTS),
    ).join('');
    for (let copy = 0; copy < MODULE_DOTS; copy += 1) rows.push(withoutEnds(dots));
  }
  return { part: 'body', opId, rows };
}

/** From its first black row to its last. */
export function printOf(part: Print['part'], rows: readonly string[]): Print {
  const last = rows.findLastIndex((row) => row !== '');
  return {
    part,
    rows: rows.slice(
      rows.findIndex((row) => row !== ''),
      last + 1,
    ),
  };
}

/**
 * What is on a piece of paper, from the top.
 *
 * @throws Error when there is ink on it that is none of the prints.
 */
export function readPaper(rows: readonly string[], prints: readonly Print[]): readonly Found[] {
  const found: Found[] = [];
  for (let y = 0; y < rows.length;) {
    if (rows[y] === '') {
      y += 1;
      continue;
    }
    const best = prints
      .map((print) => ({ print, length: sameRows(rows, y, print.rows) }))
      .reduce((longest, one) => (one.length > longest.length ? one : longest), {
        print: NOTHING,
        length: 0,
      });
    if (best.length === 0) throw new Error(`ink of unknown origin in row ${y}`);
    found.push({ print: best.print, ink: best.length === best.print.rows.length ? 'full' : 'part' });
    y += best.length;
  }
  return found;
}

const NOTHING: Print = { part: 'void', rows: [] };

function sameRows(rows: readonly string[], from: number, wanted: readonly string[]): number {
  let count = 0;
  while (count < wanted.length && rows[from + count] === wanted[count]) count += 1;
  // White rows in the middle of a print are none of it when nothing black follows.
  while (count < wanted.length && count > 0 && wanted[count - 1] === '') count -= 1;
  return count;
}

/** The rows of a picture as the simulated printer draws it: PNG, 1 bit, 0 is black, no filter. */
export function rowsOf(png: Uint8Array): readonly string[] {
  const bytes = Buffer.from(png);
  const parts: Buffer[] = [];
  let width = 0;
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') width = data.readUInt32BE(0);
    if (type === 'IDAT') parts.push(data);
    at += length + 12;
  }
  const lines = inflateSync(Buffer.concat(parts));
  const lineBytes = 1 + Math.ceil(width / 8);
  const rows: string[] = [];
  for (let at = 0; at < lines.length; at += lineBytes) {
    if (lines[at] !== 0) throw new Error('a filter is not expected in this picture');
    rows.push(textOf(lines.subarray(at + 1, at + lineBytes)));
  }
  return rows;
}

function textOf(packed: Uint8Array): string {
  if (packed.every((byte) => byte === 0xff)) return '';
  let text = '';
  for (const byte of packed) text += BITS[byte];
  return withoutEnds(text);
}

/** The eight dots of a byte, black first. */
const BITS = Array.from({ length: 256 }, (_, byte) => (~byte & 0xff).toString(2).padStart(8, '0'));

function withoutEnds(dots: string): string {
  const first = dots.indexOf('1');
  return first < 0 ? '' : dots.slice(first, dots.lastIndexOf('1') + 1);
}
