/** One endpoint of an interface, as its descriptor says. */
export interface Endpoint {
  /** With the direction bit: 81 is IN 1. */
  readonly address: number;
  readonly transfer: 'bulk' | 'interrupt';
}

/** One interface of a device. */
export interface UsbInterface {
  readonly class: number;
  readonly subclass: number;
  readonly protocol: number;
  readonly endpoints: readonly Endpoint[];
  /** Class-specific descriptors that stand between the interface and its endpoints. */
  readonly extra?: Uint8Array;
}

/** A full-speed USB device: what its descriptors say, and what it answers to requests of its class. */
export interface UsbDeviceKind {
  readonly vendorId: number;
  readonly productId: number;
  readonly maker: string;
  readonly product: string;
  readonly serialNumber: string;
  readonly deviceClass: number;
  readonly interfaces: readonly UsbInterface[];
  /** Answers a class or vendor request: data to send (IN), nothing more than "done" (OUT), or a stall. */
  readonly request?: (setup: Setup, data: Uint8Array) => Uint8Array | 'done' | 'stall';
}

/** A SETUP packet (USB 2.0, table 9-2). */
export interface Setup {
  readonly requestType: number;
  readonly request: number;
  readonly value: number;
  readonly index: number;
  readonly length: number;
}

const GET_STATUS = 0;
const GET_DESCRIPTOR = 6;
const GET_CONFIGURATION = 8;
const GET_INTERFACE = 10;
const DEVICE = 1;
const CONFIGURATION = 2;
const STRING = 3;
const STANDARD_REQUEST_MASK = 0x60;
const EN_US = 0x0409;
/** Of full-speed bulk endpoints. */
const PACKET_BYTES = 64;
const INTERRUPT_INTERVAL_MS = 10;

/** Reads the eight bytes of a SETUP packet. */
export function setupOf(bytes: Uint8Array): Setup {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    requestType: view.getUint8(0),
    request: view.getUint8(1),
    value: view.getUint16(2, true),
    index: view.getUint16(4, true),
    length: view.getUint16(6, true),
  };
}

/** The answer of endpoint 0, cut to the length asked for. */
export function answerControl(
  device: UsbDeviceKind,
  setup: Setup,
  data: Uint8Array,
): Uint8Array | 'done' | 'stall' {
  const answer =
    (setup.requestType & STANDARD_REQUEST_MASK) === 0
      ? standardAnswer(device, setup)
      : (device.request?.(setup, data) ?? 'stall');
  return typeof answer === 'string' ? answer : answer.subarray(0, setup.length);
}

function standardAnswer(device: UsbDeviceKind, setup: Setup): Uint8Array | 'done' | 'stall' {
  switch (setup.request) {
    case GET_DESCRIPTOR:
      return descriptor(device, setup.value >> 8, setup.value & 0xff);
    case GET_STATUS:
      return Uint8Array.of(0, 0);
    case GET_CONFIGURATION:
      return Uint8Array.of(1);
    case GET_INTERFACE:
      return Uint8Array.of(0);
    default:
      // SET_ADDRESS, SET_CONFIGURATION, SET_INTERFACE, CLEAR_FEATURE: nothing to do but agree.
      return (setup.requestType & 0x80) === 0 ? 'done' : 'stall';
  }
}

function descriptor(device: UsbDeviceKind, type: number, index: number): Uint8Array | 'stall' {
  switch (type) {
    case DEVICE:
      return deviceDescriptor(device);
    case CONFIGURATION:
      return configurationDescriptor(device);
    case STRING:
      return stringDescriptor(device, index);
    default:
      // A full-speed device has no device qualifier.
      return 'stall';
  }
}

const word = (value: number): readonly number[] => [value & 0xff, value >> 8];

function deviceDescriptor({ deviceClass, vendorId, productId }: UsbDeviceKind): Uint8Array {
  const numbers = [...word(vendorId), ...word(productId), ...word(0x0100)];
  return Uint8Array.from([18, DEVICE, ...word(0x0200), deviceClass, 0, 0, 64, ...numbers, 1, 2, 3, 1]);
}

function configurationDescriptor({ interfaces }: UsbDeviceKind): Uint8Array {
  const blocks = interfaces.flatMap((one, number) => {
    const { class: interfaceClass, subclass, protocol, endpoints, extra = [] } = one;
    const head = [9, 4, number, 0, endpoints.length, interfaceClass, subclass, protocol, 0];
    return [...head, ...extra, ...endpoints.flatMap(endpointDescriptor)];
  });
  const head = [9, CONFIGURATION, ...word(9 + blocks.length), interfaces.length, 1, 0, 0x80, 50];
  return Uint8Array.from([...head, ...blocks]);
}

function endpointDescriptor({ address, transfer }: Endpoint): readonly number[] {
  const kind = transfer === 'bulk' ? 2 : 3;
  return [7, 5, address, kind, ...word(PACKET_BYTES), transfer === 'bulk' ? 0 : INTERRUPT_INTERVAL_MS];
}

function stringDescriptor(device: UsbDeviceKind, index: number): Uint8Array | 'stall' {
  if (index === 0) return Uint8Array.from([4, STRING, ...word(EN_US)]);
  const text = [device.maker, device.product, device.serialNumber][index - 1];
  if (text === undefined) return 'stall';
  const units = Buffer.from(text, 'utf16le');
  return Uint8Array.from([2 + units.length, STRING, ...units]);
}
