import { PNG } from 'pngjs';
import type { CitizenLanguage } from '../../src/copy/citizen-languages.ts';
import { textIn } from '../fixtures/slip-picture.ts';

/** Without blanks and marks, which an OCR sees or not. */
function bare(text: string): string {
  return text.replaceAll(/[\s\p{P}\u200b|]/gu, '');
}

const READERS = { 'zh-CN': 'chi_sim', en: 'eng', 'zh-Hant': 'chi_tra' } as const;

/**
 * What tesseract reads on a picture of one piece of text, dark on light, without blanks and marks. Of 繁體 it needs the package
 * tesseract-ocr-chi-tra.
 */
export function readByMachine(png: Buffer, language: CitizenLanguage): string {
  return bare(textIn(darkOnLight(PNG.sync.read(png)), { language: READERS[language], layout: 6 }));
}

/** White words on a blue key are no other words; an OCR made for pages does not know. */
function darkOnLight(picture: PNG): PNG {
  const { data } = picture;
  const isDark = (data[0] ?? 0) + (data[1] ?? 0) + (data[2] ?? 0) < (3 * 256) / 2;
  if (isDark) for (let at = 0; at < data.length; at += 1) if (at % 4 !== 3) data[at] = 255 - (data[at] ?? 0);
  return picture;
}

/** Share of the wanted characters that were read, in their order, 0 to 1. A machine mistakes a hanzi now and then; a person does not. */
export function shareRead(wanted: string, read: string): number {
  const characters = Array.from(bare(wanted));
  if (characters.length === 0) return 1;
  // The longest common subsequence, within a window that a title can have.
  const row = Array.from({ length: characters.length + 1 }, () => 0);
  for (const character of read) {
    let diagonal = 0;
    for (const [index, own] of characters.entries()) {
      const above = row[index + 1] ?? 0;
      row[index + 1] = own === character ? diagonal + 1 : Math.max(above, row[index] ?? 0);
      diagonal = above;
    }
  }
  return (row.at(-1) ?? 0) / characters.length;
}
