import { GlobalFonts } from '@napi-rs/canvas';
import type { DeviceFault } from '../../../src/devices/status.ts';
import { err, ok } from '../../../src/platform/result.ts';
import type { Result } from '../../../src/platform/result.ts';
import { readFontCoverage } from './font-coverage.ts';
import type { FontCoverage } from './font-coverage.ts';

/** Where the fonts are. Defaults: Debian's fonts-noto-cjk and fonts-hanazono. */
export interface PaperFontFiles {
  readonly sansRegular: string;
  readonly sansBold: string;
  /** BMP characters of the rare ones' face. */
  readonly rareA: string;
  /** Extension B and beyond. */
  readonly rareB: string;
}

export const debianFontFiles: PaperFontFiles = {
  sansRegular: '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
  sansBold: '/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc',
  rareA: '/usr/share/fonts/truetype/hanazono/HanaMinA.ttf',
  rareB: '/usr/share/fonts/truetype/hanazono/HanaMinB.ttf',
};

/** What stands for a character that no font has: 〓, the printers' mark for a missing sort (JIS X 0208 geta). */
const MISSING_SORT = '〓';

/** A paragraph with the face it is set in. */
export interface SetText {
  readonly text: string;
  /** A CSS font shorthand but for the text. */
  cssFont(sizePx: number): string;
}

/** The fonts of the paper, ready for use. */
export interface PaperFonts {
  /**
   * Chooses one face for the whole text, so that a name with one rare character does not look patched: Noto Sans if it has
   * everything, else HanaMin (always emboldened: its thin strokes get lost on thermal paper), else both mixed.
   */
  set(text: string, weight: 'regular' | 'bold'): SetText;
}

const registered = new Set<string>();

/** Registers the font files with the canvas. Without the sans fonts nothing can be printed. */
export function loadPaperFonts(files: PaperFontFiles = debianFontFiles): Result<PaperFonts, DeviceFault> {
  const sansRegular = load(files.sansRegular, 'PaperSansRegular');
  const sansBold = load(files.sansBold, 'PaperSansBold');
  if (sansRegular === undefined || sansBold === undefined) {
    return err({ code: 'printer.fonts-missing', action: 'configuration' });
  }
  const rareA = load(files.rareA, 'PaperRareA');
  const rareB = load(files.rareB, 'PaperRareB');
  const rare: FontCoverage = (point) => rareA?.(point) === true || rareB?.(point) === true;
  return ok({ set: (text, weight) => setText(text, weight, sansRegular, rare) });
}

function load(path: string, alias: string): FontCoverage | undefined {
  const coverage = readFontCoverage(path);
  if (coverage === undefined) return undefined;
  const key = `${alias} ${path}`;
  if (!registered.has(key)) {
    if (GlobalFonts.registerFromPath(path, alias) === null) return undefined;
    registered.add(key);
  }
  return coverage;
}

function setText(text: string, weight: 'regular' | 'bold', sans: FontCoverage, rare: FontCoverage): SetText {
  const sansFace = weight === 'bold' ? 'PaperSansBold' : 'PaperSansRegular';
  const rareFace = 'PaperRareA, PaperRareB';
  const everyOne = (covers: FontCoverage) => Array.from(text).every((character) => covers(codeOf(character)));
  if (everyOne(sans)) return { text, cssFont: (size) => `${size}px ${sansFace}` };
  if (everyOne(rare)) return { text, cssFont: (size) => `bold ${size}px ${rareFace}` };
  const known = Array.from(text).map((character) =>
    sans(codeOf(character)) || rare(codeOf(character)) ? character : MISSING_SORT,
  );
  return { text: known.join(''), cssFont: (size) => `${size}px ${sansFace}, ${rareFace}` };
}

/** LF is where lines break, not a glyph. */
function codeOf(character: string): number {
  return character === '\n' ? 0x20 : (character.codePointAt(0) ?? 0x20);
}
