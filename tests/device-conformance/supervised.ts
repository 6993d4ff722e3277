import { onPluggedIn } from '../../drivers/discovery/plug-events.ts';
import type { DeviceConnection, DeviceDriver } from '../../src/devices/contract.ts';
import type { DeviceStatus } from '../../src/devices/status.ts';
import { superviseDevice, type DeviceSupervisor } from '../../src/devices/supervisor.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { systemRandom } from '../../src/platform/random.ts';
import type { BenchOptions, CableName, DeviceBench, DriverName } from './bench.ts';
import { createPrinterBench } from './printer-bench.ts';
import { createReaderBench } from './reader-bench.ts';
import { createScannerBench } from './scanner-bench.ts';
import type { DeviceHost } from './device-host.ts';

/** A driver under the agent's own supervisor. */
export function supervised<S extends DeviceStatus, C extends DeviceConnection<S>>(
  driver: DeviceDriver<C>,
  initialStatus: S,
  retryDelaysMs?: readonly number[],
): DeviceSupervisor<S, C> {
  return superviseDevice({
    driver,
    clock: systemClock,
    random: systemRandom,
    initialStatus,
    onPluggedIn,
    ...(retryDelaysMs === undefined ? {} : { retryDelaysMs }),
  });
}

/** Starts a device on a cable, and the driver for it, on a machine so many times slower than a quiet one. */
export async function openBench(
  host: DeviceHost,
  driver: DriverName,
  cable: CableName,
  number: number,
  patience: number,
  options: BenchOptions = {},
): Promise<DeviceBench> {
  switch (driver) {
    case 'id-card-reader':
      return createReaderBench(host, cable, number, patience, options);
    case 'qr-scanner':
      return createScannerBench(host, cable, number, patience, options);
    case 'receipt-printer':
      return createPrinterBench(host, cable, number, patience, options);
  }
}
