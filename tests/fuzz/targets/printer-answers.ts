import { readableText } from '../../../drivers/receipt-printer/printer-identity.ts';
import { readFindings } from '../../../drivers/receipt-printer/printer-findings.ts';
import { noFlags } from '../../../drivers/receipt-printer/status/printer-flags.ts';
import type { PrinterFlags } from '../../../drivers/receipt-printer/status/printer-flags.ts';
import { parseProfile } from '../../../drivers/receipt-printer/printer-profile.ts';
import { readStarStatus } from '../../../drivers/receipt-printer/status/star-status.ts';
import { statusOf } from '../../../drivers/receipt-printer/status/status.ts';
import {
  statusDialects,
  withAnswer,
  withAutomaticStatus,
  withFullStatus,
} from '../../../drivers/receipt-printer/status/status-dialects.ts';
import type { DialectName } from '../../../drivers/receipt-printer/status/status-dialects.ts';
import { StatusStream } from '../../../drivers/receipt-printer/status/status-stream.ts';
import type { StatusItem, StreamForm } from '../../../drivers/receipt-printer/status/status-stream.ts';
import type { Chance } from '../chance.ts';
import { stream, whole } from '../fuzz-target.ts';
import type { FuzzTarget } from '../fuzz-target.ts';
import { ascii, contains, hex, joined, textOf } from './wire-bytes.ts';

/** Vectors of device-protocols 3.4 to 3.6. */
const SAID = {
  common: [
    hex('12'),
    hex('16'),
    hex('1e'),
    hex('72'),
    hex('10 00 00 00'),
    hex('14 00 00 0f'),
    hex('1c 00 0f 0f'),
    hex('3c 00 00 0f'),
    hex('1c 08 00 0f'),
    hex('37 22 50 30 30 31 00'),
    hex('37 33 50 30 30 31 00'),
    hex('37 25 00'),
    hex('5f 54 4d 2d 54 38 38 56 00'),
    hex('11'),
    hex('13'),
    hex('00'),
    hex('03'),
    hex('0c'),
  ],
  full: [
    hex('10 0f 00 00 00 00'),
    hex('10 0f 21 03 08 01'),
    hex('10 01 20'),
    hex('10 3f 00 00 00 00 00 00'),
    hex('37 22 50 30 30 31 00'),
  ],
  star: [
    hex('0f 06 00 00 00 00 00'),
    hex('23 06 00 00 00 00 00 00 06'),
    hex('23 06 20 00 00 0c 00 02 0e'),
    hex('2f 86 00 00 00 00 00 00 00 00 0b'),
  ],
} as const satisfies Record<StreamForm, readonly Uint8Array[]>;

/** An item of the stream, or how often the flow was spoken of: when that is heard between items depends on the cut. */
type Heard = StatusItem | { readonly kind: 'flow'; readonly on: number; readonly off: number };

/** Bytes of the wire that an item stands for. */
function bytesOf(item: Heard): number {
  switch (item.kind) {
    case 'automatic':
      return 4;
    case 'fullStatus':
      return 2 + item.bytes.length;
    case 'starStatus':
      return item.bytes.length;
    case 'printed':
    case 'notPrinted':
      return 7;
    case 'cleared':
      return 3;
    case 'block':
      return item.bytes.length + 1;
    case 'flow':
      return item.on + item.off;
    default:
      return 1;
  }
}

/** Longest item that can be under way when the stream ends. */
const MOST_UNFINISHED = 100;

function brokenRuleOf(input: Uint8Array, heard: readonly Heard[]): string | undefined {
  const accounted = heard.reduce((sum, item) => sum + bytesOf(item), 0);
  if (accounted > input.length) return 'more was heard than said';
  if (input.length - accounted > MOST_UNFINISHED) return 'bytes are lost';
  for (const item of heard) {
    if (item.kind === 'automatic' && (item.bytes[0] & 0x93) !== 0x10)
      return 'an automatic status without its mark';
    if (item.kind === 'automatic' && item.bytes.slice(1).some((byte) => (byte & 0x90) !== 0))
      return 'an automatic status with a byte of something else';
    if ((item.kind === 'printed' || item.kind === 'notPrinted') && !/^[\x20-\x7e]{4}$/.test(item.id))
      return 'an echo that is none';
    if (item.kind === 'printed' && !containsEcho(input, item.id)) return 'an echo that nobody sent';
  }
  return undefined;
}

