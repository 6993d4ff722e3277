import { inkBands, type Part, type SlipPicture } from '../fixtures/slip-picture.ts';
import { seeded } from '../simulation/seeded.ts';
import { photograph, type Photograph } from './camera.ts';
import { DECODERS, readPhotograph, type DecoderName } from './read-photographs.ts';
import { CAMERA, WEAR_LEVELS, type WearLevel } from './wear-levels.ts';
import { wornSymbol } from './worn-symbol.ts';

/** Version 8 at 6 dots a module. */
const SYMBOL_DOTS = 49 * 6;

/** What came of one level of wear. */
export interface LevelReport {
  readonly level: WearLevel['name'];
  /** Worn slips, each photographed once; the distances take turns. */
  readonly n: number;
  /** Part of the slips of which any decoder reads any copy, 0–1. */
  readonly readEither: number;
  /** The same by distance, pixels per mm. */
  readonly readEitherByPixelsPerMm: Readonly<Record<string, number>>;
  /** Part of the single copies that each decoder reads. */
  readonly decoders: Readonly<Record<DecoderName, number>>;
}

interface WearOptions {
  readonly n: number;
  readonly seed: number;
  readonly onPhotograph?: (name: string, photograph: Photograph) => void;
}

/** Where the symbols stand, from the top; a band of ink as high as one is one. */
function symbolsOf(picture: SlipPicture): readonly Part[] {
  return inkBands(picture, 8).filter(({ top, bottom }) => Math.abs(bottom - top - SYMBOL_DOTS) <= 2);
}

/** Wears a slip `n` times at each level, looks at both copies of its symbol, and lets two decoders read them. */
export async function wearAndRead(
  picture: SlipPicture,
  token: string,
  options: WearOptions,
): Promise<readonly LevelReport[]> {
  const symbols = symbolsOf(picture);
  if (symbols.length !== 2) throw new Error(`${symbols.length} symbols instead of 2`);
  const reports: LevelReport[] = [];
  for (const level of WEAR_LEVELS) reports.push(await wearAt(level, picture, { symbols, token, ...options }));
  return reports;
}

async function wearAt(
  level: WearLevel,
  picture: SlipPicture,
  {
    symbols,
    token,
    n,
    seed,
    onPhotograph,
  }: WearOptions & { readonly symbols: readonly Part[]; readonly token: string },
): Promise<LevelReport> {
  const read = { either: 0, zbar: 0, zxing: 0 };
  const byDistance = new Map(CAMERA.pixelsPerMm.map((pixels) => [pixels as number, { slips: 0, either: 0 }]));
  for (let slip = 0; slip < n; slip += 1) {
    // The same wear for the same slip, whatever the other levels are.
    const random = seeded(seed * 1_000_003 + slip);
    const pixelsPerMm = CAMERA.pixelsPerMm[slip % CAMERA.pixelsPerMm.length] ?? 9;
    const photographs = symbols.map((symbol) =>
      photograph(wornSymbol(picture, symbol, level, random), pixelsPerMm, random),
    );
    const copies = await Promise.all(photographs.map((one) => readPhotograph(one, token)));
    const either = copies.some(({ zbar, zxing }) => zbar || zxing);
    const distance = byDistance.get(pixelsPerMm);
    if (distance !== undefined) {
      distance.slips += 1;
      distance.either += Number(either);
    }
    read.either += Number(either);
    for (const decoder of DECODERS) read[decoder] += copies.filter((copy) => copy[decoder]).length;
    if (slip < CAMERA.pixelsPerMm.length)
      for (const [copy, one] of photographs.entries())
        onPhotograph?.(`${level.name}-${pixelsPerMm}-${copy + 1}`, one);
  }
  return {
    level: level.name,
    n,
    readEither: read.either / n,
    readEitherByPixelsPerMm: Object.fromEntries(
      Array.from(byDistance, ([pixels, { slips, either }]) => [pixels, slips === 0 ? 0 : either / slips]),
    ),
    decoders: { zbar: read.zbar / (n * symbols.length), zxing: read.zxing / (n * symbols.length) },
  };
}
