import type { TextElement } from '../../../src/slip/print-document.ts';
import { LINE_PITCH_EM, pointsToDots } from './paper-strip.ts';
import type { PaperStrip } from './paper-strip.ts';
import { isHalfWidth } from './rom-characters.ts';

/** Side of a hanzi in the printer's memory, dots; half as wide is everything of one byte. */
const CELL_DOTS = 24;
const HALF_CELL_DOTS = 12;
const SMALLEST_SCALE = 2;
/** `GS !` multiplies by no more than 8. */
const LARGEST_SCALE = 8;
/** Key lines are 17 to 20 pt: up to here twice the 24 dots (17 pt) will do at need. */
const LARGEST_DOUBLE_PT = 20;

/** How a line is set in the printer's own font. */
export interface NativeStyle {
  /** 2: 48 dots = 17 pt; 3: 72 dots = 25.5 pt. */
  readonly scale: number;
  readonly bold: boolean;
  readonly align: TextElement['align'];
}

/**
 * Which size of the printer's font stands for a size of the document: the next larger one. For more than 17 and up to 20 pt there
 * is 17 pt to spare, where the larger one would cost lines.
 */
export function nativeScales(sizePt: number): { readonly best: number; readonly spare?: number } {
  const up = Math.ceil(pointsToDots(sizePt) / CELL_DOTS);
  const best = Math.min(LARGEST_SCALE, Math.max(SMALLEST_SCALE, up));
  return best > SMALLEST_SCALE && sizePt <= LARGEST_DOUBLE_PT ? { best, spare: SMALLEST_SCALE } : { best };
}

/** Height of a character, dots. */
export function nativeDots(scale: number): number {
  return CELL_DOTS * scale;
}

/** From one line to the next, dots. */
export function nativePitchDots(scale: number): number {
  return Math.round(nativeDots(scale) * LINE_PITCH_EM);
}

/** Width in dots: a ROM font has only two widths. */
export function nativeWidth(text: string, scale: number): number {
  let dots = 0;
  for (const character of text) dots += isHalfWidth(character) ? HALF_CELL_DOTS : CELL_DOTS;
  return dots * scale;
}

const ALIGNMENT = { left: 0, center: 1, right: 2 } as const;

/** `ESC a`: what follows is placed so. Must come at the beginning of a line; rasters obey it too. */
export function alignStrip(align: TextElement['align']): PaperStrip {
  return { kind: 'text', bytes: Uint8Array.of(0x1b, 0x61, ALIGNMENT[align]), dots: 0 };
}

/** These look different, or are a currency, in the international sets (`ESC R`) that somebody may have left switched on. */
const NATIONAL_VARIANTS = /[#$@[\\\]^`{|}~]/;

/**
 * One line in the printer's own font: modes, text, line feed, modes as `ESC @` leaves them. Each line brings all of its modes
 * along, so that a byte lost on the line spoils no more than one.
 * @param encoded what `RomCharacters.encode` made of `text`
 */
export function nativeLine(text: string, encoded: Uint8Array, style: NativeStyle): PaperStrip {
  const pitch = nativePitchDots(style.scale);
  const aligned = style.align !== 'left';
  const bytes = Uint8Array.from([
    ...(aligned ? [0x1b, 0x61, ALIGNMENT[style.align]] : []),
    ...PLAIN_FONT_A,
    ...(style.bold ? [0x1b, 0x45, 1] : []),
    ...TWO_BYTE_TEXT,
    ...sizeCommands(style.scale),
    ...(NATIONAL_VARIANTS.test(text) ? INTERNATIONAL_SET_0 : []),
    ...lineSpacing(pitch),
    ...encoded,
    0x0a,
    ...PLAIN_FONT_A,
    ...(style.bold ? [0x1b, 0x45, 0] : []),
    ...NORMAL_SIZE,
    ...DEFAULT_LINE_SPACING,
    ...(aligned ? [0x1b, 0x61, ALIGNMENT.left] : []),
  ]);
  return { kind: 'text', bytes, dots: pitch };
}

/** `ESC ! 0`: font A, whatever a memory switch makes of `ESC @`; nothing bold, enlarged or underlined. */
const PLAIN_FONT_A = [0x1b, 0x21, 0] as const;
/** `FS &`: bytes from 81 on are Chinese. Some models come up without it. */
const TWO_BYTE_TEXT = [0x1c, 0x26] as const;
const INTERNATIONAL_SET_0 = [0x1b, 0x52, 0] as const;
/** `ESC 3`; 1 unit is taken as 1 dot. Where it is less, lines stand closer: no printer feeds less than the height of a line. */
const lineSpacing = (dots: number) => [0x1b, 0x33, dots];
const DEFAULT_LINE_SPACING = [0x1b, 0x32] as const;
/** `FS ! 0`, `GS ! 0`. */
const NORMAL_SIZE = [0x1c, 0x21, 0, 0x1d, 0x21, 0] as const;

/**
 * Printers disagree on what enlarges a hanzi: `GS !` on some, `FS !` on others, on most the last of them. So both are sent, and
 * `GS !` last, because `FS !` knows no more than double. Double comes before triple, because some take nothing larger: they
 * then stay at double. At worst hanzi of a 25.5 pt line come out in 17 pt, narrower than reckoned, so nothing is cut.
 * Sources: manuals of Zijiang ZJ-58, Microcom 814M, IDIPOS TP-80, Toshiba B-EP ("the last received is effective"), Birch BP-002
 * (`GS !` 00 01 10 11 only), HPRT TP80K (beyond: double); escpos-php issue 931 (`FS !` alone scales Chinese).
 */
function sizeCommands(scale: number): readonly number[] {
  const double = [0x1c, 0x21, 0x0c, 0x1d, 0x21, 0x11];
  if (scale === SMALLEST_SCALE) return double;
  return [...double, 0x1d, 0x21, (scale - 1) * 0x11];
}
