import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sleep, systemClock } from '../src/platform/clock.ts';
import { FaultProxy } from './faults/fault-proxy.ts';

/** A TLS record of this type with `length` bytes of content. */
function record(type: number, length: number): Buffer {
  return Buffer.concat([Buffer.from([type, 3, 3, length >> 8, length & 0xff]), Buffer.alloc(length, type)]);
}
const HANDSHAKE = 22;
const DATA = 23;

/** One end of a connection, with everything it has seen. */
class End {
  received = Buffer.alloc(0);
  fate: 'open' | 'ended' | 'reset' = 'open';
  readonly socket: Socket;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (piece) => (this.received = Buffer.concat([this.received, piece])));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET') this.fate = 'reset';
    });
    socket.on('end', () => (this.fate = 'ended'));
  }
}

const centre = createServer((socket) => {
  socket.on('error', () => {
    // Looked at where somebody waits for it.
  });
});
let proxy: FaultProxy;
let kiosk: End;
let far: End;

const soon = () => sleep(systemClock, 60);

async function connected(): Promise<void> {
  const came = once(centre, 'connection');
  kiosk = new End(connect(proxy.port, '127.0.0.1'));
  const [socket] = (await came) as [Socket];
  far = new End(socket);
}

beforeEach(async () => {
  await once(centre.listen(0, '127.0.0.1'), 'listening');
  proxy = await FaultProxy.open({ host: '127.0.0.1', port: (centre.address() as AddressInfo).port });
  await connected();
});
afterEach(async () => {
  await proxy.close();
  kiosk.socket.destroy();
  far.socket.destroy();
  centre.close();
});

test('in good weather everything comes through, and so does the end', async () => {
  kiosk.socket.write('ask');
  far.socket.write('answer');
  await soon();
  expect([far.received.toString(), kiosk.received.toString()]).toEqual(['ask', 'answer']);
  kiosk.socket.end();
  await soon();
  expect([far.fate, kiosk.fate]).toEqual(['ended', 'ended']);
});

test('delay keeps the order; a slow way is as slow as it says', async () => {
  proxy.weather = { delayMs: 100 };
  kiosk.socket.write('one');
  await soon();
  kiosk.socket.write('two');
  expect(far.received.length).toBe(0);
  await sleep(systemClock, 250);
  expect(far.received.toString()).toBe('onetwo');

  proxy.weather = { bytesPerSecond: 50 };
  far.socket.write('x'.repeat(100));
  await sleep(systemClock, 400);
  const { length } = kiosk.received;
  expect(length).toBeGreaterThan(2);
  expect(length).toBeLessThanOrEqual(21);
  proxy.heal();
  await soon();
  expect(kiosk.received.length).toBe(100);
});

test('out of a black hole everything comes late, also of somebody who has gone', async () => {
  proxy.weather = { hole: true };
  kiosk.socket.end('late');
  await soon();
  const second = new End(connect(proxy.port, '127.0.0.1'));
  await once(second.socket, 'connect');
  expect([far.received.length, far.fate, second.fate]).toEqual([0, 'open', 'open']);
  proxy.heal();
  await soon();
  expect([far.received.toString(), far.fate]).toEqual(['late', 'ended']);
  second.socket.destroy();
});

test('connections are refused, reset, cut', async () => {
  proxy.weather = { refuse: true };
  const refused = new End(connect(proxy.port, '127.0.0.1'));
  await soon();
  expect([refused.fate, kiosk.fate, proxy.connections]).toEqual(['reset', 'open', 2]);
  proxy.heal();
  proxy.end('reset');
  await soon();
  expect([kiosk.fate, far.fate]).toEqual(['reset', 'reset']);
  await connected();
  proxy.end('cut');
  await soon();
  expect([kiosk.fate, far.fate]).toEqual(['ended', 'ended']);
});

test('half-open: the kiosk is told nothing, and what it sends is lost', async () => {
  proxy.end('half-open');
  await soon();
  kiosk.socket.write('into nothing');
  await soon();
  expect([kiosk.fate, far.fate, far.received.length]).toEqual(['open', 'reset', 0]);
});

test.each([
  ['up', 0, 3],
  ['up', 1, 20],
  ['down', 0, 0],
  ['down', 2, 14],
] as const)(
  'a trap %s springs in the right record, at the right byte (%d, %d)',
  async (direction, records, bytes) => {
    const [from, to] = direction === 'up' ? [kiosk, far] : [far, kiosk];
    from.socket.write(record(DATA, 40));
    await soon();
    proxy.trap = { direction, records, bytes, ending: 'cut' };
    to.socket.write(record(DATA, 40));
    // In one piece and in pieces that fit no record.
    const stream = Buffer.concat([
      record(HANDSHAKE, 9),
      record(DATA, 30),
      record(DATA, 30),
      record(DATA, 30),
    ]);
    from.socket.write(stream.subarray(0, 7));
    await soon();
    from.socket.write(stream.subarray(7));
    await expect.poll(() => [to.fate, proxy.trap], { timeout: 2_000 }).toEqual(['ended', undefined]);
    expect(to.received.length).toBe(45 + 14 + records * 35 + bytes);
  },
);
