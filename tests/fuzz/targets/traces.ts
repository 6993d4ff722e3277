import { createReaderTraceBlanker } from '../../../drivers/id-card-reader/trace-blanking.ts';
import type { HidPosLayout } from '../../../drivers/qr-scanner/framing/hid-pos-report.ts';
import { createScannerTraceBlanker } from '../../../drivers/qr-scanner/trace/trace-blanking.ts';
import type { TracedScanner } from '../../../drivers/qr-scanner/trace/trace-blanking.ts';
import { createReportTraceBlanker } from '../../../drivers/qr-scanner/trace/trace-report-blanking.ts';
import { createPrinterTraceBlanker } from '../../../drivers/receipt-printer/trace-blanking.ts';
import { recordingOf } from '../../../drivers/simulators/replay/recorded-steps.ts';
import type { DeviceAction } from '../../../drivers/simulators/replay/recorded-steps.ts';
import { ReplayScript } from '../../../drivers/simulators/replay/replay-script.ts';
import { formatMasked, parseMasked, plainBytes } from '../../../drivers/trace/masked-bytes.ts';
import type { MaskedBytes } from '../../../drivers/trace/masked-bytes.ts';
import { formatTraceEvent, formatTraceHeader, parseTrace } from '../../../drivers/trace/trace-lines.ts';
import type { TraceEvent } from '../../../drivers/trace/trace-lines.ts';
import type { Chance } from '../chance.ts';
import { stream, whole } from '../fuzz-target.ts';
import { ascii, contains, hex, joined, textOf } from './wire-bytes.ts';

/** What stands for somebody: a name as chips have it, and a code as scanners say it. Invented. */
const NAME = Buffer.from('钱孙李周吴', 'utf16le');
const CODE = ascii('SS1SECRETSECRETSECRET');

const masked = (chance: Chance) =>
  Array.from({ length: chance.below(6) }, () =>
    chance.pick(['1b40', '00*64', 'xx*18360', '10', 'xx*1', 'ff*9', 'zz', '0', '00*0', 'xx*1048577', '']),
  ).join(' ');

/** Bytes with hidden ones in between, as text. */
export const traceMaskedBytes = whole<MaskedBytes | undefined>({
  name: 'trace-masked-bytes',
  maxBytes: 200,
  decode: (input) => parseMasked(Buffer.from(input).toString('latin1')),
  check(_input, told) {
    if (told === undefined) return undefined;
    if (told.bytes.length !== told.hidden.length) return 'a mask of another length';
    if (told.bytes.length > 1 << 20) return 'more bytes than any printer takes';
    if (told.bytes.some((byte, at) => told.hidden[at] === 1 && byte !== 0))
      return 'a hidden byte that is told';
    const again = parseMasked(formatMasked(told));
    return again && Buffer.from(again.bytes).equals(Buffer.from(told.bytes))
      ? undefined
      : 'not read as it is written';
  },
  bucket: (told) => String(told && Math.ceil(Math.log2(told.bytes.length + 1))),
  grammar: (chance) => ascii(masked(chance)),
  tokens: ['xx*', '00*8', '*'].map(ascii),
});

/** Whole traces. */
export const traceLines = whole<ReturnType<typeof parseTrace>>({
  name: 'trace-lines',
  maxBytes: 900,
  decode: (input) => parseTrace(Buffer.from(input).toString('utf8')),
  check(input, result) {
    const lines = Buffer.from(input).toString('utf8').split('\n').length;
    if (!result.ok)
      return result.error.line >= 1 && result.error.line <= lines ? undefined : 'a line that is not there';
    const { header, events } = result.value;
    const again = parseTrace([formatTraceHeader(header), ...events.map(formatTraceEvent)].join('\n'));
    return again.ok && again.value.events.length === events.length ? undefined : 'not read as it is written';
  },
  bucket: (result) =>
    result.ok ? `ok ${result.value.events.length}` : `line ${Math.min(result.error.line, 4)}`,
  grammar: (chance) =>
    ascii(
      [
        `{"trace":1,"device":"${chance.pick(['idCardReader', 'receiptPrinter', 'x'])}","link":"serial /dev/x","unit":"bytes"}`,
        ...Array.from({ length: chance.below(5) }, (_, at) =>
          chance.pick([
            `{"t":${at * 10},"e":"open"}`,
            `{"t":${at * 10},"e":"out","hex":"${masked(chance)}"}`,
            `{"t":${at * 10},"e":"in","hex":"12"}`,
            `{"t":${at * 10},"e":"end","why":"link.lost"}`,
            '',
            '{"t":-1,"e":"open"}',
          ]),
        ),
      ].join('\n'),
    ),
  tokens: ['"e":"out"', '"hex":"xx*9"', '{"t":1,"e":"open"}\n', '"t":1e999'].map(ascii),
});

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

