import { systemClock } from '../../../src/platform/clock.ts';
import { systemRandom } from '../../../src/platform/random.ts';
import { runSimulator, sharedOptions, simulatorCommand, wholeNumber } from '../program.ts';
import { startReceiptPrinter } from './simulator.ts';

const program = simulatorCommand('receipt-printer', 'A simulated ESC/POS receipt printer with cutter')
  .option('--out <dir>', 'write each slip there as slip-0001.png, …')
  .option('--width-dots <dots>', 'dots of the head: 576 (80 mm paper) or 384 (58 mm)', wholeNumber, 576)
  .option('--speed-mm <mm>', 'paper speed in mm/s', wholeNumber, 150)
  .option('--cutter-mm <mm>', 'distance from head to cutter', wholeNumber, 15)
  .option('--buffer <bytes>', 'receive buffer', wholeNumber, 65_536)
  .option('--no-process-id', 'GS ( H is not known')
  .option('--exit-sensor', 'DLE EOT 5 tells whether a slip lies at the exit', false)
  .option('--xon-xoff', 'a full buffer is told by XOFF and XON', false)
  .option('--firmware <text>', 'what GS I 65 says', '1.00')
  .option('--maker <text>', 'what GS I 66 says', 'SIMULATED')
  .option('--model <text>', 'what GS I 67 says', 'SIM-80')
  .option('--serial <text>', 'what GS I 68 says', 'SIM0000001')
  .option('--rom-language <text>', 'what GS I 69 says', 'CHINA GB18030')
  .parse();

const { out, widthDots, speedMm, cutterMm, buffer, processId, exitSensor, xonXoff, ...identity } =
  program.opts<{
    out?: string;
    widthDots: number;
    speedMm: number;
    cutterMm: number;
    buffer: number;
    processId: boolean;
    exitSensor: boolean;
    xonXoff: boolean;
    firmware: string;
    maker: string;
    model: string;
    serial: string;
    romLanguage: string;
  }>();
if (widthDots !== 576 && widthDots !== 384) program.error('--width-dots must be 576 or 384');
if (speedMm < 1 || buffer < 1024) program.error('--speed-mm must be at least 1, --buffer at least 1024');

await runSimulator(() =>
  startReceiptPrinter(
    {
      ...sharedOptions(program),
      out,
      make: {
        // 80 mm and 58 mm paper at 203 dpi.
        geometry: {
          headDots: widthDots,
          marginDots: widthDots === 576 ? 32 : 40,
          cutterDistanceMm: cutterMm,
        },
        speedMmPerSecond: speedMm,
        bufferBytes: buffer,
        identity,
        answersProcessId: processId,
        exitSensor,
        xonXoff,
      },
    },
    systemClock,
    systemRandom,
  ),
);
