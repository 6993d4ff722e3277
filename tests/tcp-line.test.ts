import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { tcpTransport } from '../drivers/transport/tcp-transport.ts';
import { systemClock } from '../src/platform/clock.ts';
import type { Clock } from '../src/platform/clock.ts';

const never = new AbortController().signal;
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(): Promise<{ port: number; accepted: Promise<Socket>; server: Server }> {
  const server = createServer();
  servers.push(server);
  const accepted = new Promise<Socket>((resolve) => {
    server.once('connection', (socket) => {
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, accepted, server };
}

async function openPair(atEnd: 'deliver' | 'discard' = 'deliver') {
  const { port, accepted } = await listen();
  const outcome = await tcpTransport({ host: '127.0.0.1', port, clock: systemClock, atEnd }).open(never);
  if (!outcome.ok) throw new Error(outcome.error.code);
  return { link: outcome.value, device: await accepted };
}

test('bytes cross a TCP line in order in both directions', async () => {
  const { link, device } = await openPair();
  const toDevice: number[] = [];
  const toHost: number[] = [];
  device.on('data', (bytes: Buffer) => toDevice.push(...bytes));
  link.onData((bytes) => toHost.push(...bytes));
  await Promise.all([
    link.write(Uint8Array.of(1, 2)),
    link.write(Uint8Array.of(3)),
    link.write(Uint8Array.of(4, 5)),
  ]);
  device.write(Uint8Array.of(9, 8, 7));
  await expect.poll(() => toDevice).toEqual([1, 2, 3, 4, 5]);
  await expect.poll(() => toHost).toEqual([9, 8, 7]);
  await link.close();
});

test('a port where nobody listens is reported as refused', async () => {
  const { port, server } = await listen();
  await new Promise((resolve) => server.close(resolve));
  const outcome = await tcpTransport({ host: '127.0.0.1', port, clock: systemClock }).open(never);
  expect(outcome).toMatchObject({ ok: false, error: { code: 'link.refused' } });
});

test('a connection that does not open in time is given up', async () => {
  const { port } = await listen();
  const impatient: Clock = {
    ...systemClock,
    schedule: (_delayMs, task) => {
      queueMicrotask(task);
      return () => undefined;
    },
  };
  const outcome = await tcpTransport({ host: '127.0.0.1', port, clock: impatient }).open(never);
  expect(outcome).toMatchObject({ ok: false, error: { code: 'link.timed-out' } });
});

test('an aborted connection attempt returns at once', async () => {
  const { port } = await listen();
  const abort = new AbortController();
  const opening = tcpTransport({ host: '127.0.0.1', port, clock: systemClock }).open(abort.signal);
  abort.abort();
  expect(await opening).toMatchObject({ ok: false, error: { code: 'link.closed' } });
});

test('a device that hangs up ends the line as lost', async () => {
  const { link, device } = await openPair();
  device.end();
  expect(await link.ended).toMatchObject({ kind: 'lost', fault: { code: 'link.lost' } });
  expect(await link.write(Uint8Array.of(1))).toMatchObject({ ok: false, error: { code: 'link.lost' } });
});

test('a write that the device never takes ends with a fault when the device resets the line', async () => {
  const { link, device } = await openPair();
  device.pause();
  const writing = link.write(new Uint8Array(32_000_000));
  const early = await Promise.race([
    writing,
    new Promise((resolve) => setTimeout(resolve, 200, 'still waiting')),
  ]);
  expect(early).toBe('still waiting');
  device.resetAndDestroy();
  expect(await writing).toMatchObject({ ok: false, error: { code: 'link.lost' } });
});

test('a write that the device never takes ends with a fault when the line is closed', async () => {
  const { link, device } = await openPair();
  device.pause();
  const writing = link.write(new Uint8Array(32_000_000));
  await new Promise((resolve) => setTimeout(resolve, 50));
  await Promise.all([link.close(), link.close()]);
  expect(await writing).toMatchObject({ ok: false, error: { code: 'link.closed' } });
  expect(await link.ended).toEqual({ kind: 'closed' });
});

test('bytes handed over before a close still arrive', async () => {
  const { link, device } = await openPair();
  const atDevice: number[] = [];
  device.on('data', (bytes: Buffer) => atDevice.push(...bytes));
  await link.write(Uint8Array.of(1, 2, 3));
  await link.close();
  await expect.poll(() => atDevice).toEqual([1, 2, 3]);
});

test.each(['we', 'the device'])(
  'a line that discards keeps back what the device has not taken when %s hang up',
  async (who) => {
    const { link, device } = await openPair('discard');
    const reset = new Promise((resolve) => {
      device.once('error', resolve);
    });
    device.pause();
    // More than all buffers on the way hold, and handed over piece by piece: what is in the kernel counts as sent.
    const writing = link.write(new Uint8Array(32_000_000));
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (who === 'we') await link.close();
    else device.end();
    await link.ended;
    let arrived = 0;
    device.on('data', (bytes: Buffer) => {
      arrived += bytes.length;
    });
    device.resume();
    expect(await reset).toMatchObject({ code: 'ECONNRESET' });
    expect(arrived).toBeLessThan(16_000_000);
    expect((await writing).ok).toBe(false);
  },
);
