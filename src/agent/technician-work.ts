import { isDeepStrictEqual } from 'node:util';
import type { PrinterFindings } from '../../drivers/receipt-printer/printer-findings.ts';
import type { ReceiptPrinterProfile } from '../../drivers/receipt-printer/printer-profile.ts';
import type { MaintenancePort } from '../bridge/ports.ts';
import type { KioskConfiguration } from '../configuration/configuration.ts';
import { unitKey, type DeviceFindings } from '../devices/device-findings.ts';
import type { HealthCheckLevel, HealthReport } from '../devices/health-check.ts';
import type { Logger } from '../logging/logger.ts';
import { surveyDevices } from '../maintenance/device-survey.ts';
import { printerVerdict, type PrinterProbe } from '../maintenance/printer-verdict.ts';
import type { Refusal, ScannerProvisioned, TechnicianEvent } from '../maintenance/technician-events.ts';
import type { TechnicianTurn } from '../maintenance/technician-turn.ts';
import type { Clock } from '../platform/clock.ts';
import type { DeviceKind, KioskDevices } from './kiosk-devices.ts';

/** What technicians' work needs of the agent. */
export interface TechnicianWorkParts {
  readonly configuration: KioskConfiguration;
  readonly devices: KioskDevices;
  readonly turn: TechnicianTurn;
  readonly printerFindings: DeviceFindings<PrinterFindings>;
  readonly clock: Clock;
  readonly logger: Logger;
}

type Work = Pick<MaintenancePort, 'survey' | 'checkHealth' | 'probePrinter' | 'provisionScanner' | 'answer'>;

/** What technicians can have done to the devices; each of it is in the log. */
export function createTechnicianWork(parts: TechnicianWorkParts): Work {
  const { configuration, devices, turn, logger, clock } = parts;
  return {
    survey: () => surveyDevices(configuration),
    async *checkHealth({ device, level }, signal): AsyncGenerator<TechnicianEvent<HealthReport>> {
      const connection = devices[device].connection();
      if (connection === undefined) yield absent(devices, device);
      else {
        yield* turn.run((dialogue, until) => {
          const check = connection.checkHealth(level, dialogue, until);
          return logged({ logger, clock, device, depth: level }, check, until);
        }, signal);
      }
    },
    async *probePrinter({ printLine }, signal): AsyncGenerator<TechnicianEvent<PrinterProbe>> {
      const connection = devices.receiptPrinter.connection();
      const profile = devices.printerProfile;
      if (connection === undefined || profile === undefined) yield absent(devices, 'receiptPrinter');
      else {
        yield* turn.run(async (dialogue, until) => {
          const findings = await connection.probe({ printLine, dialogue, signal: until });
          const { link, identity } = {
            link: devices.link('receiptPrinter'),
            identity: connection.identity(),
          };
          const stored = parts.printerFindings.get(unitKey(identity) ?? link);
          const kept = isDeepStrictEqual(stored, JSON.parse(JSON.stringify(findings)));
          if (kept) logger.emit('printer.probe-stored', proofsIn(findings));
          return probeOf(findings, kept, profile, configuration.receiptPrinter);
        }, signal);
      }
    },
    async *provisionScanner(signal): AsyncGenerator<TechnicianEvent<ScannerProvisioned>> {
      const connection = devices.qrScanner.connection();
      if (connection === undefined) yield absent(devices, 'qrScanner');
      else if (connection.provision === undefined) yield { kind: 'refused', because: 'notSupported' };
      else {
        const { provision } = connection;
        yield* turn.run(async (_dialogue, until) => {
          const report = await provision(until);
          const stored = report.settings.filter(({ outcome }) => outcome === 'stored').length;
          logger.emit('scanner.provisioned', { complete: report.complete, stored });
          return report;
        }, signal);
      }
    },
    answer: (answer) => {
      turn.answer(answer);
    },
  };
}

/** A device that is not connected, with the fault that says why. */
function absent(devices: KioskDevices, device: DeviceKind): Refusal {
  const fault = devices[device].status().faults[0]?.code;
  return { kind: 'refused', because: 'absent', ...(fault === undefined ? {} : { fault }) };
}

/** Writes begin and end of a health check to the log. */
async function logged(
  {
    logger,
    clock,
    ...which
  }: {
    readonly logger: Logger;
    readonly clock: Clock;
    readonly device: DeviceKind;
    readonly depth: HealthCheckLevel;
  },
  check: Promise<HealthReport>,
  signal: AbortSignal,
): Promise<HealthReport> {
  const sinceMs = clock.monotonicMs();
  logger.emit('health-check.init', which);
  const report = await check;
  logger.emit('health-check.complete', {
    ...which,
    passed: report.passed,
    failed: report.steps.filter(({ outcome }) => outcome === 'failed').length,
    cutShort: signal.aborted,
    ms: Math.round(clock.monotonicMs() - sinceMs),
  });
  return report;
}

function proofsIn({ proofs, answersLate, echoesTooEarly }: PrinterFindings) {
  return {
    ...proofs,
    answersLate: answersLate === true,
    ...(echoesTooEarly === undefined ? {} : { echoesTooEarly }),
  };
}

function probeOf(
  findings: PrinterFindings,
  kept: boolean,
  profile: ReceiptPrinterProfile,
  configured: KioskConfiguration['receiptPrinter'],
): PrinterProbe {
  const { minimumEvidence, transport } = configured;
  const { text } = configured;
  const line =
    configured.transport === 'serial'
      ? { flowControl: configured.flowControl, baudRate: configured.baudRate }
      : {};
  const conclusions = printerVerdict(findings, { profile, minimumEvidence, transport, text, ...line });
  return { findings, profile: profile.id, conclusions, kept };
}
