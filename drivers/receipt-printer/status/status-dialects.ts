import { eitherFlags, readBits } from './printer-flags.ts';
import type { BitTable, PrinterFlags } from './printer-flags.ts';
import { readStarStatus } from './star-status.ts';
import type { StatusItem, StreamForm } from './status-stream.ts';

/**
 * How the answer to a question looks. `real-time`: one byte 0xx1xx10 · `any-byte`: one byte without a fixed pattern ·
 * `full-status`: `10 0F` and four bytes (Custom) · `star-status`: seven bytes and more (Star).
 */
export type AnswerShape = 'real-time' | 'any-byte' | 'full-status' | 'star-status';

/** One real-time question of a dialect: answered even while the printer is offline. */
export interface StatusQuestion {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly shape: AnswerShape;
  /** What each byte of the answer tells. */
  readonly tables: readonly BitTable[];
  /** Models differ: one that stays silent is not asked again on this connection, and is no dead printer. */
  readonly optional: boolean;
  /** Asked only when a slip that was cut does not come out, and from then on until all is well there. */
  readonly onlyInTrouble?: true;
  /** What brings the same answer in its turn, if the printer does not answer in real time. Not inside of a drawing. */
  readonly inOrder?: Uint8Array;
}

/** How one family of printers tells its state. */
export interface StatusDialect {
  readonly questions: readonly StatusQuestion[];
  /** The one question whose answer says whether anything is wrong at all; without it all are asked. */
  readonly glance: StatusQuestion | undefined;
  /** What the bytes of automatic status (ASB, or Custom's) tell. */
  readonly automatic: readonly BitTable[];
  /** Which kinds of items its stream holds. */
  readonly form: StreamForm;
  /** Automatic status is to be relied on while it prints; questions meanwhile are not foreseen. */
  readonly tellsByItself: boolean;
}

/** Names of the tables below, as profiles have them. Star has its own (`star-status.ts`). */
export type DialectName = 'epson' | 'snbc-kiosk' | 'masung' | 'citizen' | 'custom' | 'star-line';

/** `DLE EOT n`. */
function dleEot(
  n: number,
  table: BitTable,
  more: Partial<Pick<StatusQuestion, 'shape' | 'optional'>> = {},
): StatusQuestion {
  return {
    name: `DLE EOT ${n}`,
    bytes: Uint8Array.of(0x10, 0x04, n),
    shape: 'real-time',
    tables: [table],
    optional: false,
    ...more,
  };
}

const PRINTER: BitTable = { offline: 0x08 };
const OFFLINE_CAUSE: BitTable = { coverOpen: 0x04, paperEnd: 0x20 };
const ERROR_CAUSE: BitTable = {
  mechanicalError: 0x04,
  cutterError: 0x08,
  unrecoverableError: 0x20,
  recoverableError: 0x40,
};
const PAPER: BitTable = { paperNearEnd: 0x0c, paperEnd: 0x60 };

const askPrinter = dleEot(1, PRINTER);
const epsonQuestions = [
  askPrinter,
  dleEot(2, OFFLINE_CAUSE),
  dleEot(3, ERROR_CAUSE),
  dleEot(4, PAPER),
] as const;
const epsonAutomatic: readonly BitTable[] = [
  { offline: 0x08, coverOpen: 0x20 },
  ERROR_CAUSE,
  { paperNearEnd: 0x03, paperEnd: 0x0c },
];

/** Epson and all who imitate it (TM-L60II, CT-S2000, BTP-R880NP manuals: `DLE EOT`, `GS a`). */
const epson: StatusDialect = {
  questions: epsonQuestions,
  glance: askPrinter,
  automatic: epsonAutomatic,
  form: 'common',
  tellsByItself: false,
};

/**
 * SNBC BT-T080: the jam bit of `DLE EOT 3` is its paper-path sensor, bit 6 the head (hot, voltage, lifted); there is no bit for what
 * cannot be recovered (manual, device-protocols §3.6).
 */
const snbcKiosk: StatusDialect = {
  ...epson,
  questions: [
    askPrinter,
    dleEot(2, OFFLINE_CAUSE),
    dleEot(3, { mechanicalError: 0x04, cutterError: 0x08, recoverableError: 0x40 }),
    dleEot(4, PAPER),
  ],
};

/**
 * Masung: `DLE EOT 5` is a byte of its own. Bits 0 and 3 blocked and jammed, bit 2 paper at exit, bit 7 stacker. Bit 1 (pulled) is
 * left alone, for in the common pattern it is always set; so the byte reads the same with and without that pattern.
 */
const masung: StatusDialect = {
  ...epson,
  questions: [
    ...epsonQuestions,
    dleEot(
      5,
      { paperAtExit: 0x04, jamAtExit: 0x09, presenterError: 0x80 },
      { shape: 'any-byte', optional: true },
    ),
  ],
};

/**
 * Citizen PPU-700 (command reference p57–61, 121): in `DLE EOT 4` bit 5 alone is the paper end and bit 6 the presenter's sensor, in
 * automatic status bits 2 and 3 of byte 3. Read as Epson's, each slip at the exit would be a paper end.
 */
