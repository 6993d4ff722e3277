import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { type Cancel, type Clock, systemClock } from '../../src/platform/clock.ts';

/** What a HID device tells of itself. */
export interface UhidIdentity {
  readonly name: string;
  readonly vendorId: number;
  readonly productId: number;
  readonly serialNumber: string;
  readonly reportDescriptor: Uint8Array;
}

/** A HID device that the kernel believes to be plugged in (kernel documentation, hid/uhid). */
export interface UhidDevice {
  /** Sends an input report; its first byte is the report id where the device uses ids. */
  send(report: Uint8Array): void;
  readonly pluggedIn: () => boolean;
  readonly pullOut: () => Promise<void>;
  readonly plugIn: () => Promise<void>;
  close(): Promise<void>;
}

/** What the kernel wants of a device. `other`: nothing that this device has to do anything for. */
export type UhidEvent =
  | { readonly kind: 'output'; readonly report: Uint8Array }
  /** It waits for an answer with this number. */
  | { readonly kind: 'get-report' | 'set-report'; readonly id: number }
  | { readonly kind: 'other' };

const NODE = '/dev/uhid';
/** struct uhid_event: a type and the largest of the messages. */
const EVENT_BYTES = 4376;
/** The node can only be asked: a read that waits would hold one of Node's few threads, also after a pull of the cable. */
const POLL_MS = 5;
const DESTROY = 1;
const OUTPUT = 6;
const GET_REPORT = 9;
const GET_REPORT_REPLY = 10;
const CREATE2 = 11;
const INPUT2 = 12;
const SET_REPORT = 13;
const SET_REPORT_REPLY = 14;
const BUS_USB = 3;
const LARGEST_REPORT_BYTES = 4096;
const TYPE_BYTES = 4;
/** Where struct uhid_output_req has its length: behind the type and room for the largest report. */
const OUTPUT_LENGTH_AT = TYPE_BYTES + LARGEST_REPORT_BYTES;
const EIO = 5;

/** Offsets in struct uhid_create2_req, after the event's type. */
const CREATE = {
  name: 4,
  uniq: 196,
  descriptorLength: 260,
  bus: 262,
  vendor: 264,
  product: 268,
  descriptor: 280,
};

/** Plugs in a HID device. Needs /dev/uhid (module `uhid`), which root may open. `onOutput`: what the host sends, as reports. */
export async function openUhidDevice(
  identity: UhidIdentity,
  onOutput: (report: Uint8Array) => void,
  clock: Clock = systemClock,
): Promise<UhidDevice> {
  let open: { readonly fd: number; cancel: Cancel } | undefined;

  const plugIn = async () => {
    if (open) return;
    const fd = openSync(NODE, constants.O_RDWR | constants.O_NONBLOCK);
    writeSync(fd, createEvent(identity));
    const plug = { fd, cancel: () => undefined as void };
    const look = () => {
      for (let event = nextEvent(fd); event; event = nextEvent(fd)) obey(fd, uhidEventOf(event), onOutput);
      plug.cancel = clock.schedule(POLL_MS, look);
    };
    open = plug;
    look();
  };
  const pullOut = async () => {
    if (!open) return;
    const { fd, cancel } = open;
    open = undefined;
    cancel();
    writeSync(fd, eventOf(DESTROY));
    closeSync(fd);
  };
  await plugIn();
  return {
    send(report) {
      if (open) writeSync(open.fd, inputEvent(report));
    },
    pluggedIn: () => open !== undefined,
    plugIn,
    pullOut,
    close: pullOut,
  };
}

/** The next thing the kernel says; undefined when there is nothing. */
function nextEvent(fd: number): Buffer | undefined {
  const event = Buffer.alloc(EVENT_BYTES);
  try {
    return readSync(fd, event) > 0 ? event : undefined;
  } catch {
    // EAGAIN: nothing yet.
    return undefined;
  }
}

/** Reads a struct uhid_event. What is too short for its type is `other`, a report is as long as it can be. Never throws. */
export function uhidEventOf(event: Uint8Array): UhidEvent {
  const view = new DataView(event.buffer, event.byteOffset, event.byteLength);
  if (event.length < TYPE_BYTES + 4) return { kind: 'other' };
  const id = view.getUint32(TYPE_BYTES, true);
  switch (view.getUint32(0, true)) {
    case OUTPUT: {
      if (event.length < OUTPUT_LENGTH_AT + 2) return { kind: 'other' };
      const length = Math.min(view.getUint16(OUTPUT_LENGTH_AT, true), LARGEST_REPORT_BYTES);
      return { kind: 'output', report: Uint8Array.from(event.subarray(TYPE_BYTES, TYPE_BYTES + length)) };
    }
    case GET_REPORT:
      return { kind: 'get-report', id };
    case SET_REPORT:
      return { kind: 'set-report', id };
    default:
      return { kind: 'other' };
  }
}

function obey(fd: number, event: UhidEvent, onOutput: (report: Uint8Array) => void): void {
  if (event.kind === 'output') onOutput(event.report);
  // Nobody may wait for reports that this device does not keep.
  if (event.kind === 'get-report') writeSync(fd, refusal(GET_REPORT_REPLY, event.id));
  if (event.kind === 'set-report') writeSync(fd, refusal(SET_REPORT_REPLY, event.id));
}

function eventOf(type: number): Buffer {
  const event = Buffer.alloc(EVENT_BYTES);
  event.writeUInt32LE(type, 0);
  return event;
}

function createEvent({ name, vendorId, productId, serialNumber, reportDescriptor }: UhidIdentity): Buffer {
  const event = eventOf(CREATE2);
  event.write(name, CREATE.name, 127, 'utf8');
  event.write(serialNumber, CREATE.uniq, 63, 'latin1');
  event.writeUInt16LE(reportDescriptor.length, CREATE.descriptorLength);
  event.writeUInt16LE(BUS_USB, CREATE.bus);
  event.writeUInt32LE(vendorId, CREATE.vendor);
  event.writeUInt32LE(productId, CREATE.product);
  event.set(reportDescriptor, CREATE.descriptor);
  return event;
}

function inputEvent(report: Uint8Array): Buffer {
  const event = eventOf(INPUT2);
  event.writeUInt16LE(report.length, 4);
  event.set(report, 6);
  return event;
}

function refusal(type: number, id: number): Buffer {
  const event = eventOf(type);
  event.writeUInt32LE(id, 4);
  event.writeUInt16LE(EIO, 8);
  return event;
}
