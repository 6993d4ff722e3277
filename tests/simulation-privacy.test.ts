import { afterEach, expect, it, vi } from 'vitest';
import type { JournalPort, JournalRow } from '../src/issuance/ports.ts';
import { Disk } from './simulation/disk.ts';
import { DEFAULT_RATES } from './simulation/faults.ts';
import { World } from './simulation/world.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Masked names, tokens and short codes as the simulated centre makes them. */
const PERSONAL = /测|OC1[A-Z0-9]|B{6}/;
const WORD = /^[A-Za-z][\w-]{0,30}$/;
/** P14: ids, words, numbers and the keyed hash; an id of the simulation has its kiosk's name in it. */
const COLUMNS: Readonly<Record<keyof JournalRow, RegExp>> = {
  opId: /^[0-9a-z]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  kind: WORD,
  state: WORD,
  baseEpoch: /^\d{1,9}$/,
  tokenHash: /^[0-9a-f]{64}$/,
  processId: /^[0-9A-Za-z]{4}$/,
  evidence: /^E[0-3]$/,
  reason: WORD,
  delivery: WORD,
  paperDebt: WORD,
  centreSettled: /^(?:true|false)$/,
};

it('simulated kiosks write nothing personal into journal and event log, whatever happens to them', async () => {
  const written: (readonly [keyof JournalRow, string])[] = [];
  const note = (row: Partial<JournalRow> | undefined) => {
    for (const [column, value] of Object.entries(row ?? {}))
      if (value !== null && value !== undefined) written.push([column as keyof JournalRow, String(value)]);
  };
  const real = Object.getOwnPropertyDescriptor(Disk.prototype, 'journal')?.value as (
    this: Disk,
    ...given: Parameters<Disk['journal']>
  ) => JournalPort;
  vi.spyOn(Disk.prototype, 'journal').mockImplementation(function watched(this: Disk, ...given) {
    const port = real.apply(this, given);
    return {
      ...port,
      insert: (row) => {
        note(row);
        port.insert(row);
      },
      move: (opId, from, to, patch) => {
        note(patch);
        port.move(opId, from, to, patch);
      },
    };
  });
  const lines: string[] = [];
  let sessions = 0;
  for (let seed = 1; sessions < 200; seed += 1) {
    const world = new World({ seed, rates: DEFAULT_RATES, onLine: (line) => lines.push(line) });
    sessions += (await world.run()).sessions;
  }
  expect(lines.length).toBeGreaterThan(1_000);
  expect(lines.filter((line) => PERSONAL.test(line))).toEqual([]);
  expect(new Set(written.map(([column]) => column))).toEqual(new Set(Object.keys(COLUMNS)));
  const odd = written.filter(([column, value]) => !COLUMNS[column].test(value) || PERSONAL.test(value));
  expect(odd).toEqual([]);
}, 60_000);
