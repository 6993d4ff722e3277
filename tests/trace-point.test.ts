import { describe, expect, test } from 'vitest';
import { plainBytes } from '../drivers/trace/masked-bytes.ts';
import type { TraceBlanker } from '../drivers/trace/trace-blanker.ts';
import { formatTraceEvent, type TraceEvent } from '../drivers/trace/trace-lines.ts';
import { createTracePoint } from '../drivers/trace/trace-point.ts';
import type { ByteLink, ByteTransport } from '../drivers/transport/byte-link.ts';
import { linkFaults } from '../drivers/transport/link-faults.ts';
import type { ConnectionEnd } from '../src/devices/contract.ts';
import { ok } from '../src/platform/result.ts';
import { createManualClock } from './fixtures/manual-clock.ts';

/** A line in the test's hand. */
function line() {
  const end = Promise.withResolvers<ConnectionEnd>();
  let listener: (bytes: Uint8Array) => void = () => undefined;
  const written: string[] = [];
  const link: ByteLink = {
    write: (bytes) => {
      written.push(Buffer.from(bytes).toString('hex'));
      return Promise.resolve(ok(undefined));
    },
    onData: (next) => {
      listener = next;
      return () => undefined;
    },
    ended: end.promise,
    close: () => Promise.resolve(),
    identity: { model: 'X' },
    dataSetReady: () => Promise.resolve(true),
  };
  const transport: ByteTransport = { description: 'line', open: () => Promise.resolve(ok(link)) };
  return {
    transport,
    written,
    says: (...bytes: number[]) => {
      listener(Uint8Array.from(bytes));
    },
    ends: (why: ConnectionEnd) => {
      end.resolve(why);
    },
  };
}

/** Holds back everything until it is flushed, and writes down how it was made. */
function holding(made: boolean[]) {
  return (midway: boolean): TraceBlanker => {
    made.push(midway);
    let held: number[] = [];
    return {
      out: plainBytes,
      in: (bytes) => {
        held.push(...bytes);
        return new Uint8Array();
      },
      flush: () => {
        const all = Uint8Array.from(held, () => 0);
        held = [];
        return all;
      },
    };
  };
}
const plain = (): TraceBlanker => ({
  out: plainBytes,
  in: (bytes) => Uint8Array.from(bytes),
  flush: () => new Uint8Array(),
});

async function opened(createBlanker: (midway: boolean) => TraceBlanker) {
  const clock = createManualClock();
  const point = createTracePoint(clock, createBlanker);
  const cable = line();
  const open = async () => {
    const link = await point.bytes(cable.transport).open(new AbortController().signal);
    if (!link.ok) throw new Error(link.error.code);
    return link.value;
  };
  const heard: TraceEvent[] = [];
  const listen = () => point.listen((event) => heard.push(event));
  return { clock, point, cable, open, listen, heard, lines: () => heard.map(formatTraceEvent) };
}

describe('a trace point', () => {
  test('tells what goes over the line and when, until nobody listens any more', async () => {
    const { clock, cable, open, listen, lines } = await opened(plain);
    await clock.advance(5_000);
    const stop = listen();
    await clock.advance(10);
    const link = await open();
    link.onData((bytes) => bytes.fill(0));
    await clock.advance(5);
    await link.write(Uint8Array.of(0x10, 0x04, 0x01));
    await clock.advance(3);
    cable.says(0x16);
    cable.ends({ kind: 'lost', fault: linkFaults.lost });
    await clock.settle();
    stop();
    cable.says(0x12);
    expect(lines()).toEqual([
      '{"t":10,"e":"open"}',
      '{"t":15,"e":"out","hex":"100401"}',
      // Told before the driver overwrote it.
      '{"t":18,"e":"in","hex":"16"}',
      '{"t":18,"e":"end","why":"link.lost"}',
    ]);
    expect(cable.written).toEqual(['100401']);
  });

  test('that nobody listens to blanks nothing, and hands on what the link can do', async () => {
    const made: boolean[] = [];
    const { cable, open } = await opened(holding(made));
    const link = await open();
    const got: number[] = [];
    link.onData((bytes) => got.push(...bytes));
    await link.write(Uint8Array.of(1));
    cable.says(2, 3);
    expect([made, got, cable.written]).toEqual([[], [2, 3], ['01']]);
    expect([link.identity, await link.dataSetReady?.()]).toEqual([{ model: 'X' }, true]);
  });

  test('tells a blanker whether it comes in the middle of something, and begins anew with each line', async () => {
    const made: boolean[] = [];
    const { open, listen } = await opened(holding(made));
    await open();
    const stop = listen();
    await open();
    stop();
    expect(made).toEqual([true, false]);
  });

  test('lets out what was held back before the next command, at the end, and when nobody listens any more', async () => {
    const { clock, cable, open, listen, lines } = await opened(holding([]));
    const stop = listen();
    const link = await open();
    link.onData(() => undefined);
    cable.says(7, 7);
    await link.write(Uint8Array.of(1));
    cable.says(7);
    stop();
    cable.says(7);
    await clock.settle();
    expect(lines()).toEqual([
      '{"t":0,"e":"open"}',
      '{"t":0,"e":"in","hex":"0000"}',
      '{"t":0,"e":"out","hex":"01"}',
      '{"t":0,"e":"in","hex":"00"}',
    ]);
  });

  test('tells each who listens, from when they do', async () => {
    const { point, clock, cable, open } = await opened(plain);
    const link = await open();
    link.onData(() => undefined);
    const first: number[] = [];
    const second: number[] = [];
    point.listen(({ atMs }) => first.push(atMs));
    await clock.advance(100);
    point.listen(({ atMs }) => second.push(atMs));
    cable.says(1);
    expect([first, second]).toEqual([[100], [0]]);
  });
});
