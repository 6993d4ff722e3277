import type { DeviceIdentity } from '../devices/device-findings.ts';
import type { Logger } from '../logging/logger.ts';
import type { Clock } from '../platform/clock.ts';
import type { DeviceKind, KioskDevices } from './kiosk-devices.ts';

/** Some devices say who they are only when they have been asked, which takes its time, ms after they were connected. */
const LOOKS_MS = [0, 3_000, 20_000];

/**
 * Writes to the log who a device says it is, once for each that comes: for the audit of ID cards the number of the security
 * module, and what unit it was that had a fault.
 */
export function createIdentityLog(parts: {
  readonly devices: () => KioskDevices;
  readonly logger: Logger;
  readonly clock: Clock;
}): { connected(device: DeviceKind): void } {
  const last = new Map<DeviceKind, string>();
  const look = (device: DeviceKind) => {
    const identity = parts.devices()[device].connection()?.identity();
    const told = identity === undefined ? {} : toldBy(device, identity);
    const now = JSON.stringify(told);
    if (Object.keys(told).length === 0 || now === last.get(device)) return;
    last.set(device, now);
    parts.logger.emit('device.identified', { device, ...told });
  };
  return {
    connected(device) {
      for (const ms of LOOKS_MS) {
        parts.clock.schedule(ms, () => {
          look(device);
        });
      }
    },
  };
}

/** The serial number of a reader is that of its security module (GA 467). Others' serial numbers are not written. */
function toldBy(device: DeviceKind, { model, firmware, serialNumber }: DeviceIdentity) {
  return {
    ...(model === undefined ? {} : { model }),
    ...(firmware === undefined ? {} : { firmware }),
    ...(device === 'idCardReader' && serialNumber !== undefined ? { samId: serialNumber } : {}),
  };
}
