import type { CommandTable } from './command-parser.ts';
import { type Condition, flag, hasError, isOffline, type SensorState } from './condition.ts';
import type { PrinterIdentity } from './identity.ts';
import { starStatus } from './star-status.ts';

/** One family of printers, as the manuals that device-protocols §3.4 and §3.6 rest on describe it. */
export interface Family {
  readonly language: 'esc-pos' | 'star-line';
  /** The answer to DLE EOT n; undefined: silence. */
  readonly realTime: (n: number, state: SensorState) => Uint8Array | undefined;
  /** Automatic status, all of it. */
  readonly automatic: (state: SensorState) => Uint8Array;
  /** Commands that others have not, or have with another meaning. */
  readonly commands: CommandTable;
  /** Slips are held out, and can be told to be pulled in. */
  readonly presenter: boolean;
  readonly exitSensor: boolean;
  /** Whether GS ( H fn 48 is known. */
  readonly processId: boolean;
  readonly bufferBytes: number;
  readonly identity: Partial<PrinterIdentity>;
}

/** DLE EOT 1–4 of Epson and all who imitate it. */
function epsonByte(n: number, condition: Condition): number | undefined {
  switch (n) {
    case 1:
      return 0x16 | flag(isOffline(condition), 0x08);
    case 2:
      return (
        0x12 |
        flag(condition.coverOpen, 0x04) |
        flag(condition.paper === 'out', 0x20) |
        flag(hasError(condition), 0x40)
      );
    case 3:
      return (
        0x12 |
        flag(condition.paperJammed, 0x04) |
        flag(condition.cutterJammed, 0x08) |
        flag(condition.openedWhilePrinting, 0x40)
      );
    case 4:
      return 0x12 | flag(condition.paper !== 'full', 0x0c) | flag(condition.paper === 'out', 0x60);
    default:
      return undefined;
  }
}

/** ASB of Epson and all who imitate it. */
function epsonAutomatic({ condition }: SensorState): Uint8Array {
  return Uint8Array.of(
    0x14 | flag(isOffline(condition), 0x08) | flag(condition.coverOpen, 0x20),
    flag(condition.paperJammed, 0x04) |
      flag(condition.cutterJammed, 0x08) |
      flag(condition.openedWhilePrinting, 0x40),
    flag(condition.paper !== 'full', 0x03) | flag(condition.paper === 'out', 0x0c),
    0x0f,
  );
}

function one(byte: number | undefined): Uint8Array | undefined {
  return byte === undefined ? undefined : Uint8Array.of(byte);
}

/** Epson's EU-m30, and the printer that is simulated unless another is asked for. */
const epson: Family = {
  language: 'esc-pos',
  // A sensor at the exit, where it is asked for, is told in DLE EOT 5 by the common pattern.
  realTime: (n, { condition, slip }) =>
    one(n === 5 && slip !== undefined ? 0x12 | flag(slip === 'present', 0x04) : epsonByte(n, condition)),
  automatic: epsonAutomatic,
  commands: {},
  presenter: false,
  exitSensor: false,
  processId: true,
  bufferBytes: 65_536,
  identity: {},
};

/** A clone that says it is an Epson TM-T88V, does not know GS ( H and has no sensor behind its near-end bits, which are stuck. */
const clone: Family = {
  ...epson,
  realTime: (n, { condition }) => {
    const byte = epsonByte(n, condition);
    return one(n === 4 && byte !== undefined ? byte | 0x0c : byte);
  },
  automatic: (state) => epsonAutomatic(state).map((byte, index) => (index === 2 ? byte | 0x03 : byte)),
  processId: false,
  identity: { maker: 'EPOSN', model: 'TM-T88V', firmware: '30.12 ESC/POS' },
};

/** DLE EOT 1 with bits 2 and 4 fixed; bit 6 of DLE EOT 3 is the head. */
const snbcKiosk: Family = {
  ...epson,
  processId: false,
  bufferBytes: 8_192,
  identity: { maker: 'SNBC', model: 'BT-T080' },
};

