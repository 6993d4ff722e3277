import { createReportAssembler } from '../../../drivers/qr-scanner/framing/report-assembly.ts';
import { decodeHidPosReport } from '../../../drivers/qr-scanner/framing/hid-pos-report.ts';
import type { HidPosLayout } from '../../../drivers/qr-scanner/framing/hid-pos-report.ts';
import { contentOf } from '../../../drivers/qr-scanner/scan-content.ts';
import { createScanFramer } from '../../../drivers/qr-scanner/framing/scan-framer.ts';
import type { ScanFrame, ScanFramer } from '../../../drivers/qr-scanner/framing/scan-framing.ts';
import { createSsiFramer } from '../../../drivers/qr-scanner/framing/ssi-framing.ts';
import type { Chance } from '../chance.ts';
import { stream, whole } from '../fuzz-target.ts';
import type { FuzzTarget } from '../fuzz-target.ts';
import { ascii, contains, hex, joined, textOf } from './wire-bytes.ts';

/** Two forms: the kiosk's own limit, and one that is soon reached. */
const LIMITS = [1024, 24] as const;
const CODE = 'ABCDEFGHJKLMNPQRSTUVWXYZ234567:/.-?=&+%';
const CHANGES = [0x00, 0x09, 0x0d, 0x0a, 0x1b, 0x80, 0xff];

/** A frame, or something the framer said to the scanner. */
type Said = ScanFrame | { readonly kind: 'answer'; readonly bytes: string };

function code(chance: Chance): Uint8Array {
  const text = ascii(textOf(chance, chance.pick([0, 1, 20, 23, 24, 25, 37, 500]), CODE));
  if (text.length > 0 && chance.once(5)) text[chance.below(text.length)] = chance.pick(CHANGES);
  return text;
}

/** Silence as long as the framer has something to wait for. */
function silences(framer: ScanFramer): ScanFrame[] {
  const frames: ScanFrame[] = [];
  for (let turn = 0; turn < 4 && framer.waitsMs !== undefined; turn += 1) frames.push(...framer.silence());
  return frames;
}

function brokenRuleOf(frames: readonly Said[], input: Uint8Array, limit: number): string | undefined {
  for (const frame of frames) {
    if (frame.kind !== 'complete') continue;
    if (frame.bytes.length === 0 || frame.bytes.length > limit) return 'a code of a length that cannot be';
    if (!contains(input, frame.bytes)) return 'a code that nobody sent';
    for (const aimPrefix of [false, true]) {
      const content = contentOf(frame, aimPrefix);
      if (content.ok && !/^[\x20-\x7e]+$/.test(content.value.text)) return 'what is not printable in a code';
    }
  }
  return undefined;
}

const SUFFIXES = { CR: [0x0d], CRLF: [0x0d, 0x0a], TAB: [0x09], none: [] } as const;

function suffixTarget(framing: keyof typeof SUFFIXES): FuzzTarget {
  const suffix = Uint8Array.from(SUFFIXES[framing]);
  return stream<Said>({
    name: `scan-framing-${framing.toLowerCase()}`,
    forms: LIMITS.length,
    open(form) {
      const framer = createScanFramer(framing, LIMITS[form] ?? 1024, 50);
      return { push: (bytes) => framer.push(bytes, 0), end: () => silences(framer) };
    },
    check(input, frames, form) {
      const holdsSuffix = frames.some(
        (frame) => frame.kind === 'complete' && suffix.length > 0 && contains(frame.bytes, suffix),
      );
      return holdsSuffix ? 'a suffix inside a code' : brokenRuleOf(frames, input, LIMITS[form] ?? 1024);
    },
    grammar: (chance) =>
      joined(Array.from({ length: chance.between(1, 4) }, () => joined([code(chance), suffix]))),
    tokens: [suffix, hex('0d 0a'), hex('0a'), ascii(']Q1')],
  });
}

/** Plain streams with each suffix. */
export const suffixTargets = {
  CR: suffixTarget('CR'),
  CRLF: suffixTarget('CRLF'),
  TAB: suffixTarget('TAB'),
  none: suffixTarget('none'),
} as const;

