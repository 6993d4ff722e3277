import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startProgram } from '../../sandbox/launcher/child-process.ts';
import type { Stack } from '../../sandbox/launcher/stack.ts';

/** Another printer than the demonstration's: what it is like, and what the kiosk is told of it. */
export interface OtherPrinter {
  /** Options of the simulator's command line, without their dashes. */
  readonly simulator: Readonly<Record<string, string | number | true>>;
  /** Keys of `[receiptPrinter]` beside its line. */
  readonly configuration: Readonly<Record<string, string | number>>;
}

const MAIN = path.resolve(import.meta.dirname, '../../drivers/simulators/receipt-printer/main.ts');

/**
 * Puts another simulated printer in the place of the stack's own, before the agent is started; returns the stack with it. Its
 * slips lie in a directory of their own.
 */
export async function exchangePrinter(stack: Stack, printer: OtherPrinter): Promise<Stack> {
  const slipsDirectory = path.join(stack.directory, 'slips-of-other-printer');
  mkdirSync(slipsDirectory, { recursive: true });
  const flags: [string, string | number | true][] = Object.entries({
    tcp: 0,
    baud: 0,
    control: 0,
    out: slipsDirectory,
    ...printer.simulator,
  });
  const program = await startProgram({
    name: 'receipt-printer',
    args: [
      MAIN,
      ...flags.flatMap(([name, value]) => (value === true ? [`--${name}`] : [`--${name}`, String(value)])),
    ],
    isReady: (line) => line['ready'] === true,
  });
  const line = { transport: 'tcp', host: '127.0.0.1', port: Number(program.ready['device']) };
  replaceSection(stack.configFile, 'receiptPrinter', { ...line, ...printer.configuration });
  return {
    ...stack,
    printer: String(program.ready['control']),
    slipsDirectory,
    stop: async () => {
      await stack.stop();
      await program.stop();
    },
  };
}

function replaceSection(file: string, name: string, values: Readonly<Record<string, string | number>>): void {
  const lines = Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  const sections = readFileSync(file, 'utf8').split(/^(?=\[)/m);
  const others = sections.filter((section) => !section.startsWith(`[${name}]`));
  writeFileSync(file, [...others, `[${name}]`, ...lines, ''].join('\n'));
}
