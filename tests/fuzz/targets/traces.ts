import { createReaderTraceBlanker } from '../../../drivers/id-card-reader/trace-blanking.ts';
import type { HidPosLayout } from '../../../drivers/qr-scanner/framing/hid-pos-report.ts';
import { createScannerTraceBlanker } from '../../../drivers/qr-scanner/trace/trace-blanking.ts';
import type { TracedScanner } from '../../../drivers/qr-scanner/trace/trace-blanking.ts';
import { createReportTraceBlanker } from '../../../drivers/qr-scanner/trace/trace-report-blanking.ts';
import { createPrinterTraceBlanker } from '../../../drivers/receipt-printer/trace-blanking.ts';
import type { TracedPrinter } from '../../../drivers/receipt-printer/trace-blanking.ts';
import type { MaskedBytes } from '../../../drivers/trace/masked-bytes.ts';
import type { TraceBlanker } from '../../../drivers/trace/trace-blanker.ts';
import type { Chance } from '../chance.ts';
import { stream, whole } from '../fuzz-target.ts';
import { ascii, contains, hex, joined, textOf } from './wire-bytes.ts';

/** What stands for somebody: a name as chips have it, and a code as scanners say it. Invented. */
const NAME = Buffer.from('钱孙李周吴', 'utf16le');
const CODE = ascii('SS1SECRETSECRETSECRET');
/** Somebody else: the same characters in another order, so that every sum over them stays as it is. */
const OTHER_NAME = Buffer.from('吴李周孙钱', 'utf16le');
const OTHER_CODE = CODE.toReversed();

/**
 * The input as it would be if it were somebody else's: `one` becomes `other` wherever it stands. Undefined when it stands nowhere, or
 * where `isData` says that it is taken for something that is told of everybody.
 */
function ofSomebodyElse(
  input: Uint8Array,
  one: Uint8Array,
  other: Uint8Array,
  isData: (at: number) => boolean,
): Uint8Array | undefined {
  const changed = Buffer.from(input);
  let count = 0;
  for (let at = changed.indexOf(one); at !== -1; at = changed.indexOf(one, at + 1)) {
    if (!isData(at)) return undefined;
    changed.set(other, at);
    count += 1;
  }
  return count === 0 ? undefined : Uint8Array.from(changed);
}

/** A trace says the same whoever's data it is. */
function ruleOfAnybody(
  told: readonly number[] | Uint8Array,
  other: Uint8Array | undefined,
  trace: (input: Uint8Array) => readonly number[] | Uint8Array,
): string | undefined {
  if (other === undefined) return undefined;
  return Buffer.from(trace(other)).equals(Buffer.from(told))
    ? undefined
    : 'a trace that depends on whose it is';
}

/** What a blanker tells of what a device sends, as it comes. */
function tracedBy(blanker: TraceBlanker) {
  return {
    push: (bytes: Uint8Array) => Array.from(blanker.in(bytes, 0)),
    end: () => Array.from(blanker.flush('end')),
  };
}

function traceOf(blanker: TraceBlanker, input: Uint8Array): readonly number[] {
  const { push, end } = tracedBy(blanker);
  return [...push(Uint8Array.from(input)), ...end()];
}

const PREAMBLE = hex('AA AA AA 96 69');

function frame(body: Uint8Array): Uint8Array {
  const checked = Uint8Array.from([(body.length + 1) >> 8, (body.length + 1) & 0xff, ...body]);
  return Uint8Array.from([...PREAMBLE, ...checked, checked.reduce((sum, byte) => sum ^ byte, 0)]);
}

/** Forms: which command was given before. */
const COMMANDS = ['11ff', '12ff', '2001', '2002', '3001', '3010', '3003'];

function answerWithName(chance: Chance, form: number): Uint8Array {
  const text = Buffer.alloc(256, Buffer.from([0x20, 0]));
  text.set(NAME, 0);
  const blocks = form === 5 ? [1, 0, 4, 0, 4, 0] : [1, 0, 4, 0];
  const photo = chance.bytes(1024);
  const address = Buffer.concat([NAME, Buffer.alloc(60, Buffer.from([0x20, 0]))]);
  const data =
    form === 6 ? address : joined([Uint8Array.from(blocks), text, photo, ...(form === 5 ? [photo] : [])]);
  return frame(joined([Uint8Array.of(0, 0, chance.pick([0x90, 0x90, 0x91, 0x41])), data]));
}

function readerBlanker(form: number): TraceBlanker {
  const blanker = createReaderTraceBlanker();
  blanker.out(frame(hex(COMMANDS[form] ?? '11ff')), 0);
  return blanker;
}

