import type { PrinterFindings } from '../../drivers/receipt-printer/printer-findings.ts';
import type { Health } from '../bridge/kiosk-server.ts';
import type { AgentReport, MaintenancePort, TestPageAnswer } from '../bridge/ports.ts';
import type { CentralClient } from '../central-api/client.ts';
import type { KioskConfiguration } from '../configuration/configuration.ts';
import type { DeviceFindings } from '../devices/device-findings.ts';
import type { Logger } from '../logging/logger.ts';
import { TechnicianTurn } from '../maintenance/technician-turn.ts';
import { systemClock } from '../platform/clock.ts';
import { systemRandom } from '../platform/random.ts';
import { testPageDocument } from '../slip/slip-document.ts';
import type { Store } from '../store/open-store.ts';
import type { CentreWatch } from './centre-watch.ts';
import { createDeviceTrace } from './device-trace.ts';
import { DEVICE_KINDS, type KioskDevices } from './kiosk-devices.ts';
import type { Painted } from './kiosk-port.ts';
import type { ReadinessFeed } from './readiness-feed.ts';
import { databaseReport, deviceReport } from './report.ts';
import type { Serving } from './serving.ts';
import { createTechnicianWork } from './technician-work.ts';
import { VERSION } from './version.ts';

/** What technicians and probes are told, and what they may ask for. */
export function createMaintenancePort(parts: {
  configuration: KioskConfiguration;
  instance: string;
  store: Store;
  movedAside: string | undefined;
  central: CentralClient;
  centre: CentreWatch;
  devices: KioskDevices;
  serving: Serving;
  readiness: ReadinessFeed;
  printerFindings: DeviceFindings<PrinterFindings>;
  logger: Logger;
  startedAtMs: number;
  today: () => string;
  /** Whether the centre has ever told its time. */
  serverTimeKnown: () => boolean;
}): MaintenancePort & { health: () => Health; painted: (frame: Painted | undefined) => void } {
  const { configuration, devices, serving, central } = parts;
  let painted: Painted | undefined;
  const paintedAgoMs = (frame: Painted) => Math.round(systemClock.monotonicMs() - frame.atMs);
  const uptimeMs = () => Math.round(systemClock.monotonicMs() - parts.startedAtMs);

  const isIdle = () =>
    serving.session.view().screen.name === 'attract' && serving.issuance.obstacle() === null;
  const turn = new TechnicianTurn({
    clock: systemClock,
    random: systemRandom,
    mayBegin: isIdle,
    onPeople: (listener) =>
      serving.session.onView(({ screen }) => {
        if (screen.name !== 'attract') listener();
      }),
  });
  const knownPrinter = {
    kept: parts.printerFindings,
    minimumEvidence: configuration.receiptPrinter.minimumEvidence,
  };
  const technician = { ...parts, turn, clock: systemClock };

  const testPage = async (): Promise<TestPageAnswer> => {
    const printer = devices.receiptPrinter.connection();
    if (printer === undefined) {
      return {
        kind: 'notPrinted',
        fault: devices.receiptPrinter.status().faults[0]?.code ?? 'printer.absent',
      };
    }
    // It would come out onto a slip that lies at the exit.
    if (printer.status().media === 'present') return { kind: 'notPrinted', fault: 'printer.slip-at-exit' };
    const page = testPageDocument({
      kioskId: configuration.kiosk.id,
      printedOn: parts.today(),
    });
    if (!page.ok) return { kind: 'notPrinted', fault: page.error };
    const processId = `t${systemRandom.uuid().slice(0, 3).toUpperCase()}`;
    const outcome = await printer.print({ document: page.value, cut: true, processId });
    return outcome.kind === 'printed'
      ? { kind: 'printed', grade: outcome.grade }
      : { kind: outcome.kind, fault: outcome.fault.code };
  };

  return {
    painted: (frame) => {
      painted = frame;
    },
    health: () => ({
      status: 'ok',
      instance: parts.instance,
      version: VERSION,
      uptimeMs: uptimeMs(),
      methods: parts.readiness.now().methods,
      ...(painted === undefined ? {} : { paintedMsAgo: paintedAgoMs(painted) }),
    }),
    report: (): AgentReport => {
      const rows = parts.store.journal.unfinished();
      return {
        kioskId: configuration.kiosk.id,
        version: VERSION,
        instance: parts.instance,
        uptimeMs: uptimeMs(),
        rssBytes: process.memoryUsage.rss(),
        readiness: parts.readiness.now(),
        devices: DEVICE_KINDS.map((kind) => deviceReport(kind, devices, knownPrinter)),
        centre: {
          url: configuration.central.url,
          reachable: parts.centre.reachable === true,
          ...(parts.centre.trouble === undefined ? {} : { trouble: parts.centre.trouble }),
          ...(parts.serverTimeKnown() ? { clockOffsetMs: Math.round(central.clockOffsetMs()) } : {}),
        },
        queue: {
          voiding: rows.filter(({ state }) => state === 'VOIDING').length,
          confirming: rows.filter(({ state }) => state === 'DONE' || state === 'DONE_U').length,
          open: rows.length,
        },
        database: databaseReport(configuration.store.dataDir, parts.store.schemaVersion, parts.movedAside),
        ...(painted === undefined
          ? {}
          : { painted: { screen: painted.screen, agoMs: paintedAgoMs(painted) } }),
      };
    },
    printTestPage: async (): Promise<TestPageAnswer> => {
      const answer = await turn.alone(testPage);
      return typeof answer === 'string' ? { kind: 'busy' } : answer;
    },
    ...createTechnicianWork(technician),
    trace: createDeviceTrace({ ...technician, reopeningObstacle: () => turn.obstacle() }),
  };
}
