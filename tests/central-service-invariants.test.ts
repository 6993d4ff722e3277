import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fc, test } from '@fast-check/vitest';
import { afterAll, beforeAll, expect } from 'vitest';
import { DELIVERIES } from '../src/central-api/schemas.ts';
import type { RouteName } from '../src/central-api/routes.ts';
import { systemRandom } from '../src/platform/random.ts';
import type { Call, Centre } from '../sandbox/central-service/call.ts';
import { shanghaiDate } from '../sandbox/central-service/calendar.ts';
import { openCentreDatabase } from '../sandbox/central-service/database.ts';
import { executeCall } from '../sandbox/central-service/execute-call.ts';
import type { ReservedRow } from '../sandbox/central-service/operation-rows.ts';

/**
 * Random sequences of calls by two kiosks, the portal and a verifier, for two people, with time passing, every call
 * delivered once or twice, against the real rules on a real database file. Names of the invariants: P1, P6, P7, P9, P25.
 */

const PEOPLE = ['310199195304129001', '310199194811039012'] as const;
const DEVICES = ['kiosk-1', 'kiosk-2'] as const;
const OPERATIONS = Array.from({ length: 6 }, (_, index) => `00000000-0000-4000-8000-00000000000${index}`);
const MORE_THAN_A_SECOND = [1_000, 30_000, 601_000, 86_400_000, 181 * 86_400_000] as const;
const FINAL = new Set(['superseded', 'void', 'revoked', 'expired']);

const directory = mkdtempSync(path.join(tmpdir(), 'centre-rules-'));
let centre: Centre;
beforeAll(() => {
  centre = {
    db: openCentreDatabase(path.join(directory, 'centre.sqlite')),
    random: systemRandom,
    drawPortrait: () => undefined,
  };
  const insert = centre.db.prepare(
    "INSERT INTO persons (id_number, citizen_id, name, birth_date, has_photo, colour) VALUES (?, ?, '王桂兰', '1950-01-01', 1, 'green')",
  );
  for (const idNumber of PEOPLE) insert.run(idNumber, idNumber);
});
afterAll(() => {
  centre.db.close();
  rmSync(directory, { recursive: true, force: true });
});

const person = fc.constantFrom(0, 0, 0, 1);
const operation = fc.nat({ max: OPERATIONS.length - 1 });
const twice = fc.boolean();
/** Most calls come from the kiosk whose operation it is: even ones are of the first, odd ones of the second. */
const stranger = fc.constantFrom(false, false, false, false, false, false, false, true);
const own = { operation, stranger, twice };
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('reserve' as const), ...own, person }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('activate' as const), ...own }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('issue' as const), ...own, person }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('void' as const), ...own }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('confirm' as const),
      ...own,
      delivery: fc.constantFrom(...DELIVERIES),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('loss' as const), person, twice }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('scan' as const), operation, twice }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(...MORE_THAN_A_SECOND) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: unknown };

interface Snapshot {
  readonly rows: readonly ReservedRow[];
  readonly epochs: readonly number[];
}

const indexOf = (row: ReservedRow) => PEOPLE.findIndex((idNumber) => idNumber === row.id_number);
const rank = ({ delivery }: ReservedRow) => (delivery === null ? -1 : DELIVERIES.indexOf(delivery));

/** One world: the calls as this step makes them, and what must stay true of every world. */
class World {
  nowMs = Date.parse('2026-11-22T02:00:00Z');
  readonly voided = new Set<string>();
  readonly lost = new Set<string>();
  /** Codes that reached their person and were not reported lost: token → last valid day. */
  readonly held = new Map<string, { readonly idNumber: string; readonly validUntil: string }>();

  rows(): ReservedRow[] {
    return centre.db.prepare<[], ReservedRow>('SELECT * FROM operations ORDER BY rowid').all();
  }

  epochs(): number[] {
    return PEOPLE.map(
      (idNumber) =>
        centre.db
          .prepare<[string], { epoch: number }>('SELECT epoch FROM persons WHERE id_number = ?')
          .get(idNumber)?.epoch ?? -1,
    );
  }

  call<N extends RouteName>(name: N, keyId: string, parts: Partial<Call<N>>): Outcome {
    const empty = { params: undefined, query: undefined, body: undefined, subjectToken: undefined };
    return executeCall(centre, name, {
      keyId,
      role: 'device',
      nowMs: this.nowMs,
      ...empty,
      ...parts,
    } as Call<N>);
  }

  identify(idNumber: string, keyId: string): string {
    const body = {
      method: 'id-card',
      name: '王桂兰',
      idNumber,
      validFrom: '2010-01-01',
      validTo: 'long-term',
      readerId: 'r',
    };
    const outcome = this.call('identify', keyId, { body: body as Call<'identify'>['body'] });
    return outcome.ok ? (outcome.value as { subjectToken: string }).subjectToken : '';
  }

