/** What months in a pocket do to a slip: amounts for one symbol and the paper around it. */
export interface WearLevel {
  readonly name: 'L0' | 'L1' | 'L2' | 'L3';
  /** Part of the ink that is gone everywhere, 0–1. */
  readonly fade: number;
  /** Heating dots that never print: white columns along the feed, one dot wide. */
  readonly deadDots: number;
  readonly creases: number;
  readonly creaseMm: number;
  /** A place where the ink is nearly gone: diameter, mm; 0: none. */
  readonly patchMm: number;
  /** A dark spot, as heat makes it: diameter, mm; 0: none. */
  readonly blotMm: number;
}

/** Unworn, and three levels of wear; the slip of the design is to be read at L1 nearly always, at L2 mostly. */
export const WEAR_LEVELS: readonly WearLevel[] = [
  { name: 'L0', fade: 0, deadDots: 0, creases: 0, creaseMm: 0, patchMm: 0, blotMm: 0 },
  { name: 'L1', fade: 0.3, deadDots: 1, creases: 2, creaseMm: 0.25, patchMm: 0, blotMm: 0 },
  { name: 'L2', fade: 0.5, deadDots: 1, creases: 4, creaseMm: 0.4, patchMm: 2.5, blotMm: 0 },
  { name: 'L3', fade: 0.6, deadDots: 1, creases: 6, creaseMm: 0.5, patchMm: 3, blotMm: 1.5 },
];

/** How staff hold a phone or a scanner over the slip. */
export const CAMERA = {
  /** Far, usual, near: pixels of the camera for each millimetre of paper. */
  pixelsPerMm: [3.5, 5.5, 9],
  /** Turned by up to so much either way, degrees. */
  rotationDegrees: 15,
  /** Standard deviation of the blur, camera pixels, up to. */
  blurPixels: 1,
  /** Standard deviation of the noise, of 255 levels. */
  noise: 8,
  /** The paper bows up by so much of the symbol's height, as what comes from a roll does. */
  curl: [0.1, 0.2],
  /** Light falls from one side: brighter and darker than the middle by up to so much. */
  unevenLight: 0.1,
  /** What the camera makes of paper and of ink, of 255 levels. */
  paperLevel: 225,
  inkLevel: 45,
} as const;
