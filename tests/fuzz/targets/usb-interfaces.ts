import { readerPipes } from '../../../drivers/id-card-reader/usb-pipes.ts';
import { printerPipes } from '../../../drivers/receipt-printer/usb-pipes.ts';
import type { PortStatus } from '../../../drivers/transport/byte-link.ts';
import type { UsbInterfaceDescription, UsbPipes } from '../../../drivers/transport/usb-device.ts';
import { printerClassRequests } from '../../../drivers/transport/usb-printer-class.ts';
import { whole } from '../fuzz-target.ts';
import { ByteReading } from './byte-reading.ts';
import { ascii, contains, hex, joined, textOf } from './wire-bytes.ts';

const FRAME = Uint8Array.from({ length: 20 }, (_, at) => at);

function interfacesIn(input: Uint8Array): readonly UsbInterfaceDescription[] {
  const reading = new ByteReading(input);
  return reading.list(4, () => ({
    interfaceNumber: reading.byte(),
    class: reading.pick([0xff, 0x07, 0x0a, 0x03, undefined]) ?? reading.byte(),
    subclass: reading.byte(),
    protocol: reading.byte(),
    endpoints: reading.list(5, () => reading.pick([0x81, 0x02, 0x85, 0x06, undefined]) ?? reading.byte()),
  }));
}

/** What a driver does with the interfaces of a device; forms: the reader's, the printer's. */
export const usbPipes = whole<UsbPipes | undefined>({
  name: 'usb-pipes',
  maxBytes: 60,
  forms: 2,
  decode: (input, form) => (form === 0 ? readerPipes : printerPipes)(interfacesIn(input)),
  check(input, pipes, form) {
    const interfaces = interfacesIn(input);
    if (pipes === undefined) {
      const fits = interfaces.some(
        ({ class: kind, endpoints }) =>
          (form === 0 || kind === 0x07) &&
          endpoints.some((endpoint) => endpoint >= 0x80) &&
          endpoints.some((endpoint) => endpoint < 0x80),
      );
      return fits ? 'pipes that were not seen' : undefined;
    }
    const parts = pipes.split(FRAME);
    const used = [...pipes.in, ...parts.map(({ endpoint }) => endpoint)];
    const theirs = interfaces.filter(({ interfaceNumber }) => interfaceNumber === pipes.interfaceNumber);
    if (!theirs.some(({ endpoints }) => used.every((one) => endpoints.includes(one))))
      return 'pipes of another interface';
    if (pipes.in.length === 0 || pipes.in.some((endpoint) => endpoint < 0x80))
      return 'no pipe from the device';
    if (parts.some(({ endpoint }) => endpoint >= 0x80)) return 'bytes for a pipe from the device';
    return joined(parts.map(({ bytes }) => bytes)).every((byte, at) => byte === FRAME[at])
      ? undefined
      : 'bytes that are lost on the way';
  },
  bucket: (pipes) => String(pipes && pipes.in.length),
  // An interface of each kind with a pair of pipes.
  tokens: [hex('00 00 00 00 02 00 01'), hex('01 01 01 02 02 00 01')],
});

interface PrinterClassAnswers {
  readonly id: string | undefined;
  readonly port: PortStatus | undefined;
}

/**
 * What a printer answers to the requests of its class: an IEEE 1284 id and the byte of its port. Forms: the answer stands alone in
 * its buffer; it stands inside of a larger one, as the buffers of libraries do.
 */
export const printerClass = whole<PrinterClassAnswers>({
  name: 'usb-printer-class',
  maxBytes: 1100,
  forms: 2,
  async decode(input, form) {
    const around = form === 0 ? 0 : 9;
    const buffer = Buffer.alloc(input.length + 2 * around, '!');
    buffer.set(input, around);
    const data = new DataView(buffer.buffer, buffer.byteOffset + around, input.length);
    const device = { controlTransferIn: () => Promise.resolve({ data, status: 'ok' }) } as unknown;
    const requests = printerClassRequests(device as Parameters<typeof printerClassRequests>[0], 0, (work) =>
      work(),
    );
    return { id: await requests.deviceId(), port: await requests.portStatus() };
  },
  check(input, { id, port }) {
    if ((id ?? '').length > Math.max(0, input.length - 2)) return 'an id longer than what came';
    if (id !== undefined && !contains(input, ascii(id))) return 'an id that nobody sent';
    if ((port === undefined) !== (input.length === 0)) return 'a port without its byte';
    return port === undefined || port.paperEmpty === (((input[0] ?? 0) & 0x20) !== 0)
      ? undefined
      : 'paper that is not bit 5';
  },
  bucket: ({ id, port }) => `${id?.length ?? 'none'} ${JSON.stringify(port)}`,
  grammar(chance) {
    const text = ascii(
      `MFG:EPSON;CMD:ESC/POS;MDL:${textOf(chance, chance.below(30), 'TM-88V;: ')};CLS:PRINTER;`,
    );
    const length = chance.once(4) ? chance.below(70_000) : text.length + 2;
    return joined([Uint8Array.of((length >> 8) & 0xff, length & 0xff), text]);
  },
});