/** XON, XOFF and real-time answers may stand inside of a block. */
function containsEcho(input: Uint8Array, id: string): boolean {
  const plain = input.filter(
    (byte) => byte !== 0x11 && byte !== 0x13 && !(byte < 0x20 && (byte & 0x93) === 0x12),
  );
  return contains(plain, Uint8Array.from([0x37, 0x22, ...ascii(id), 0]));
}

function statusStream(name: StreamForm): FuzzTarget {
  return stream<Heard>({
    name: `printer-status-${name}`,
    maxBytes: 400,
    // Nothing expected, one-byte answers expected, any byte expected, both.
    forms: 4,
    open(form) {
      const flow = { kind: 'flow' as const, on: 0, off: 0 };
      const status = new StatusStream(name, (mayFlow) => (flow[mayFlow ? 'on' : 'off'] += 1));
      const answers = (form & 1) === 0 ? 0 : 3;
      for (let count = 0; count < answers; count += 1) status.expectAnswer();
      status.expectAnyByte((form & 2) !== 0);
      return {
        push: (bytes) => status.push(bytes),
        end: () => [...(status.holdsLoneByte() ? status.pause() : []), flow],
      };
    },
    check: brokenRuleOf,
    grammar: (chance) => saidBy(name, chance),
    tokens: SAID[name],
  });
}

function saidBy(form: StreamForm, chance: Chance): Uint8Array {
  return joined(
    Array.from({ length: chance.between(1, 8) }, () =>
      chance.once(5) ? chance.bytes(chance.between(1, 3)) : chance.pick<Uint8Array>(SAID[form]),
    ),
  );
}

/** What comes back from a printer, told apart; one target for each kind of stream. */
export const statusStreams = {
  common: statusStream('common'),
  full: statusStream('full'),
  star: statusStream('star'),
} as const;

const DIALECTS: readonly DialectName[] = ['epson', 'snbc-kiosk', 'masung', 'citizen', 'custom', 'star-line'];

/** The flags after each thing that was said, and what the kiosk makes of them. */
interface Told {
  readonly item: StatusItem;
  readonly flags: PrinterFlags;
  readonly device: string;
}

/** From bytes to the state of a printer; a form for each dialect. */
export const statusDialectsTarget = stream<Told>({
  name: 'printer-status-dialects',
  maxBytes: 200,
  forms: DIALECTS.length,
  open(form) {
    const dialect = statusDialects[DIALECTS[form] ?? 'epson'];
    const status = new StatusStream(dialect.form);
    let flags: PrinterFlags = noFlags;
    let asked = 0;
    return {
      push: (bytes) =>
        status.push(bytes).map((item) => {
          if (item.kind === 'automatic') flags = withAutomaticStatus(flags, dialect, item.bytes);
          if (item.kind === 'fullStatus') flags = withFullStatus(flags, dialect, item.mask, item.bytes);
          if (item.kind === 'starStatus') flags = readStarStatus(item.bytes).flags;
          const question = dialect.questions[asked % dialect.questions.length];
          if (item.kind === 'realTime' && question) {
            flags = withAnswer(flags, question, [item.byte]);
            asked += 1;
          }
          return { item, flags, device: statusOf(flags, false, 'unknown').device };
        }),
      end: () => [],
    };
  },
  check(_input, told, form) {
    for (const { item, flags } of told) {
      if (Object.values(flags).some((flag) => typeof flag !== 'boolean')) return 'a flag that is no flag';
      if (item.kind !== 'automatic' || (DIALECTS[form] ?? '') === 'custom') continue;
      const [first, second] = item.bytes;
      if (flags.offline !== ((first & 0x08) !== 0)) return 'offline is not bit 3';
      if (flags.coverOpen !== ((first & 0x20) !== 0)) return 'an open cover is not bit 5';
      if (flags.cutterError !== ((second & 0x08) !== 0)) return 'a stuck cutter is not bit 3';
    }
    return undefined;
  },
  bucket: (told) => [...new Set(told.map(({ item, device }) => `${item.kind} ${device}`))].slice(0, 5).join(),
  grammar: (chance, form) => saidBy(statusDialects[DIALECTS[form] ?? 'epson'].form, chance),
  tokens: [...SAID.common, ...SAID.full, ...SAID.star],
});

