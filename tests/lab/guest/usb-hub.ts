/**
 * The hub of the lab's virtual machine: attaches simulated USB devices to the kernel (vhci_hcd), each to another port than the
 * time before, so that nothing can hold on to a port's number. Runs as root; the kiosk's user never talks to it.
 *
 *   node usb-hub.ts SOCKET
 */
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { IMPORT_REPLY_BYTES, importRequest } from '../../../drivers/simulators/usb/usbip-wire.ts';

const CONTROLLER = '/sys/devices/platform/vhci_hcd.0';
/** VDEV_ST_NULL: nothing is attached. */
const FREE = '004';
const FULL_SPEED = 2;
const DEVICE_ID = (1 << 16) | 2;
const LIMIT_MS = 5_000;

let lastPort = -1;

function freePort(): number {
  const ports = readFileSync(`${CONTROLLER}/status`, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([hub, , state]) => hub === 'hs' && state === FREE)
    .map(([, port]) => Number(port));
  const next = ports.find((port) => port > lastPort) ?? ports[0];
  if (next === undefined) throw new Error('every port of the hub is taken');
  lastPort = next;
  return next;
}

/** The kernel takes the connection over; what this process holds of it is given back. */
async function attach(path: string): Promise<void> {
  const socket = connect(path);
  await imported(socket);
  socket.pause();
  const { fd } = (socket as unknown as { _handle: { fd: number } })._handle;
  writeFileSync(`${CONTROLLER}/attach`, `${freePort()} ${fd} ${DEVICE_ID} ${FULL_SPEED}`);
  socket.destroy();
}

function imported(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    let received = 0;
    socket.setTimeout(LIMIT_MS, () => socket.destroy(new Error('the device does not answer')));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the device does not let itself be imported')));
    socket.on('data', (bytes: Buffer) => {
      received += bytes.length;
      if (received < IMPORT_REPLY_BYTES) return;
      socket.setTimeout(0);
      resolve();
    });
    socket.write(importRequest('1-1'));
  });
}

const [socketPath = ''] = process.argv.slice(2);
rmSync(socketPath, { force: true });
createServer((request, response) => {
  let path = '';
  request.on('data', (bytes: Buffer) => {
    path += bytes.toString();
  });
  request.on('end', () => {
    attach(path).then(
      () => response.end(),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
}).listen(socketPath, () => {
  chmodSync(socketPath, 0o600);
  process.stdout.write('{"ready":true}\n');
});