/** What a trace tells of a reader: never a name, whatever the line carries. */
export const traceBlankingReader = stream<number>({
  name: 'trace-blanking-reader',
  maxBytes: 2600,
  forms: COMMANDS.length,
  open(form) {
    const blanker = createReaderTraceBlanker();
    blanker.out(frame(hex(COMMANDS[form] ?? '11ff')), 0);
    return {
      push: (bytes) => Array.from(blanker.in(bytes, 0)),
      end: () => Array.from(blanker.flush('end')),
    };
  },
  check(input, told) {
    if (told.length !== input.length) return 'another number of bytes';
    return contains(Uint8Array.from(told), NAME) ? 'a name in a trace' : undefined;
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

/** Scanners to which nothing was said: all that they say is a code. */
const SCANNERS: readonly TracedScanner[] = [
  { family: 'passive', framing: 'CR' },
  { family: 'newland', framing: 'CRLF' },
  { family: 'gm6x', framing: 'GM' },
  { family: 'ssi', framing: 'SSI' },
  { family: 'honeywell', framing: 'none' },
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

/** What a trace tells of a scanner: never a code. */
export const traceBlankingScanner = stream<number>({
  name: 'trace-blanking-scanner',
  maxBytes: 400,
  forms: SCANNERS.length,
  open(form) {
    const blanker = createScannerTraceBlanker(SCANNERS[form] ?? { family: 'passive', framing: 'CR' });
    return {
      push: (bytes) => Array.from(blanker.in(bytes, 0)),
      end: () => Array.from(blanker.flush('end')),
    };
  },
  check(input, told) {
    if (told.length !== input.length) return 'another number of bytes';
    return contains(Uint8Array.from(told), CODE.subarray(0, 9)) ? 'a code in a trace' : undefined;
  },
  bucket: (told) => String(Math.ceil(Math.log2(told.length + 1))),
  grammar: (chance, form) =>
    joined(Array.from({ length: chance.between(1, 3) }, () => framedCode(chance, form))),
  tokens: [CODE, hex('03 00 05'), hex('05 f3 00 00')],
});

const LAYOUTS: readonly HidPosLayout[] = ['standard', 'newland', 'microscan'];

/** Reports of a HID scanner, 64 bytes each. */
export const traceBlankingReports = whole<Uint8Array>({
  name: 'trace-blanking-reports',
  maxBytes: 260,
  forms: LAYOUTS.length,
  decode(input, form) {
    const blanker = createReportTraceBlanker({ family: 'newland', layout: LAYOUTS[form] ?? 'standard' });
    const told: Uint8Array[] = [];
    for (let at = 0; at < input.length; at += 64) told.push(blanker.in(input.slice(at, at + 64), 0));
    return joined([...told, blanker.flush('end')]);
  },
  check(input, told) {
    if (told.length !== input.length) return 'another number of bytes';
    return contains(told, CODE.subarray(0, 9)) ? 'a code in a trace' : undefined;
  },
  bucket: (told) => String(told.length),
  grammar: (chance, form) => {
    const report = new Uint8Array(64);
    report.set([form === 2 ? 1 : 2, chance.pick([CODE.length, 56, 62, 63, 255])]);
    report.set(CODE, form === 0 ? 5 : 2);
    return joined([report, report.slice(0, chance.pick([64, 64, 20]))]);
  },
});

/** What goes to a printer. */
export const traceBlankingPrinter = whole<MaskedBytes>({
  name: 'trace-blanking-printer',
  maxBytes: 400,
  forms: 2,
  decode: (input, form) =>
    createPrinterTraceBlanker({ language: form === 0 ? 'esc-pos' : 'star-line', begins: 'at-a-command' }).out(
      input,
      0,
    ),
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

/** A short recording of a printer, with a process id and hidden dots. */
const RECORDED: readonly TraceEvent[] = [
  { atMs: 0, kind: 'open' },
  { atMs: 5, kind: 'out', data: plainBytes(hex('10 04 01')) },
  { atMs: 9, kind: 'in', data: plainBytes(hex('16')) },
  {
    atMs: 20,
    kind: 'out',
    data: { bytes: hex('1b 40 00 00 00 0a'), hidden: Uint8Array.of(0, 0, 1, 1, 1, 0) },
  },
  { atMs: 30, kind: 'out', data: plainBytes(hex('1d 28 48 06 00 30 30 42 30 30 31')) },
  { atMs: 90, kind: 'in', data: plainBytes(hex('37 22 42 30 30 31 00')) },
];

const STEPS = [hex('10 04 01'), hex('1b 40 41 42 43 0a'), hex('1d 28 48 06 00 30 30 51 39 39 39')];

/** What today's driver writes to the device's side of a recording. */
export const traceReplay = stream<DeviceAction>({
  name: 'simulator-trace-replay',
  maxBytes: 200,
  open() {
    const script = new ReplayScript(recordingOf(RECORDED));
    script.connected();
    return { push: (bytes) => script.take(bytes), end: () => script.silence() };
  },
  check: (input, actions) => (actions.length > input.length + 4 ? 'more answers than questions' : undefined),
  grammar: (chance) => joined(Array.from({ length: chance.between(1, 6) }, () => chance.pick(STEPS))),
  tokens: STEPS,
});
