import type { KioskConfiguration } from '../configuration/configuration.ts';
import { loadConfiguration } from '../configuration/load-configuration.ts';
import { readMachinePictures, type MachinePictures } from '../configuration/machine-pictures.ts';
import { assessReadiness } from '../devices/readiness.ts';
import { createLogger, type Logger } from '../logging/logger.ts';
import { knownNames } from '../maintenance/known-names.ts';
import { createHelpLine } from '../help/help-line.ts';
import { systemClock, withTimeLimit } from '../platform/clock.ts';
import { systemRandom } from '../platform/random.ts';
import { shanghaiDay } from '../platform/shanghai-day.ts';
import type { SessionLimits } from '../session/limits.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { CentreWatch } from './centre-watch.ts';
import { connectCentre } from './connect-centre.ts';
import { startDirectory } from './directory-feed.ts';
import { EventRing } from './event-ring.ts';
import { createIdentityLog } from './device-identities.ts';
import { keptFindings } from './kept-findings.ts';
import { startDevices } from './kiosk-devices.ts';
import { createKioskPort } from './kiosk-port.ts';
import { listen } from './listening.ts';
import {
  createWarningLog,
  logCall,
  logDeviceStatus,
  logIssuance,
  logSession,
  logSupervisor,
} from './log-adapters.ts';
import { createMaintenancePort } from './maintenance-port.ts';
import { payPaperWhenPrinterIsBack } from './paper-debts.ts';
import { ReadinessFeed } from './readiness-feed.ts';
import { keepServerTime } from './server-time.ts';
import { startServing, type Serving } from './serving.ts';
import { VERSION } from './version.ts';
import { EXIT_NOT_BY_RESTART, crash, crashOnUncaught, cutShort, refuseToStart } from './ways-out.ts';

/** How long an orderly end may take: the person's data, then everything else, then at all, ms. */
const END_LIMITS_MS = { session: 1_500, rest: 2_000, all: 4_500 };

/** Runs the agent until a signal ends it. Every way out is an exit code. */
export async function runAgent(configFile: string, options: { verbose: boolean }): Promise<void> {
  const logger = createLogger(options.verbose ? { level: 'debug' } : {});
  crashOnUncaught(logger);
  const ring = new EventRing(logger, systemClock);
  const instance = systemRandom.uuid();
  logger.emit('agent.starting', { version: VERSION, instance });
  let end = (): void => process.exit(0);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      end();
    });
  }
  const configuration = configurationOf(configFile, logger);
  const { store, movedAside } = await storeOf(configuration, logger);
  ring.into(store.events);
  end = await serve({ configFile, configuration, logger, ring, instance, store, movedAside });
}

function configurationOf(configFile: string, logger: Logger): KioskConfiguration {
  const loaded = loadConfiguration(configFile, knownNames());
  if (loaded.ok) {
    logger.emit('configuration.loaded', { production: loaded.value.kiosk.production });
    return loaded.value;
  }
  for (const { key, line, message } of loaded.error) {
    logger.emit('configuration.problem', { ...(key === '' ? {} : { key }), line });
    process.stderr.write(`${configFile}:${line} ${key}: ${message['zh-CN']}\n`);
    process.stderr.write(`${configFile}:${line} ${key}: ${message.en}\n`);
  }
  process.exit(EXIT_NOT_BY_RESTART);
}

async function storeOf(
  { store: { dataDir } }: KioskConfiguration,
  logger: Logger,
): Promise<{ store: Store; movedAside: string | undefined }> {
  const sinceMs = systemClock.monotonicMs();
  let movedAside: string | undefined;
  const opened = await openStore({
    directory: dataDir,
    clock: systemClock,
    random: systemRandom,
    onDamaged: ({ movedTo, code }) => {
      movedAside = movedTo;
      logger.emit('store.damaged', { code });
    },
  });
  if (opened.ok) {
    const { schemaVersion } = opened.value;
    logger.emit('store.opened', { schemaVersion, ms: Math.round(systemClock.monotonicMs() - sinceMs) });
    return { store: opened.value, movedAside };
  }
  const fault = opened.error;
  logger.emit('store.refused', { kind: fault.kind });
  return refuseToStart(
    (text) => {
      switch (fault.kind) {
        case 'in-use':
          return text.inUse(dataDir);
        case 'newer':
          return text.newer(fault.found, fault.known);
        case 'unsafe':
          return text.unsafe(fault.pragmas.join(', '));
        case 'unavailable':
          return text.unavailable(dataDir, fault.code);
      }
    },
    { mendedByRestart: fault.kind === 'unavailable' },
  );
}

