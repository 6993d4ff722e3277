import type { UsbForm, UsbRole } from '../line.ts';
import { singlePair, splitPipes, type UsbNames } from '../usb/kinds.ts';
import type { Route } from '../usb/usb-stream.ts';

const PREAMBLE = [0xaa, 0xaa, 0xaa, 0x96, 0x69];
const HEAD_BYTES = 7;
const HEAD_IN = 0x81;
const BODY_IN = 0x85;

/** A reader on USB: everything by one pair of pipes, or heads and bodies of frames by pipes of their own. */
export function readerOnUsb(role: Exclude<UsbRole, 'cdc'>, names: UsbNames): UsbForm | undefined {
  if (role === 'bulk') return { device: singlePair(names) };
  if (role === 'bulk-split') return { device: splitPipes(names), route: headsAndBodies };
  return undefined;
}

/** The pipe of the next bytes: seven bytes of a frame's head, then as many as it announces; noise goes with the heads. */
function headsAndBodies(): Route {
  let head: number[] = [];
  let bodyLeft = 0;
  const take = (bytes: Uint8Array): void => {
    for (const byte of bytes) {
      head.push(byte);
      if (head.length <= PREAMBLE.length && byte !== PREAMBLE[head.length - 1]) head = [];
      if (head.length < HEAD_BYTES) continue;
      bodyLeft = ((head[5] ?? 0) << 8) | (head[6] ?? 0);
      head = [];
    }
  };
  return {
    next: (waiting) =>
      bodyLeft > 0
        ? { endpoint: BODY_IN, length: Math.min(bodyLeft, waiting.length) }
        : { endpoint: HEAD_IN, length: Math.min(HEAD_BYTES - head.length, waiting.length) },
    sent(endpoint, bytes) {
      if (endpoint === BODY_IN) bodyLeft -= bytes.length;
      else take(bytes);
    },
  };
}