/** `03 LEN_H LEN_L data` (GM6x). */
export const gmFraming = stream<Said>({
  name: 'scan-framing-gm',
  forms: LIMITS.length,
  open(form) {
    const framer = createScanFramer('GM', LIMITS[form] ?? 1024, 50);
    return { push: (bytes) => framer.push(bytes, 0), end: () => silences(framer) };
  },
  check: (input, frames, form) => brokenRuleOf(frames, input, LIMITS[form] ?? 1024),
  grammar: (chance) =>
    joined(
      Array.from({ length: chance.between(1, 4) }, () => {
        const data = code(chance);
        return Uint8Array.from([3, data.length >> 8, data.length & 0xff, ...data]);
      }),
    ),
  tokens: [hex('03 00 05'), hex('03 ff ff'), hex('03')],
});

/** A packet of the scanner with its sum (Zebra SSI Programmer's Guide). */
function ssiPacket(opcode: number, status: number, data: Uint8Array): Uint8Array {
  const packet = [4 + data.length, opcode, 0, status, ...data];
  const sum = 0x1_0000 - (packet.reduce((total, byte) => total + byte, 0) % 0x1_0000);
  return Uint8Array.from([...packet, (sum >> 8) & 0xff, sum & 0xff]);
}

/** Where a packet of a scanner seems to begin, its sum is put right. */
function withSums(input: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(input);
  for (let at = 0; at + 6 <= bytes.length;) {
    const length = bytes[at] ?? 0;
    if (length < 4 || bytes[at + 2] !== 0 || at + length + 2 > bytes.length) {
      at += 1;
      continue;
    }
    bytes.set(
      ssiPacket(bytes[at + 1] ?? 0, bytes[at + 3] ?? 0, bytes.slice(at + 4, at + length)).subarray(-2),
      at + length,
    );
    at += length + 2;
  }
  return bytes;
}

/** Codes in SSI packets, with the answers of the framer. */
export const ssiFraming = stream<Said>({
  name: 'scan-framing-ssi',
  forms: LIMITS.length,
  open(form) {
    let said: Said[] = [];
    const take = (frames: readonly ScanFrame[]) => {
      const all = [...said, ...frames];
      said = [];
      return all;
    };
    const framer = createSsiFramer({
      maxLength: LIMITS[form] ?? 1024,
      onPacket: (packet) => said.push({ kind: 'answer', bytes: `in ${Buffer.from(packet).toString('hex')}` }),
      answer: (packet) => said.push({ kind: 'answer', bytes: `out ${Buffer.from(packet).toString('hex')}` }),
    });
    // One byte at a time: what was said and what was found stand in their order.
    return {
      push: (bytes) => Array.from(bytes).flatMap((byte) => take(framer.push(Uint8Array.of(byte), 0))),
      end: () => take(silences(framer)),
    };
  },
  check(_input, said, form) {
    const codes = said.filter((one) => one.kind === 'complete');
    const limit = LIMITS[form] ?? 1024;
    if (codes.some(({ bytes }) => bytes.length > limit)) return 'a code of a length that cannot be';
    const acknowledged = said.filter(
      (one) => one.kind === 'answer' && one.bytes === 'out 04d00400ff28',
    ).length;
    return codes.length > acknowledged ? 'a code that was not acknowledged' : undefined;
  },
  grammar: (chance) =>
    joined(
      Array.from({ length: chance.between(1, 4) }, () => {
        const data = Uint8Array.from([chance.pick([0x1c, 0x01, 0x99]), ...code(chance).subarray(0, 249)]);
        return ssiPacket(chance.pick([0xf3, 0xf3, 0xd0, 0xa4]), chance.pick([0, 1, 2, 3]), data);
      }),
    ),
  repair: withSums,
  tokens: [hex('04 d0 00 00 ff 2c'), hex('05 d1 00 00 06 ff 24'), hex('f3 00')],
});

const LAYOUTS: readonly HidPosLayout[] = ['standard', 'newland', 'microscan'];
const HID_ROOM = { standard: 56, newland: 56, microscan: 62 } as const;
const DATA_AT = { standard: 5, newland: 2, microscan: 2 } as const;

