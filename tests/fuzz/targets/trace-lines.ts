import { isDeepStrictEqual } from 'node:util';
import { recordingOf } from '../../../drivers/simulators/replay/recorded-steps.ts';
import type { DeviceAction } from '../../../drivers/simulators/replay/recorded-steps.ts';
import { ReplayScript } from '../../../drivers/simulators/replay/replay-script.ts';
import { formatMasked, parseMasked, plainBytes } from '../../../drivers/trace/masked-bytes.ts';
import type { MaskedBytes } from '../../../drivers/trace/masked-bytes.ts';
import { formatTraceEvent, formatTraceHeader, parseTrace } from '../../../drivers/trace/trace-lines.ts';
import type { TraceEvent } from '../../../drivers/trace/trace-lines.ts';
import type { Chance } from '../chance.ts';
import { stream, whole } from '../fuzz-target.ts';
import { ascii, hex, joined } from './wire-bytes.ts';

const masked = (chance: Chance) =>
  Array.from({ length: chance.below(6) }, () =>
    chance.pick(['1b40', '00*64', 'xx*18360', '10', 'xx*1', 'ff*9', 'zz', '0', '00*0', 'xx*1048577', '']),
  ).join(' ');

function written(chance: Chance): string {
  return [
    `{"trace":1,"device":"${chance.pick(['idCardReader', 'receiptPrinter', 'x'])}","link":"serial /dev/x","unit":"bytes"}`,
    ...Array.from({ length: chance.below(6) }, (_, at) =>
      chance.pick([
        `{"t":${at * 10},"e":"open"}`,
        `{"t":${at * 10},"e":"out","hex":"${masked(chance)}"}`,
        `{"t":${at * 10},"e":"out","hex":"1d28480600303042303031"}`,
        `{"t":${at * 10},"e":"in","hex":"12"}`,
        `{"t":${at * 10},"e":"in","hex":"37224230303100"}`,
        `{"t":${at * 10},"e":"end","why":"link.lost"}`,
        '',
        '{"t":-1,"e":"open"}',
      ]),
    ),
  ].join('\n');
}

/** Bytes with hidden ones in between, as text. */
export const traceMaskedBytes = whole<MaskedBytes | undefined>({
  name: 'trace-masked-bytes',
  maxBytes: 200,
  decode: (input) => parseMasked(Buffer.from(input).toString('latin1')),
  check(_input, told) {
    if (told === undefined) return undefined;
    if (told.bytes.length !== told.hidden.length) return 'a mask of another length';
    if (told.bytes.length > 1 << 16) return 'more bytes than any driver writes in one piece';
    if (told.bytes.some((byte, at) => told.hidden[at] === 1 && byte !== 0))
      return 'a hidden byte that is told';
    const again = parseMasked(formatMasked(told));
    return isDeepStrictEqual(again, told) ? undefined : 'not read as it is written';
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
    return isDeepStrictEqual(again, result) ? undefined : 'not read as it is written';
  },
  bucket: (result) =>
    result.ok ? `ok ${result.value.events.length}` : `line ${Math.min(result.error.line, 4)}`,
  grammar: (chance) => ascii(written(chance)),
  tokens: ['"e":"out"', '"hex":"xx*9"', '{"t":1,"e":"open"}\n', '"t":1e999'].map(ascii),
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

/** What the device's side sends when the driver of a trace writes again what it wrote, in these pieces. */
function playedAgain(events: readonly TraceEvent[], pieces: (bytes: Uint8Array) => readonly Uint8Array[]) {
  const script = new ReplayScript(recordingOf(events));
  const actions = [...script.connected()];
  for (const event of events) {
    if (event.kind !== 'out') continue;
    for (const piece of pieces(event.data.bytes)) actions.push(...script.take(piece));
  }
  actions.push(...script.silence());
  return { actions, mismatches: script.mismatches.length };
}

interface Replayed {
  readonly events: readonly TraceEvent[];
  readonly whole: ReturnType<typeof playedAgain>;
  readonly bytewise: ReturnType<typeof playedAgain>;
  /** The same driver writes something else first, which nobody recorded. */
  readonly astray: readonly DeviceAction[];
}

/** Any trace, replayed to the driver that it was recorded with. */
export const traceRecording = whole<Replayed | undefined>({
  name: 'simulator-trace-recording',
  maxBytes: 600,
  decode(input) {
    const trace = parseTrace(Buffer.from(input).toString('utf8'));
    if (!trace.ok) return undefined;
    const { events } = trace.value;
    const astray = new ReplayScript(recordingOf(events));
    return {
      events,
      whole: playedAgain(events, (bytes) => [bytes]),
      bytewise: playedAgain(events, (bytes) =>
        Array.from(bytes.subarray(0, MOST_BYTEWISE), (byte) => Uint8Array.of(byte)),
      ),
      astray: STEPS.flatMap((step) => [...astray.take(step), ...astray.silence()]),
    };
  },
  check(_input, replayed) {
    if (replayed === undefined) return undefined;
    const { events, whole: once, bytewise } = replayed;
    if (once.mismatches > 0) return 'a step of its own that it does not know';
    const sent = once.actions.flatMap((action) => (action.kind === 'send' ? [...action.bytes] : []));
    const recorded = events.flatMap((event) => (event.kind === 'in' ? [...event.data.bytes] : []));
    if (!isDeepStrictEqual(sent, recorded)) return 'other answers than were recorded';
    const isShort = events.every((event) => event.kind !== 'out' || event.data.bytes.length <= MOST_BYTEWISE);
    return !isShort || isDeepStrictEqual(bytewise, once) ? undefined : 'other answers byte by byte';
  },
  bucket: (replayed) =>
    replayed === undefined
      ? 'none'
      : `${replayed.whole.actions.length} ${replayed.astray.length} ${replayed.events.length}`,
  grammar: (chance) => ascii(written(chance)),
  tokens: ['"e":"out"', '"e":"in"', '"hex":""', '{"t":1,"e":"open"}\n'].map(ascii),
});

/** Drawings are longer; they are not written byte by byte. */
const MOST_BYTEWISE = 64;
