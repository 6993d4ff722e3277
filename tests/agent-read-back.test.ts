import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LiveSession } from '../src/agent/live-session.ts';
import { createReadBack } from '../src/agent/slip-read-back.ts';
import type { QrScannerConnection, ScanEvent } from '../src/devices/contract.ts';
import { systemClock } from '../src/platform/clock.ts';
import { systemRandom } from '../src/platform/random.ts';
import { openStore, type Store } from '../src/store/open-store.ts';

const TOKEN = `OC1${'A'.repeat(26)}BCDEF`;
const directory = mkdtempSync(path.join(tmpdir(), 'read-back-'));
let store: Store;
let live: LiveSession;
let epoch = 0;

beforeEach(async () => {
  const opened = await openStore({ directory, clock: systemClock, random: systemRandom });
  if (!opened.ok) throw new Error(opened.error.kind);
  store = opened.value;
  live = new LiveSession(store.sessions);
  live.begin((epoch += 1));
  live.current()?.put('token', TOKEN);
});

afterEach(() => {
  live.end('cancelled');
  store.close();
  rmSync(directory, { recursive: true, force: true });
});

/** A scanner that sees these things one after the other, as long as it is armed. */
function scanner(...events: readonly ScanEvent[]): QrScannerConnection {
  const connection: Pick<QrScannerConnection, 'scan'> = {
    scan: (signal, onEvent) => {
      for (const event of events) if (!signal.aborted) onEvent(event);
      return Promise.resolve();
    },
  };
  return connection as QrScannerConnection;
}

const scannedText = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 80 }) },
  { weight: 1, arbitrary: fc.constantFrom(TOKEN, ` ${TOKEN}\r\n`, TOKEN.toLowerCase(), TOKEN.slice(1)) },
);

const code = (text: string): ScanEvent => ({ kind: 'code', text });

async function seen(connection: QrScannerConnection | undefined): Promise<string[]> {
  const kinds: string[] = [];
  const readBack = createReadBack({ scanner: () => connection, live });
  await readBack(new AbortController().signal, ({ kind }) => kinds.push(kind));
  return kinds;
}

test('the slip is known by its code, other codes are others, and after the right one nothing is asked any more', async () => {
  const events = [
    code('SS1ABC'),
    { kind: 'unreadable', reason: 'incomplete' } as const,
    code(`${TOKEN.slice(0, -1)}G`),
    code(`${TOKEN}\r`),
    code('later'),
  ];
  expect(await seen(scanner(...events))).toEqual(['other', 'illegible', 'other', 'matches']);
});

test('without scanner, session or code there is nothing to compare', async () => {
  expect(await seen(undefined)).toEqual(['lost']);
  expect(await seen(scanner({ kind: 'lost', fault: { code: 'link.lost', action: 'maintenance' } }))).toEqual([
    'lost',
  ]);
  live.current()?.drop('token');
  expect(await seen(scanner(code(TOKEN)))).toEqual(['lost']);
  live.end('timed-out');
  expect(await seen(scanner(code(TOKEN)))).toEqual(['lost']);
});

test("the code of a session that is over is nobody's, and the next person's is another", async () => {
  const hold = live.current();
  live.end('timed-out');
  expect(hold?.matches('token', TOKEN)).toBeUndefined();
  live.begin((epoch += 1));
  live.current()?.put('token', TOKEN.replace('A', 'B'));
  expect(hold?.matches('token', TOKEN)).toBeUndefined();
  expect(await seen(scanner(code(TOKEN)))).toEqual(['other']);
});

test('whatever is held under the scanner is compared and never thrown at', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(scannedText, { maxLength: 5 }), async (texts) => {
      const kinds = await seen(scanner(...texts.map(code)));
      const right = texts.findIndex((text) => text.trim() === TOKEN);
      const before = texts.slice(0, right === -1 ? texts.length : right).map(() => 'other');
      expect(kinds).toEqual(right === -1 ? before : [...before, 'matches']);
    }),
    { numRuns: 200 },
  );
});
