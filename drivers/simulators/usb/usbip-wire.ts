/** USB/IP as the kernel's vhci_hcd speaks it (kernel documentation, usb/usbip_protocol). All numbers are big-endian. */
const VERSION = 0x0111;
const OP_REQ_DEVLIST = 0x8005;
const OP_REP_DEVLIST = 0x0005;
const OP_REQ_IMPORT = 0x8003;
const OP_REP_IMPORT = 0x0003;
const CMD_UNLINK = 2;
const RET_SUBMIT = 3;
const RET_UNLINK = 4;
const URB_HEADER_BYTES = 48;
/** No driver of ours sends more at once; vhci_hcd itself cuts transfers much smaller. */
const LONGEST_TRANSFER_BYTES = 1024 * 1024;
const BUS_ID_BYTES = 32;

/** What the other side wants. */
export type UsbIpRequest =
  | { readonly kind: 'list' }
  | { readonly kind: 'import'; readonly busId: string }
  | {
      readonly kind: 'submit';
      readonly seqnum: number;
      readonly endpoint: number;
      readonly direction: 'in' | 'out';
      /** Bytes that may be answered at most (in), or that came along (out). */
      readonly length: number;
      readonly setup: Uint8Array;
      readonly data: Uint8Array;
    }
  | { readonly kind: 'unlink'; readonly seqnum: number; readonly unlinked: number }
  /** No host sends such a thing; nothing that comes after it is read. */
  | { readonly kind: 'nonsense' };

/** How a device is described when it is listed or imported. */
export interface UsbIpDevice {
  readonly busId: string;
  /** 2 full speed, 3 high speed. */
  readonly speed: number;
  readonly vendorId: number;
  readonly productId: number;
  readonly deviceClass: number;
  readonly interfaces: readonly {
    readonly class: number;
    readonly subclass: number;
    readonly protocol: number;
  }[];
}

/** Cuts the stream of a connection into requests: first the listing or the import, then transfers. */
export class UsbIpRequestReader {
  #held: Buffer = Buffer.alloc(0);
  #imported = false;
  #over = false;

