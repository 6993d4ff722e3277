import type { PNG } from 'pngjs';
import type { CitizenLanguage } from '../../src/copy/citizen-languages.ts';
import { readTexts, type GreyPicture } from '../fixtures/slip-picture.ts';

/** Without blanks and marks, which an OCR sees or not. */
function bare(text: string): string {
  return text.replaceAll(/[\s\p{P}\u200b|]/gu, '');
}

const READERS = { 'zh-CN': 'chi_sim', en: 'eng', 'zh-Hant': 'chi_tra' } as const;

/** A box on a picture, px. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Cut out of a picture of the screen: one piece of text with what is around it, in greys, dark on light. */
export function pieceOf(screenshot: PNG, { x, y, width, height }: Box): GreyPicture {
  const left = Math.max(0, Math.floor(x));
  const top = Math.max(0, Math.floor(y));
  const wide = Math.min(screenshot.width - left, Math.ceil(width));
  const high = Math.min(screenshot.height - top, Math.ceil(height));
  const grey = Uint8Array.from({ length: wide * high }, (_, dot) => {
    const at = ((top + Math.floor(dot / wide)) * screenshot.width + left + (dot % wide)) * 4;
    const [red = 0, green = 0, blue = 0] = screenshot.data.subarray(at, at + 3);
    return Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
  });
  return { width: wide, height: high, grey: darkOnLight(grey) };
}

/** White words on a blue key are no other words; an OCR made for pages does not know. */
function darkOnLight(grey: Uint8Array): Uint8Array {
  const sorted = grey.toSorted();
  const [darkest = 0, usual = 0, lightest = 255] = [0, sorted.length >> 1, sorted.length - 1].map(
    (at) => sorted[at] ?? 0,
  );
  return usual - darkest < lightest - usual ? grey.map((level) => 255 - level) : grey;
}

/** A text as it should be and as it is on the picture. */
export interface PieceOfText {
  readonly what: string;
  readonly picture: GreyPicture;
}

/** Of a text's characters, 0 to 1; a machine mistakes one now and then. */
const ENOUGH = 0.8;

/**
 * Those that tesseract does not make out, and which share of them it read. As a block of lines first; what is left as one line, for
 * where there is only one it finds none in a blurred picture now and then. Of 繁體 it needs the package tesseract-ocr-chi-tra.
 */
export function unreadByMachine<Piece extends PieceOfText>(
  pieces: readonly Piece[],
  language: CitizenLanguage,
): readonly { readonly piece: Piece; readonly share: number }[] {
  const readAs = (layout: 6 | 13, wanted: readonly Piece[]) => {
    const texts = readTexts(
      wanted.map(({ picture }) => picture),
      { language: READERS[language], layout },
    );
    return wanted
      .map((piece, at) => ({ piece, share: shareRead(piece.what, texts[at] ?? '') }))
      .filter(({ share }) => share < ENOUGH);
  };
  const unread = readAs(6, pieces);
  return readAs(
    13,
    unread.map(({ piece }) => piece),
  );
}

/** Share of the wanted characters that were read, in their order, 0 to 1. A machine mistakes a hanzi now and then; a person does not. */
function shareRead(wanted: string, read: string): number {
  const characters = Array.from(bare(wanted));
  if (characters.length === 0) return 1;
  // The longest common subsequence, within a window that a title can have.
  const row = Array.from({ length: characters.length + 1 }, () => 0);
  for (const character of bare(read)) {
    let diagonal = 0;
    for (const [index, own] of characters.entries()) {
      const above = row[index + 1] ?? 0;
      row[index + 1] = own === character ? diagonal + 1 : Math.max(above, row[index] ?? 0);
      diagonal = above;
    }
  }
  return (row.at(-1) ?? 0) / characters.length;
}