/** Length and status of a frame, and whether its check byte is right, are told of everybody. A record has two bytes a character. */
function isInRecord(input: Uint8Array, at: number): boolean {
  const bytes = Buffer.from(input);
  for (
    let frameAt = bytes.indexOf(PREAMBLE);
    frameAt !== -1;
    frameAt = bytes.indexOf(PREAMBLE, frameAt + 1)
  ) {
    const dataAt = frameAt + PREAMBLE.length + 5;
    const checkAt =
      frameAt + PREAMBLE.length + 1 + (((input[frameAt + 5] ?? 0) << 8) | (input[frameAt + 6] ?? 0));
    const touches = (from: number, to: number) => at < to && at + NAME.length > from;
    if (touches(frameAt, dataAt) || touches(checkAt, checkAt + 1)) return false;
    if (touches(dataAt, checkAt) && (at - dataAt) % 2 !== 0) return false;
  }
  return true;
}

/** What a trace tells of a reader: never a name, whatever the line carries. */
export const traceBlankingReader = stream<number>({
  name: 'trace-blanking-reader',
  maxBytes: 2600,
  forms: COMMANDS.length,
  open: (form) => tracedBy(readerBlanker(form)),
  check(input, told, form) {
    if (told.length !== input.length) return 'another number of bytes';
    if (contains(Uint8Array.from(told), NAME)) return 'a name in a trace';
    const other = ofSomebodyElse(input, NAME, OTHER_NAME, (at) => isInRecord(input, at));
    return ruleOfAnybody(told, other, (theirs) => traceOf(readerBlanker(form), theirs));
  },
  bucket: (told) => String(Math.ceil(Math.log2(told.length + 1))),
  grammar: (chance, form) =>
    joined([
      ...(chance.once(3) ? [NAME, chance.bytes(5)] : []),
      chance.once(4) ? frame(hex('000080')) : answerWithName(chance, form),
      ...(chance.once(3) ? [frame(hex('000090')), NAME] : []),
    ]),
  tokens: [PREAMBLE, NAME, hex('00 04 00 00 90 94'), hex('05 08 00 00 90')],
});

/** Scanners, and a command that was given; all that the first ones say is a code. */
const SCANNERS: readonly (TracedScanner & { readonly told?: Uint8Array })[] = [
  { family: 'passive', framing: 'CR' },
  { family: 'newland', framing: 'CRLF' },
  { family: 'gm6x', framing: 'GM' },
  { family: 'ssi', framing: 'SSI' },
  { family: 'honeywell', framing: 'none' },
  { family: 'newland', framing: 'CR', told: hex('7e 01 30303030 23 515259535953 3b 03') },
  { family: 'gm6x', framing: 'CR', told: hex('7e 00 07 01 00 0a 10 ab cd') },
  { family: 'ssi', framing: 'SSI', told: hex('04 a3 04 00 ff 55') },
  { family: 'honeywell', framing: 'CR', told: hex('16 4d 0d 524556494e46 2e') },
];

/** What they answer: who they are, in their own frames. */
const REPLIES = [
  hex('02 01 30303030 23 515259535953 50726f64756374204e616d653a20464d343330 06 3b 03'),
  hex('02 00 00 10 0102030405060708090a0b0c0d0e0f10 ab cd'),
  hex('02 00 00 01 21 33 31'),
  ascii('Product Name: Vuquest 3320\r\nSerial Number: 17\r\nREVINF\x06.'),
];

function framedCode(chance: Chance, form: number): Uint8Array {
  const code = joined([CODE, ascii(textOf(chance, chance.below(8), 'AB12'))]);
  switch (SCANNERS[form]?.framing) {
    case 'GM':
      return Uint8Array.from([3, 0, code.length, ...code]);
    case 'SSI': {
      const packet = [5 + code.length, 0xf3, 0, 0, 0x1c, ...code];
      const sum = -packet.reduce((total, byte) => total + byte, 0) & 0xffff;
      return Uint8Array.from([...packet, sum >> 8, sum & 0xff]);
    }
    default:
      return joined([code, ascii('\r\n')]);
  }
}

/**
 * GM6x lengths, AIM identifiers, the type behind a packet's header, what could be a packet's length before an opcode: what stands in
 * their place is told of everybody.
 */
function isBehindHeaders(input: Uint8Array, at: number): boolean {
  const before = (count: number) => Array.from(input.subarray(Math.max(0, at - count), at));
  const couldBeOpcode = (input[at + CODE.length] ?? 0) > 0x7f;
  return (
    !before(2).some((byte) => byte === 0x03 || byte === 0x5d) && !before(3).includes(0xf3) && !couldBeOpcode
  );
}

function scannerBlanker(form: number): TraceBlanker {
  const { told, ...scanner } = SCANNERS[form] ?? { family: 'passive', framing: 'CR' };
  const blanker = createScannerTraceBlanker(scanner);
  if (told !== undefined) blanker.out(told, 0);
  return blanker;
}

