import { createHidQrScannerDriver, createQrScannerDriver } from '../../drivers/qr-scanner/qr-scanner.ts';
import type { QrScannerOptions } from '../../drivers/qr-scanner/qr-scanner.ts';
import { systemClock as clock } from '../../src/platform/clock.ts';
import type { UnitName } from './bench.ts';
import { byteTransportOf, reportTransportOf, type Whereabouts } from './cables.ts';

const GAP_MS = 40;

/** How scanners that take commands are configured once they were provisioned, by their family. */
const COMMANDED: Readonly<
  Partial<Record<UnitName, Required<Pick<QrScannerOptions, 'family' | 'framing' | 'aimPrefix'>>>>
> = {
  gm6x: { family: 'gm6x', framing: 'GM', aimPrefix: true },
  ssi: { family: 'ssi', framing: 'SSI', aimPrefix: false },
};

/** The driver of a scanner, made as the agent makes it; one that takes commands has been provisioned, as a technician does it. */
export async function scannerDriverAt(where: Whereabouts, unit: UnitName | undefined) {
  if (where.cable === 'hid')
    return createHidQrScannerDriver({ transport: reportTransportOf(where), clock, layout: 'newland' });
  const transport = byteTransportOf(where);
  const told = unit === undefined ? undefined : COMMANDED[unit];
  if (told === undefined) return createQrScannerDriver({ transport, clock, framing: 'CR', gapMs: GAP_MS });
  await provision({ transport, clock, framing: 'CR', gapMs: GAP_MS, family: told.family });
  return createQrScannerDriver({ transport, clock, gapMs: GAP_MS, ...told });
}

async function provision(options: QrScannerOptions): Promise<void> {
  const connected = await createQrScannerDriver(options).connect(new AbortController().signal);
  if (!connected.ok) throw new Error(`not provisioned: ${connected.error.code}`);
  const report = await connected.value.provision?.(new AbortController().signal);
  await connected.value.close();
  if (report?.complete !== true) throw new Error(`not provisioned: ${JSON.stringify(report)}`);
}
