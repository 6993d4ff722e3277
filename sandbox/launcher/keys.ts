import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Who signs in the sandbox: one key for each role of the contract. */
const SANDBOX_KEYS = [
  { keyId: 'kiosk-sandbox-1', role: 'device' },
  { keyId: 'kiosk-sandbox-2', role: 'device' },
  { keyId: 'portal-sandbox', role: 'portal' },
  { keyId: 'verifier-sandbox', role: 'verifier' },
  { keyId: 'operator-sandbox', role: 'operator' },
] as const;

/** Where the private key (PKCS#8 PEM, Ed25519) of a sandbox key lies. */
export function privateKeyFile(directory: string, keyId: string): string {
  return path.join(directory, `${keyId}.pem`);
}

/**
 * Makes the sandbox's keys once and writes what the central service is told of them: id, role and public half.
 * Returns the path of that file.
 */
export function makeSandboxKeys(directory: string): string {
  const keysFile = path.join(directory, 'keys.json');
  if (existsSync(keysFile)) return keysFile;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const known = SANDBOX_KEYS.map(({ keyId, role }) => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(privateKeyFile(directory, keyId), privateKey.export({ type: 'pkcs8', format: 'pem' }), {
      mode: 0o600,
    });
    return { keyId, role, publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }) };
  });
  writeFileSync(keysFile, JSON.stringify(known, null, 2));
  return keysFile;
}
