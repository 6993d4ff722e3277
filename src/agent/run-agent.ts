import { readFileSync } from 'node:fs';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import { startKioskServer, type KioskServer } from '../bridge/kiosk-server.ts';
import { startMaintenanceServer } from '../bridge/maintenance-server.ts';
import { createCentralClient } from '../central-api/client.ts';
import type { KioskConfiguration } from '../configuration/configuration.ts';
import { loadConfiguration } from '../configuration/load-configuration.ts';
import { assessReadiness } from '../devices/readiness.ts';
import { createLogger, type Logger } from '../logging/logger.ts';
import { systemClock } from '../platform/clock.ts';
import { systemRandom } from '../platform/random.ts';
import type { SessionLimits } from '../session/limits.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { CentreWatch } from './centre-watch.ts';
import { startDevices } from './kiosk-devices.ts';
import { createKioskPort } from './kiosk-port.ts';
import { logIssuance, logSession, logSupervisor } from './log-adapters.ts';
import { createMaintenancePort } from './maintenance-port.ts';
import { ReadinessFeed } from './readiness-feed.ts';
import { startServing } from './serving.ts';

/** No restart mends it: the configuration is wrong, or another agent runs (sysexits EX_CONFIG). */
const EXIT_NOT_BY_RESTART = 78;
/** The journal or the disk failed: start again and recover (sysexits EX_SOFTWARE). */
const EXIT_RESTART = 70;
/** How long an orderly end may take before it is cut short, ms. */
const END_LIMIT_MS = 5_000;

const VERSION = '0.1.0';
const SCREENS = path.resolve(import.meta.dirname, '../../dist/screens');

/** Runs the agent until a signal ends it. Every way out is an exit code. */
export async function runAgent(configFile: string): Promise<void> {
  const logger = createLogger();
  const loaded = loadConfiguration(configFile);
  if (!loaded.ok) {
    for (const problem of loaded.error) {
      process.stderr.write(`${configFile}:${problem.line} ${problem.key}: ${problem.message['zh-CN']}\n`);
      process.stderr.write(`${configFile}:${problem.line} ${problem.key}: ${problem.message.en}\n`);
    }
    process.exit(EXIT_NOT_BY_RESTART);
  }
  const configuration = loaded.value;
  const instance = systemRandom.uuid();
  logger.emit('agent.starting', { version: VERSION, instance });
  let movedAside: string | undefined;
  const store = await openStore({
    directory: configuration.store.dataDir,
    clock: systemClock,
    random: systemRandom,
    onDamaged: ({ movedTo, code }) => {
      movedAside = movedTo;
      logger.emit('store.damaged', { code });
    },
  });
  if (!store.ok) {
    logger.emit('store.refused', { kind: store.error.kind });
    process.exit(store.error.kind === 'unavailable' ? EXIT_RESTART : EXIT_NOT_BY_RESTART);
  }
  await serve({ configuration, logger, instance, store: store.value, movedAside });
}

