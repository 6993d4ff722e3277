import { cdcAcm, singlePair, splitPipes } from '../../../drivers/simulators/usb/kinds.ts';
import { answerControl, setupOf } from '../../../drivers/simulators/usb/usb-device.ts';
import { UsbIpRequestReader } from '../../../drivers/simulators/usb/usbip-wire.ts';
import type { UsbIpRequest } from '../../../drivers/simulators/usb/usbip-wire.ts';
import type { Chance } from '../chance.ts';
import { stream, whole } from '../fuzz-target.ts';
import { hex, joined } from './wire-bytes.ts';

/** OP_REQ_IMPORT of the device "1-1" (kernel documentation, usb/usbip_protocol). */
const IMPORT = joined([hex('0111 8003 00000000 312d31'), new Uint8Array(29)]);
const LIST = hex('0111 8005 00000000');

function submit(chance: Chance): Uint8Array {
  const out = chance.once(2);
  const data = chance.bytes(out ? chance.below(70) : 0);
  const header = Buffer.alloc(48);
  header.writeUInt32BE(1, 0);
  header.writeUInt32BE(chance.below(1000), 4);
  header.writeUInt32BE(out ? 0 : 1, 12);
  header.writeUInt32BE(chance.below(4), 16);
  header.writeUInt32BE(out ? data.length : 64, 24);
  header.set(chance.bytes(8), 40);
  return joined([header, data]);
}

function unlink(chance: Chance): Uint8Array {
  const header = Buffer.alloc(48);
  header.writeUInt32BE(2, 0);
  header.writeUInt32BE(chance.below(1000), 4);
  header.writeUInt32BE(chance.below(1000), 20);
  return Uint8Array.from(header);
}

/** What the kernel's virtual host sends to a simulated device. */
export const usbIpRequests = stream<UsbIpRequest>({
  name: 'simulator-usbip-requests',
  maxBytes: 700,
  open() {
    const reader = new UsbIpRequestReader();
    return { push: (bytes) => reader.push(bytes), end: () => [] };
  },
  check(input, requests) {
    for (const request of requests) {
      if (request.kind !== 'submit') continue;
      if (request.setup.length !== 8) return 'a SETUP packet of another length';
      const expected = request.direction === 'out' ? request.length : 0;
      if (request.data.length !== expected) return 'data of another length than announced';
    }
    return requests.length * 8 > input.length ? 'more requests than bytes' : undefined;
  },
  grammar: (chance) =>
    joined([
      ...(chance.once(3) ? [LIST] : []),
      IMPORT,
      ...Array.from({ length: chance.below(5) }, () => (chance.once(4) ? unlink(chance) : submit(chance))),
    ]),
  tokens: [IMPORT, LIST, hex('00000001'), hex('ffffffff')],
});

const NAMES = { vendorId: 0x1209, productId: 1, maker: 'SIMULATED', product: 'fuzz', serialNumber: 'SIM1' };
const KINDS = [splitPipes(NAMES), singlePair(NAMES), cdcAcm(NAMES)].map(({ kind }) => kind);

/** SETUP packets at endpoint 0 of each kind of device. */
export const usbControl = whole({
  name: 'simulator-usb-control',
  maxBytes: 40,
  forms: KINDS.length,
  decode(input, form) {
    const kind = KINDS[form];
    if (input.length < 8 || kind === undefined) return 'stall';
    return answerControl(kind, setupOf(input.subarray(0, 8)), input.subarray(8));
  },
  check: (input, answer) =>
    typeof answer === 'string' || answer.length <= (input[6] ?? 0) + 256 * (input[7] ?? 0)
      ? undefined
      : 'more than was asked for',
  bucket: (answer) => (typeof answer === 'string' ? answer : String(answer.length)),
  grammar: (chance) =>
    Uint8Array.from([
      chance.pick([0x80, 0x00, 0x21, 0xa1]),
      chance.pick([6, 0, 9, 5, 0x20, 0x22]),
      chance.below(6),
      chance.below(5),
      0,
      0,
      chance.pick([0, 8, 18, 255]),
      0,
      ...chance.bytes(7),
    ]),
});
