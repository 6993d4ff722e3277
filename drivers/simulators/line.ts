import type { Duplex } from 'node:stream';
import { type Clock, sleep } from '../../src/platform/clock.ts';
import type { RandomSource } from '../../src/platform/random.ts';
import { Disturber, type Disturbance } from './line-disturbance.ts';
import { type Pace, paceOf } from './pace.ts';
import { type Plug, ptyPlug, tcpPlug } from './plug.ts';
import { cdcAcm, type StreamDevice, type UsbNames } from './usb/kinds.ts';
import { usbPlug, type UsbPlug, type UsbSocket } from './usb/usb-plug.ts';
import type { Route } from './usb/usb-stream.ts';

/** Which kind of USB device a simulator poses as. */
export type UsbRole = 'cdc' | 'bulk' | 'bulk-split' | 'printer';

/** Where a device is plugged in. */
export type LineEnd =
  | { readonly pty: string }
  | { readonly tcpPort: number }
  | { readonly usb: UsbSocket; readonly role: UsbRole; readonly names: UsbNames };

/** A USB device as a simulator knows it, and which of its pipes a byte leaves by. */
export interface UsbForm {
  readonly device: StreamDevice;
  /** Made anew each time the device is plugged in. */
  readonly route?: () => Route;
}

/** Where the device's end of the line is, and how fast it is. */
export interface LineOptions {
  readonly at: LineEnd;
  /** The device as USB device, in the roles that are its own; every device can be a CDC port. */
  readonly usbForm?: (role: Exclude<UsbRole, 'cdc'>, names: UsbNames) => UsbForm | undefined;
  /** Bits per second at 10 bits a byte; 0 = as fast as it goes. */
  readonly baud: number;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Bytes that arrived, paced like the wire. */
  readonly onBytes: (bytes: Uint8Array) => void;
  /** How many bytes the device can take now; the sender waits while it is 0. Without it: always more. */
  readonly room?: () => number;
}

/** How a reply travels. */
export interface WriteManner {
  /** In pieces split at random places, with pauses of 1 to 20 ms between them. */
  readonly split?: boolean;
  /** The cable is pulled after this many bytes. */
  readonly pullOutAfterBytes?: number;
}

/** The device's end of a serial line or TCP connection. */
export interface DeviceLine {
  readonly address: string;
  readonly pluggedIn: () => boolean;
  /** Whether a computer is connected (TCP only; on a pty nobody can tell, so it means "the cable is in"). */
  readonly connected: () => boolean;
  /** Bytes carried since start. */
  readonly carried: () => { readonly in: number; readonly out: number };
  /**
   * Sends in order, at the line's speed. Resolves to the wall-clock ms at which the last byte was written, or to
   * `'lost'` when nobody was there or the cable was pulled on the way.
   */
  write(bytes: Uint8Array, manner?: WriteManner): Promise<number | 'lost'>;
  /** To be called when `room` has grown. */
  roomGrew(): void;
  setBaud(baud: number): void;
  /** DSR, where the cable has such a wire (CDC). */
  tellDataSetReady(ready: boolean): void;
  /** Disturbs what the device sends from now on. */
  disturb(disturbance: Partial<Disturbance>): void;
  /** The cable is pulled out when so many more bytes have come in, or gone out. */
  pullOutAfter(bytes: { readonly in: number } | { readonly out: number }): void;
  readonly pullOut: () => Promise<void>;
  readonly plugIn: () => Promise<void>;
}

/** How often a paced line moves bytes; at 115200 baud that is 23 bytes at a time. */
const TICK_MS = 2;