  /** A function that makes the step's call, again and again the same. */
  request(what: Exclude<Step, { do: 'wait' | 'issue' }>): () => Outcome {
    if (what.do === 'loss') {
      return () => this.call('reportLoss', 'portal', { body: { idNumber: PEOPLE[what.person] ?? '' } });
    }
    const operationId = OPERATIONS[what.operation] ?? '';
    const params = { operationId };
    if (what.do === 'scan') {
      const token = this.rows().find((row) => row.operation_id === operationId)?.token ?? 'OC1';
      return () => this.call('verify', 'verifier', { body: { code: token } });
    }
    const keyId = DEVICES[(what.operation + Number(what.stranger)) % 2] ?? '';
    switch (what.do) {
      case 'reserve': {
        const idNumber = PEOPLE[what.person] ?? '';
        const kind = this.rows().some((row) => row.id_number === idNumber && row.state === 'active')
          ? 'reissue'
          : 'apply';
        const subjectToken = this.identify(idNumber, keyId);
        return () => this.call('reserve', keyId, { params, subjectToken, body: { kind } });
      }
      case 'activate':
        return () =>
          this.call('activate', keyId, {
            params,
            body: { evidence: { grade: 'E2', bodySha256: '0'.repeat(64) } },
          });
      case 'void':
        return () => this.call('void', keyId, { params, body: { reason: 'print-uncertain' } });
      case 'confirm':
        break;
    }
    return () => this.call('confirm', keyId, { params, body: { delivery: what.delivery } });
  }

  take(what: Step): void {
    if (what.do === 'issue') {
      this.take({ ...what, do: 'reserve' });
      this.take({ ...what, do: 'activate' });
      return;
    }
    if (what.do === 'wait') {
      this.nowMs += what.ms;
      return;
    }
    const request = this.request(what);
    const before = { rows: this.rows(), epochs: this.epochs() };
    const outcome = request();
    const after = { rows: this.rows(), epochs: this.epochs() };
    if (what.twice) {
      // P9: the same request again changes nothing, and what was granted is answered the same.
      const again = request();
      expect({ rows: this.rows(), epochs: this.epochs() }).toEqual(after);
      // Only a loss report counts what it revoked, and there is nothing left the second time.
      if (what.do !== 'loss') expect(again).toEqual(outcome);
    }
    this.checkChanges(before, after);
    this.remember(what, outcome, after.rows);
  }

  /** P6, P7, and delivery that only rises. */
  checkChanges(before: Snapshot, after: Snapshot): void {
    const old = new Map(before.rows.map((row) => [row.operation_id, row]));
    for (const row of after.rows) {
      const was = old.get(row.operation_id);
      if (!was) continue;
      if (FINAL.has(was.state)) expect(row).toEqual(was); // P6
      expect(rank(row)).toBeGreaterThanOrEqual(rank(was));
      if (was.state !== 'pending' || row.state !== 'active') continue;
      // P7: an activation succeeds only on the epoch it was reserved on.
      expect(row.base_epoch).toBe(before.epochs[indexOf(row)]);
      expect(after.epochs[indexOf(row)]).toBe(row.base_epoch + 1);
    }
    const today = shanghaiDate(this.nowMs);
    for (const [index, idNumber] of PEOPLE.entries()) {
      const was = before.rows.find((row) => row.id_number === idNumber && row.state === 'active');
      const is = after.rows.find((row) => row.id_number === idNumber && row.state === 'active');
      const changed = was?.operation_id !== is?.operation_id && !(was && was.valid_until < today);
      // P7: the epoch never falls, and tells every change of the valid code but its expiry.
      expect(after.epochs[index]).toBeGreaterThanOrEqual((before.epochs[index] ?? 0) + Number(changed));
    }
  }

  remember(what: Step, outcome: Outcome, rows: ReservedRow[]): void {
    if (what.do === 'void' && outcome.ok) this.voided.add(OPERATIONS[what.operation] ?? '');
    if (what.do === 'loss') {
      const idNumber = PEOPLE[what.person] ?? '';
      for (const row of rows) if (row.id_number === idNumber) this.lost.add(row.operation_id);
      for (const [token, held] of this.held) if (held.idNumber === idNumber) this.held.delete(token);
    }
    for (const row of rows) {
      const delivered = row.delivery !== null && row.delivery !== 'unconfirmed';
      if (row.state === 'active' && delivered) {
        this.held.set(row.token, { idNumber: row.id_number, validUntil: row.valid_until });
      }
    }
  }

  check(): void {
    const rows = this.rows();
    const active = rows.filter(({ state }) => state === 'active');
    for (const idNumber of PEOPLE) {
      expect(active.filter((row) => row.id_number === idNumber).length).toBeLessThanOrEqual(1); // P1
    }
    for (const row of rows) {
      // P25: an acknowledged void holds, and what was reported lost stays lost.
      if (this.voided.has(row.operation_id))
        expect(['pending', 'active', 'suspended']).not.toContain(row.state);
      if (this.lost.has(row.operation_id))
        expect(['pending', 'active', 'suspended']).not.toContain(row.state);
    }
    // Nobody who holds a living code on paper is ever without a valid one: a failed reissue gives it back.
    for (const { idNumber, validUntil } of this.held.values()) {
      if (validUntil < shanghaiDate(this.nowMs)) continue;
      expect(active.some((row) => row.id_number === idNumber)).toBe(true);
    }
  }
}

test.prop([fc.array(step, { minLength: 10, maxLength: 60 })], { numRuns: 150 })(
  'whatever is called, in whatever order and however often, the centre keeps P1, P6, P7, P9 and P25',
  (steps) => {
    centre.db.exec('DELETE FROM operations; DELETE FROM identifications');
    const world = new World();
    for (const what of steps) {
      world.take(what);
      world.check();
    }
  },
  120_000,
);
