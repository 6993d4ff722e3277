/**
 * The root of the lab's virtual machine: runs the simulated devices, attaches those on USB to the kernel (vhci_hcd), each to
 * another port than the time before, so that nothing can hold on to a port's number, and starts the suites as the kiosk's user.
 * What the suites print goes to the host.
 *
 *   node device-hub.mjs SUITES.mjs …        LAB_PROGRAMS: where they and the simulators lie
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { IMPORT_REPLY_BYTES, importRequest } from '../../../drivers/simulators/usb/usbip-wire.ts';
import type { CableName, DriverName } from '../../device-conformance/bench.ts';

const CONTROLLER = '/sys/devices/platform/vhci_hcd.0';
/** VDEV_ST_NULL: nothing is attached. */
const FREE = '004';
const FULL_SPEED = 2;
const DEVICE_ID = (1 << 16) | 2;
const LIMIT_MS = 10_000;
/** User and group suishen-kiosk (start.sh). */
const KIOSK = { uid: 6060, gid: 6060 };
const HUB_SOCKET = '/run/lab/hub.sock';
const OUT = '/run/lab-out';
const PROGRAMS = process.env['LAB_PROGRAMS'] ?? '';

interface Wanted {
  readonly driver: DriverName;
  readonly cable: CableName;
  readonly number: number;
  readonly flags: readonly string[];
}

let lastPort = -1;
let turn: Promise<unknown> = Promise.resolve();

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
async function attach(device: string): Promise<void> {
  const socket = connect(device);
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
    socket.on('close', () => {
      reject(new Error('the device does not let itself be imported'));
    });
    socket.on('data', (bytes: Buffer) => {
      received += bytes.length;
      if (received < IMPORT_REPLY_BYTES) return;
      socket.setTimeout(0);
      resolve();
    });
    socket.write(importRequest('1-1'));
  });
}

/** Starts a simulator; it lives until the connection that asked for it is closed, or `DELETE`. */
async function startDevice({ driver, cable, number, flags }: Wanted) {
  const name = `${driver}-${cable}-${number}`;
  const where = cable === 'hid' ? [] : ['--usb', `/run/lab/${name}.sock`, '--hub', HUB_SOCKET];
  const program = path.join(PROGRAMS, `${driver}.mjs`);
  const child = spawn(process.execPath, [program, ...where, '--control', '0', ...flags], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  running.set(name, child);
  for await (const line of createInterface({ input: child.stdout })) {
    return { name, ...(JSON.parse(line) as { device: string; control: string }) };
  }
  throw new Error(`${name} ended before it was ready`);
}

const running = new Map<string, ReturnType<typeof spawn>>();

async function stopDevice(name: string): Promise<void> {
  const child = running.get(name);
  if (child === undefined) return;
  running.delete(name);
  const exited = once(child, 'exit');
  child.stdin?.end();
  await exited;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const body = await text(request);
    const { pathname } = new URL(request.url ?? '/', 'http://hub');
    if (pathname === '/attach') {
      // One after the other: a port must be taken before the next free one is looked for.
      const mine = turn.then(() => attach(body));
      turn = mine.catch(() => undefined);
      await mine;
      response.end();
    } else if (request.method === 'DELETE') {
      await stopDevice(pathname.slice(1));
      response.end();
    } else response.end(JSON.stringify(await startDevice(JSON.parse(body) as Wanted)));
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
}

createServer((request, response) => void answer(request, response)).listen(HUB_SOCKET);
const devices = createServer((request, response) => void answer(request, response));
devices.listen(0, '127.0.0.1');
await once(devices, 'listening');
const address = devices.address();
const port = typeof address === 'object' && address !== null ? address.port : 0;

let failed = false;
for (const suite of process.argv.slice(2)) {
  const child = spawn(process.execPath, [path.join(PROGRAMS, suite)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...KIOSK,
    env: { ...process.env, HOME: '/tmp', LAB_DEVICES: `http://127.0.0.1:${port}` },
  });
  const results = createWriteStream(path.join(OUT, 'results.jsonl'), { flags: 'a' });
  child.stdout.pipe(results);
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) failed = true;
}
process.exit(failed ? 1 : 0);
