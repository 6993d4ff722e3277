import { Option } from 'commander';
import { systemClock } from '../../../src/platform/clock.ts';
import { systemRandom } from '../../../src/platform/random.ts';
import { runSimulator, sharedOptions, simulatorCommand } from '../program.ts';
import { openUhidDevice } from '../uhid.ts';
import { SUFFIXES, type SuffixName } from './byte-way-out.ts';
import type { ReportLayout } from './hid-reports.ts';
import { REPORT_DESCRIPTORS } from './report-descriptors.ts';
import { type FamilyName, LANGUAGES } from './simulated-scanner.ts';
import { startHidQrScanner, startQrScanner } from './simulator.ts';

const program = simulatorCommand('qr-scanner', 'A simulated QR scanner (serial, CDC, TCP or HID POS)')
  .addOption(
    new Option('--suffix <name>', 'sent after each code').choices(Object.keys(SUFFIXES)).default('CR'),
  )
  .addOption(
    new Option('--family <name>', 'whose commands it knows')
      .choices(['passive', ...Object.keys(LANGUAGES)])
      .default('passive'),
  )
  .option('--hid', 'be a HID POS scanner instead (needs /dev/uhid)')
  .addOption(
    new Option('--layout <name>', 'how its reports are laid out')
      .choices(Object.keys(REPORT_DESCRIPTORS))
      .default('standard'),
  )
  .option('--marks-continuation', 'a Newland model that marks reports which are continued')
  .parse();

const options = program.opts<{
  suffix: SuffixName;
  family: FamilyName;
  hid?: boolean;
  layout: ReportLayout;
  marksContinuation?: boolean;
  usbId?: readonly [number, number];
  usbSerial?: string;
  control: number;
}>();

/** A Honeywell Voyager, a Newland FM420, and a number of the pid.codes test range where none is known. */
const USB_NUMBERS: Record<ReportLayout, readonly [vendorId: number, productId: number]> = {
  standard: [0x0c2e, 0x0db3],
  newland: [0x1eab, 0x0d10],
  microscan: [0x1209, 0x0001],
};

function startHid() {
  const { layout, family } = options;
  const [vendorId, productId] = options.usbId ?? USB_NUMBERS[layout];
  const identity = {
    name: 'SIMULATED QR scanner',
    vendorId,
    productId,
    serialNumber: options.usbSerial ?? 'SIM0000001',
    reportDescriptor: REPORT_DESCRIPTORS[layout],
  };
  return startHidQrScanner(
    {
      controlPort: options.control,
      family,
      make: { layout, marksContinuation: options.marksContinuation === true },
    },
    (onOutput) => openUhidDevice(identity, onOutput),
    systemClock,
    systemRandom,
  );
}

if (options.hid === true) await runSimulator(startHid);
else {
  const { suffix, family } = options;
  await runSimulator(() =>
    startQrScanner({ ...sharedOptions(program), suffix, family }, systemClock, systemRandom),
  );
}