/** What a trace tells of a scanner: never a code, except where it is an answer's own text. */
export const traceBlankingScanner = stream<number>({
  name: 'trace-blanking-scanner',
  maxBytes: 400,
  forms: SCANNERS.length,
  open: (form) => tracedBy(scannerBlanker(form)),
  check(input, told, form) {
    if (told.length !== input.length) return 'another number of bytes';
    // What stands in an answer to a command is told: it is what the scanner says of itself.
    if (SCANNERS[form]?.told !== undefined) return undefined;
    if (contains(Uint8Array.from(told), CODE.subarray(0, 9))) return 'a code in a trace';
    const other = ofSomebodyElse(input, CODE, OTHER_CODE, (at) => isBehindHeaders(input, at));
    return ruleOfAnybody(told, other, (theirs) => traceOf(scannerBlanker(form), theirs));
  },
  bucket: (told) => String(Math.ceil(Math.log2(told.length + 1))),
  grammar: (chance, form) =>
    joined(
      Array.from({ length: chance.between(1, 3) }, () =>
        chance.once(3) ? chance.pick(REPLIES) : framedCode(chance, form),
      ),
    ),
  tokens: [CODE, hex('03 00 05'), hex('05 f3 00 00'), ...REPLIES],
});

const LAYOUTS: readonly HidPosLayout[] = ['standard', 'newland', 'microscan'];

/** Behind id, length and AIM identifier, before symbology and continuation. */
function isInReport(input: Uint8Array, at: number): boolean {
  return at % 64 >= 5 && (at % 64) + CODE.length <= 61 && !input.subarray(at - 2, at).includes(0x5d);
}

function tracedReports(input: Uint8Array, form: number): Uint8Array {
  const blanker = createReportTraceBlanker({ family: 'newland', layout: LAYOUTS[form] ?? 'standard' });
  const told: Uint8Array[] = [];
  for (let at = 0; at < input.length; at += 64) told.push(blanker.in(input.slice(at, at + 64), 0));
  return joined([...told, blanker.flush('end')]);
}

/** Reports of a HID scanner, 64 bytes each. */
export const traceBlankingReports = whole<Uint8Array>({
  name: 'trace-blanking-reports',
  maxBytes: 260,
  forms: LAYOUTS.length,
  decode: tracedReports,
  check(input, told, form) {
    if (told.length !== input.length) return 'another number of bytes';
    if (contains(told, CODE.subarray(0, 9))) return 'a code in a trace';
    const other = ofSomebodyElse(input, CODE, OTHER_CODE, (at) => isInReport(input, at));
    return ruleOfAnybody(told, other, (theirs) => tracedReports(theirs, form));
  },
  bucket: (told) => String(told.length),
  grammar: (chance, form) => {
    const report = new Uint8Array(64);
    report.set([form === 2 ? 1 : 2, chance.pick([CODE.length, 56, 62, 63, 255])]);
    report.set(CODE, form === 0 ? 5 : 2);
    return joined([report, report.slice(0, chance.pick([64, 64, 20]))]);
  },
});

const PRINTERS: readonly TracedPrinter[] = [
  { language: 'esc-pos', begins: 'at-a-command' },
  { language: 'star-line', begins: 'at-a-command' },
  { language: 'esc-pos', begins: 'anywhere' },
  { language: 'star-line', begins: 'anywhere' },
];

/** What goes to a printer. */
export const traceBlankingPrinter = whole<MaskedBytes>({
  name: 'trace-blanking-printer',
  maxBytes: 400,
  forms: PRINTERS.length,
  decode: (input, form) =>
    createPrinterTraceBlanker(PRINTERS[form] ?? { language: 'esc-pos', begins: 'anywhere' }).out(input, 0),
  check(input, { bytes, hidden }) {
    if (bytes.length !== input.length || hidden.length !== input.length) return 'another number of bytes';
    if (bytes.some((byte, at) => hidden[at] === 1 && byte !== 0)) return 'a hidden byte that is told';
    return contains(bytes, CODE.subarray(3, 15)) ? 'a text in a trace' : undefined;
  },
  bucket: ({ hidden }) => hidden.slice(0, 12).join(''),
  grammar: (chance) =>
    joined(
      Array.from({ length: chance.between(1, 6) }, () =>
        chance.pick([
          hex('1b 40 1d 61 0e'),
          hex('1b 61 01'),
          hex('1d 21 11'),
          joined([CODE, hex('0a')]),
          joined([hex('1d 76 30 00 03 00 07 00'), CODE]),
          joined([hex('1d 28 48 06 00 30 30'), ascii('B001')]),
          hex('1d 56 42 00'),
          joined([hex('1b 2a 72 41 62 15 00'), CODE, hex('1b 2a 72 42')]),
        ]),
      ),
    ),
  tokens: [CODE, hex('1b 2a 21'), hex('1d 28 4c'), hex('1d 38 4c'), hex('1b 44'), hex('1d 6b')],
});
