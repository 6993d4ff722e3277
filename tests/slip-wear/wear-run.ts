import { inkBands, type GreyPicture, type SlipPicture } from '../fixtures/slip-picture.ts';
import { seeded } from '../simulation/seeded.ts';
import { photograph } from './camera.ts';
import { DECODERS, readPhotographs, type DecoderName, type Reading } from './read-photographs.ts';
import { CAMERA, type WearLevel } from './wear-levels.ts';
import { printedSymbol, wornSymbol, type PrintedSymbol } from './worn-symbol.ts';

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
  /** The same from the photographs as they are, none enlarged. */
  readonly readEitherAtOnce: number;
  /** Part of the single copies that each decoder reads. */
  readonly decoders: Readonly<Record<DecoderName, number>>;
}

export interface WearOptions {
  readonly token: string;
  readonly level: WearLevel;
  /** Worn slips. */
  readonly n: number;
  readonly seed: number;
  /** Called for the first slip at each distance. */
  readonly onPhotograph?: (name: string, photograph: GreyPicture) => void;
}

/** Wears a slip `n` times, looks at both copies of its symbol, and lets two decoders read them. */
export async function wearAndRead(
  picture: SlipPicture,
  { token, level, n, seed, onPhotograph }: WearOptions,
): Promise<LevelReport> {
  const symbols = symbolsOf(picture);
  const slips: { readonly pixelsPerMm: number; readonly copies: readonly Reading[] }[] = [];
  for (let slip = 0; slip < n; slip += 1) {
    // The same chances for the same slip, whatever the other levels are.
    const random = seeded(seed * 1_000_003 + slip);
    const pixelsPerMm = CAMERA.pixelsPerMm[slip % CAMERA.pixelsPerMm.length] ?? 9;
    const dead = deadColumns(symbols, level, random);
    const photographs = symbols.map((symbol) =>
      photograph(wornSymbol(symbol, level, dead, random), pixelsPerMm, random),
    );
    slips.push({ pixelsPerMm, copies: await readPhotographs(photographs, token) });
    if (onPhotograph === undefined || slip >= CAMERA.pixelsPerMm.length) continue;
    for (const [copy, one] of photographs.entries())
      onPhotograph(`${level.name}-${pixelsPerMm}-${copy + 1}`, one);
  }
  const either = (when: keyof Reading) => (copies: readonly Reading[]) =>
    copies.some((copy) => DECODERS.some((decoder) => copy[when][decoder]));
  const readEither = either('inTheEnd');
  const copies = slips.flatMap((slip) => slip.copies);
  const decodedBy = (decoder: DecoderName) => part(copies, ({ inTheEnd }) => inTheEnd[decoder]);
  return {
    level: level.name,
    n,
    readEither: part(slips, (slip) => readEither(slip.copies)),
    readEitherByPixelsPerMm: Object.fromEntries(
      CAMERA.pixelsPerMm.map((pixels) => [
        `${pixels} px/mm`,
        part(
          slips.filter(({ pixelsPerMm }) => pixelsPerMm === pixels),
          (slip) => readEither(slip.copies),
        ),
      ]),
    ),
    readEitherAtOnce: part(slips, (slip) => either('atOnce')(slip.copies)),
    decoders: { zbar: decodedBy('zbar'), zxing: decodedBy('zxing') },
  };
}

/** From the top; a band of ink as high as a symbol is one. Throws when there are not two. */
function symbolsOf(picture: SlipPicture): readonly PrintedSymbol[] {
  const bands = inkBands(picture, 8).filter(({ top, bottom }) => Math.abs(bottom - top - SYMBOL_DOTS) <= 2);
  if (bands.length !== 2) throw new Error(`${bands.length} symbols instead of 2`);
  return bands.map((band) => printedSymbol(picture, band));
}

/** Columns of the paper, dots, anywhere where a symbol is: it is the head that is dead, not the symbol. */
function deadColumns(
  symbols: readonly PrintedSymbol[],
  { deadDots }: WearLevel,
  random: () => number,
): readonly number[] {
  const left = Math.min(...symbols.map((symbol) => symbol.left));
  const right = Math.max(...symbols.map((symbol) => symbol.right));
  return Array.from({ length: deadDots }, () => left + Math.floor(random() * (right - left)));
}

/** 0–1; 0 of nothing. */
function part<T>(all: readonly T[], has: (one: T) => boolean): number {
  return all.length === 0 ? 0 : all.filter(has).length / all.length;
}
