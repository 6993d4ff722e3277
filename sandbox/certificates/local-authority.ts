import 'reflect-metadata';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { Clock } from '../../src/platform/clock.ts';
import type { RandomSource } from '../../src/platform/random.ts';

/** What a TLS server on this machine needs, and the file with which a client is told to trust it. */
export interface LocalServerIdentity {
  /** PEM file of the authority; goes into a client's `caFile`. */
  readonly caFile: string;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

const KEYS = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;
const SERVER_DAYS = 397;
const RENEW_BEFORE_DAYS = 30;

/**
 * Makes, once, an authority and a server certificate for `localhost`, `127.0.0.1` and `::1` under `directory`; later calls
 * find them there. A certificate in its last 30 days is replaced together with its authority, whose key is never kept: what
 * nobody stores, nobody can sign with.
 */
export async function localServerIdentity(
  directory: string,
  clock: Clock,
  random: RandomSource,
): Promise<LocalServerIdentity> {
  const caFile = path.join(directory, 'ca.pem');
  const certificateFile = path.join(directory, 'server.pem');
  const keyFile = path.join(directory, 'server-key.pem');
  if (
    ![caFile, certificateFile, keyFile].every((file) => existsSync(file)) ||
    isEnding(certificateFile, clock)
  ) {
    const made = await makeIdentity(clock.wallClockMs(), random);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(keyFile, made.privateKeyPem, { mode: 0o600 });
    writeFileSync(certificateFile, made.certificatePem);
    writeFileSync(caFile, made.caPem);
  }
  return {
    caFile,
    certificatePem: readFileSync(certificateFile, 'utf8'),
    privateKeyPem: readFileSync(keyFile, 'utf8'),
  };
}

function isEnding(certificateFile: string, clock: Clock): boolean {
  const { validTo } = new X509Certificate(readFileSync(certificateFile));
  return Date.parse(validTo) < clock.wallClockMs() + RENEW_BEFORE_DAYS * DAY_MS;
}

async function makeIdentity(nowMs: number, random: RandomSource) {
  const notBefore = new Date(nowMs - DAY_MS);
  const notAfter = new Date(nowMs + SERVER_DAYS * DAY_MS);
  const authorityKeys = await crypto.subtle.generateKey(KEYS, true, ['sign', 'verify']);
  const authority = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(random),
    name: 'CN=Sandbox authority, O=Offline code kiosk',
    notBefore,
    notAfter,
    signingAlgorithm: SIGNING,
    keys: authorityKeys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  const serverKeys = await crypto.subtle.generateKey(KEYS, true, ['sign', 'verify']);
  const server = await X509CertificateGenerator.create({
    serialNumber: serialNumber(random),
    subject: 'CN=localhost, O=Offline code kiosk',
    issuer: authority.subject,
    notBefore,
    notAfter,
    signingAlgorithm: SIGNING,
    publicKey: serverKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
      ]),
    ],
  });
  return {
    caPem: authority.toString('pem'),
    certificatePem: server.toString('pem'),
    privateKeyPem: PemConverter.encode(
      await crypto.subtle.exportKey('pkcs8', serverKeys.privateKey),
      'PRIVATE KEY',
    ),
  };
}

/** Positive, 15 random bytes, hexadecimal (RFC 5280 §4.1.2.2). */
function serialNumber(random: RandomSource): string {
  return `01${Buffer.from(random.bytes(15)).toString('hex')}`;
}
