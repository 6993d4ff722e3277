import { stripBytes } from '../../drivers/receipt-printer/commands/commands.ts';
import { createComposer } from '../../drivers/receipt-printer/composer/compose-document.ts';
import { loadPaperFonts } from '../../drivers/receipt-printer/composer/paper-fonts.ts';
import { bodyDocument, type SlipBody } from '../../src/slip/slip-document.ts';
import { paperOf } from '../fixtures/paper-of-raster.ts';

/** A line of dots between two white rows, without the white around it; as text, to be compared. */
type Line = string;

/** Of the sandbox's printer. */
const WIDTH_DOTS = 576;
/** Lower ones are strokes of a character that has a gap; other characters have them too. */
const LOWEST_LINE_ROWS = 12;

/** Says nothing of anybody. */
const NOBODY = { maskedName: '〇', token: `OC1${'A'.repeat(31)}`, shortCode: 'AAAABBBBCCCC' } as const;

/** The lines of a slip's body that are somebody's own: name, short code, the symbol. */
export function ownLines(slip: SlipBody): ReadonlySet<Line> {
  const common = new Set(linesOfBody({ ...slip, ...NOBODY }));
  return new Set(linesOfBody(slip).filter((line) => !common.has(line)));
}

/** Rows of dots, 1 is black, cut into lines. */
export function linesOf(rows: readonly Uint8Array[]): readonly Line[] {
  const lines: Line[] = [];
  let open: Uint8Array[] = [];
  for (const row of [...rows, new Uint8Array(0)]) {
    if (row.includes(1)) {
      open.push(row);
    } else {
      if (open.length >= LOWEST_LINE_ROWS) lines.push(trimmed(open));
      open = [];
    }
  }
  return lines;
}

function trimmed(rows: readonly Uint8Array[]): Line {
  const left = Math.min(...rows.map((row) => row.indexOf(1)));
  const right = Math.max(...rows.map((row) => row.lastIndexOf(1)));
  return rows.map((row) => row.subarray(left, right + 1).join('')).join('\n');
}

function linesOfBody(slip: SlipBody): readonly Line[] {
  const fonts = loadPaperFonts();
  const document = bodyDocument(slip);
  if (!fonts.ok || !document.ok) throw new Error('no slip can be drawn');
  const composer = createComposer(fonts.value, { widthDots: WIDTH_DOTS, bandBytes: 1728 });
  const bytes = Buffer.concat(Array.from(composer.compose(document.value), stripBytes));
  return linesOf(paperOf(bytes, WIDTH_DOTS).rows);
}
