import type { CentralCall } from '../central-api/client.ts';
import type { DeviceStatus } from '../devices/status.ts';
import type { SupervisorEvent } from '../devices/supervisor.ts';
import type { IssuanceLogEntry } from '../issuance/ports.ts';
import type { Logger } from '../logging/logger.ts';
import type { Clock } from '../platform/clock.ts';
import { DEVICE_KINDS, type DeviceKind, type KioskDevices } from './kiosk-devices.ts';
import type { SessionRowEvent } from './serving.ts';

/** What a supervisor saw, as events of the catalogue. */
export function logSupervisor(logger: Logger, device: DeviceKind, event: SupervisorEvent): void {
  if (event.kind === 'connected') {
    logger.emit('device.connected', { device, attempts: event.afterAttempts });
  } else if (event.kind === 'lost') {
    logger.emit('device.lost', { device, fault: event.fault.code, retryInMs: Math.round(event.retryInMs) });
  } else if (event.attempts <= 3) {
    // Tried again for ever: only the first failures are news.
    logger.emit('device.connect-failed', {
      device,
      fault: event.fault.code,
      attempts: event.attempts,
      retryInMs: Math.round(event.retryInMs),
    });
  }
}

/** What a driver warns of, a burst of the same only once. */
export function createWarningLog(logger: Logger, clock: Clock): (device: DeviceKind, code: string) => void {
  const toldAtMs = new Map<string, number>();
  return (device, code) => {
    const key = `${device} ${code}`;
    const nowMs = clock.monotonicMs();
    const beforeMs = toldAtMs.get(key);
    if (beforeMs !== undefined && nowMs - beforeMs < WARNINGS_APART_MS) return;
    if (toldAtMs.size < MOST_WARNINGS) toldAtMs.set(key, nowMs);
    logger.emit('device.warning', { device, code });
  };
}

/** A card that lies badly is tried again several times a second; the log is for other things too, ms. */
const WARNINGS_APART_MS = 60_000;
/** Codes are a few dozen; a reader that answers with noise must not fill the memory with more. */
const MOST_WARNINGS = 200;

/** A session's row, as events of the catalogue. */
export function logSession(logger: Logger, event: SessionRowEvent): void {
  if (event.kind === 'begin') logger.emit('session.begin', { epoch: event.epoch });
  else
    logger.emit('session.end', {
      epoch: event.epoch,
      outcome: event.outcome,
      totalMs: Math.round(event.totalMs),
      ...(event.signInMs === undefined ? {} : { signInMs: Math.round(event.signInMs) }),
      ...(event.issueMs === undefined ? {} : { issueMs: Math.round(event.issueMs) }),
    });
}

/** One call to the centre: which and how long, never what. */
export function logCall(logger: Logger, call: CentralCall): void {
  const { route, status, ms } = call;
  logger.emit('centre.call', { route, ms: Math.round(ms), ...(status === undefined ? {} : { status }) });
}

/** Each device's state whenever it changes; being busy for a moment is no change. */
export function logDeviceStatus(logger: Logger, devices: KioskDevices): void {
  for (const device of DEVICE_KINDS) {
    let last = '';
    devices[device].onStatus((status: DeviceStatus) => {
      const state = status.device === 'busy' ? 'online' : status.device;
      const fault = status.faults[0]?.code;
      const now = `${state} ${fault}`;
      if (now === last) return;
      last = now;
      logger.emit('device.status', { device, state, ...(fault === undefined ? {} : { fault }) });
    });
  }
}

/** What issuance tells, as events of the catalogue. */
export function logIssuance(logger: Logger, entry: IssuanceLogEntry): void {
  switch (entry.event) {
    case 'transition':
      logger.emit('issuance.transition', {
        opId: entry.opId,
        from: entry.from,
        to: entry.to,
        trigger: entry.trigger,
        ...(entry.reason === null ? {} : { reason: entry.reason }),
      });
      break;
    case 'orphan':
      logger.emit('issuance.orphan', { opId: entry.opId, state: entry.state });
      break;
    case 'overdue':
      logger.emit('issuance.overdue', { opId: entry.opId, ageMs: Math.round(entry.ageMs) });
      break;
    case 'paper-owed':
      logger.emit('issuance.paper-owed', { opId: entry.opId, debt: entry.debt });
      break;
    case 'final-refusal':
      logger.emit('issuance.final-refusal', { opId: entry.opId, problem: entry.problem });
      break;
  }
}
