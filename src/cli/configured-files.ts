import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { KioskConfiguration } from '../configuration/configuration.ts';
import { readMachinePictures } from '../configuration/machine-pictures.ts';
import type { KioskctlText } from '../copy/technician-text.ts';
import { systemClock } from '../platform/clock.ts';
import { shanghaiDay } from '../platform/shanghai-day.ts';

/** Something about a file that a configuration names. `bad`: the agent would not start; `watch`: it would. */
export interface FileFinding {
  readonly mark: 'bad' | 'watch';
  readonly path: readonly string[];
  readonly message: string;
}

type CheckText = KioskctlText['check'];

/** `sockaddr_un.sun_path` on Linux has 108 bytes, the last of them zero. */
const LONGEST_SOCKET_PATH_BYTES = 107;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** What is wrong with the files that a valid configuration names. No content of any file is repeated. */
export function checkConfiguredFiles(
  configuration: KioskConfiguration,
  text: CheckText,
): readonly FileFinding[] {
  const { central, bridge, machine } = configuration;
  return [
    ...(central.caFile === undefined ? [] : authorityFindings(central.caFile, text)),
    ...keyFindings(central.keyFile, text),
    ...(['idCardReader', 'qrScanner', 'receiptPrinter'] as const).flatMap((device) => {
      const line = configuration[device];
      return 'path' in line ? deviceFindings([device, 'path'], line.path, text) : [];
    }),
    ...socketFindings(bridge.socketPath, text),
    ...(machine.pictures === undefined ? [] : pictureFindings(machine.pictures, text)),
  ];
}

function authorityFindings(file: string, text: CheckText): readonly FileFinding[] {
  const path = ['central', 'caFile'];
  const pem = read(file);
  if (pem.kind !== 'text') return [{ mark: 'bad', path, message: unread(pem.kind, file, text) }];
  const certificates = (pem.text.match(CERTIFICATE) ?? []).map(certificateOf);
  if (certificates.length === 0 || certificates.includes(undefined)) {
    return [{ mark: 'bad', path, message: text.notACertificate(file) }];
  }
  const now = systemClock.wallClockMs();
  return certificates.flatMap((certificate): FileFinding[] => {
    const endsAtMs = certificate?.validToDate.getTime() ?? now;
    return endsAtMs < now
      ? [{ mark: 'bad', path, message: text.certificateExpired(shanghaiDay(endsAtMs)) }]
      : [];
  });
}

function keyFindings(file: string, text: CheckText): readonly FileFinding[] {
  const path = ['central', 'keyFile'];
  const pem = read(file);
  if (pem.kind !== 'text') return [{ mark: 'bad', path, message: unread(pem.kind, file, text) }];
  const findings: FileFinding[] = [];
  const key = pem.text.includes('-----BEGIN PRIVATE KEY-----') ? privateKeyOf(pem.text) : undefined;
  if (key === undefined) findings.push({ mark: 'bad', path, message: text.notAKey(file) });
  else if (key.asymmetricKeyType !== 'ed25519') {
    findings.push({ mark: 'bad', path, message: text.notEd25519(key.asymmetricKeyType ?? '?') });
  }
  const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0;
  if ((mode & 0o007) !== 0) {
    findings.push({ mark: 'watch', path, message: text.keyExposed((mode & 0o777).toString(8)) });
  }
  return findings;
}

/** Devices come and go; a cable that is not plugged in is no mistake of the configuration. */
function deviceFindings(path: readonly string[], file: string, text: CheckText): readonly FileFinding[] {
  const found = statOf(file);
  if (found === undefined) return [{ mark: 'watch', path, message: text.deviceMissing(file) }];
  return found.isCharacterDevice() ? [] : [{ mark: 'watch', path, message: text.notADevice(file) }];
}

/** A part whose photo cannot be shown is drawn: nothing that keeps the agent from starting. */
function pictureFindings(directory: string, text: CheckText): readonly FileFinding[] {
  const path = ['machine', 'pictures'];
  return readMachinePictures(directory).unusable.map(({ file, why }) => ({
    mark: 'watch',
    path,
    message: text.pictureUnusable(file, why),
  }));
}

function socketFindings(file: string, text: CheckText): readonly FileFinding[] {
  const bytes = Buffer.byteLength(file);
  if (bytes <= LONGEST_SOCKET_PATH_BYTES) return [];
  return [{ mark: 'bad', path: ['bridge', 'socketPath'], message: text.socketTooLong(bytes) }];
}

type Read = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'missing' | 'unreadable' };

function read(file: string): Read {
  try {
    return { kind: 'text', text: readFileSync(file, 'utf8') };
  } catch (error) {
    return { kind: (error as { code?: string }).code === 'ENOENT' ? 'missing' : 'unreadable' };
  }
}

function unread(kind: 'missing' | 'unreadable', file: string, text: CheckText): string {
  return kind === 'missing' ? text.fileMissing(file) : text.fileUnreadable(file);
}

function statOf(file: string) {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function certificateOf(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function privateKeyOf(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}
