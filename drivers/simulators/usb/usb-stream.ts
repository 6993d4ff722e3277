import { Duplex } from 'node:stream';
import type { StreamEndpoints } from './kinds.ts';
import type { UsbIpRequest } from './usbip-wire.ts';
import { submitReply, unlinkReply, URB_STATUS } from './usbip-wire.ts';

type Submit = Extract<UsbIpRequest, { kind: 'submit' }>;

/** Which IN endpoint bytes leave by. */
export interface Route {
  /** For the next bytes of what waits, and how many of them may go together. */
  next(waiting: Uint8Array): { readonly endpoint: number; readonly length: number };
  /** These have left. */
  sent(endpoint: number, bytes: Uint8Array): void;
}

/** Held until there is something to say, or room for what came. */
interface HeldTransfers {
  readonly in: Map<number, Submit[]>;
  readonly out: Submit[];
}

/**
 * The bytes inside of a USB device as one stream in each direction. What the host sends is taken only as fast as the stream is
 * read: else its transfers are held, as a device does that answers NAK. What is written here waits for the host to ask.
 */
export class UsbStream extends Duplex {
  readonly #endpoints: StreamEndpoints;
  readonly #route: Route;
  readonly #reply: (bytes: Uint8Array) => void;
  readonly #held: HeldTransfers = { in: new Map(), out: [] };
  #toHost: Uint8Array = new Uint8Array(0);
  #sent: (() => void) | undefined;
  #notifications: Uint8Array[] = [];
  #roomForHost = true;

  constructor(endpoints: StreamEndpoints, route: Route, reply: (bytes: Uint8Array) => void) {
    super({ readableHighWaterMark: 512, writableHighWaterMark: 1 });
    this.#endpoints = endpoints;
    this.#route = route;
    this.#reply = reply;
  }

  /** A transfer on one of the stream's endpoints; false when it belongs to none of them. */
  submit(transfer: Submit): boolean {
    if (transfer.direction === 'out') {
      if (!this.#endpoints.out.includes(transfer.endpoint)) return false;
      this.#held.out.push(transfer);
      this.#takeFromHost();
      return true;
    }
    const address = transfer.endpoint | 0x80;
    if (!this.#endpoints.in.includes(address) && address !== this.#endpoints.notification) return false;
    const waiting = this.#held.in.get(address) ?? [];
    waiting.push(transfer);
    this.#held.in.set(address, waiting);
    this.#giveToHost();
    this.#notify();
    return true;
  }

  /** The host gives a transfer up. */
  unlink(seqnum: number, unlinked: number): void {
    for (const waiting of [this.#held.out, ...this.#held.in.values()]) {
      const at = waiting.findIndex((transfer) => transfer.seqnum === unlinked);
      if (at < 0) continue;
      waiting.splice(at, 1);
      this.#reply(unlinkReply(seqnum, URB_STATUS.unlinked));
      return;
    }
    this.#reply(unlinkReply(seqnum, URB_STATUS.done));
  }

  /** Tells something by the notification endpoint (CDC: the state of the line). */
  tell(notification: Uint8Array): void {
    this.#notifications.push(notification);
    this.#notify();
  }

  override _read(): void {
    this.#roomForHost = true;
    this.#takeFromHost();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.#toHost = Buffer.concat([this.#toHost, chunk]);
    this.#sent = done;
    this.#giveToHost();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#sent?.();
    this.#sent = undefined;
    this.push(null);
    done(error);
  }

  #takeFromHost(): void {
    while (this.#roomForHost) {
      const transfer = this.#held.out.shift();
      if (!transfer) return;
      this.#reply(submitReply(transfer.seqnum, URB_STATUS.done, { length: transfer.length }));
      // An empty transfer is no end of the stream.
      if (transfer.data.length > 0) this.#roomForHost = this.push(transfer.data);
    }
  }

  #giveToHost(): void {
    while (this.#toHost.length > 0) {
      const { endpoint, length } = this.#route.next(this.#toHost);
      const transfer = this.#held.in.get(endpoint)?.shift();
      if (!transfer) return;
      const data = this.#toHost.subarray(0, Math.min(length, transfer.length));
      this.#toHost = this.#toHost.subarray(data.length);
      this.#route.sent(endpoint, data);
      this.#reply(submitReply(transfer.seqnum, URB_STATUS.done, { data }));
    }
    const sent = this.#sent;
    this.#sent = undefined;
    sent?.();
  }

  #notify(): void {
    const { notification } = this.#endpoints;
    if (notification === undefined) return;
    while (this.#notifications.length > 0) {
      const transfer = this.#held.in.get(notification)?.shift();
      if (!transfer) return;
      const data = this.#notifications.shift() ?? new Uint8Array(0);
      this.#reply(submitReply(transfer.seqnum, URB_STATUS.done, { data }));
    }
  }
}
