import { VERIFICATION_TEXTS } from '../../src/central-api/schemas.ts';
import type { OperationState, Verification } from '../../src/central-api/schemas.ts';
import { ok } from '../../src/platform/result.ts';
import { instant, shanghaiDateTime } from './calendar.ts';
import type { Handlers } from './call.ts';
import { looksTyped, readCodeText } from './code-texts.ts';
import type { CentreDatabase } from './database.ts';
import { recordDelivery } from './delivery.ts';
import { maskIdNumber, maskName } from './masking.ts';
import type { ReservedRow } from './operation-rows.ts';
import { refuse } from './refusal.ts';

const STATUS_OF = {
  pending: 'not-activated',
  active: 'valid',
  suspended: 'replaced',
  superseded: 'replaced',
  void: 'void',
  revoked: 'revoked',
  expired: 'expired',
} as const satisfies Record<OperationState, Verification['status']>;

const ATTEMPTS_PER_WINDOW = 10;
const WINDOW_MS = 60_000;

type KnownCode = ReservedRow & { readonly name: string; readonly colour: 'green' | 'yellow' | 'red' };

/** `POST /v1/verifications`: the code is looked at online; who looks is written over the page. */
export const verify: Handlers['verify'] = ({ db }, call) => {
  if (looksTyped(call.body.code)) {
    const waitMs = countAttempt(db, call.keyId, call.nowMs);
    if (waitMs > 0) return refuse('rate-limited', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
  }
  const row = findCode(db, call.body.code);
  if (!row) return refuse('unknown-code');
  // A code that somebody scans is on paper: no stronger proof of delivery exists.
  if (row.state === 'active') recordDelivery(db, row, 'scanned');
  const status = STATUS_OF[row.state];
  return ok({
    status,
    statusText: VERIFICATION_TEXTS[status],
    ...(status === 'valid' && { colour: row.colour }),
    maskedName: maskName(row.name),
    maskedIdNumber: maskIdNumber(row.id_number),
    issuedOn: row.issued_on,
    validUntil: row.valid_until,
    watermark: {
      verifierId: call.keyId,
      verifiedAt: instant(call.nowMs),
      text: `${call.keyId} ${shanghaiDateTime(call.nowMs)}`,
    },
  });
};

function findCode(db: CentreDatabase, text: string): KnownCode | undefined {
  const read = readCodeText(text);
  const select = 'SELECT o.*, p.name, p.colour FROM operations o JOIN persons p USING (id_number) WHERE';
  if (read.kind === 'token') {
    return db.prepare<[string], KnownCode>(`${select} o.token = ?`).get(read.token);
  }
  if (read.kind === 'short-code') {
    return db.prepare<[string], KnownCode>(`${select} o.short_code = ?`).get(read.shortCode);
  }
  return undefined;
}

/** Typed codes can be guessed: ten tries in a minute for each key. Returns how long to wait, 0: go on. */
function countAttempt(db: CentreDatabase, keyId: string, nowMs: number): number {
  db.prepare('DELETE FROM short_code_attempts WHERE at_ms <= ? OR at_ms > ?').run(nowMs - WINDOW_MS, nowMs);
  const recent = db
    .prepare<[string], { n: number; oldest: number | null }>(
      'SELECT count(*) AS n, min(at_ms) AS oldest FROM short_code_attempts WHERE key_id = ?',
    )
    .get(keyId);
  if (recent && recent.n >= ATTEMPTS_PER_WINDOW)
    return Math.max(1, (recent.oldest ?? nowMs) + WINDOW_MS - nowMs);
  db.prepare('INSERT INTO short_code_attempts (key_id, at_ms) VALUES (?, ?)').run(keyId, nowMs);
  return 0;
}
