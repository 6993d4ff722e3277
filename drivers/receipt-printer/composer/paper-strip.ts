import { DOTS_PER_INCH } from '../printer-profile.ts';
import type { Bitmap } from './bitmap.ts';

/**
 * A piece of paper to be made, from top to bottom, beginning and ending at the beginning of a line. `scale` 2: the printer
 * doubles each dot in both directions. `text` is set in the printer's own font, or sets a mode: whole commands, and how far they
 * feed.
 */
export type PaperStrip = RasterStrip | FeedStrip | CommandStrip;

interface RasterStrip {
  readonly kind: 'raster';
  readonly scale: 1 | 2;
  readonly bitmap: Bitmap;
}

interface FeedStrip {
  readonly kind: 'feed';
  readonly dots: number;
}

interface CommandStrip {
  readonly kind: 'text';
  readonly bytes: Uint8Array;
  readonly dots: number;
}

/** How much paper a strip takes, in dots. */
export function stripDots(strip: PaperStrip): number {
  return strip.kind === 'raster' ? strip.bitmap.rows * strip.scale : strip.dots;
}

/** Distance of two baselines, in em: so much air old eyes need to find the next line. */
export const LINE_PITCH_EM = 1.3;

/** A size of type in dots. */
export function pointsToDots(points: number): number {
  return Math.round((points * DOTS_PER_INCH) / 72);
}
