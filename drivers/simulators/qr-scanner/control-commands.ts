import { z } from 'zod';
import type { RandomSource } from '../../../src/platform/random.ts';
import { cableCommands } from '../cable-commands.ts';
import { command, type Command } from '../control.ts';
import type { DeviceLine } from '../line.ts';
import { SUFFIXES } from './byte-way-out.ts';
import { COMMAND_FAULT_USAGE, commandFault } from './command-faults.ts';
import type { SimulatedScanner } from './simulated-scanner.ts';
import type { SendManner } from './way-out.ts';

const nothingMore = z.strictObject({});
const hexBytes = z.string().regex(/^([0-9a-fA-F]{2})*$/, 'bytes in hexadecimal');

/** How the code travels. */
const manner = {
  suffix: z.enum(['CR', 'CRLF', 'TAB', 'none']).optional(),
  split: z.boolean().default(false),
  unplugAfterBytes: z.int().nonnegative().optional(),
  withoutLastPart: z.boolean().default(false),
  damaged: z.boolean().default(false),
};

const symbol = {
  text: z.string().max(8192).optional(),
  /** For codes that are not text. */
  hex: hexBytes.optional(),
  /** AIM identifier. */
  aim: z
    .string()
    .regex(/^][A-Za-z][0-9A-Za-z]$/, 'like ]Q1')
    .default(']Q1'),
};

const shownCode = z
  .strictObject({
    ...symbol,
    ...manner,
    hold: z.boolean().default(false),
    repeatMs: z.int().min(20).max(60_000).default(500),
  })
  .refine(({ text, hex }) => (text === undefined) !== (hex === undefined), 'exactly one of text and hex');

const burst = z.strictObject({ texts: z.array(z.string().max(8192)).min(1).max(20) });

/** What can be done to a scanner from outside; `line`: the cable, where it is a stream of bytes. */
export function commandsOf(
  scanner: SimulatedScanner,
  random: RandomSource,
  line?: DeviceLine,
): Record<string, Command> {
  const { view, way, unit } = scanner;
  const powerCycle = scanner.powerCycle;
  return {
    'show-code': command(
      '{"text" or "hex","aim":"]Q1","suffix":"CR|CRLF|TAB|none","split":bool,"unplugAfterBytes":n,"withoutLastPart":bool,"damaged":bool,"hold":bool,"repeatMs":ms}',
      shownCode,
      (shown) =>
        view.show({
          code: { data: dataOf(shown), aim: shown.aim },
          manner: mannerOf(shown),
          repeatMs: shown.hold ? shown.repeatMs : undefined,
        }),
    ),
    'show-burst': command(
      '{"texts":["…"]}, one after the other without a pause',
      burst,
      async ({ texts }) => {
        const shown = texts.map((text) => ({
          code: { data: Buffer.from(text), aim: ']Q1' },
          manner: {},
          repeatMs: undefined,
        }));
        await Promise.all(shown.map((code) => view.show(code)));
      },
    ),
    'remove-code': command('', nothingMore, () => view.clear()),
    'show-set-up-code': command(
      '{"address":"0000","value":"D6"}',
      z.strictObject({ address: z.string(), value: z.string() }),
      ({ address, value }) => void unit?.readSetUpCode(address, value),
    ),
    fault: command(COMMAND_FAULT_USAGE, commandFault, (fault) =>
      unit ? unit.faults.add(fault) : 'a passive scanner takes no commands',
    ),
    'clear-faults': command('', nothingMore, () => unit?.faults.clear()),
    'power-cycle': command('', nothingMore, () => powerCycle()),
    'send-raw': command('{"hex":"0d"}', z.strictObject({ hex: hexBytes }), ({ hex }) =>
      way.sendRaw(Buffer.from(hex, 'hex')),
    ),
    garbage: command(
      '{"bytes":n}',
      z.strictObject({ bytes: z.int().positive().max(8192).default(32) }),
      ({ bytes }) => way.sendRaw(random.bytes(bytes)),
    ),
    ...(line ? cableCommands(line, powerCycle) : reportCableCommands(scanner)),
  };
}

/** A scanner lives on its cable's power, so it comes back as switched on. */
function reportCableCommands({ way, powerCycle }: SimulatedScanner): Record<string, Command> {
  return {
    unplug: command('', nothingMore, () => way.pullOut()),
    replug: command('', nothingMore, async () => {
      powerCycle();
      await way.plugIn();
    }),
  };
}

function dataOf({ text, hex }: { text?: string | undefined; hex?: string | undefined }): Uint8Array {
  return hex === undefined ? Buffer.from(text ?? '', 'utf8') : Buffer.from(hex, 'hex');
}

function mannerOf({
  suffix,
  split,
  unplugAfterBytes,
  withoutLastPart,
  damaged,
}: z.output<typeof shownCode>): SendManner {
  return {
    split,
    withoutLastPart,
    damaged,
    ...(suffix === undefined ? {} : { suffix: SUFFIXES[suffix] }),
    ...(unplugAfterBytes === undefined ? {} : { unplugAfterBytes }),
  };
}
