import type { Health } from '../bridge/kiosk-server.ts';
import type { AgentReport, MaintenancePort, TestPageAnswer } from '../bridge/ports.ts';
import type { CentralClient } from '../central-api/client.ts';
import type { KioskConfiguration } from '../configuration/configuration.ts';
import { systemClock } from '../platform/clock.ts';
import { systemRandom } from '../platform/random.ts';
import { shanghaiDay } from '../platform/shanghai-day.ts';
import { testPageDocument } from '../slip/slip-document.ts';
import type { Store } from '../store/open-store.ts';
import type { CentreWatch } from './centre-watch.ts';
import type { KioskDevices } from './kiosk-devices.ts';
import type { Painted } from './kiosk-port.ts';
import type { ReadinessFeed } from './readiness-feed.ts';
import { databaseReport, deviceReport } from './report.ts';
import type { Serving } from './serving.ts';
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
  startedAtMs: number;
  /** Whether the centre has ever told its time. */
  serverTimeKnown: () => boolean;
}): MaintenancePort & { health: () => Health; painted: (frame: Painted | undefined) => void } {
  const { configuration, devices, serving, central } = parts;
  let painted: Painted | undefined;
  const paintedAgoMs = (frame: Painted) => Math.round(systemClock.monotonicMs() - frame.atMs);
  const uptimeMs = () => Math.round(systemClock.monotonicMs() - parts.startedAtMs);

  let testing = false;
  const testPage = async (): Promise<TestPageAnswer> => {
    const printer = devices.receiptPrinter.connection();
    if (printer === undefined) {
      return {
        kind: 'notPrinted',
        fault: devices.receiptPrinter.status().faults[0]?.code ?? 'printer.absent',
      };
    }
    const page = testPageDocument({
      kioskId: configuration.kiosk.id,
      printedOn: shanghaiDay(systemClock.wallClockMs() + central.clockOffsetMs()),
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
        devices: (['idCardReader', 'qrScanner', 'receiptPrinter'] as const).map((kind) =>
          deviceReport(kind, devices),
        ),
        centre: {
          url: configuration.central.url,
          reachable: parts.centre.reachable === true,
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
      const idle = serving.session.view().screen.name === 'attract' && serving.issuance.obstacle() === null;
      if (!idle || testing) return { kind: 'busy' };
      testing = true;
      try {
        return await testPage();
      } finally {
        testing = false;
      }
    },
  };
}