/** Reports of one code, by device-protocols 2.2. */
function reports(chance: Chance, layout: HidPosLayout): Uint8Array {
  const data = code(chance);
  const room = HID_ROOM[layout];
  const count = Math.max(1, Math.ceil(data.length / room));
  return joined(
    Array.from({ length: count }, (_, index) => {
      const part = data.subarray(index * room, (index + 1) * room);
      const report = new Uint8Array(64);
      report.set([layout === 'microscan' ? 1 : 2, part.length]);
      report.set(part, DATA_AT[layout]);
      if (layout === 'standard') report.set(ascii(chance.pick([']Q1', ']C0', ']Q3'])), 2);
      if (layout !== 'microscan') report[63] = index < count - 1 ? 1 : 0;
      return report;
    }),
  );
}

/** One HID POS report; a form for each layout. */
export const hidPosReport = whole({
  name: 'hid-pos-report',
  maxBytes: 70,
  forms: LAYOUTS.length,
  decode: (input, form) => decodeHidPosReport(LAYOUTS[form] ?? 'standard', input),
  check(input, result, form) {
    if (!result.ok) return undefined;
    const { data, aim } = result.value;
    const layout = LAYOUTS[form] ?? 'standard';
    if (data.length > HID_ROOM[layout] || data.length !== input[1])
      return 'data of another length than announced';
    return aim === undefined || aim[0] === 0x5d ? undefined : 'an identifier that is none';
  },
  grammar: (chance, form) => reports(chance, LAYOUTS[form] ?? 'standard').subarray(0, 64),
});

/** Codes put together from reports; the input is the reports one after the other, the last may be cut. */
export const hidReportAssembly = whole<readonly ScanFrame[]>({
  name: 'hid-report-assembly',
  maxBytes: 1300,
  forms: LAYOUTS.length * 2,
  decode(input, form) {
    const layout = LAYOUTS[form % LAYOUTS.length] ?? 'standard';
    const assembler = createReportAssembler(layout, LIMITS[form >= LAYOUTS.length ? 1 : 0]);
    const frames: ScanFrame[] = [];
    for (let at = 0; at < input.length; at += 64) frames.push(...assembler.push(input.slice(at, at + 64), 0));
    for (let turn = 0; turn < 4 && assembler.waitsMs !== undefined; turn += 1)
      frames.push(...assembler.silence());
    return frames;
  },
  check(input, frames, form) {
    const limit = LIMITS[form >= LAYOUTS.length ? 1 : 0];
    for (const frame of frames) {
      if (frame.kind !== 'complete') continue;
      if (frame.bytes.length === 0 || frame.bytes.length > limit) return 'a code of a length that cannot be';
      if (frame.aim !== undefined && !frame.aim.startsWith(']')) return 'an identifier that is none';
    }
    return frames.length > Math.ceil(input.length / 64) + 1 ? 'more codes than reports' : undefined;
  },
  grammar: (chance, form) =>
    joined(
      Array.from({ length: chance.between(1, 3) }, () =>
        reports(chance, LAYOUTS[form % LAYOUTS.length] ?? 'standard'),
      ),
    ),
});

const SYMBOLOGIES = ['qr', 'other', 'unknown'] as const;

/** What is left of a transmission; forms: symbology, and whether identifiers are sent. */
export const scanContent = whole({
  name: 'scan-content',
  forms: SYMBOLOGIES.length * 2,
  decode: (input, form) =>
    contentOf(
      {
        kind: 'complete',
        bytes: Uint8Array.from(input),
        symbology: SYMBOLOGIES[form % 3] ?? 'unknown',
        startedAtMs: 0,
      },
      form >= SYMBOLOGIES.length,
    ),
  check(_input, result) {
    if (!result.ok) return undefined;
    const { text, symbology } = result.value;
    if (symbology === 'other') return 'a code of another symbology';
    if (!/^[\x20-\x7e]+$/.test(text)) return 'what is not printable in a code';
    return text === text.trim() ? undefined : 'blanks around a code';
  },
  bucket: (result) => (result.ok ? `ok ${result.value.symbology}` : result.error),
  grammar: (chance) => joined([ascii(chance.pick(['', ']Q1', ']Q9', ']C0', ' \r\n'])), code(chance)]),
  tokens: [ascii(']Q1'), ascii(']'), hex('0d0a')],
});
