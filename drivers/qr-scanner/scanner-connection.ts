import type { QrScannerConnection } from '../../src/devices/contract.ts';
import type { QrScannerStatus } from '../../src/devices/status.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { createCommandChannel } from './commands/command-channel.ts';
import { provisionScanner } from './provisioning.ts';
import type { ProvisioningReport } from './provisioning.ts';
import { createScanArming } from './commands/scan-arming.ts';
import { createScanTrigger } from './commands/scan-trigger.ts';
import type { ScanTrigger } from './commands/scan-trigger.ts';
import { scannerFaults } from './scanner-faults.ts';
import type { ScannerWarning } from './scanner-faults.ts';
import type { ScannerFamily } from './families/scanner-family.ts';
import { createScannerHealth } from './scanner-health.ts';
import type { CommandedScanner } from './scanner-health.ts';
import { createScannerSetup } from './commands/scanner-setup.ts';
import type { ScannerWay } from './scanner-way.ts';

/** A connected scanner. */
export interface ScannerConnection extends QrScannerConnection {
  /**
   * Stores the kiosk's settings in the scanner for good. For the provisioning command only, never at run time. Undefined on a
   * scanner that takes no commands. `signal` stops it between two settings.
   */
  readonly provision?: (signal: AbortSignal) => Promise<ProvisioningReport>;
}

export interface ScannerConnectionOptions {
  readonly clock: Clock;
  /** Whose commands the scanner knows; undefined: it is only listened to. */
  readonly family: ScannerFamily | undefined;
  readonly aimPrefix: boolean;
  /** How often an idle scanner is asked whether it still has its settings, ms. */
  readonly keepIntervalMs: number;
  readonly onWarning: (warning: ScannerWarning) => void;
}

/** The connection to a scanner, the same for every way in. */
export function createScannerConnection(
  way: ScannerWay,
  options: ScannerConnectionOptions,
): ScannerConnection {
  const { clock, aimPrefix } = options;
  const listeners = new Set<(status: QrScannerStatus) => void>();
  let scanner: QrScannerStatus['scanner'] = 'off';
  let trigger: ScanTrigger | undefined;
  let over = false;

  const status = (): QrScannerStatus => ({ device: 'online', faults: [], scanner });
  const arming = createScanArming({
    clock,
    aimPrefix,
    ended: way.ended,
    onArmed(armed) {
      scanner = armed ? 'on' : 'off';
      if (armed) trigger?.on();
      else trigger?.off();
      for (const listener of listeners) listener(status());
    },
  });
  way.listen((frames) => {
    if (frames.length > 0) trigger?.hasRead();
    arming.take(frames);
  });
  const warn = onceEach(options.onWarning);
  const commanded = commandedBy(way, options, () => arming.armed, warn);
  trigger =
    commanded &&
    createScanTrigger(commanded, clock, () => {
      warn(scannerFaults.settingRefused.code);
    });
  commanded?.setup.begin();
  const noteEnd = async () => {
    const end = await way.ended;
    over = true;
    commanded?.setup.end();
    listeners.clear();
    return end;
  };

  return {
    ended: noteEnd(),
    status,
    onStatus(listener) {
      if (!over) listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    close: () => way.close(),
    identity: () => ({ ...commanded?.setup.identity(), ...way.identity }),
    checkHealth: createScannerHealth({ clock, arming, commanded, ended: way.ended }),
    scan: (signal, onEvent) =>
      arming.scan(signal, (event) => {
        onEvent(event.kind === 'code' ? { kind: 'code', text: event.content.text } : event);
      }),
    ...(commanded && {
      provision: (signal: AbortSignal) => provisionScanner(commanded.channel, commanded.family.name, signal),
    }),
  };
}

/** The command side of a scanner that has one. */
function commandedBy(
  way: ScannerWay,
  options: ScannerConnectionOptions,
  busy: () => boolean,
  onWarning: (warning: ScannerWarning) => void,
): CommandedScanner | undefined {
  const { clock, family, keepIntervalMs } = options;
  if (!family) return undefined;
  if (!way.commands) {
    onWarning(scannerFaults.commandsNotCarried.code);
    return undefined;
  }
  const channel = createCommandChannel(way.commands, clock, family, way.ended);
  const setup = createScannerSetup({ family, channel, clock, keepIntervalMs, busy, onWarning });
  return { family, channel, setup };
}

/** Each warning once. */
function onceEach(onWarning: (warning: ScannerWarning) => void): (warning: ScannerWarning) => void {
  const warned = new Set<ScannerWarning>();
  return (warning) => {
    if (warned.has(warning)) return;
    warned.add(warning);
    onWarning(warning);
  };
}
