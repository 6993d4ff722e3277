import { PNG } from 'pngjs';
import { zbarTextsOf, zxingTexts, type GreyPicture } from '../fixtures/slip-picture.ts';

/** Two that have nothing in common. */
export const DECODERS = ['zbar', 'zxing'] as const;
export type DecoderName = (typeof DECODERS)[number];

/** What came of one photograph, for each decoder. */
export interface Reading {
  /** From the photograph as it is. */
  readonly atOnce: Readonly<Record<DecoderName, boolean>>;
  /** From it as it is, or enlarged, by either way to tell black from white. */
  readonly inTheEnd: Readonly<Record<DecoderName, boolean>>;
}

/**
 * How an app for scanning looks at a picture, one way after the other until something is read. A far picture has two to three pixels
 * for a module, too few to tell them apart where the paper bows: apps enlarge it, and try another threshold. Nothing is straightened
 * or mended.
 */
export const LOOKS = {
  zbar: [{ times: 1 }, { times: 2 }],
  zxing: [
    { times: 1, binarizer: 'LocalAverage' },
    { times: 2, binarizer: 'LocalAverage' },
    { times: 3, binarizer: 'LocalAverage' },
    { times: 2, binarizer: 'GlobalHistogram' },
  ],
} as const;

/** Whether each decoder reads `text` off photographs, each in the ways of {@link LOOKS}. */
export async function readPhotographs(
  photographs: readonly GreyPicture[],
  text: string,
): Promise<readonly Reading[]> {
  const looksOfZbar = firstLooksOfZbar(photographs, text);
  const readings: Reading[] = [];
  for (const [index, photograph] of photographs.entries()) {
    const [zbar, zxing] = [looksOfZbar[index] ?? -1, await firstLookOfZxing(photograph, text)];
    readings.push({
      atOnce: { zbar: zbar === 0, zxing: zxing === 0 },
      inTheEnd: { zbar: zbar >= 0, zxing: zxing >= 0 },
    });
  }
  return readings;
}

/** In which of its looks ZBar reads the text off each photograph; -1: in none. One process for each look: to start it takes its time. */
function firstLooksOfZbar(photographs: readonly GreyPicture[], text: string): readonly number[] {
  const looks = photographs.map(() => -1);
  for (const [look, { times }] of LOOKS.zbar.entries()) {
    const unread = photographs
      .map((one, index) => ({ one, index }))
      .filter(({ index }) => looks[index] === -1);
    const seen = zbarTextsOf(unread.map(({ one }) => enlarged(one, times)));
    for (const [at, { index }] of unread.entries())
      if (seen[at]?.includes(text) === true) looks[index] = look;
  }
  return looks;
}

/** In which of its looks ZXing reads the text; -1: in none. */
async function firstLookOfZxing(photograph: GreyPicture, text: string): Promise<number> {
  for (const [index, { times, binarizer }] of LOOKS.zxing.entries()) {
    const texts = await zxingTexts(pictureOf(enlarged(photograph, times)), binarizer);
    if (texts.includes(text)) return index;
  }
  return -1;
}

/** With points in between (bilinear). */
function enlarged(picture: GreyPicture, times: number): GreyPicture {
  if (times === 1) return picture;
  const { width, height, grey } = picture;
  const large = { width: width * times, height: height * times };
  const columns = between(width, times);
  const rows = between(height, times);
  const points = new Uint8Array(large.width * large.height);
  let at = 0;
  for (const { first, share: down } of rows) {
    for (const { first: column, share: right } of columns) {
      const corner = first * width + column;
      const upper = (grey[corner] ?? 0) * (1 - right) + (grey[corner + 1] ?? 0) * right;
      const lower = (grey[corner + width] ?? 0) * (1 - right) + (grey[corner + width + 1] ?? 0) * right;
      points[at] = Math.round(upper * (1 - down) + lower * down);
      at += 1;
    }
  }
  return { ...large, grey: points };
}

/** Between which two points each point of a line that is `times` as long lies. */
function between(length: number, times: number): readonly { first: number; share: number }[] {
  return Array.from({ length: length * times }, (_, at) => {
    const place = Math.min(Math.max((at + 0.5) / times - 0.5, 0), length - 1);
    const first = Math.min(Math.floor(place), length - 2);
    return { first, share: place - first };
  });
}

/** As a file for people, and for a decoder that wants colours. */
export function pictureOf({ width, height, grey }: GreyPicture): PNG {
  const picture = new PNG({ width, height });
  new Uint32Array(picture.data.buffer, picture.data.byteOffset, grey.length).set(
    Uint32Array.from(grey, (level) => 0xff000000 | (level * 0x010101)),
  );
  return picture;
}
