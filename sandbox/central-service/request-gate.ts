import { verifyRequest } from '../../src/central-api/http-signature.ts';
import type { SignableRequest, SignatureError } from '../../src/central-api/http-signature.ts';
import { SIGNATURE_SKEW_SECONDS } from '../../src/central-api/schemas.ts';
import { ok } from '../../src/platform/result.ts';
import type { Result } from '../../src/platform/result.ts';
import type { CentreDatabase } from './database.ts';
import { refuse } from './refusal.ts';
import type { Refusal } from './refusal.ts';
import type { SigningKey } from './signing-keys.ts';

/** Lets a request in when its signature holds, its time is near, and its nonce was never seen. */
export function admit(
  db: CentreDatabase,
  keys: ReadonlyMap<string, SigningKey>,
  request: SignableRequest,
  nowMs: number,
): Result<SigningKey, Refusal> {
  const verified = verifyRequest(request, {
    nowMs,
    windowSeconds: SIGNATURE_SKEW_SECONDS,
    publicKeyOf: (keyId) => keys.get(keyId)?.publicKey,
  });
  if (!verified.ok) return refuseSignature(verified.error);
  const { keyId, nonce, createdSeconds } = verified.value;
  if (!rememberNonce(db, keyId, nonce, createdSeconds, nowMs)) return refuse('replayed');
  const key = keys.get(keyId);
  return key ? ok(key) : refuse('signature-invalid');
}

function refuseSignature(error: SignatureError) {
  if (error.kind === 'outside-window') return refuse('clock-skew');
  return refuse('signature-invalid', {
    detail: 'what' in error ? `${error.kind}: ${error.what}` : error.kind,
  });
}

/** False when this nonce came before. Nonces are kept as long as their signature could be accepted, and on disk. */
function rememberNonce(
  db: CentreDatabase,
  keyId: string,
  nonce: string,
  createdSeconds: number,
  nowMs: number,
): boolean {
  return db
    .transaction(() => {
      db.prepare('DELETE FROM nonces WHERE created_seconds < ?').run(
        Math.floor(nowMs / 1000) - 2 * SIGNATURE_SKEW_SECONDS,
      );
      const { changes } = db
        .prepare('INSERT OR IGNORE INTO nonces (key_id, nonce, created_seconds) VALUES (?, ?, ?)')
        .run(keyId, nonce, createdSeconds);
      return changes === 1;
    })
    .immediate();
}
