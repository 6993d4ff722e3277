import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** Where the demonstration's kiosk finds everything. Paths are absolute, ports are of this machine. */
export interface SandboxKiosk {
  readonly directory: string;
  readonly bridgePort: number;
  readonly centralUrl: string;
  readonly caFile: string;
  readonly keyId: string;
  readonly keyFile: string;
  readonly readerLine: string;
  readonly scannerLine: string;
  readonly printerLine: string;
  /** Limits in seconds that a test wants shorter than a person needs. */
  readonly limits?: Readonly<Record<string, number>>;
  /** The same for requests and print jobs, ms. */
  readonly issuance?: Readonly<Record<string, number>>;
}

/** Writes `kiosk.toml` for the demonstration's kiosk and returns its path. */
export function writeKioskConfiguration(kiosk: SandboxKiosk): string {
  const file = path.join(kiosk.directory, 'kiosk.toml');
  const text = [
    section('kiosk', { id: kiosk.keyId, production: false }),
    section('central', {
      url: kiosk.centralUrl,
      caFile: kiosk.caFile,
      keyId: kiosk.keyId,
      keyFile: kiosk.keyFile,
    }),
    section('idCardReader', line(kiosk.readerLine)),
    section('qrScanner', { ...line(kiosk.scannerLine), framing: 'CR' }),
    section('receiptPrinter', { ...line(kiosk.printerLine), widthDots: 576 }),
    section('bridge', {
      port: kiosk.bridgePort,
      shellCodeFile: path.join(kiosk.directory, 'run/shell-code'),
      socketPath: path.join(kiosk.directory, 'run/kioskctl.sock'),
    }),
    section('store', { dataDir: path.join(kiosk.directory, 'data') }),
    section('help', { via: 'log' }),
    // Among the invented terminals of the sandbox's centre (sandbox/central-service/terminals.ts).
    section('directory', { latitude: 31.2311, longitude: 121.4702 }),
    ...(kiosk.limits === undefined ? [] : [section('limits', kiosk.limits)]),
    ...(kiosk.issuance === undefined ? [] : [section('issuance', kiosk.issuance)]),
  ].join('\n');
  writeFileSync(file, text);
  return file;
}

/** A simulated device sits behind a pty (a path) or a TCP port (a number). */
function line(device: string): Record<string, string | number> {
  return /^\d+$/.test(device)
    ? { transport: 'tcp', host: '127.0.0.1', port: Number(device) }
    : { transport: 'serial', path: device, baudRate: 115_200 };
}

function section(name: string, values: Readonly<Record<string, string | number | boolean>>): string {
  const lines = Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  return `[${name}]\n${lines.join('\n')}\n`;
}
