import { readerPipes } from '../../drivers/id-card-reader/usb-pipes.ts';
import { printerPipes } from '../../drivers/receipt-printer/usb-pipes.ts';
import type { ByteTransport } from '../../drivers/transport/byte-link.ts';
import { hidTransport } from '../../drivers/transport/hid-transport.ts';
import { printerPortTransport } from '../../drivers/transport/printer-port-transport.ts';
import type { ReportTransport } from '../../drivers/transport/report-link.ts';
import { serialTransport } from '../../drivers/transport/serial-transport.ts';
import { tcpTransport } from '../../drivers/transport/tcp-transport.ts';
import { usbTransport } from '../../drivers/transport/usb-transport.ts';
import { systemClock as clock } from '../../src/platform/clock.ts';
import { ok } from '../../src/platform/result.ts';
import type { CableName, Conversation, DriverName } from './bench.ts';
import { serialNumberOf, usbNumbersOf } from './device-host.ts';

/** One simulated device, as a driver is told where it is. */
export interface Whereabouts {
  readonly driver: DriverName;
  readonly cable: CableName;
  readonly number: number;
  /** The pty's path or the TCP port. */
  readonly address: string;
}

/** The transport of a device, made as the agent makes it of its configuration. */
export function byteTransportOf(where: Whereabouts): ByteTransport {
  switch (where.cable) {
    case 'pty':
      return serialTransport({ path: where.address, baudRate: 115_200, clock });
    case 'tcp':
      return tcpTransport({
        host: '127.0.0.1',
        port: Number(where.address),
        clock,
        atEnd: where.driver === 'receipt-printer' ? 'discard' : 'deliver',
      });
    case 'cdc':
      return serialTransport({ path: `/dev/kiosk/serial-${udevName(where)}`, baudRate: 115_200, clock });
    case 'usblp':
      return printerPortTransport({ path: `/dev/kiosk/printer-${udevName(where)}`, clock });
    case 'usb':
    case 'usb-split':
      return usbTransport({
        address: usbAddress(where),
        pipes: where.driver === 'receipt-printer' ? printerPipes : readerPipes,
        clock,
      });
    case 'hid':
      throw new Error('a HID device has reports, not bytes');
  }
}

/** The transport of a HID device. */
export function reportTransportOf(where: Whereabouts): ReportTransport {
  return hidTransport({ address: usbAddress(where), clock });
}

/** Notes the sizes of what goes over a line, and changes nothing about it. */
export function watched(transport: ByteTransport): {
  readonly transport: ByteTransport;
  conversation(): Conversation;
} {
  let sizes: { in: number[]; out: number[] } = { in: [], out: [] };
  return {
    transport: {
      description: transport.description,
      async open(signal) {
        const opened = await transport.open(signal);
        if (!opened.ok) return opened;
        const link = opened.value;
        return ok({
          ...link,
          write(bytes) {
            sizes.in.push(bytes.length);
            return link.write(bytes);
          },
          onData: (listener) =>
            link.onData((bytes) => {
              sizes.out.push(bytes.length);
              listener(bytes);
            }),
        });
      },
    },
    conversation() {
      const seen = sizes;
      sizes = { in: [], out: [] };
      return seen;
    },
  };
}

function usbAddress({ driver, cable, number }: Whereabouts) {
  const [vendorId, productId] = usbNumbersOf(driver, cable);
  return { vendorId, productId, serialNumber: serialNumberOf(driver, cable, number) };
}

/** As the shipped udev rules name it. */
function udevName({ driver, cable, number }: Whereabouts): string {
  const numbers = usbNumbersOf(driver, cable).map((id) => id.toString(16).padStart(4, '0'));
  return [...numbers, serialNumberOf(driver, cable, number)].join('-');
}
