import { Option } from 'commander';
import { systemClock } from '../../../src/platform/clock.ts';
import { systemRandom } from '../../../src/platform/random.ts';
import { runSimulator, sharedOptions, simulatorCommand } from '../program.ts';
import { startQrScanner, type SuffixName, SUFFIXES } from './simulator.ts';

const program = simulatorCommand('qr-scanner', 'A simulated QR scanner (serial or CDC)')
  .addOption(
    new Option('--suffix <name>', 'sent after each code').choices(Object.keys(SUFFIXES)).default('CR'),
  )
  .parse();
const { suffix } = program.opts<{ suffix: SuffixName }>();

await runSimulator(() => startQrScanner({ ...sharedOptions(program), suffix }, systemClock, systemRandom));
