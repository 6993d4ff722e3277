import { PNG } from 'pngjs';
import { zbarTexts, zxingTexts } from '../fixtures/slip-picture.ts';
import type { Photograph } from './camera.ts';

/** Two that have nothing in common. */
export const DECODERS = ['zbar', 'zxing'] as const;
export type DecoderName = (typeof DECODERS)[number];

/** Whether each decoder reads `text` off a photograph. */
export async function readPhotograph(
  photograph: Photograph,
  text: string,
): Promise<Readonly<Record<DecoderName, boolean>>> {
  const picture = pictureOf(photograph);
  return { zbar: zbarTexts(picture).includes(text), zxing: (await zxingTexts(picture)).includes(text) };
}

/** As a file for people, and for the decoders. */
export function pictureOf({ width, height, grey }: Photograph): PNG {
  const picture = new PNG({ width, height });
  for (const [at, level] of grey.entries()) picture.data.fill(level, at * 4, at * 4 + 3);
  for (let at = 3; at < picture.data.length; at += 4) picture.data[at] = 255;
  return picture;
}