async function serve(agent: {
  configuration: KioskConfiguration;
  logger: Logger;
  instance: string;
  store: Store;
  movedAside: string | undefined;
}): Promise<void> {
  const { configuration, logger, store } = agent;
  const startedAtMs = systemClock.monotonicMs();
  const privateKeyPem = readFileSync(configuration.central.keyFile, 'utf8');
  const central = createCentralClient({
    url: configuration.central.url,
    caPem: caPemOf(configuration.central.caFile),
    keyId: configuration.central.keyId,
    privateKeyPem,
    clock: systemClock,
    random: systemRandom,
    onServerTime: (serverTimeMs) => {
      store.serverTimeFloor.raise(serverTimeMs);
    },
  });
  const centre = new CentreWatch(central, systemClock);
  const devices = startDevices(configuration, { clock: systemClock, random: systemRandom }, (kind, event) => {
    logSupervisor(logger, kind, event);
  });
  const readiness = new ReadinessFeed(devices, centre, assessReadiness);
  const serving = startServing({
    store,
    central,
    clock: systemClock,
    random: systemRandom,
    reader: () => devices.idCardReader.connection(),
    scanner: () => devices.qrScanner.connection(),
    printer: () => devices.receiptPrinter.connection(),
    readiness,
    limits: inMilliseconds(configuration.limits),
    minimumEvidence: configuration.receiptPrinter.minimumEvidence,
    privateKeyPem,
    onSession: (event) => {
      logSession(logger, event);
    },
    onIssuance: (entry) => {
      logIssuance(logger, entry);
    },
    onFatal: () => {
      logger.emit('agent.fatal', {});
      process.exit(EXIT_RESTART);
    },
  });
  centre.onChange((reachable) => {
    logger.emit('centre.reachable', { reachable });
    if (reachable) serving.issuance.centreReachable();
  });
  devices.receiptPrinter.onStatus((status) => {
    if (status.device === 'online') serving.issuance.printerReady();
  });

  const maintenance = createMaintenancePort({
    ...agent,
    central,
    centre,
    devices,
    serving,
    readiness,
    startedAtMs,
  });
  const kiosk = createKioskPort({
    ...serving,
    central,
    clock: systemClock,
    onPainted: maintenance.painted,
  });
  const servers = await listen({ configuration, logger, kiosk, maintenance });
  void centre.start();
  void serving.issuance.recover().then((scanned) => {
    logger.emit('recovery.complete', { scanned, interrupted: store.sessions.interrupted });
    readiness.recovered();
  });

  const end = async () => {
    logger.emit('agent.stopping', {});
    systemClock.schedule(END_LIMIT_MS, () => process.exit(EXIT_RESTART));
    await Promise.all(servers.map((server) => server.close()));
    await serving.session.stop();
    serving.issuance.stop();
    centre.stop();
    await devices.stop();
    await central.close();
    store.close();
    process.exit(0);
  };
  let ending = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (ending) return;
      ending = true;
      void end();
    });
  }
}

/** The authority the centre's certificate must come from: the configured one alone, else those of Node. */
function caPemOf(file: string | undefined): string {
  return file === undefined ? rootCertificates.join('\n') : readFileSync(file, 'utf8');
}

function inMilliseconds(limits: KioskConfiguration['limits']): Partial<SessionLimits> {
  return {
    idleMs: limits.idleSeconds * 1000,
    confirmMs: limits.confirmSeconds * 1000,
    warningMs: limits.warningSeconds * 1000,
    takeSlipMs: limits.takeSlipSeconds * 1000,
    finishedMs: limits.finishedSeconds * 1000,
    takeIdCardMs: limits.takeIdCardSeconds * 1000,
    fullNameMs: limits.fullNameSeconds * 1000,
    longWaitMs: limits.longWaitSeconds * 1000,
  };
}

async function listen(parts: {
  configuration: KioskConfiguration;
  logger: Logger;
  kiosk: Parameters<typeof startKioskServer>[0]['kiosk'];
  maintenance: ReturnType<typeof createMaintenancePort>;
}): Promise<readonly [KioskServer, { close(): Promise<void> }]> {
  const { configuration, logger } = parts;
  try {
    const servers = await Promise.all([
      startKioskServer({
        port: configuration.bridge.port,
        screensDirectory: SCREENS,
        shellCodeFile: configuration.bridge.shellCodeFile,
        random: systemRandom,
        kiosk: parts.kiosk,
        health: parts.maintenance.health,
        onShell: (event) => {
          logger.emit('bridge.shell', { outcome: event });
        },
      }),
      startMaintenanceServer({
        socketPath: configuration.bridge.socketPath,
        maintenance: parts.maintenance,
      }),
    ]);
    logger.emit('bridge.listening', { port: Number(new URL(servers[0].origin).port) });
    return servers;
  } catch (error) {
    logger.emit('bridge.refused', { code: (error as { code?: string }).code ?? 'unknown' });
    process.exit(EXIT_NOT_BY_RESTART);
  }
}
