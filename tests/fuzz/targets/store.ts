import Sqlite from 'better-sqlite3';
import { keptFindings } from '../../../src/agent/kept-findings.ts';
import { createDeviceFindings } from '../../../src/store/device-findings.ts';
import { migrate } from '../../../src/store/migrations.ts';
import { createVault, SEALED_COLUMNS } from '../../../src/store/vault.ts';
import type { SealedColumn } from '../../../src/store/vault.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { whole } from '../fuzz-target.ts';
import { FINDINGS } from './printer-answers.ts';
import { ascii, textOf } from './wire-bytes.ts';

const database = new Sqlite(':memory:');
migrate(database);
const kept = keptFindings(createDeviceFindings(database, systemClock));
const insert = database.prepare('INSERT OR REPLACE INTO device_findings VALUES (?, ?, ?, 0)');
const KINDS = ['idCardReader', 'receiptPrinter'] as const;
const UNIT = 'EPSON / TM-T88VI / 1 / 2';

/** By what the drivers say that they keep. */
const GOOD = {
  idCardReader: { seesCardThatWasRead: true, probedAtMs: 1_790_000_000_000 },
  receiptPrinter: FINDINGS,
};

/** What was found out about a unit, as it lies in the database; a form for each kind of device. */
export const storedFindings = whole<object | string | undefined>({
  name: 'stored-findings',
  maxBytes: 500,
  forms: KINDS.length,
  decode(input, form) {
    const kind = KINDS[form] ?? 'receiptPrinter';
    try {
      insert.run(kind, UNIT, Buffer.from(input).toString('utf8'));
    } catch {
      return 'the database does not take it';
    }
    return kept[kind].get(UNIT);
  },
  check(_input, found, form) {
    if (typeof found !== 'object') return undefined;
    const proof = form === 0 ? { ...GOOD.idCardReader, ...found }.seesCardThatWasRead : undefined;
    return proof === undefined || typeof proof === 'boolean' ? undefined : 'a proof that is no answer';
  },
  bucket: (found) => (typeof found === 'string' ? 'refused' : String(found === undefined)),
  grammar(chance, form) {
    const good = GOOD[KINDS[form] ?? 'receiptPrinter'];
    const key = chance.pick(Object.keys(good));
    const changed = chance.once(3) ? good : { ...good, [key]: chance.pick([null, 2, 'x', [], {}]) };
    return ascii(JSON.stringify(changed) + textOf(chance, chance.below(3), ' \u{0}}'));
  },
  tokens: ['\\ud800', '"__proto__":{}', '1e999', '\u{0}', '[[[['].map(ascii),
});

const SECRET = 'invented secret';

/** Every column holds the same, sealed once under a key that is always the same. */
function sealedOnce(): ReadonlyMap<SealedColumn, Uint8Array> {
  const columns = new Map<SealedColumn, Uint8Array>();
  const vault = vaultOver(columns);
  for (const column of SEALED_COLUMNS) vault.put(column, Buffer.from(SECRET));
  return columns;
}

function vaultOver(columns: Map<SealedColumn, Uint8Array>) {
  let count = 0;
  const random = {
    bytes: (length: number) => new Uint8Array(length).fill((count += 1)),
    uuid: () => '',
    fraction: () => 0,
  };
  const places = {
    write: (column: SealedColumn, sealed: Uint8Array | null) =>
      void (sealed === null ? columns.delete(column) : columns.set(column, sealed)),
    read: (column: SealedColumn) => columns.get(column) ?? null,
    wipe: () => columns.clear(),
  };
  return createVault('0d7cb3a0-0000-4000-8000-000000000001', places, random);
}

const SEALED = sealedOnce();

/** Sealed columns that were changed behind our back, a form for each column. */
export const sealedColumns = whole<string>({
  name: 'sealed-columns',
  maxBytes: 100,
  forms: SEALED_COLUMNS.length,
  decode(input, form) {
    const column = SEALED_COLUMNS[form] ?? 'proof';
    const opened = vaultOver(new Map([[column, input]])).get(column);
    return opened.ok ? opened.value.toString() : opened.error;
  },
  check(input, opened, form) {
    const sealed = SEALED.get(SEALED_COLUMNS[form] ?? 'proof') ?? new Uint8Array();
    const isOurs = Buffer.from(sealed).equals(input);
    if (isOurs) return opened === SECRET ? undefined : 'what was sealed does not open';
    return opened === 'damaged' ? undefined : 'what nobody sealed opens';
  },
  bucket: (opened) => opened,
  // What was sealed for one column in another.
  grammar: (chance) => Uint8Array.from(SEALED.get(chance.pick(SEALED_COLUMNS)) ?? []),
});
