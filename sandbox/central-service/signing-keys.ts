import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { Role } from '../../src/central-api/routes.ts';
import { err, ok } from '../../src/platform/result.ts';
import type { Result } from '../../src/platform/result.ts';

/** A key that may call, and as what. */
export interface SigningKey {
  readonly keyId: string;
  readonly role: Role;
  /** Ed25519. */
  readonly publicKey: KeyObject;
}

const keysFile = z.array(
  z.strictObject({
    keyId: z.string().min(1).max(128),
    role: z.enum(['device', 'portal', 'verifier', 'operator']),
    publicKeyPem: z.string(),
  }),
);

/** Reads the text of a keys file, `[{keyId, role, publicKeyPem}]`; the error is a sentence for a technician. */
export function readSigningKeys(text: string): Result<ReadonlyMap<string, SigningKey>, string> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return err('the keys file is not JSON');
  }
  const parsed = keysFile.safeParse(json);
  if (!parsed.success) return err(`the keys file: ${z.prettifyError(parsed.error)}`);
  const keys = new Map<string, SigningKey>();
  for (const { keyId, role, publicKeyPem } of parsed.data) {
    const publicKey = readPublicKey(publicKeyPem);
    if (!publicKey) return err(`the public key of ${keyId} is not an Ed25519 key in PEM`);
    if (keys.has(keyId)) return err(`the key id ${keyId} is there twice`);
    keys.set(keyId, { keyId, role, publicKey });
  }
  return ok(keys);
}

function readPublicKey(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}