/** Opens the device's side of a line and starts listening. */
export async function openLine(options: LineOptions): Promise<DeviceLine> {
  const { clock, random } = options;
  const incoming = paceOf(clock, options.baud);
  const outgoing = paceOf(clock, options.baud);
  const carried = { in: 0, out: 0 };
  const pulledAt = { in: Number.POSITIVE_INFINITY, out: Number.POSITIVE_INFINITY };
  const intake = intakeOf(
    options,
    incoming,
    () => pulledAt.in - carried.in,
    (count) => {
      carried.in += count;
      if (carried.in >= pulledAt.in) void pullOut();
    },
  );
  const plug = await plugOf(options, intake.attach);
  const disturber = new Disturber(clock, random);
  let lastWrite: Promise<unknown> = Promise.resolve();
  let held: { bytes: Uint8Array; readonly sent: Promise<number | 'lost'> } | undefined;
  let pulls = 0;

  function pullOut(): Promise<void> {
    pulls += 1;
    pulledAt.in = Number.POSITIVE_INFINITY;
    pulledAt.out = Number.POSITIVE_INFINITY;
    return plug.pullOut();
  }

  async function send(bytes: Uint8Array, manner: WriteManner): Promise<number | 'lost'> {
    const stream = plug.stream();
    if (!stream || stream.destroyed) return 'lost';
    const asked = manner.pullOutAfterBytes ?? Number.POSITIVE_INFINITY;
    const pulledAfter = Math.min(asked, pulledAt.out - carried.out);
    const end = Math.min(bytes.length, pulledAfter);
    let sent = 0;
    // An answer does not begin before the question was over.
    outgoing.begin(incoming.carriedUntilMs);
    let pieceEnd = manner.split ? nextPiece(random, sent, end) : end;
    while (sent < end) {
      const count = outgoing.take(pieceEnd - sent);
      if (count > 0) {
        if (stream.destroyed) return 'lost';
        await written(stream, bytes.subarray(sent, sent + count));
        sent += count;
        carried.out += count;
      }
      if (sent === pieceEnd && sent < end) {
        pieceEnd = nextPiece(random, sent, end);
        await sleep(clock, 1 + random.fraction() * 19);
      } else if (sent < end) await sleep(clock, TICK_MS);
    }
    if (asked !== Number.POSITIVE_INFINITY || pulledAfter <= bytes.length) {
      // Lets the pieces already written reach the other side before the cable is gone; somebody may pull it meanwhile, and put it back.
      const before = pulls;
      await sleep(clock, 30);
      if (pulls === before) await pullOut();
      return 'lost';
    }
    return stream.destroyed ? 'lost' : clock.wallClockMs();
  }

  function sendInTurn(bytes: () => Uint8Array, manner: WriteManner): Promise<number | 'lost'> {
    const mine = lastWrite.then(async () => {
      const disturbed = await disturber.disturb(bytes());
      if (disturbed === 'nothing') return clock.wallClockMs();
      return send(disturbed.bytes, disturbed.split ? { ...manner, split: true } : manner);
    });
    lastWrite = mine;
    return mine;
  }

  /** Bytes wait for others that are sent soon after, and leave with them in one piece. */
  function sendMerged(bytes: Uint8Array, mergeMs: number): Promise<number | 'lost'> {
    if (held) {
      held.bytes = Buffer.concat([held.bytes, bytes]);
      return held.sent;
    }
    const parcel = { bytes, sent: sleep(clock, mergeMs).then(() => sendInTurn(takeHeld, {})) };
    held = parcel;
    return parcel.sent;
  }

  function takeHeld(): Uint8Array {
    const bytes = held?.bytes ?? new Uint8Array(0);
    held = undefined;
    return bytes;
  }

  return {
    address: plug.address,
    pluggedIn: plug.pluggedIn,
    connected: () => plug.pluggedIn() && plug.stream() !== undefined,
    carried: () => ({ ...carried }),
    write(bytes, manner = {}) {
      const { mergeMs } = disturber;
      return mergeMs > 0 ? sendMerged(bytes, mergeMs) : sendInTurn(() => bytes, manner);
    },
    roomGrew: intake.move,
    setBaud(baud) {
      incoming.setBaud(baud);
      outgoing.setBaud(baud);
    },
    tellDataSetReady(ready) {
      if ('tellDataSetReady' in plug) plug.tellDataSetReady(ready);
    },
    disturb: (disturbance) => disturber.set(disturbance),
    pullOutAfter(count) {
      if ('in' in count) pulledAt.in = carried.in + count.in;
      else pulledAt.out = carried.out + count.out;
    },
    pullOut,
    plugIn: plug.plugIn,
  };
}

function plugOf(options: LineOptions, attach: (stream: Duplex) => void): Promise<Plug | UsbPlug> {
  const { at } = options;
  if ('pty' in at) return ptyPlug(at.pty, options.clock, options.random, attach);
  if ('tcpPort' in at) return tcpPlug(at.tcpPort, attach);
  const form = at.role === 'cdc' ? { device: cdcAcm(at.names) } : options.usbForm?.(at.role, at.names);
  if (form === undefined) throw new Error(`this device cannot be a USB device of the kind ${at.role}`);
  return usbPlug(at.usb, form.device, form.route, attach);
}

function nextPiece(random: RandomSource, from: number, end: number): number {
  const most = Math.min(end - from, 64);
  return from + 1 + Math.floor(random.fraction() * most);
}

function written(stream: Duplex, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    stream.write(bytes, () => {
      resolve();
    });
  });
}

/** Holds what the other side sent until wire speed and the device's room let it in; a held stream is not read on. */
function intakeOf(
  options: LineOptions,
  pace: Pace,
  untilPulled: () => number,
  count: (bytes: number) => void,
) {
  const waiting: Uint8Array[] = [];
  let current: Duplex | undefined;
  let ticking = false;
  let moving = false;
  let again = false;

  function attach(stream: Duplex): void {
    // What the old connection had not delivered is gone with its cable.
    waiting.length = 0;
    current = stream;
    stream.on('data', (bytes: Buffer) => {
      if (stream !== current) return;
      pace.begin();
      waiting.push(bytes);
      stream.pause();
      move();
    });
  }

  function move(): void {
    // Bytes let in make the device drain, and draining asks to let in more: that call finds the loop already going.
    again = true;
    if (moving) return;
    moving = true;
    while (again) {
      again = false;
      letIn();
    }
    moving = false;
  }

  function letIn(): void {
    const first = waiting[0];
    if (!first) {
      current?.resume();
      return;
    }
    const room = Math.min(options.room?.() ?? Number.POSITIVE_INFINITY, untilPulled());
    const allowed = pace.take(Math.min(first.length, room));
    if (allowed > 0) {
      if (allowed === first.length) waiting.shift();
      else waiting[0] = first.subarray(allowed);
      count(allowed);
      options.onBytes(first.subarray(0, allowed));
    }
    if (waiting.length === 0) current?.resume();
    else if (!ticking && room > 0) {
      ticking = true;
      options.clock.schedule(allowed === first.length ? 0 : TICK_MS, () => {
        ticking = false;
        move();
      });
    }
  }
  return { attach, move };
}
