import { systemClock } from '../../../src/platform/clock.ts';
import { systemRandom } from '../../../src/platform/random.ts';
import { runSimulator, sharedOptions, simulatorCommand, wholeNumber } from '../program.ts';
import { startIdCardReader } from './simulator.ts';

const program = simulatorCommand('id-card-reader', 'A simulated ID-card reader (SDT protocol)')
  .option('--chip-ms <ms>', 'time to read a chip; find and select take a tenth', wholeNumber, 100)
  .parse();
const { chipMs } = program.opts<{ chipMs: number }>();

await runSimulator(() =>
  startIdCardReader(
    { ...sharedOptions(program), habits: { chipMs, fingerprintBytes: 1024, findsReadCardAgain: false } },
    systemClock,
    systemRandom,
  ),
);