const PROFILE = {
  id: 'fuzz',
  name: 'x',
  confidence: 'x',
  language: 'esc-pos',
  widthDots: 576,
  speedMmPerSecond: 150,
  cutterDistanceMm: 15,
  bufferBytes: 4096,
  statusDialect: 'epson',
  fence: 'find-out',
  chineseRom: 'find-out',
  sensors: { nearEnd: true, cover: true, exit: false },
  cut: { bytes: '1d 56 42 00', feedsToCutter: true },
  presenter: null,
};

/** Profiles as text. */
export const printerProfile = whole({
  name: 'printer-profile',
  maxBytes: 900,
  decode: (input) => parseProfile(Buffer.from(input).toString('utf8')),
  check(_input, result) {
    if (!result.ok) return undefined;
    const { widthDots, cut, speedMmPerSecond } = result.value;
    if (widthDots % 16 !== 0 || widthDots < 384) return 'a head that cannot be';
    if (cut.bytes.length === 0 || cut.bytes.length > 16) return 'a cut that cannot be';
    return speedMmPerSecond > 0 ? undefined : 'a printer that stands still';
  },
  grammar: (chance) => {
    const odd = [0, -1, 1e9, null, '', 'find-out', '1b 69 00', [], {}, 384.5, '\u{1b}@'] as const;
    const key = chance.pick(Object.keys(PROFILE));
    return ascii(JSON.stringify(chance.once(3) ? PROFILE : { ...PROFILE, [key]: chance.pick(odd) }));
  },
  tokens: ['"presenter":{"retract":"1d 65 02"}', '"widthDots":384', '1e999', '"\\u0000"'].map(ascii),
});

/** By what the driver says that it keeps. */
export const FINDINGS = {
  version: 1,
  answers: { 'DLE EOT 1': { bytes: '12', ms: 3 }, 'GS I 67': null },
  automaticStatus: true,
  answersLate: 'undetermined',
  flowBytesSeen: false,
  exitSensorCandidates: [],
  proofs: { processId: true, paperStatus: true, etb: false },
  chineseRom: 'gb18030',
};

/** What a probe has found out, as it is stored. */
export const printerFindings = whole({
  name: 'printer-findings',
  maxBytes: 700,
  decode: (input) => readFindings(jsonOf(Buffer.from(input).toString('utf8'))),
  check: (_input, findings) =>
    findings === undefined || typeof findings.proofs.processId === 'boolean'
      ? undefined
      : 'a proof that is no answer',
  bucket: (findings) => String(findings === undefined),
  grammar: (chance) => {
    const key = chance.pick(Object.keys(FINDINGS));
    return ascii(
      JSON.stringify(chance.once(3) ? FINDINGS : { ...FINDINGS, [key]: chance.pick([null, 2, 'x', [], {}]) }),
    );
  },
});

/** Names that printers give. */
export const printerIdentity = whole({
  name: 'printer-identity',
  maxBytes: 100,
  decode: (input) => readableText(Array.from(input)),
  check: (_input, text) => (/^[\x20-\x7e]*$/.test(text) ? undefined : 'what is not printable in a name'),
  bucket: (text) => String(text.length > 0),
  grammar: (chance) => ascii(textOf(chance, chance.below(40), 'TM-T88V \u{0}\u{1b}é')),
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