  push(bytes: Uint8Array): UsbIpRequest[] {
    if (this.#over) return [];
    this.#held = Buffer.concat([this.#held, bytes]);
    const found: UsbIpRequest[] = [];
    for (;;) {
      const request = this.#imported ? this.#takeTransfer() : this.#takeOperation();
      if (!request) return found;
      if (request.kind === 'import') this.#imported = true;
      found.push(request);
      if (request.kind !== 'nonsense') continue;
      this.#over = true;
      this.#held = Buffer.alloc(0);
      return found;
    }
  }

  #takeOperation(): UsbIpRequest | undefined {
    if (this.#held.length < 8) return undefined;
    if (this.#held.readUInt16BE(2) === OP_REQ_DEVLIST) {
      this.#held = this.#held.subarray(8);
      return { kind: 'list' };
    }
    if (this.#held.length < 8 + BUS_ID_BYTES) return undefined;
    const busId = this.#held.toString('latin1', 8, 8 + BUS_ID_BYTES).replace(/\0.*$/s, '');
    this.#held = this.#held.subarray(8 + BUS_ID_BYTES);
    return { kind: 'import', busId };
  }

  #takeTransfer(): UsbIpRequest | undefined {
    if (this.#held.length < URB_HEADER_BYTES) return undefined;
    const seqnum = this.#held.readUInt32BE(4);
    if (this.#held.readUInt32BE(0) === CMD_UNLINK) {
      const unlinked = this.#held.readUInt32BE(20);
      this.#held = this.#held.subarray(URB_HEADER_BYTES);
      return { kind: 'unlink', seqnum, unlinked };
    }
    const direction = this.#held.readUInt32BE(12) === 1 ? 'in' : 'out';
    const length = this.#held.readUInt32BE(24);
    if (direction === 'out' && length > LONGEST_TRANSFER_BYTES) return { kind: 'nonsense' };
    const total = URB_HEADER_BYTES + (direction === 'out' ? length : 0);
    if (this.#held.length < total) return undefined;
    const request: UsbIpRequest = {
      kind: 'submit',
      seqnum,
      endpoint: this.#held.readUInt32BE(16),
      direction,
      length,
      setup: Uint8Array.from(this.#held.subarray(40, URB_HEADER_BYTES)),
      data: Uint8Array.from(this.#held.subarray(URB_HEADER_BYTES, total)),
    };
    this.#held = this.#held.subarray(total);
    return request;
  }
}

/** OP_REP_DEVLIST. */
export function listReply(devices: readonly UsbIpDevice[]): Uint8Array {
  const count = Buffer.alloc(4);
  count.writeUInt32BE(devices.length);
  const listed = devices.map((device) =>
    Buffer.concat([
      deviceBlock(device),
      ...device.interfaces.map((one) => Buffer.from([one.class, one.subclass, one.protocol, 0])),
    ]),
  );
  return Buffer.concat([operationHeader(OP_REP_DEVLIST, 0), count, ...listed]);
}

/** OP_REP_IMPORT; without a device: there is no such one. */
export function importReply(device: UsbIpDevice | undefined): Uint8Array {
  if (device === undefined) return operationHeader(OP_REP_IMPORT, 1);
  return Buffer.concat([operationHeader(OP_REP_IMPORT, 0), deviceBlock(device)]);
}

/** OP_REQ_IMPORT, as the one who attaches sends it. */
export function importRequest(busId: string): Uint8Array {
  const name = Buffer.alloc(BUS_ID_BYTES);
  name.write(busId, 'latin1');
  return Buffer.concat([operationHeader(OP_REQ_IMPORT, 0), name]);
}

/** Bytes of a successful `importReply`. */
export const IMPORT_REPLY_BYTES = 8 + 312;

function operationHeader(code: number, status: number): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(VERSION, 0);
  header.writeUInt16BE(code, 2);
  header.writeUInt32BE(status, 4);
  return header;
}

function deviceBlock(device: UsbIpDevice): Buffer {
  const block = Buffer.alloc(312);
  block.write(`/simulated/${device.busId}`, 0, 'latin1');
  block.write(device.busId, 256, 'latin1');
  block.writeUInt32BE(1, 288);
  block.writeUInt32BE(2, 292);
  block.writeUInt32BE(device.speed, 296);
  block.writeUInt16BE(device.vendorId, 300);
  block.writeUInt16BE(device.productId, 302);
  block.writeUInt16BE(0x0100, 304);
  block.set([device.deviceClass, 0, 0, 1, 1, device.interfaces.length], 306);
  return block;
}

/** Linux errno values that a URB ends with. */
export const URB_STATUS = { done: 0, stall: -32, unlinked: -104 } as const;

/** USBIP_RET_SUBMIT; `data` of an IN transfer, `length` taken of an OUT transfer. */
export function submitReply(
  seqnum: number,
  status: number,
  transferred: { readonly data: Uint8Array } | { readonly length: number },
): Uint8Array {
  const header = Buffer.alloc(URB_HEADER_BYTES);
  header.writeUInt32BE(RET_SUBMIT, 0);
  header.writeUInt32BE(seqnum, 4);
  header.writeInt32BE(status, 20);
  header.writeUInt32BE('data' in transferred ? transferred.data.length : transferred.length, 24);
  return 'data' in transferred ? Buffer.concat([header, transferred.data]) : header;
}

/** USBIP_RET_UNLINK. With status 0 vhci_hcd believes that the URB was answered before, and waits for ever. */
export function unlinkReply(seqnum: number, status: number): Uint8Array {
  const header = Buffer.alloc(URB_HEADER_BYTES);
  header.writeUInt32BE(RET_UNLINK, 0);
  header.writeUInt32BE(seqnum, 4);
  header.writeInt32BE(status, 20);
  return header;
}
