import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { request } from 'node:http';
import { oneMoveAtATime, type Plug, type StreamListener } from '../plug.ts';
import { serialState, type StreamDevice } from './kinds.ts';
import { answerControl, setupOf } from './usb-device.ts';
import { UsbStream, type Route } from './usb-stream.ts';
import {
  importReply,
  listReply,
  submitReply,
  UsbIpRequestReader,
  URB_STATUS,
  type UsbIpDevice,
  type UsbIpRequest,
} from './usbip-wire.ts';

/** Where a simulated USB device is plugged in. */
export interface UsbSocket {
  /** Unix socket on which the device speaks USB/IP. */
  readonly path: string;
  /** Unix socket of the hub that attaches it to the kernel (`tests/lab/guest/device-hub.ts`); absent: whoever comes attaches it. */
  readonly hub?: string;
}

/** A plug whose device can say that it takes no data (CDC: DSR). */
export interface UsbPlug extends Plug {
  tellDataSetReady(ready: boolean): void;
}

const BUS_ID = '1-1';
const FULL_SPEED = 2;

/** A USB device that a kernel attaches by USB/IP; pulled out by cutting the connection, as a cable does. */
export async function usbPlug(
  where: UsbSocket,
  device: StreamDevice,
  route: (() => Route) | undefined,
  onStream: StreamListener,
): Promise<UsbPlug> {
  let current: { readonly socket: Socket; readonly stream: UsbStream } | undefined;
  let dataSetReady = true;
  const described = describe(device);
  const server = createServer((socket) => {
    const reader = new UsbIpRequestReader();
    const reply = (bytes: Uint8Array) => {
      if (!socket.destroyed) socket.write(bytes);
    };
    let stream: UsbStream | undefined;
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      stream?.destroy();
      if (current?.socket === socket) current = undefined;
    });
    socket.on('data', (bytes: Buffer) => {
      for (const asked of reader.push(bytes)) {
        if (asked.kind === 'list') socket.end(listReply([described]));
        else if (asked.kind === 'nonsense') socket.destroy();
        else if (asked.kind !== 'import') serve(device, stream, asked, reply);
        else if (asked.busId !== BUS_ID || current !== undefined) socket.end(importReply(undefined));
        else {
          stream = new UsbStream(device.endpoints, route?.() ?? straight(device), reply);
          current = { socket, stream };
          reply(importReply(described));
          if (device.endpoints.notification !== undefined) stream.tell(serialState(dataSetReady));
          onStream(stream);
        }
      }
    });
  });
  const pullOut = async () => {
    current?.socket.destroy();
    current = undefined;
    if (server.listening) await new Promise<void>((resolve) => server.close(() => resolve()));
    rmSync(where.path, { force: true });
  };
  const plugIn = async () => {
    if (!server.listening) await listen(server, where.path);
    if (where.hub !== undefined && current === undefined) await attach(where.hub, where.path);
  };
  await plugIn();
  return oneMoveAtATime({
    address: where.path,
    pluggedIn: () => current !== undefined,
    stream: () => current?.stream,
    plugIn,
    pullOut,
    tellDataSetReady(ready) {
      dataSetReady = ready;
      current?.stream.tell(serialState(ready));
    },
  });
}

function serve(
  device: StreamDevice,
  stream: UsbStream | undefined,
  asked: Extract<UsbIpRequest, { kind: 'submit' | 'unlink' }>,
  reply: (bytes: Uint8Array) => void,
): void {
  if (asked.kind === 'unlink') {
    stream?.unlink(asked.seqnum, asked.unlinked);
    return;
  }
  if (asked.endpoint !== 0) {
    if (stream?.submit(asked) !== true)
      reply(submitReply(asked.seqnum, URB_STATUS.stall, { data: new Uint8Array(0) }));
    return;
  }
  const answer = answerControl(device.kind, setupOf(asked.setup), asked.data);
  if (answer === 'stall') reply(submitReply(asked.seqnum, URB_STATUS.stall, { data: new Uint8Array(0) }));
  else if (answer === 'done') reply(submitReply(asked.seqnum, URB_STATUS.done, { length: asked.length }));
  else reply(submitReply(asked.seqnum, URB_STATUS.done, { data: answer }));
}

function describe({ kind }: StreamDevice): UsbIpDevice {
  return {
    busId: BUS_ID,
    speed: FULL_SPEED,
    vendorId: kind.vendorId,
    productId: kind.productId,
    deviceClass: kind.deviceClass,
    interfaces: kind.interfaces,
  };
}

/** Everything leaves by the only IN endpoint. */
function straight({ endpoints }: StreamDevice): Route {
  return {
    next: (waiting) => ({ endpoint: endpoints.in[0] ?? 0x81, length: waiting.length }),
    sent: () => undefined,
  };
}

function listen(server: Server, path: string): Promise<void> {
  rmSync(path, { force: true });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Has the hub of this machine attach the device. */
function attach(hub: string, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath: hub, path: '/attach', method: 'POST' }, (answer) => {
      answer.resume();
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve();
        else reject(new Error(`the hub refused the device: ${answer.statusCode}`));
      });
    });
    call.on('error', reject);
    call.end(path);
  });
}
