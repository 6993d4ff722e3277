import type { PNG } from 'pngjs';
import '../../sandbox/gallery/gallery-handle.ts';
import { contrast, type Colour } from './contrast.ts';
import type { Box } from './read-aloud.ts';

/** A piece of text where it stands on the glass. */
export interface SeenText {
  readonly text: string;
  /** What the screen tells below its title. */
  readonly isBody: boolean;
  readonly box: Box;
}

/** Runs in the page: every piece of text that is to be seen. */
export function textsOnGlass(): readonly SeenText[] {
  return window.gallery.texts().map(({ element, text, box: { x, y, width, height } }) => ({
    text,
    isBody: element.closest('.body') !== null,
    box: { x, y, width, height },
  }));
}

/** Of the points in a box so many have the ink's own colour at least; the rest is ground, and edges of strokes between the two. */
const LEAST_INK = 0.004;

/** What a piece of text looks like on a picture: the most frequent colour, and that which stands out of it most. */
export function inkAndGround(
  screenshot: PNG,
  { x, y, width, height }: Box,
): { readonly ink: Colour; readonly ground: Colour } {
  const found = new Map<Colour, number>();
  let points = 0;
  for (let row = Math.ceil(y); row < Math.min(screenshot.height, y + height); row += 1) {
    for (let column = Math.ceil(x); column < Math.min(screenshot.width, x + width); column += 1) {
      const at = (row * screenshot.width + column) * 4;
      const colour: Colour = `#${screenshot.data.toString('hex', at, at + 3)}`;
      found.set(colour, (found.get(colour) ?? 0) + 1);
      points += 1;
    }
  }
  const frequent = [...found]
    .filter(([, times]) => times >= points * LEAST_INK)
    .toSorted(([, one], [, other]) => other - one)
    .map(([colour]) => colour);
  const [ground = '#000000'] = frequent;
  return {
    ground,
    ink: frequent.reduce(
      (ink, colour) => (contrast(colour, ground) > contrast(ink, ground) ? colour : ink),
      ground,
    ),
  };
}
