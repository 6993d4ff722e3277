import { Option } from 'commander';
import { systemClock } from '../../../src/platform/clock.ts';
import { systemRandom } from '../../../src/platform/random.ts';
import { runSimulator, sharedOptions, simulatorCommand, wholeNumber } from '../program.ts';
import { FAMILIES, type FamilyName } from './families.ts';
import type { PrinterIdentity } from './identity.ts';
import type { TextMake } from './interpreter.ts';
import { startReceiptPrinter } from './simulator.ts';

const choice = (flags: string, description: string, choices: readonly string[], fallback: string) =>
  new Option(flags, description).choices(choices).default(fallback);

const program = simulatorCommand('receipt-printer', 'A simulated receipt printer with cutter')
  .addOption(choice('--family <name>', 'whose manual it follows', Object.keys(FAMILIES), 'epson'))
  .option('--out <dir>', 'write each slip there as slip-0001.png, …')
  .option('--width-dots <dots>', 'dots of the head: 576 (80 mm paper) or 384 (58 mm)', wholeNumber, 576)
  .option('--speed-mm <mm>', 'paper speed in mm/s', wholeNumber, 150)
  .option('--cutter-mm <mm>', 'distance from head to cutter', wholeNumber, 15)
  .option('--buffer <bytes>', 'receive buffer; default as the family has it', wholeNumber)
  .option('--no-process-id', 'GS ( H is not known (default as the family has it)')
  .option('--exit-sensor', 'a sensor sees a slip at the exit (default as the family has it)')
  .option('--no-presenter', 'slips hang from the cutter whatever the family')
  .option(
    '--auto-retract <seconds>',
    'switched so that the presenter pulls slips in by itself',
    wholeNumber,
    0,
  )
  .addOption(
    choice(
      '--flow <how>',
      'a full buffer makes the computer wait, or is told by XOFF and XON, or by DSR (CDC)',
      ['wait', 'xon-xoff', 'dsr'],
      'wait',
    ),
  )
  .option('--flow-bytes', 'XOFF and XON in the middle of each reply', false)
  .addOption(
    choice(
      '--chinese-rom <rom>',
      'Chinese characters in its memory',
      ['gb18030', 'gb2312', 'none'],
      'gb18030',
    ),
  )
  .addOption(
    choice(
      '--scales-chinese-by <command>',
      'what enlarges them: GS !, FS ! or both',
      ['both', 'gs', 'fs'],
      'both',
    ),
  )
  .option('--firmware <text>', 'what GS I 65 says')
  .option('--maker <text>', 'what GS I 66 says')
  .option('--model <text>', 'what GS I 67 says')
  .option('--serial <text>', 'what GS I 68 says')
  .option('--rom-language <text>', 'what GS I 69 says')
  .parse();

interface Flags extends Partial<PrinterIdentity> {
  readonly family: FamilyName;
  readonly out?: string;
  readonly widthDots: number;
  readonly speedMm: number;
  readonly cutterMm: number;
  readonly buffer?: number;
  readonly processId: boolean;
  readonly exitSensor?: true;
  readonly presenter: boolean;
  readonly autoRetract: number;
  readonly flow: 'wait' | 'xon-xoff' | 'dsr';
  readonly flowBytes: boolean;
  readonly chineseRom: TextMake['chineseRom'];
  readonly scalesChineseBy: TextMake['scalesChineseBy'];
}

const flags = program.opts<Flags>();
const family = FAMILIES[flags.family];
const { out, widthDots, speedMm, cutterMm } = flags;
const buffer = flags.buffer ?? family.bufferBytes;
if (widthDots !== 576 && widthDots !== 384) program.error('--width-dots must be 576 or 384');
if (speedMm < 1 || buffer < 1024) program.error('--speed-mm must be at least 1, --buffer at least 1024');

const identity: PrinterIdentity = {
  firmware: flags.firmware ?? family.identity.firmware ?? '1.00',
  maker: flags.maker ?? family.identity.maker ?? 'SIMULATED',
  model: flags.model ?? family.identity.model ?? 'SIM-80',
  serial: flags.serial ?? family.identity.serial ?? 'SIM0000001',
  romLanguage: flags.romLanguage ?? family.identity.romLanguage ?? 'CHINA GB18030',
};

/** Numbers of the pid.codes test range: a simulator must not pass for a printer that is sold. */
const names = {
  vendorId: 0x1209,
  productId: 0x0001,
  maker: identity.maker,
  product: identity.model,
  serialNumber: identity.serial,
};

await runSimulator(() =>
  startReceiptPrinter(
    {
      ...sharedOptions(program, names),
      out,
      make: {
        family: flags.family,
        // 80 mm and 58 mm paper at 203 dpi.
        geometry: {
          headDots: widthDots,
          marginDots: widthDots === 576 ? 32 : 40,
          cutterDistanceMm: cutterMm,
        },
        speedMmPerSecond: speedMm,
        bufferBytes: buffer,
        identity,
        text: { chineseRom: flags.chineseRom, scalesChineseBy: flags.scalesChineseBy, largestScale: 8 },
        answersProcessId: flags.processId && family.processId,
        exitSensor: flags.exitSensor ?? family.exitSensor,
        presenter: flags.presenter && family.presenter,
        autoRetractMs: flags.autoRetract * 1000,
        flow: flags.flow,
        flowBytesInReplies: flags.flowBytes,
      },
    },
    systemClock,
    systemRandom,
  ),
);