const citizen: StatusDialect = {
  questions: [
    askPrinter,
    dleEot(2, OFFLINE_CAUSE),
    dleEot(3, ERROR_CAUSE),
    dleEot(4, { paperNearEnd: 0x0c, paperEnd: 0x20, paperAtExit: 0x40 }),
    dleEot(5, { coverOpen: 0x04, recoverableError: 0x08, voltageError: 0x60 }, { optional: true }),
    dleEot(6, { unrecoverableError: 0x4c, presenterError: 0x20 }, { optional: true }),
  ],
  glance: askPrinter,
  automatic: [
    { offline: 0x08, coverOpen: 0x20 },
    ERROR_CAUSE,
    { paperNearEnd: 0x03, paperEnd: 0x04, paperAtExit: 0x08 },
  ],
  form: 'common',
  tellsByItself: false,
};

/**
 * Custom FULL STATUS (KPM300, TPTCM, PRT80 manuals): paper, user, recoverable, unrecoverable. Head up and both covers are one thing
 * to whoever has to close them. Spooling, keys and communication errors are not the paper's business.
 */
const fullStatus: readonly BitTable[] = [
  { paperEnd: 0x01, paperNearEnd: 0x44, paperAtExit: 0x20 },
  { coverOpen: 0x03 },
  { recoverableError: 0x01, voltageError: 0x08 },
  { cutterError: 0x01, coverOpen: 0x02, unrecoverableError: 0x0c },
];

const custom: StatusDialect = {
  questions: [
    {
      name: 'DLE EOT 20',
      bytes: Uint8Array.of(0x10, 0x04, 0x14),
      shape: 'full-status',
      tables: fullStatus,
      optional: false,
    },
    // The ejector's own status (one manual, §3.6), the only place where a jam at the exit is told. Answered in its turn.
    {
      name: 'GS e 6',
      bytes: Uint8Array.of(0x1d, 0x65, 0x06),
      shape: 'any-byte',
      tables: [{ jamAtExit: 0x80, presenterError: 0x40 }],
      optional: true,
      onlyInTrouble: true,
    },
  ],
  glance: undefined,
  automatic: fullStatus,
  form: 'full',
  tellsByItself: false,
};

/**
 * `ESC ACK SOH`: the whole automatic status at once (Star Line Mode Command Specifications §3.3.14). The manual says not to use it
 * while automatic status is on; whether a printer then answers is not said. The same bytes come either way, so nothing is confused;
 * where it stays silent `ETB` is asked instead.
 */
const starLine: StatusDialect = {
  questions: [
    {
      name: 'ESC ACK SOH',
      bytes: Uint8Array.of(0x1b, 0x06, 0x01),
      shape: 'star-status',
      tables: [],
      optional: false,
      inOrder: Uint8Array.of(0x17),
    },
  ],
  glance: undefined,
  automatic: [],
  form: 'star',
  tellsByItself: true,
};

/** The dialects by their names. */
export const statusDialects: Readonly<Record<DialectName, StatusDialect>> = {
  epson,
  'snbc-kiosk': snbcKiosk,
  masung,
  citizen,
  custom,
  'star-line': starLine,
};

/** The flags after one more answer of a round: what any of its questions says is so, is so. */
export function withAnswer(
  flags: PrinterFlags,
  question: StatusQuestion,
  bytes: readonly number[],
): PrinterFlags {
  if (question.shape === 'star-status') return readStarStatus(bytes).flags;
  return eitherFlags(flags, readBits(question.tables, bytes));
}

/** The flags when a question was not asked: what it would have told stays as it was. */
export function withoutAnswer(
  flags: PrinterFlags,
  question: StatusQuestion,
  before: PrinterFlags,
): PrinterFlags {
  const told = question.tables.flatMap((table) => Object.keys(table) as (keyof PrinterFlags)[]);
  return eitherFlags(flags, Object.fromEntries(told.map((flag) => [flag, before[flag]])));
}

/** The flags after an automatic status; what it does not tell stays as it was. */
export function withAutomaticStatus(
  flags: PrinterFlags,
  dialect: StatusDialect,
  bytes: readonly number[],
): PrinterFlags {
  return { ...flags, ...readBits(dialect.automatic, bytes) };
}

/** Custom's automatic status carries only the bytes whose bits are set in `mask`, lowest first. */
export function withFullStatus(
  flags: PrinterFlags,
  dialect: StatusDialect,
  mask: number,
  bytes: readonly number[],
): PrinterFlags {
  const told = dialect.automatic.filter((_, index) => (mask & (1 << index)) !== 0);
  return { ...flags, ...readBits(told, bytes) };
}

/** The bytes of an item, if it answers this question. */
export function answerIn(item: StatusItem, question: StatusQuestion): readonly number[] | undefined {
  switch (question.shape) {
    case 'real-time':
    case 'any-byte':
      return item.kind === 'realTime' ? [item.byte] : undefined;
    case 'full-status':
      return item.kind === 'fullStatus' && item.bytes.length === question.tables.length
        ? item.bytes
        : undefined;
    case 'star-status':
      return item.kind === 'starStatus' ? item.bytes : undefined;
  }
}
