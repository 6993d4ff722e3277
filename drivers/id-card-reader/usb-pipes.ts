import type { UsbInterfaceDescription, UsbPipes } from '../transport/usb-device.ts';

const VENDOR_SPECIFIC = 0xff;
const PREAMBLE = [0xaa, 0xaa, 0xaa, 0x96, 0x69];
/** Preamble and length. */
const HEAD_BYTES = 7;
const LONGEST_BODY_BYTES = 4096;
/** The pipes of a reader with native SAM_V framing. */
const SPLIT = { headOut: 0x02, bodyOut: 0x06, headIn: 0x81, bodyIn: 0x85 } as const;

/**
 * Which pipes a USB reader speaks on (device-protocols 1.9): with 02, 06, 81 and 85 the native SAM_V framing, heads and bodies
 * on pipes of their own; otherwise the first pair of the vendor-specific interface, or of the first that has one.
 */
export function readerPipes(interfaces: readonly UsbInterfaceDescription[]): UsbPipes | undefined {
  const split = interfaces.find(({ endpoints }) =>
    Object.values(SPLIT).every((endpoint) => endpoints.includes(endpoint)),
  );
  if (split !== undefined) return splitPipes(split.interfaceNumber);
  const candidates = interfaces.toSorted((one, other) => rankOf(one) - rankOf(other));
  for (const { interfaceNumber, endpoints } of candidates) {
    const endpoint = endpoints.find((address) => address < 0x80);
    const answers = endpoints.find((address) => address >= 0x80);
    if (endpoint === undefined || answers === undefined) continue;
    return { interfaceNumber, in: [answers], split: (bytes) => [{ endpoint, bytes }] };
  }
  return undefined;
}

function rankOf(one: UsbInterfaceDescription): number {
  return one.class === VENDOR_SPECIFIC ? 0 : 1;
}

function splitPipes(interfaceNumber: number): UsbPipes {
  const joiner = createPipeJoiner();
  return {
    interfaceNumber,
    in: [SPLIT.headIn, SPLIT.bodyIn],
    split: (frame) => {
      joiner.newCommand();
      return [
        { endpoint: SPLIT.headOut, bytes: frame.subarray(0, HEAD_BYTES) },
        { endpoint: SPLIT.bodyOut, bytes: frame.subarray(HEAD_BYTES) },
      ];
    },
    join: (endpoint, bytes) => (endpoint === SPLIT.headIn ? joiner.head(bytes) : joiner.body(bytes)),
  };
}

/**
 * Puts heads and bodies, which come by two pipes that know nothing of each other, into the order of a frame: a body waits for
 * its head, whose length says how much of it there is.
 */
export function createPipeJoiner() {
  let head: number[] = [];
  let owed = 0;
  let waiting: Uint8Array = new Uint8Array(0);

  const release = (): Uint8Array[] => {
    const count = Math.min(owed, waiting.length);
    if (count === 0) return [];
    const part = Uint8Array.from(waiting.subarray(0, count));
    const rest = Uint8Array.from(waiting.subarray(count));
    waiting.fill(0);
    waiting = rest;
    owed -= count;
    return [part];
  };
  return {
    /** Bytes of the head's pipe; noise before a head is let through, as on any line. */
    head(bytes: Uint8Array): readonly Uint8Array[] {
      for (const byte of bytes) {
        head.push(byte);
        if (head.length <= PREAMBLE.length && byte !== PREAMBLE[head.length - 1])
          head = byte === PREAMBLE[0] ? [byte] : [];
        if (head.length < HEAD_BYTES) continue;
        const length = ((head[5] ?? 0) << 8) | (head[6] ?? 0);
        head = [];
        owed = length <= LONGEST_BODY_BYTES ? length : 0;
      }
      return [bytes, ...release()];
    },
    /** Bytes of the body's pipe; they are copied and overwritten. */
    body(bytes: Uint8Array): readonly Uint8Array[] {
      const all = Buffer.concat([waiting, bytes]);
      waiting.fill(0);
      bytes.fill(0);
      // More than any body: nobody's, and not worth keeping.
      waiting = Uint8Array.from(all.subarray(Math.max(0, all.length - LONGEST_BODY_BYTES)));
      all.fill(0);
      return release();
    },
    /** A new question: what is left of the answer to the one before belongs to nobody. */
    newCommand(): void {
      waiting.fill(0);
      waiting = new Uint8Array(0);
      head = [];
      owed = 0;
    },
  };
}
