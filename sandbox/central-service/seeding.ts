import { VALID_DAYS } from '../../src/central-api/schemas.ts';
import type { Delivery, OperationState } from '../../src/central-api/schemas.ts';
import type { Citizen, SeedCode } from '../citizens/citizen.ts';
import { citizens } from '../citizens/citizens.ts';
import { portraitPng } from '../citizens/portrait.ts';
import { addDays, shanghaiDate, shanghaiMidnightMs } from './calendar.ts';
import type { Centre } from './call.ts';
import { makeShortCode, makeToken } from './code-texts.ts';

/** What seeded codes name as the kiosk that made them. */
const SEED_DEVICE = 'seeded-terminal';

const TEN_O_CLOCK_MS = 10 * 3_600_000;

interface SeedOperation {
  readonly state: OperationState;
  readonly issuedOn: string;
  readonly activatedAtMs: number;
  readonly delivery: Delivery;
}

/**
 * Puts the invented citizens and the codes they hold into the database. Who is there already is left alone, so that a
 * restart changes nothing; whose birthday hangs on today joins anew on another day.
 */
export function seedCitizens(centre: Centre, nowMs: number): void {
  const { db } = centre;
  const known = db.prepare('SELECT 1 FROM persons WHERE id_number = ?');
  const insert = db.prepare(
    'INSERT INTO persons (id_number, citizen_id, name, birth_date, has_photo, colour) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const today = shanghaiDate(nowMs);
  db.transaction(() => {
    for (const [index, citizen] of citizens(today).entries()) {
      if (known.get(citizen.idNumber) !== undefined) continue;
      insert.run(
        citizen.idNumber,
        citizen.id,
        citizen.name.normalize('NFC'),
        isoDate(citizen.birthDate),
        Number(citizen.hasPhoto),
        colourOf(index),
      );
      for (const operation of seedOperations(citizen, nowMs)) insertOperation(centre, citizen, operation);
    }
  })();
}

/** Draws portraits of the invented citizens by their id. */
export function drawPortrait(citizenId: string, nowMs: number): Uint8Array | undefined {
  const citizen = citizens(shanghaiDate(nowMs)).find(({ id }) => id === citizenId);
  return citizen && portraitPng(citizen);
}

/** Most are green; every seventh is yellow and every eleventh red, so that a verifier sees each. */
function colourOf(index: number): 'green' | 'yellow' | 'red' {
  if (index % 11 === 10) return 'red';
  return index % 7 === 6 ? 'yellow' : 'green';
}

function seedOperations(citizen: Citizen, nowMs: number): SeedOperation[] {
  const today = shanghaiDate(nowMs);
  const count = citizen.activatedToday ?? 0;
  const ofToday = Array.from({ length: count }, (_, index): SeedOperation => ({
    // Each one replaced the one before; the last is what the person holds.
    state: index === count - 1 && !citizen.seedCode ? 'active' : 'superseded',
    issuedOn: today,
    activatedAtMs: Math.max(shanghaiMidnightMs(today), nowMs - (count - index) * 1000),
    delivery: 'taken',
  }));
  return citizen.seedCode ? [...ofToday, seedOperation(citizen.seedCode, nowMs)] : ofToday;
}

function seedOperation(seed: SeedCode, nowMs: number): SeedOperation {
  const issuedOn = addDays(shanghaiDate(nowMs), -seed.issuedDaysAgo);
  return {
    state: seed.status === 'unconfirmed' ? 'active' : seed.status,
    issuedOn,
    activatedAtMs: Math.min(nowMs, shanghaiMidnightMs(issuedOn) + TEN_O_CLOCK_MS),
    delivery: seed.status === 'unconfirmed' ? 'unconfirmed' : 'taken',
  };
}

function insertOperation({ db, random }: Centre, citizen: Citizen, operation: SeedOperation): void {
  db.prepare('UPDATE persons SET epoch = epoch + 1 WHERE id_number = ?').run(citizen.idNumber);
  db.prepare(
    `INSERT INTO operations (operation_id, device_id, state, id_number, kind, token, short_code, issued_on, valid_until,
       base_epoch, lease_expires_at, activated_at, epoch, evidence_grade, delivery)
     SELECT ?, ?, ?, id_number, 'apply', ?, ?, ?, ?, epoch - 1, ?, ?, epoch, 'E2', ? FROM persons WHERE id_number = ?`,
  ).run(
    random.uuid(),
    SEED_DEVICE,
    operation.state,
    makeToken(random),
    makeShortCode(random),
    operation.issuedOn,
    addDays(operation.issuedOn, VALID_DAYS - 1),
    operation.activatedAtMs,
    operation.activatedAtMs,
    operation.delivery,
    citizen.idNumber,
  );
}

function isoDate(compact: string): string {
  return `${compact.slice(0, 4)}-${compact.slice(4, 6)}-${compact.slice(6)}`;
}
