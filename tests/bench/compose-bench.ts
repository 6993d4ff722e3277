import { loadProfile, profileNames } from '../../drivers/receipt-printer/printer-profile.ts';
import type { ReceiptPrinterProfile } from '../../drivers/receipt-printer/printer-profile.ts';
import { publicGenerators } from '../fixtures/public-generators.ts';
import { benchSlip, equivalentReceipt, slipDots, slipMaker } from './bench-slip.ts';
import type { BenchLine } from './bench-slip.ts';
import { rounded, timeInTurns } from './figures.ts';
import type { Spread } from './figures.ts';

/** One way to make a slip. */
export interface Composed {
  readonly bytes: number;
  readonly ms: Spread;
}

/** Ours beside those of the public generators. */
export interface ComposeReport {
  /** `80mm-raster`, `80mm-native`, `58mm-…`. */
  readonly ours: Readonly<Record<string, Composed>>;
  readonly peers: Readonly<Record<string, Composed>>;
  /** Ours divided by the peer's: bytes, and medians of time. */
  readonly ratios: Readonly<
    Record<string, Readonly<Record<string, { readonly bytes: number; readonly ms: number }>>>
  >;
  /** From facts to documents, both symbols made: peers get theirs ready-made. */
  readonly documentMs: Spread;
}

/** Composes the slip in both widths and both ways, and has the public generators compose theirs in the same turns. */
export async function benchComposing(count: number, warmUp: number): Promise<ComposeReport> {
  const makers: Record<string, () => Uint8Array | Promise<Uint8Array>> = {};
  for (const [paper, id] of [
    ['80mm', 'generic-80mm'],
    ['58mm', 'generic-58mm'],
  ] as const) {
    for (const setting of ['raster', 'native'] as const) {
      makers[`${paper}-${setting}`] = slipMaker(givenProfile(id), setting, 'serial');
    }
  }
  const ourNames = Object.keys(makers);
  for (const generator of Object.values(publicGenerators)) {
    const receipt = await equivalentReceipt(generator.chinese);
    makers[generator.name] = () => generator.build(receipt);
  }
  const times = await timeInTurns(makers, count, warmUp);
  const bytes = new Map<string, number>();
  for (const [name, make] of Object.entries(makers)) bytes.set(name, (await make()).length);
  const composed = Object.fromEntries(
    Object.entries(times).map(([name, ms]) => [name, { bytes: bytes.get(name) ?? 0, ms }]),
  );
  const part = (names: readonly string[]) =>
    Object.fromEntries(names.flatMap((name) => (composed[name] ? [[name, composed[name]] as const] : [])));
  const ours = part(ourNames);
  const peers = part(Object.keys(composed).filter((name) => !ourNames.includes(name)));
  const { document } = await timeInTurns({ document: () => benchSlip() }, count, warmUp);
  return { ours, peers, ratios: ratiosOf(ours, peers), documentMs: document };
}

function ratiosOf(ours: ComposeReport['ours'], peers: ComposeReport['peers']): ComposeReport['ratios'] {
  return Object.fromEntries(
    Object.entries(ours).map(([name, our]) => [
      name,
      Object.fromEntries(
        Object.entries(peers).map(([peer, theirs]) => [
          peer,
          { bytes: rounded(our.bytes / theirs.bytes), ms: rounded(our.ms.median / theirs.ms.median) },
        ]),
      ),
    ]),
  );
}

function givenProfile(id: string): ReceiptPrinterProfile {
  const loaded = loadProfile(id);
  if (!loaded.ok) throw new Error(loaded.error.code);
  return loaded.value;
}

/** What a slip takes on one kind of link. */
export interface WireBytes {
  readonly slipBytes: number;
  /** The finished paper as one picture, every row in full width. */
  readonly rasterBytes: number;
  readonly ratio: number;
}

/** Bytes by profile and link; `native`: in the printer's own font, at 115200 baud. Everything else is drawn. */
export type WireBytesReport = Readonly<
  Record<string, Readonly<Record<BenchLine, WireBytes>> & { readonly native: WireBytes | null }>
>;

/** Every shipped profile. `native` is null where the language knows no Chinese text, or the model has none. */
export function wireBytes(): WireBytesReport {
  return Object.fromEntries(
    profileNames().map((id) => {
      const profile = givenProfile(id);
      const drawn = (line: BenchLine) => on(profile, slipMaker(profile, 'raster', line)().length);
      const native = profile.language === 'esc-pos' && profile.chineseRom !== 'none';
      return [
        id,
        {
          serial: drawn('serial'),
          tcp: drawn('tcp'),
          usb: drawn('usb'),
          native: native ? on(profile, slipMaker(profile, 'native', 'serial')().length) : null,
        },
      ] as const;
    }),
  );
}

function on(profile: ReceiptPrinterProfile, slipBytes: number): WireBytes {
  const rasterBytes = plainPictureBytes(profile);
  return { slipBytes, rasterBytes, ratio: rounded(slipBytes / rasterBytes) };
}

/** Height of the drawn slip, times the bytes of a row, and the head of one `GS v 0`. */
function plainPictureBytes(profile: ReceiptPrinterProfile): number {
  return 8 + slipDots(profile.widthDots) * (profile.widthDots / 8);
}
