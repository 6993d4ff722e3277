import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { createCentralClient, type CentralCall, type CentralClient } from '../central-api/client.ts';
import type { KioskConfiguration } from '../configuration/configuration.ts';
import type { agentStart } from '../copy/zh-cn/agent-start.ts';
import { err, ok, type Result } from '../platform/result.ts';
import { systemClock } from '../platform/clock.ts';
import { systemRandom } from '../platform/random.ts';

/** A setting that no connection can be made with. */
export interface CentreProblem {
  readonly key: 'central.keyFile' | 'central.caFile' | 'central.keyId';
  readonly say: (text: typeof agentStart) => string;
}

/** Reads key and authority and makes the client; sends nothing yet. */
export function connectCentre(
  central: KioskConfiguration['central'],
  options: {
    /** One call, ms. */
    readonly requestMs?: number;
    readonly onServerTime: (serverMs: number) => void;
    readonly floorMs?: () => number;
    readonly onCall: (call: CentralCall) => void;
  },
): Result<{ central: CentralClient; privateKeyPem: string }, CentreProblem> {
  const { keyFile, caFile } = central;
  const privateKeyPem = textOf(keyFile);
  if (privateKeyPem === undefined)
    return err({ key: 'central.keyFile', say: (text) => text.fileUnreadable(keyFile) });
  if (!isEd25519Key(privateKeyPem))
    return err({ key: 'central.keyFile', say: (text) => text.notAKey(keyFile) });
  // The configured authority alone, else those of Node.
  const caPem = caFile === undefined ? rootCertificates.join('\n') : textOf(caFile);
  if (caPem === undefined)
    return err({ key: 'central.caFile', say: (text) => text.fileUnreadable(caFile ?? '') });
  if (!isCertificate(caPem))
    return err({ key: 'central.caFile', say: (text) => text.notACertificate(caFile ?? '') });
  try {
    return ok({
      privateKeyPem,
      central: createCentralClient({
        url: central.url,
        caPem,
        keyId: central.keyId,
        privateKeyPem,
        clock: systemClock,
        random: systemRandom,
        ...options,
      }),
    });
  } catch {
    // Address and key were looked at already: what is left to be wrong is the key's name.
    return err({ key: 'central.keyId', say: (text) => text.keyId });
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function isEd25519Key(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}
