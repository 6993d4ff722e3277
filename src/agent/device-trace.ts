import { formatTraceEvent, formatTraceHeader } from '../../drivers/trace/trace-lines.ts';
import type { MaintenancePort } from '../bridge/ports.ts';
import type { Logger } from '../logging/logger.ts';
import { EventQueue } from '../maintenance/event-queue.ts';
import type { TraceStreamEvent } from '../maintenance/technician-events.ts';
import type { Clock } from '../platform/clock.ts';
import type { KioskDevices } from './kiosk-devices.ts';

/** A reader that is this far behind is not reading; a slip has some hundred events. */
const MOST_WAITING = 5_000;

/** Lets a technician listen to a device's line. What is told was blanked where the driver lives; that somebody listened is in the log. */
export function createDeviceTrace(parts: {
  readonly devices: KioskDevices;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Why a line may not be closed and opened again now: somebody is served, or another technician works with a device. */
  readonly reopeningObstacle: () => 'serving' | 'occupied' | undefined;
}): MaintenancePort['trace'] {
  const { devices, clock, logger } = parts;
  return async function* ({ device, seconds, reopen }, signal): AsyncGenerator<TraceStreamEvent> {
    const obstacle = reopen ? parts.reopeningObstacle() : undefined;
    if (obstacle !== undefined) {
      yield { kind: 'refused', because: obstacle };
      return;
    }
    const sinceMs = clock.monotonicMs();
    logger.emit('trace.init', { device });
    const { trace, unit } = devices.traced(device);
    const lines = new EventQueue<TraceStreamEvent>(MOST_WAITING);
    let told = 0;
    let overrun = false;
    const tell = (line: string) => {
      told += 1;
      if (lines.push({ kind: 'line', line })) return;
      overrun = !signal.aborted;
      lines.end();
    };
    tell(formatTraceHeader({ device, link: devices.link(device), unit }));
    const stopListening = trace.listen((event) => {
      tell(formatTraceEvent(event));
    });
    const stop = () => {
      stopListening();
      lines.end();
    };
    const cancelEnd = clock.schedule(seconds * 1_000, stop);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    // The supervisor opens it again at once.
    if (reopen) void devices[device].connection()?.close();
    try {
      yield* lines.read();
      if (overrun) yield { kind: 'overrun' };
    } finally {
      cancelEnd();
      signal.removeEventListener('abort', stop);
      stopListening();
      logger.emit('trace.complete', { device, lines: told, ms: Math.round(clock.monotonicMs() - sinceMs) });
    }
  };
}
