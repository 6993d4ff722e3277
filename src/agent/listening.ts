import path from 'node:path';
import { startKioskServer, type KioskServer } from '../bridge/kiosk-server.ts';
import { startMaintenanceServer } from '../bridge/maintenance-server.ts';
import type { KioskPort, MaintenancePort } from '../bridge/ports.ts';
import type { KioskConfiguration } from '../configuration/configuration.ts';
import type { Logger } from '../logging/logger.ts';
import { systemClock } from '../platform/clock.ts';
import { systemRandom } from '../platform/random.ts';
import { refuseToStart } from './ways-out.ts';

const SCREENS = path.resolve(import.meta.dirname, '../../dist/screens');
/** Whoever knocks without a right could else push everything else out of the log, ms. */
const REFUSALS_APART_MS = 10_000;

/** Opens the page's server and the technicians' socket; ends the agent with a sentence when one cannot be opened. */
export async function listen(parts: {
  configuration: KioskConfiguration;
  logger: Logger;
  kiosk: KioskPort;
  maintenance: MaintenancePort & { health: Parameters<typeof startKioskServer>[0]['health'] };
}): Promise<readonly { close(): Promise<void> }[]> {
  const { port, shellCodeFile, socketPath } = parts.configuration.bridge;
  const { logger, maintenance } = parts;
  let refusedAtMs = Number.NEGATIVE_INFINITY;
  let kioskServer: KioskServer | undefined;
  try {
    // One after the other: where the port is taken another agent lives, and its socket is left alone.
    kioskServer = await startKioskServer({
      port,
      screensDirectory: SCREENS,
      shellCodeFile,
      random: systemRandom,
      kiosk: parts.kiosk,
      health: maintenance.health,
      onShell: (outcome) => {
        if (outcome === 'refused') {
          const nowMs = systemClock.monotonicMs();
          if (nowMs - refusedAtMs < REFUSALS_APART_MS) return;
          refusedAtMs = nowMs;
        }
        logger.emit('bridge.shell', { outcome });
      },
    });
    const maintenanceServer = await startMaintenanceServer({ socketPath, maintenance });
    logger.emit('bridge.listening', { port: Number(new URL(kioskServer.origin).port) });
    return [kioskServer, maintenanceServer];
  } catch (error) {
    const code = (error as { code?: string }).code ?? 'unknown';
    logger.emit('bridge.refused', { code });
    return refuseToStart((text) => {
      if (code !== 'EADDRINUSE') return text.cannotListen(code);
      return kioskServer === undefined ? text.portTaken(port) : text.socketTaken(socketPath);
    });
  }
}