/** Brings everything up; returns what ends it in order. */
async function serve(agent: {
  configFile: string;
  configuration: KioskConfiguration;
  logger: Logger;
  ring: EventRing;
  instance: string;
  store: Store;
  movedAside: string | undefined;
}): Promise<() => void> {
  const { configuration, logger, store } = agent;
  const startedAtMs = systemClock.monotonicMs();
  const serverTime = keepServerTime(store.serverTimeFloor, systemClock, logger);
  const connected = connectCentre(configuration.central, {
    requestMs: configuration.issuance.requestMs,
    onServerTime: serverTime.heard,
    floorMs: serverTime.floorMs,
    onCall: (call) => {
      logCall(logger, call);
      if (call.route !== 'listNotices') centre.heard(call.status !== undefined);
    },
  });
  if (!connected.ok) {
    const { key, say } = connected.error;
    logger.emit('configuration.problem', { key });
    return refuseToStart(say, { about: `${agent.configFile} ${key}` });
  }
  const { central, privateKeyPem } = connected.value;
  const centre = new CentreWatch(central, systemClock, systemRandom);
  const findings = keptFindings(store.deviceFindings);
  const identities = createIdentityLog({ devices: () => devices, logger, clock: systemClock });
  const devices = startDevices(
    configuration,
    { clock: systemClock, random: systemRandom, findings },
    (kind, event) => {
      logSupervisor(logger, kind, event);
      if (event.kind === 'connected') identities.connected(kind);
    },
    createWarningLog(logger, systemClock),
  );
  logDeviceStatus(logger, devices);
  const { minimumEvidence } = configuration.receiptPrinter;
  const readiness = new ReadinessFeed(devices, centre, (seen) =>
    assessReadiness({ ...seen, minimumEvidence }),
  );
  const help = createHelpLine(configuration.help, {
    id: configuration.kiosk.id,
    clock: systemClock,
    onCall: (call) => {
      logger.emit('help.called', { ...call });
    },
  });
  /** The centre's day, `YYYY-MM-DD`. */
  const today = () => shanghaiDay(systemClock.wallClockMs() + central.clockOffsetMs());
  const directory = startDirectory({
    configuration,
    central,
    store,
    logger,
    clock: systemClock,
    random: systemRandom,
    today,
  });
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
    issuanceLimits: configuration.issuance,
    minimumEvidence,
    readBack: configuration.receiptPrinter.readBack,
    privateKeyPem,
    directory,
    today,
    callHelp: () => help.call(),
    onSession: (event) => {
      logSession(logger, event);
    },
    onIssuance: (entry) => {
      logIssuance(logger, entry);
      readiness.setBacklog(serving.issuance.backlog());
    },
    onFatal: (error) => crash(logger, 'journal', error),
  });
  centre.onChange((reachable) => {
    logger.emit('centre.reachable', {
      reachable,
      ...(centre.trouble === undefined ? {} : { trouble: centre.trouble }),
    });
    if (!reachable) return;
    serving.issuance.centreReachable();
    directory.centreReachable();
  });
  payPaperWhenPrinterIsBack(devices.receiptPrinter, serving.issuance);

  const maintenance = createMaintenancePort({
    ...agent,
    central,
    centre,
    devices,
    serving,
    readiness,
    printerFindings: findings.receiptPrinter,
    startedAtMs,
    today,
    serverTimeKnown: serverTime.known,
  });
  const kiosk = createKioskPort({
    ...serving,
    central,
    recording: (ref) => directory.recording(ref),
    clock: systemClock,
    machinePictures: picturesOf(configuration, logger),
    onPainted: maintenance.painted,
  });
  const servers = await listen({ configuration, logger, kiosk, maintenance });
  logger.emit('agent.ready', { ms: Math.round(systemClock.monotonicMs()) });
  void centre.start();
  void recover({ logger, store, serving, readiness });

  return onceOnly(async () => {
    const sinceMs = systemClock.monotonicMs();
    logger.emit('agent.stopping', {});
    systemClock.schedule(END_LIMITS_MS.all, cutShort);
    // First what is somebody's; a page or a device that hangs must not hold it up.
    await withTimeLimit(systemClock, END_LIMITS_MS.session, serving.session.stop());
    serving.issuance.stop();
    centre.stop();
    directory.stop();
    const rest = [...servers.map((server) => server.close()), devices.stop(), central.close()];
    await withTimeLimit(systemClock, END_LIMITS_MS.rest, Promise.allSettled(rest));
    logger.emit('agent.stopped', { ms: Math.round(systemClock.monotonicMs() - sinceMs) });
    agent.ring.stop();
    store.close();
    process.exit(0);
  });
}

/** What cannot be shown is no reason not to start: the part is drawn. */
function picturesOf({ machine }: KioskConfiguration, logger: Logger): MachinePictures['pictures'] {
  if (machine.pictures === undefined) return new Map();
  const { pictures, unusable } = readMachinePictures(machine.pictures);
  if (unusable.length > 0) logger.emit('configuration.pictures', { unusable: unusable.length });
  return pictures;
}

async function recover(parts: {
  logger: Logger;
  store: Store;
  serving: Serving;
  readiness: ReadinessFeed;
}): Promise<void> {
  const { logger, store, readiness } = parts;
  logger.emit('recovery.init', {});
  const scanned = await parts.serving.issuance.recover(store.lost);
  logger.emit('recovery.complete', { scanned, interrupted: store.sessions.interrupted });
  readiness.setBacklog(parts.serving.issuance.backlog());
  if (scanned) readiness.recovered();
}

/** A second signal does not begin a second end. */
function onceOnly(work: () => Promise<void>): () => void {
  let begun = false;
  return () => {
    if (begun) return;
    begun = true;
    void work();
  };
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