/** DLE EOT 5 is a byte of bits without the common pattern: blocked, pulled, at exit, jam, …, stacker. */
const masung: Family = {
  ...epson,
  realTime: (n, { condition, slip }) => {
    if (n !== 5) return one(epsonByte(n, condition));
    return one(
      flag(condition.exitJammed, 0x09) |
        flag(slip === 'taken', 0x02) |
        flag(slip === 'present', 0x04) |
        flag(condition.presenterBroken, 0x80),
    );
  },
  presenter: true,
  exitSensor: true,
  bufferBytes: 4_096,
  identity: { maker: 'MASUNG', model: 'MS-D347' },
};

/** Presenter sensor in DLE EOT 4 bit 6 and ASB byte 3 bit 3, DLE EOT 5 and 6, GS R (PPU-700 command reference). */
const citizen: Family = {
  ...epson,
  realTime: (n, { condition, slip }) => {
    const error = condition.presenterBroken || condition.exitJammed;
    if (n === 3) return one((epsonByte(3, condition) ?? 0) | flag(error, 0x04));
    if (n === 4) {
      const paper = flag(condition.paper !== 'full', 0x0c) | flag(condition.paper === 'out', 0x20);
      return one(0x12 | paper | flag(slip === 'present', 0x40));
    }
    if (n === 5) return one(0x12 | flag(condition.coverOpen, 0x04));
    if (n === 6) return one(0x12 | flag(error, 0x20));
    return one(epsonByte(n, condition));
  },
  automatic: ({ condition, slip }) => {
    const error = condition.presenterBroken || condition.exitJammed || condition.paperJammed;
    return Uint8Array.of(
      0x10 | flag(isOffline(condition), 0x08) | flag(condition.coverOpen, 0x20),
      flag(error, 0x04) | flag(condition.cutterJammed, 0x08) | flag(condition.openedWhilePrinting, 0x40),
      flag(condition.paper !== 'full', 0x03) |
        flag(condition.paper === 'out', 0x04) |
        flag(slip === 'present', 0x08),
      0x00,
    );
  },
  commands: { '1d5230': ['retract', 0], '1d5231': ['auto-retract-seconds', 1] },
  presenter: true,
  exitSensor: true,
  processId: false,
  bufferBytes: 16_384,
  identity: { maker: 'CITIZEN', model: 'PPU-700', romLanguage: '' },
};

/** FULL STATUS by DLE EOT 20 and, at changes, by GS E0; ejector by GS e (KPM300, TPTCM manuals). */
const custom: Family = {
  ...epson,
  realTime: (n, state) => {
    if (n === 20) return Uint8Array.of(0x10, 0x0f, ...fullStatus(state));
    return one(epsonByte(n, state.condition));
  },
  automatic: (state) => Uint8Array.from(fullStatus(state)),
  commands: {
    '1d61': ['ignored', 1],
    '1d65': ['ejector', (rest) => (rest.length === 0 ? 'more' : rest[0] === 3 ? 2 : 1)],
    '1de0': ['automatic-full-status', 1],
  },
  presenter: true,
  exitSensor: true,
  processId: false,
  bufferBytes: 16_384,
  identity: { maker: 'CUSTOM', model: 'VKP80II', romLanguage: '' },
};

function fullStatus({ condition, slip }: SensorState): readonly [number, number, number, number] {
  return [
    flag(condition.paper === 'out', 0x01) |
      flag(condition.paper !== 'full', 0x04) |
      flag(slip === 'present', 0x20),
    flag(condition.coverOpen, 0x02),
    flag(condition.openedWhilePrinting, 0x01),
    flag(condition.cutterJammed, 0x01),
  ];
}

/** Star Line Mode: no DLE EOT at all. */
const star: Family = {
  language: 'star-line',
  realTime: () => undefined,
  automatic: (state) => starStatus(state, { etbExecuted: false, etbCount: 0 }),
  commands: {},
  presenter: true,
  exitSensor: true,
  processId: false,
  bufferBytes: 32_768,
  identity: { maker: 'Star', model: 'TUP992' },
};

/** The families by the names of `--family`. */
export const FAMILIES = {
  epson,
  clone,
  'snbc-kiosk': snbcKiosk,
  masung,
  citizen,
  custom,
  star,
} as const satisfies Readonly<Record<string, Family>>;

export type FamilyName = keyof typeof FAMILIES;
