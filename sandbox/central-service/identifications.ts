import { SUBJECT_TOKEN_SECONDS, SUISHEN_CODE_SECONDS } from '../../src/central-api/schemas.ts';
import type { CurrentCode, IdentificationRequest } from '../../src/central-api/schemas.ts';
import { ok } from '../../src/platform/result.ts';
import type { Result } from '../../src/platform/result.ts';
import { daysBetween, instant, shanghaiDate } from './calendar.ts';
import type { Centre, Handlers } from './call.ts';
import { looksLikePaperCode, makeSuishenCode, readCodeText } from './code-texts.ts';
import type { CentreDatabase } from './database.ts';
import { maskIdNumber, maskName } from './masking.ts';
import { activeOperation } from './operation-rows.ts';
import type { ReservedRow } from './operation-rows.ts';
import { refuse } from './refusal.ts';
import type { Refusal } from './refusal.ts';
import { reachedDailyLimit } from './reservations.ts';
import { findPerson, ineligibilities, secretHash, subjectOf } from './subjects.ts';
import type { Subject } from './subjects.ts';
import { isOverdue } from './unconfirmed.ts';

/** `POST /v1/identifications` */
export const identify: Handlers['identify'] = ({ db, random }, call) => {
  const found =
    call.body.method === 'id-card' ? byCard(db, call.body) : byCode(db, call.body.code, call.nowMs);
  if (!found.ok) return found;
  const subject = found.value;
  const today = shanghaiDate(call.nowMs);

  const identificationId = random.uuid();
  const subjectToken = Buffer.from(random.bytes(32)).toString('base64url');
  const expiresAt = call.nowMs + SUBJECT_TOKEN_SECONDS * 1000;
  db.prepare('DELETE FROM identifications WHERE expires_at <= ?').run(call.nowMs);
  db.prepare(
    `INSERT INTO identifications (identification_id, token_hash, device_id, id_number, card_valid_to, expires_at)
     VALUES (?, ?, ?, ?, ?, ?)`,
  ).run(
    identificationId,
    secretHash(subjectToken),
    call.keyId,
    subject.idNumber,
    subject.cardValidTo ?? null,
    expiresAt,
  );

  const reasons = ineligibilities(subject, today);
  if (reachedDailyLimit(db, subject.idNumber, call.nowMs)) reasons.push('daily-limit');
  return ok({
    identificationId,
    subjectToken,
    subjectTokenExpiresAt: instant(expiresAt),
    person: {
      maskedName: maskName(subject.name),
      maskedIdNumber: maskIdNumber(subject.idNumber),
      ...(subject.hasPhoto && { photoRef: identificationId }),
    },
    eligibility: { eligible: reasons.length === 0, reasons },
    currentCode: currentCodeOf(db, subject.idNumber, call.nowMs),
  });
};

function byCard(
  db: CentreDatabase,
  proof: Extract<IdentificationRequest, { method: 'id-card' }>,
): Result<Subject, Refusal> {
  const person = findPerson(db, proof.idNumber);
  if (!person || person.name !== proof.name.trim().normalize('NFC')) return refuse('unknown-person');
  return ok({ ...person, cardValidTo: proof.validTo === 'long-term' ? undefined : proof.validTo });
}

function byCode(db: CentreDatabase, text: string, nowMs: number): Result<Subject, Refusal> {
  if (looksLikePaperCode(text)) return refuse('paper-code-not-accepted');
  const read = readCodeText(text);
  const row =
    read.kind === 'suishen-code'
      ? db
          .prepare<[Buffer], { id_number: string; expires_at: number; used: number }>(
            'SELECT * FROM suishen_codes WHERE code_hash = ?',
          )
          .get(secretHash(read.code))
      : undefined;
  if (read.kind !== 'suishen-code' || !row) return refuse('suishen-code-foreign');
  if (row.used === 1) return refuse('suishen-code-used');
  if (row.expires_at <= nowMs) return refuse('suishen-code-expired');
  const person = findPerson(db, row.id_number);
  if (!person) return refuse('unknown-person');
  db.prepare('UPDATE suishen_codes SET used = 1 WHERE code_hash = ?').run(secretHash(read.code));
  return ok(person);
}

/** What the person holds: an active code, else the one that ended last, unless it never was valid. */
function currentCodeOf(db: CentreDatabase, idNumber: string, nowMs: number): CurrentCode {
  const today = shanghaiDate(nowMs);
  const active = activeOperation(db, idNumber);
  if (active) {
    return {
      status: active.delivery === 'unconfirmed' || isOverdue(active, nowMs) ? 'unconfirmed' : 'active',
      issuedOn: active.issued_on,
      validUntil: active.valid_until,
      daysLeft: daysBetween(today, active.valid_until) + 1,
    };
  }
  const last = db
    .prepare<[string], ReservedRow & { state: 'expired' | 'revoked' }>(
      `SELECT * FROM operations WHERE id_number = ? AND state IN ('expired', 'revoked') AND activated_at IS NOT NULL
       ORDER BY activated_at DESC, rowid DESC LIMIT 1`,
    )
    .get(idNumber);
  if (!last) return { status: 'none' };
  return { status: last.state, issuedOn: last.issued_on, validUntil: last.valid_until, daysLeft: 0 };
}

/** `GET /v1/identifications/{identificationId}/photo` */
export const getPhoto: Handlers['getPhoto'] = (centre, call) => {
  const subject = subjectOf(centre.db, call, call.params.identificationId);
  if (!subject) return refuse('subject-token-invalid');
  const portrait = subject.hasPhoto ? portraitOf(centre, subject.idNumber) : undefined;
  return portrait ? ok(portrait) : refuse('not-found');
};

function portraitOf({ db, drawPortrait }: Centre, idNumber: string): Uint8Array | undefined {
  const row = db
    .prepare<[string], { citizen_id: string; portrait: Buffer | null }>(
      'SELECT citizen_id, portrait FROM persons WHERE id_number = ?',
    )
    .get(idNumber);
  if (!row || row.portrait) return row?.portrait ?? undefined;
  const drawn = drawPortrait(row.citizen_id);
  if (drawn) db.prepare('UPDATE persons SET portrait = ? WHERE id_number = ?').run(drawn, idNumber);
  return drawn;
}

/** `POST /v1/identifications/{identificationId}/full-name` */
export const getFullName: Handlers['getFullName'] = ({ db }, call) => {
  const subject = subjectOf(db, call, call.params.identificationId);
  return subject ? ok({ fullName: subject.name }) : refuse('subject-token-invalid');
};

/** `POST /v1/suishen-codes` */
export const makeLivingCode: Handlers['makeSuishenCode'] = ({ db, random }, call) => {
  const person = findPerson(db, call.body.idNumber);
  if (!person) return refuse('unknown-person');
  const code = makeSuishenCode(random);
  const expiresAt = call.nowMs + SUISHEN_CODE_SECONDS * 1000;
  db.prepare('INSERT INTO suishen_codes (code_hash, id_number, expires_at) VALUES (?, ?, ?)').run(
    secretHash(code),
    person.idNumber,
    expiresAt,
  );
  return ok({ code, expiresAt: instant(expiresAt) });
};
