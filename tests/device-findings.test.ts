import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keptFindings } from '../src/agent/kept-findings.ts';
import { systemRandom } from '../src/platform/random.ts';
import { openStore, type Store } from '../src/store/open-store.ts';
import { createManualClock } from './fixtures/manual-clock.ts';

let directory: string;
let store: Store;
const clock = createManualClock();

async function open(): Promise<Store> {
  const opened = await openStore({ directory, clock, random: systemRandom });
  if (!opened.ok) throw new Error(opened.error.kind);
  return opened.value;
}

beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'findings-'));
  store = await open();
});
afterEach(() => {
  store.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('what a probe found out', () => {
  test('is kept for a unit over a restart, the newest of it', async () => {
    store.deviceFindings.of('receiptPrinter').put('EPSON / TM-T88V / 1', { proofs: { processId: true } });
    store.deviceFindings.of('receiptPrinter').put('EPSON / TM-T88V / 1', { proofs: { processId: false } });
    store.close();
    store = await open();
    const kept = store.deviceFindings.of('receiptPrinter');
    expect(kept.get('EPSON / TM-T88V / 1')).toEqual({ proofs: { processId: false } });
    expect(kept.get('EPSON / TM-T88V / 2')).toBeUndefined();
    expect(store.deviceFindings.of('idCardReader').get('EPSON / TM-T88V / 1')).toBeUndefined();
  });

  test('is of fifty units at most, and those that were probed last', async () => {
    const kept = store.deviceFindings.of('receiptPrinter');
    for (let unit = 0; unit < 60; unit += 1) {
      await clock.advance(1_000);
      kept.put(`unit ${unit}`, { unit });
    }
    store.deviceFindings.of('idCardReader').put('unit 1', {});
    const known = Array.from({ length: 60 }, (_, unit) => kept.get(`unit ${unit}`) !== undefined);
    expect(known.indexOf(true)).toBe(10);
    expect(known.filter(Boolean)).toHaveLength(50);
    expect(store.deviceFindings.of('idCardReader').get('unit 1')).toEqual({});
  });

  test('of a unit with a very long name, or none, does no harm', () => {
    const kept = store.deviceFindings.of('qrScanner');
    kept.put('x'.repeat(5_000), { long: true });
    kept.put('', { nobody: true });
    expect(kept.get('x'.repeat(5_000))).toEqual({ long: true });
    expect(kept.get('')).toBeUndefined();
  });
});

describe('a driver is given', () => {
  test('what fits it, and nothing else that may lie there', () => {
    const kept = keptFindings(store.deviceFindings);
    const reader = { seesCardThatWasRead: true, probedAtMs: 12 };
    kept.idCardReader.put('SAM 1', reader);
    expect(kept.idCardReader.get('SAM 1')).toEqual(reader);
    store.deviceFindings.of('idCardReader').put('SAM 2', { seesCardThatWasRead: 'perhaps' });
    expect(kept.idCardReader.get('SAM 2')).toBeUndefined();
    store.deviceFindings.of('receiptPrinter').put('P', { version: 99 });
    expect(kept.receiptPrinter.get('P')).toBeUndefined();
  });

  test('nothing when the row was spoilt', () => {
    store.deviceFindings.of('idCardReader').put('SAM 1', { seesCardThatWasRead: true, probedAtMs: 12 });
    store.close();
    const database = new Sqlite(path.join(directory, 'kiosk.db'));
    expect(() => database.prepare("UPDATE device_findings SET findings = 'no json'").run()).toThrow(/CHECK/);
    expect(() => database.prepare("UPDATE device_findings SET device = 'kettle'").run()).toThrow(/CHECK/);
    database.close();
  });
});
