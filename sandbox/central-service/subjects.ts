import { createHash } from 'node:crypto';
import type { Ineligibility } from '../../src/central-api/schemas.ts';
import { hasAge } from './calendar.ts';
import type { CentreDatabase } from './database.ts';

const LEAST_AGE_YEARS = 60;

/** What the rules need of a row of `persons`. */
interface PersonRow {
  readonly id_number: string;
  readonly name: string;
  readonly birth_date: string;
  readonly has_photo: number;
}

/** A person, and what their card said of itself when they signed in with one. */
export interface Subject {
  readonly idNumber: string;
  readonly name: string;
  /** `YYYY-MM-DD` */
  readonly birthDate: string;
  readonly hasPhoto: boolean;
  /** Last day of the card, `YYYY-MM-DD`; undefined: for good, or no card was used. */
  readonly cardValidTo: string | undefined;
}

/** SHA-256 of a bearer secret: the database holds no secret that opens anything. */
export function secretHash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** The person of this number. */
export function findPerson(db: CentreDatabase, idNumber: string): Subject | undefined {
  const row = db
    .prepare<[string], PersonRow>(
      'SELECT id_number, name, birth_date, has_photo FROM persons WHERE id_number = ?',
    )
    .get(idNumber);
  return (
    row && {
      idNumber: row.id_number,
      name: row.name,
      birthDate: row.birth_date,
      hasPhoto: row.has_photo === 1,
      cardValidTo: undefined,
    }
  );
}

/** Whom the call's subject token speaks of: known, not over, and given to this very device. */
export function subjectOf(
  db: CentreDatabase,
  call: { readonly keyId: string; readonly nowMs: number; readonly subjectToken: string | undefined },
  identificationId?: string,
): Subject | undefined {
  if (call.subjectToken === undefined) return undefined;
  const row = db
    .prepare<
      [Buffer],
      {
        identification_id: string;
        device_id: string;
        id_number: string;
        card_valid_to: string | null;
        expires_at: number;
      }
    >('SELECT * FROM identifications WHERE token_hash = ?')
    .get(secretHash(call.subjectToken));
  if (row?.device_id !== call.keyId || row.expires_at <= call.nowMs) return undefined;
  if (identificationId !== undefined && row.identification_id !== identificationId) return undefined;
  const person = findPerson(db, row.id_number);
  return person && { ...person, cardValidTo: row.card_valid_to ?? undefined };
}

/** Why this person may not have a code, apart from the daily limit. */
export function ineligibilities(subject: Subject, today: string): Ineligibility[] {
  const reasons: Ineligibility[] = [];
  if (!hasAge(subject.birthDate, LEAST_AGE_YEARS, today)) reasons.push('under-age');
  if (!subject.hasPhoto) reasons.push('no-photo');
  if (subject.cardValidTo !== undefined && subject.cardValidTo < today) reasons.push('card-expired');
  return reasons;
}
