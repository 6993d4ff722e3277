import type { UsbDeviceKind, UsbInterface } from './usb-device.ts';

/** Who a simulated device says it is in its descriptors. */
export interface UsbNames {
  readonly vendorId: number;
  readonly productId: number;
  readonly maker: string;
  readonly product: string;
  readonly serialNumber: string;
}

/** Where a stream of bytes goes in and out, and (CDC) where the state of the line is told. */
export interface StreamEndpoints {
  /** OUT endpoints; what comes in by any of them is one stream. */
  readonly out: readonly number[];
  /** IN endpoints; which of them a byte leaves by, the device's own routing says. */
  readonly in: readonly number[];
  readonly notification?: number;
}

/** A device and the stream in it. */
export interface StreamDevice {
  readonly kind: UsbDeviceKind;
  readonly endpoints: StreamEndpoints;
}

/** ID-card reader, native SAM_V pipes: heads by 02/81, bodies by 06/85 (device-protocols 1.9 a). */
export function splitPipes(names: UsbNames): StreamDevice {
  return {
    kind: { ...names, deviceClass: 0, interfaces: [vendorInterface([0x02, 0x06, 0x81, 0x85])] },
    endpoints: { out: [0x02, 0x06], in: [0x81, 0x85] },
  };
}

/** ID-card reader with one pair of bulk pipes (1.9 b). */
export function singlePair(names: UsbNames): StreamDevice {
  return {
    kind: { ...names, deviceClass: 0, interfaces: [vendorInterface([0x01, 0x82])] },
    endpoints: { out: [0x01], in: [0x82] },
  };
}

function vendorInterface(addresses: readonly number[]): UsbInterface {
  return {
    class: 0xff,
    subclass: 0,
    protocol: 0,
    endpoints: addresses.map((address) => ({ address, transfer: 'bulk' })),
  };
}

const GET_DEVICE_ID = 0;
const GET_PORT_STATUS = 1;
const SOFT_RESET = 2;

/** What a printer does with the requests of its class. */
export interface PrinterClassAnswers {
  /** IEEE 1284 id without its length. */
  readonly deviceId: () => string;
  /** b5 paper empty, b4 selected, b3 not error. */
  readonly portStatus: () => number;
  readonly softReset: () => void;
}

/** A receipt printer of the printer class, bidirectional (USB Printing Devices 1.1; device-protocols 3.7). */
export function printerClass(names: UsbNames, answers: PrinterClassAnswers): StreamDevice {
  return {
    kind: {
      ...names,
      deviceClass: 0,
      interfaces: [
        {
          class: 0x07,
          subclass: 1,
          protocol: 2,
          endpoints: [
            { address: 0x01, transfer: 'bulk' },
            { address: 0x82, transfer: 'bulk' },
          ],
        },
      ],
      request(setup) {
        if (setup.request === GET_DEVICE_ID) {
          const text = Buffer.from(answers.deviceId(), 'latin1');
          const length = text.length + 2;
          return Uint8Array.from([length >> 8, length & 0xff, ...text]);
        }
        if (setup.request === GET_PORT_STATUS) return Uint8Array.of(answers.portStatus());
        if (setup.request !== SOFT_RESET) return 'stall';
        answers.softReset();
        return 'done';
      },
    },
    endpoints: { out: [0x01], in: [0x82] },
  };
}

const CDC_HEADER = [5, 0x24, 0x00, 0x10, 0x01];
const CDC_CALL_MANAGEMENT = [5, 0x24, 0x01, 0x00, 0x01];
/** SET_LINE_CODING, SET_CONTROL_LINE_STATE and SERIAL_STATE are understood. */
const CDC_ACM = [4, 0x24, 0x02, 0x02];
const CDC_UNION = [5, 0x24, 0x06, 0, 1];
const GET_LINE_CODING = 0x21;
const LINE_CODING_115200_8N1 = Uint8Array.of(0x00, 0xc2, 0x01, 0x00, 0, 0, 8);

/** A serial port of the CDC class, abstract control model (USB CDC 1.2, PSTN 1.2); no UART behind it, so any speed will do. */
export function cdcAcm(names: UsbNames): StreamDevice {
  return {
    kind: {
      ...names,
      deviceClass: 0x02,
      interfaces: [
        {
          class: 0x02,
          subclass: 0x02,
          protocol: 0x01,
          extra: Uint8Array.from([...CDC_HEADER, ...CDC_CALL_MANAGEMENT, ...CDC_ACM, ...CDC_UNION]),
          endpoints: [{ address: 0x83, transfer: 'interrupt' }],
        },
        {
          class: 0x0a,
          subclass: 0,
          protocol: 0,
          endpoints: [
            { address: 0x01, transfer: 'bulk' },
            { address: 0x82, transfer: 'bulk' },
          ],
        },
      ],
      request: (setup) => {
        if (setup.request === GET_LINE_CODING) return LINE_CODING_115200_8N1;
        return (setup.requestType & 0x80) === 0 ? 'done' : 'stall';
      },
    },
    endpoints: { out: [0x01], in: [0x82], notification: 0x83 },
  };
}

/** SERIAL_STATE (PSTN 1.2 §6.5.4): bit 0 carrier detect, bit 1 data set ready. */
export function serialState(dataSetReady: boolean): Uint8Array {
  return Uint8Array.of(0xa1, 0x20, 0, 0, 0, 0, 2, 0, dataSetReady ? 0x03 : 0x00, 0);
}
