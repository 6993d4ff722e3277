import { fstatSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { requireNodeVersion } from '../../src/platform/node-version.ts';
import type { LineOptions } from './line.ts';

/** What every simulator is told on its command line. */
export interface SimulatorOptions {
  readonly at: LineOptions['at'];
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

/** Reads the shared options; ends the process with a sentence when neither or both of --pty and --tcp are given. */
export function sharedOptions(program: Command): SimulatorOptions {
  const { pty, tcp, baud, control } = program.opts<{
    pty?: string;
    tcp?: number;
    baud?: number;
    control: number;
  }>();
  if ((pty === undefined) === (tcp === undefined)) {
    program.error('exactly one of --pty PATH and --tcp PORT is needed');
  }
  return {
    at: pty === undefined ? { tcpPort: tcp ?? 0 } : { pty },
    baud: baud ?? (pty === undefined ? 0 : DEFAULT_BAUD),
    controlPort: control,
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
