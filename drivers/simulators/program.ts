import { fstatSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { requireNodeVersion } from '../../src/platform/node-version.ts';
import type { LineEnd, UsbRole } from './line.ts';
import type { UsbNames } from './usb/kinds.ts';

/** What every simulator is told on its command line. */
export interface SimulatorOptions {
  readonly at: LineEnd;
  /** Bits per second; 0 = unpaced. */
  readonly baud: number;
  readonly controlPort: number;
}

/** A running simulator, as the program around it sees it. */
export interface RunningSimulator {
  /** The pty's path or the TCP port. */
  readonly address: string;
  readonly controlUrl: string;
  stop(): Promise<void>;
}

/** A serial line runs at 115200 unless told otherwise; a network has no wire speed worth modelling. */
const DEFAULT_BAUD = 115_200;

/** A command-line parser with the options all simulators share; the caller may add its own before parsing. */
export function simulatorCommand(device: string, description: string): Command {
  return new Command(device)
    .description(description)
    .option('--pty <path>', 'make a pseudo-terminal at this path')
    .option('--tcp <port>', 'listen on this TCP port of 127.0.0.1 (0 = any free one)', wholeNumber)
    .option('--usb <path>', 'be a USB device that speaks USB/IP on this Unix socket')
    .addOption(
      new Option('--usb-role <role>', 'the kind of USB device')
        .choices(['cdc', 'bulk', 'bulk-split', 'printer'])
        .default('cdc'),
    )
    .option('--usb-id <vendor:product>', 'its numbers, hexadecimal', usbNumbers)
    .option('--usb-serial <text>', 'its serial number')
    .option('--hub <path>', 'Unix socket of the hub that attaches it to the kernel')
    .option(
      '--baud <bits>',
      `line speed, 0 = unpaced (default: ${DEFAULT_BAUD} on a pty, 0 on TCP)`,
      wholeNumber,
    )
    .option(
      '--control <port>',
      'control interface on this port of 127.0.0.1 (0 = any free one)',
      wholeNumber,
      0,
    );
}

/** For option values: a whole number, not negative. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError('a whole number is needed');
  }
  return value;
}

function usbNumbers(text: string): readonly [vendorId: number, productId: number] {
  const [, vendor, product] = /^([0-9a-f]{4}):([0-9a-f]{4})$/i.exec(text) ?? [];
  if (vendor === undefined || product === undefined) throw new InvalidArgumentError('0400:c35a, for example');
  return [Number.parseInt(vendor, 16), Number.parseInt(product, 16)];
}

interface LineFlags {
  readonly pty?: string;
  readonly tcp?: number;
  readonly usb?: string;
  readonly usbRole: UsbRole;
  readonly usbId?: readonly [number, number];
  readonly usbSerial?: string;
  readonly hub?: string;
  readonly baud?: number;
  readonly control: number;
}

/**
 * Reads the shared options; ends the process with a sentence unless exactly one of --pty, --tcp and --usb is given.
 * @param names what the device calls itself on USB unless told otherwise
 */
export function sharedOptions(program: Command, names: UsbNames = anonymous(program)): SimulatorOptions {
  const flags = program.opts<LineFlags>();
  const { pty, tcp, usb, baud, control } = flags;
  if ([pty, tcp, usb].filter((end) => end !== undefined).length !== 1)
    program.error('exactly one of --pty PATH, --tcp PORT and --usb PATH is needed');
  return {
    at: lineEnd(flags, names),
    baud: baud ?? (pty === undefined ? 0 : DEFAULT_BAUD),
    controlPort: control,
  };
}

/** Numbers of the pid.codes test range, for a device whose USB names are of no interest. */
function anonymous(program: Command): UsbNames {
  return {
    vendorId: 0x1209,
    productId: 0x0001,
    maker: 'SIMULATED',
    product: program.name(),
    serialNumber: 'SIM0000001',
  };
}

function lineEnd({ pty, tcp, usb, usbRole, usbId, usbSerial, hub }: LineFlags, names: UsbNames): LineEnd {
  if (pty !== undefined) return { pty };
  if (usb === undefined) return { tcpPort: tcp ?? 0 };
  const [vendorId, productId] = usbId ?? [names.vendorId, names.productId];
  return {
    usb: { path: usb, ...(hub === undefined ? {} : { hub }) },
    role: usbRole,
    names: { ...names, vendorId, productId, serialNumber: usbSerial ?? names.serialNumber },
  };
}

/**
 * Starts a simulator, says on stdout in one JSON line where it is, and ends it on SIGTERM, SIGINT, SIGHUP or when the
 * pipe on stdin closes (its parent is gone), leaving no child and no path behind.
 */
export async function runSimulator(start: () => Promise<RunningSimulator>): Promise<void> {
  requireNodeVersion();
  let running: RunningSimulator;
  try {
    running = await start();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'could not start'}\n`);
    process.exit(1);
  }
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    void running.stop().finally(() => process.exit(0));
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop);
  if (stdinIsPipe()) process.stdin.on('end', stop).on('error', stop).resume();
  process.stdout.write(
    `${JSON.stringify({ ready: true, device: running.address, control: running.controlUrl })}\n`,
  );
}

/** Only a pipe says something about a parent: a terminal stays open, /dev/null is closed from the beginning. */
function stdinIsPipe(): boolean {
  try {
    const kind = fstatSync(0);
    return kind.isFIFO() || kind.isSocket();
  } catch {
    return false;
  }
}
