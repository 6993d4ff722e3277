import type { HidPosLayout } from '../framing/hid-pos-report.ts';
import type { ScanFraming } from '../framing/scan-framing.ts';
import type { ScannerFamilyName } from './scanner-family.ts';

/** Which advice to give to somebody whose scanner types like a keyboard. The sentences are in `copy`. */
export type SwitchOver =
  | 'newland'
  | 'honeywell'
  | 'zebra'
  | 'datalogic'
  | 'mindeo'
  | 'grow'
  | 'unknown-maker';

/** What a scanner presents itself as with these numbers. */
export type ScannerInterface = 'keyboard' | 'hid-pos' | 'serial' | 'other';

/** What is known of a scanner by its USB numbers: what its settings most likely are, and how to change its USB kind. */
export interface KnownScanner {
  readonly maker: string;
  readonly family: ScannerFamilyName | 'passive';
  /** Of its reports, as HID POS scanner. */
  readonly layout: HidPosLayout;
  /** Of its stream, as virtual COM port, as makers deliver it. */
  readonly framing: ScanFraming;
  readonly switchOver: SwitchOver;
  /** Undefined: these numbers do not tell. */
  readonly interface: ScannerInterface | undefined;
}

interface Maker extends Omit<KnownScanner, 'interface'> {
  readonly vendorId: number;
  readonly products?: Readonly<Record<number, ScannerInterface>>;
}

const PASSIVE = { family: 'passive', layout: 'standard', framing: 'CR' } as const;

/**
 * Vendor numbers as met in public manuals and device lists (device-protocols 2.1). Products: Newland's FM420, EM2027 and HR200
 * manuals; Zebra's device lists.
 */
const MAKERS: readonly Maker[] = [
  {
    vendorId: 0x1eab,
    maker: 'Newland',
    family: 'newland',
    layout: 'newland',
    framing: 'CR',
    switchOver: 'newland',
    products: { 0x0d10: 'hid-pos', 0x0210: 'hid-pos', 0x0110: 'hid-pos' },
  },
  {
    vendorId: 0x0c2e,
    maker: 'Honeywell',
    family: 'honeywell',
    layout: 'standard',
    framing: 'CR',
    switchOver: 'honeywell',
  },
  {
    vendorId: 0x05e0,
    maker: 'Zebra',
    family: 'ssi',
    layout: 'standard',
    framing: 'CR',
    switchOver: 'zebra',
    products: { 0x1200: 'keyboard', 0x0600: 'serial', 0x1701: 'serial', 0x1300: 'other', 0x1400: 'other' },
  },
  { vendorId: 0x05f9, maker: 'Datalogic', ...PASSIVE, switchOver: 'datalogic' },
  { vendorId: 0x27dd, maker: 'Mindeo', ...PASSIVE, switchOver: 'mindeo' },
  // 28E9 and 0483 are the makers of the chips: with their numbers a serial port may be anything.
  ...[0x28e9, 0x0483, 0x6666].map((vendorId): Maker => ({
    vendorId,
    maker: 'Grow',
    family: 'gm6x',
    layout: 'newland',
    framing: 'CR',
    switchOver: 'grow',
    ...(vendorId === 0x6666 ? { products: { 0x7777: 'serial' } } : {}),
  })),
];

const UNKNOWN: KnownScanner = {
  maker: '',
  ...PASSIVE,
  switchOver: 'unknown-maker',
  interface: undefined,
};

/** What is known of a scanner with these USB numbers. Never believed: chip makers' numbers are on many a scanner. */
export function knownScanner(vendorId: number, productId: number): KnownScanner {
  const known = MAKERS.find((maker) => maker.vendorId === vendorId);
  if (!known) return UNKNOWN;
  const { vendorId: _, products, ...scanner } = known;
  return { ...scanner, interface: products?.[productId] };
}
