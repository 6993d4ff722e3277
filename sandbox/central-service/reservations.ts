import { DAILY_LIMIT, LEASE_SECONDS, VALID_DAYS } from '../../src/central-api/schemas.ts';
import type { OperationKind, Reservation } from '../../src/central-api/schemas.ts';
import { ok } from '../../src/platform/result.ts';
import type { Result } from '../../src/platform/result.ts';
import { addDays, instant, shanghaiDate, shanghaiMidnightMs } from './calendar.ts';
import type { Call, Centre, Handlers } from './call.ts';
import { makeShortCode, makeToken } from './code-texts.ts';
import type { CentreDatabase } from './database.ts';
import { maskName } from './masking.ts';
import {
  activeOperation,
  countActivatedSince,
  epochOf,
  findOperation,
  isReserved,
} from './operation-rows.ts';
import type { OperationRow, ReservedRow } from './operation-rows.ts';
import { ineligibilities, subjectOf } from './subjects.ts';
import type { Subject } from './subjects.ts';
import { refuse } from './refusal.ts';
import type { Refusal } from './refusal.ts';

/** `PUT /v1/operations/{operationId}`: a code that is not valid yet. */
export const reserve: Handlers['reserve'] = (centre, call) => {
  const existing = findOperation(centre.db, call.params.operationId);
  if (existing && existing.device_id !== call.keyId) return refuse('body-mismatch');
  if (existing?.state === 'void' || existing?.state === 'revoked') {
    return refuse('operation-void', { state: existing.state });
  }
  const subject = subjectOf(centre.db, call);
  if (!subject) return refuse('subject-token-invalid');
  if (existing) return repeated(existing, subject, call.body.kind);

  const refusal = whyNot(centre.db, subject, call);
  if (refusal) return refusal;
  return ok(reservationOf(insert(centre, call, subject), subject));
};

function repeated(
  existing: OperationRow,
  subject: Subject,
  kind: OperationKind,
): Result<Reservation, Refusal> {
  if (!isReserved(existing) || existing.id_number !== subject.idNumber || existing.kind !== kind) {
    return refuse('body-mismatch');
  }
  if (existing.state !== 'pending') return refuse('operation-not-pending', { state: existing.state });
  return ok(reservationOf(existing, subject));
}

function whyNot(db: CentreDatabase, subject: Subject, call: Call<'reserve'>) {
  const reasons = ineligibilities(subject, shanghaiDate(call.nowMs));
  if (reasons.length > 0) return refuse('not-eligible', { reasons });
  if (reachedDailyLimit(db, subject.idNumber, call.nowMs)) return refuse('daily-limit');
  const active = activeOperation(db, subject.idNumber);
  if (call.body.kind === 'apply' && active) {
    return refuse('already-active', { validUntil: active.valid_until });
  }
  if (call.body.kind === 'reissue' && !active) return refuse('nothing-to-reissue');
  return undefined;
}

/** Three activated codes in one Shanghai day are enough; void ones never count. */
export function reachedDailyLimit(db: CentreDatabase, idNumber: string, nowMs: number): boolean {
  return countActivatedSince(db, idNumber, shanghaiMidnightMs(shanghaiDate(nowMs))) >= DAILY_LIMIT;
}

function insert({ db, random }: Centre, call: Call<'reserve'>, subject: Subject): ReservedRow {
  const issuedOn = shanghaiDate(call.nowMs);
  const row: ReservedRow = {
    operation_id: call.params.operationId,
    device_id: call.keyId,
    state: 'pending',
    id_number: subject.idNumber,
    kind: call.body.kind,
    token: makeToken(random),
    short_code: makeShortCode(random),
    issued_on: issuedOn,
    // The day of issue is the first of them.
    valid_until: addDays(issuedOn, VALID_DAYS - 1),
    base_epoch: epochOf(db, subject.idNumber),
    lease_expires_at: call.nowMs + LEASE_SECONDS * 1000,
    activated_at: null,
    epoch: null,
    suspended_by: null,
    delivery: null,
    restored: 0,
  };
  db.prepare(
    `INSERT INTO operations (operation_id, device_id, state, id_number, kind, token, short_code, issued_on, valid_until,
       base_epoch, lease_expires_at)
     VALUES (@operation_id, @device_id, @state, @id_number, @kind, @token, @short_code, @issued_on, @valid_until,
       @base_epoch, @lease_expires_at)`,
  ).run(row);
  return row;
}

function reservationOf(row: ReservedRow, subject: Subject): Reservation {
  return {
    operationId: row.operation_id,
    kind: row.kind,
    token: row.token,
    shortCode: row.short_code,
    maskedName: maskName(subject.name),
    issuedOn: row.issued_on,
    validUntil: row.valid_until,
    baseEpoch: row.base_epoch,
    leaseSeconds: LEASE_SECONDS,
    leaseExpiresAt: instant(row.lease_expires_at),
  };
}
