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
      for (let event = nextEvent(fd); event; event = nextEvent(fd)) obey(fd, event, onOutput);
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

function obey(fd: number, event: Buffer, onOutput: (report: Uint8Array) => void): void {
  const type = event.readUInt32LE(0);
  if (type === OUTPUT) {
    const length = event.readUInt16LE(4 + LARGEST_REPORT_BYTES);
    onOutput(Uint8Array.from(event.subarray(4, 4 + length)));
  }
  // Nobody may wait for reports that this device does not keep.
  if (type === GET_REPORT) writeSync(fd, refusal(GET_REPORT_REPLY, event.readUInt32LE(4)));
  if (type === SET_REPORT) writeSync(fd, refusal(SET_REPORT_REPLY, event.readUInt32LE(4)));
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
