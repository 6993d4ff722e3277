import type { Request, ScannerLanguage } from '../../../drivers/simulators/qr-scanner/families/family.ts';
import { gm6x } from '../../../drivers/simulators/qr-scanner/families/gm6x.ts';
import { honeywell } from '../../../drivers/simulators/qr-scanner/families/honeywell.ts';
import { newland } from '../../../drivers/simulators/qr-scanner/families/newland.ts';
import { ssi } from '../../../drivers/simulators/qr-scanner/families/ssi.ts';
import { commandIn } from '../../../drivers/simulators/qr-scanner/hid-reports.ts';
import type { Chance } from '../chance.ts';
import { stream, whole } from '../fuzz-target.ts';
import type { FuzzTarget } from '../fuzz-target.ts';
import { ascii, hex, joined, textOf } from './wire-bytes.ts';

/** Vectors of device-protocols 2.4 to 2.7. */
const VECTORS = {
  newland: [
    ascii('~\u{1}0000@SCNTRG1;\u{3}'),
    ascii('~\u{1}0000#SCNMOD0;\u{3}'),
    ascii('~\u{1}0000#ORTSET*;\u{3}'),
    ascii('~\u{1}0000#QRYSYS;\u{3}'),
  ],
  gm6x: [
    hex('7e 00 08 01 00 02 01 02 da'),
    hex('7e 00 08 01 00 02 01 ab cd'),
    hex('7e 00 07 01 00 2a 02 d8 0f'),
    hex('7e 00 08 02 00 2a 39 01 a7 ea'),
    hex('7e 00 09 01 00 00 00 de c8'),
    hex('7e 00 0a 01 00 00 00 30 1a'),
  ],
  ssi: [
    hex('04 e4 04 00 ff 14'),
    hex('04 d0 04 00 ff 28'),
    hex('04 a3 04 00 ff 55'),
    hex('07 c6 04 08 00 8a 08 fe 95'),
    hex('00'),
  ],
  honeywell: [
    hex('16 54 0d'),
    hex('16 55 0d'),
    hex('16 07 0d'),
    ascii('\u{16}M\rTRGMOD0!'),
    ascii('\u{16}M\rREVINF.'),
  ],
} as const;

function requestsOf(name: keyof typeof VECTORS, language: ScannerLanguage): FuzzTarget {
  const some = (chance: Chance) =>
    chance.once(4)
      ? ascii(textOf(chance, chance.below(5), '~\u{1}\u{16}M\r7E;\u{3}'))
      : chance.pick<Uint8Array>(VECTORS[name]);
  return stream<Request>({
    name: `simulator-scanner-${name}`,
    maxBytes: 400,
    open() {
      const parser = language.parser();
      return { push: (bytes) => parser.push(bytes), end: () => [] };
    },
    check(input, requests) {
      for (const request of requests) {
        const answer = language.answer(request, { kind: 'done' });
        if (answer && answer.bytes.length === 0) return 'an answer of no bytes';
        if (answer && language.spoil(answer).bytes.length !== answer.bytes.length)
          return 'a spoilt answer of another length';
      }
      return requests.length > input.length ? 'more requests than bytes' : undefined;
    },
    grammar: (chance) => joined(Array.from({ length: chance.between(1, 6) }, () => some(chance))),
    tokens: VECTORS[name],
  });
}

/** Requests at a simulated scanner, a target for each language. */
export const simulatorScanners = {
  newland: requestsOf('newland', newland),
  gm6x: requestsOf('gm6x', gm6x),
  ssi: requestsOf('ssi', ssi),
  honeywell: requestsOf('honeywell', honeywell),
} as const;

/** Output reports at a simulated HID scanner. */
export const simulatorHidReport = whole({
  name: 'simulator-hid-report',
  maxBytes: 70,
  decode: (input) => commandIn(input),
  check: (input, command) =>
    command && command.length > Math.max(0, input.length - 2)
      ? 'a command longer than its report'
      : undefined,
  bucket: (command) => String(command?.length),
  grammar: (chance) =>
    Uint8Array.from([chance.pick([0x04, 0xfd, 0x02]), chance.below(64), ...VECTORS.newland[0]]),
});
