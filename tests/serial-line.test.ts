import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { ByteLink } from '../drivers/transport/byte-link.ts';
import { serialTransport } from '../drivers/transport/serial-transport.ts';
import { systemClock } from '../src/platform/clock.ts';
import { openSocatPty } from './fixtures/socat-pty.ts';
import type { SocatPty } from './fixtures/socat-pty.ts';

const never = new AbortController().signal;
const open: SocatPty[] = [];
const links: ByteLink[] = [];

afterEach(async () => {
  for (const link of links.splice(0)) await link.close();
  for (const pty of open.splice(0)) await pty.unplug();
});

async function pty(path?: string): Promise<SocatPty> {
  const made = await openSocatPty(path);
  open.push(made);
  return made;
}

async function openLink(path: string): Promise<ByteLink> {
  const outcome = await serialTransport({ path, baudRate: 115_200, clock: systemClock }).open(never);
  if (!outcome.ok) throw new Error(outcome.error.code);
  links.push(outcome.value);
  return outcome.value;
}

const allBytes = Uint8Array.from({ length: 256 }, (_, index) => index);

function received(
  subscribe: (listener: (bytes: Uint8Array) => void) => unknown,
  count: number,
): Promise<Buffer> {
  return new Promise((resolve) => {
    let all = Buffer.alloc(0);
    subscribe((bytes) => {
      all = Buffer.concat([all, bytes]);
      if (all.length >= count) resolve(all);
    });
  });
}

test('all 256 byte values cross a serial line unchanged in both directions', async () => {
  const line = await pty();
  const link = await openLink(line.path);
  const atDevice = received((listener) => line.device.on('data', listener), 256);
  const atHost = received((listener) => link.onData(listener), 256);
  expect(await link.write(allBytes)).toEqual({ ok: true, value: undefined });
  line.device.write(allBytes);
  expect(new Uint8Array(await atDevice)).toEqual(allBytes);
  expect(new Uint8Array(await atHost)).toEqual(allBytes);
});

test('writes that are not awaited one by one keep their order', async () => {
  const line = await pty();
  const link = await openLink(line.path);
  const atDevice = received((listener) => line.device.on('data', listener), 300);
  const outcomes = await Promise.all(
    Array.from({ length: 300 }, (_, index) => link.write(Uint8Array.of(index & 0xff))),
  );
  expect(outcomes.every((outcome) => outcome.ok)).toBe(true);
  expect([...(await atDevice)]).toEqual(Array.from({ length: 300 }, (_, index) => index & 0xff));
});

test('a port that is not there is reported as missing', async () => {
  const outcome = await serialTransport({
    path: '/dev/no-such-port',
    baudRate: 9600,
    clock: systemClock,
  }).open(never);
  expect(outcome).toMatchObject({ ok: false, error: { code: 'link.port-missing' } });
});

test('a port that another program holds is reported as busy, and opens once it is free', async () => {
  const line = await pty();
  const first = await openLink(line.path);
  const transport = serialTransport({ path: line.path, baudRate: 9600, clock: systemClock });
  expect(await transport.open(never)).toMatchObject({ ok: false, error: { code: 'link.port-busy' } });
  await first.close();
  await openLink(line.path);
});

test('a path that leads to an ordinary file is reported as unusable', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'file-')), 'tty');
  writeFileSync(path, 'x');
  const outcome = await serialTransport({ path, baudRate: 9600, clock: systemClock }).open(never);
  expect(outcome).toMatchObject({ ok: false, error: { code: 'link.port-unusable' } });
});

test('an aborted opening returns a fault and leaves the port free', async () => {
  const line = await pty();
  const abort = new AbortController();
  const opening = serialTransport({ path: line.path, baudRate: 9600, clock: systemClock }).open(abort.signal);
  abort.abort();
  expect(await opening).toMatchObject({ ok: false, error: { code: 'link.closed' } });
  await expect
    .poll(
      async () =>
        (await serialTransport({ path: line.path, baudRate: 9600, clock: systemClock }).open(never)).ok,
    )
    .toBe(true);
});

test('pulling the cable of a silent line ends it as lost', async () => {
  const line = await pty();
  const link = await openLink(line.path);
  await line.unplug();
  expect(await link.ended).toMatchObject({ kind: 'lost', fault: { code: 'link.lost' } });
});

test('a write that the device never takes ends with a fault when the cable is pulled', async () => {
  const line = await pty();
  const link = await openLink(line.path);
  line.device.pause();
  const writing = link.write(new Uint8Array(8_000_000));
  const early = await Promise.race([
    writing,
    new Promise((resolve) => setTimeout(resolve, 300, 'still waiting')),
  ]);
  expect(early).toBe('still waiting');
  await line.unplug();
  expect(await writing).toMatchObject({ ok: false, error: { code: 'link.lost' } });
  expect(await link.ended).toMatchObject({ kind: 'lost' });
});

test('a write that the device never takes ends with a fault when the line is closed', async () => {
  const line = await pty();
  const link = await openLink(line.path);
  line.device.pause();
  const writing = link.write(new Uint8Array(8_000_000));
  await new Promise((resolve) => setTimeout(resolve, 100));
  await link.close();
  expect(await writing).toMatchObject({ ok: false, error: { code: 'link.closed' } });
  expect(await link.ended).toEqual({ kind: 'closed' });
});

test('what the device says is heard while it takes no more bytes', async () => {
  const line = await pty();
  const link = await openLink(line.path);
  line.device.pause();
  void link.write(new Uint8Array(8_000_000));
  // Long enough for every buffer on the way to fill up.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  for (let report = 0; report < 3; report += 1) {
    const heard = received((listener) => link.onData(listener), 1);
    line.device.write(Uint8Array.of(report));
    expect([...(await heard)].at(-1)).toBe(report);
  }
  await link.close();
});

test('a write after the end is refused, and closing twice waits for the same end', async () => {
  const line = await pty();
  const link = await openLink(line.path);
  await Promise.all([link.close(), link.close()]);
  expect(await link.write(allBytes)).toMatchObject({ ok: false });
});

test('a device that is unplugged and plugged in again can be opened again, fifty times in a row', async () => {
  let line = await pty();
  for (let round = 0; round < 50; round += 1) {
    const link = await openLink(line.path);
    const atDevice = received((listener) => line.device.on('data', listener), 256);
    await link.write(allBytes);
    await atDevice;
    await line.unplug();
    expect(await link.ended).toMatchObject({ kind: 'lost' });
    line = await pty(line.path);
  }
});
