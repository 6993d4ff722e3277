import { systemClock } from '../../../src/platform/clock.ts';
import { systemRandom } from '../../../src/platform/random.ts';
import { runSimulator, sharedOptions, simulatorCommand, wholeNumber } from '../program.ts';
import { ORDINARY_HABITS } from './sam.ts';
import { startIdCardReader } from './simulator.ts';

/** The numbers that most readers have, whoever made them (device-protocols 1.9). */
const USB_NAMES = {
  vendorId: 0x0400,
  productId: 0xc35a,
  maker: 'SIMULATED',
  product: 'ID-card reader',
  serialNumber: 'SIM0000001',
};

const program = simulatorCommand('id-card-reader', 'A simulated ID-card reader (SDT protocol)')
  .option(
    '--chip-ms <ms>',
    'time to read a chip; find and select take a tenth',
    wholeNumber,
    ORDINARY_HABITS.chipMs,
  )
  .parse();
const { chipMs } = program.opts<{ chipMs: number }>();

await runSimulator(() =>
  startIdCardReader(
    { ...sharedOptions(program, USB_NAMES), habits: { ...ORDINARY_HABITS, chipMs } },
    systemClock,
    systemRandom,
  ),
);
