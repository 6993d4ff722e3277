import type { Clock } from '../../../src/platform/clock.ts';
import type { RandomSource } from '../../../src/platform/random.ts';
import { openControl } from '../control.ts';
import type { DeviceLine } from '../line.ts';
import type { RunningSimulator, SimulatorOptions } from '../program.ts';
import { byteWayOut, type SuffixName } from './byte-way-out.ts';
import { commandsOf } from './control-commands.ts';
import { commandIn, type ReportMake } from './hid-reports.ts';
import { type ReportCable, reportWayOut } from './report-way-out.ts';
import { type FamilyName, scannerOn, type SimulatedScanner } from './simulated-scanner.ts';

/** Starts a QR scanner on a stream of bytes: serial, CDC or TCP. */
export async function startQrScanner(
  options: SimulatorOptions & { readonly suffix: SuffixName; readonly family: FamilyName },
  clock: Clock,
  random: RandomSource,
): Promise<RunningSimulator> {
  let hear: (bytes: Uint8Array) => void = () => undefined;
  const { way, line } = await byteWayOut(
    {
      ...options,
      onBytes: (bytes) => {
        hear(bytes);
      },
    },
    clock,
    random,
  );
  const scanner = scannerOn(way, options.family, clock);
  hear = scanner.hear;
  return runScanner(scanner, options.controlPort, random, line);
}

/** Starts a HID POS scanner on a cable that `plugIn` lays; it is told where what the computer sends goes. */
export async function startHidQrScanner(
  options: { readonly controlPort: number; readonly family: FamilyName; readonly make: ReportMake },
  plugIn: (onOutput: (report: Uint8Array) => void) => Promise<ReportCable>,
  clock: Clock,
  random: RandomSource,
): Promise<RunningSimulator> {
  let hear: (bytes: Uint8Array) => void = () => undefined;
  const cable = await plugIn((report) => {
    const command = commandIn(report);
    if (command) hear(command);
  });
  const scanner = scannerOn(reportWayOut(cable, options.make, clock, random), options.family, clock);
  hear = scanner.hear;
  return runScanner(scanner, options.controlPort, random);
}

async function runScanner(
  scanner: SimulatedScanner,
  controlPort: number,
  random: RandomSource,
  line?: DeviceLine,
): Promise<RunningSimulator> {
  const control = await openControl(controlPort, {
    state: scanner.state,
    commands: commandsOf(scanner, random, line),
  });
  return {
    address: scanner.way.address,
    controlUrl: control.url,
    async stop() {
      scanner.view.trigger(false);
      scanner.view.clear();
      await control.close();
      await scanner.way.pullOut();
    },
  };
}
