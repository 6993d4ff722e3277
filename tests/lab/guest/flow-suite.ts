/**
 * Runs in the virtual machine, as the kiosk's user: a serial printer that says by DSR alone that its buffer is full, and loses
 * what is sent regardless. Neither a pseudo-terminal nor a socket has such a wire; a CDC device has (SERIAL_STATE).
 */
import { setTimeout as pause } from 'node:timers/promises';
import { loadProfile } from '../../../drivers/receipt-printer/printer-profile.ts';
import { createReceiptPrinterDriver } from '../../../drivers/receipt-printer/receipt-printer.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { systemRandom } from '../../../src/platform/random.ts';
import type { PrintDocument } from '../../../src/slip/print-document.ts';
import { byteTransportOf } from '../../device-conformance/cables.ts';
import { usbFlags } from '../../device-conformance/device-host.ts';
import { hostLab } from './host-lab.ts';
import { isWanted, judge } from './results.ts';

const SUITE = 'flow control by DSR over cdc';
/** Much slower than the line, with a buffer that is soon full. */
const SLOW_PRINTER = ['--flow', 'dsr', '--buffer', '1024', '--speed-mm', '40'];
/** Drawn, so that there is much to send. */
const DOCUMENT: PrintDocument = {
  part: 'test-page',
  elements: Array.from({ length: 8 }, () => ({
    type: 'text',
    text: '打印测试打印测试',
    sizePt: 14,
    weight: 'regular',
    align: 'left',
  })),
};

async function bytesLostWith(flowControl: 'dsr' | 'none'): Promise<{ lost: number; outcome: string }> {
  const number = flowControl === 'dsr' ? 1 : 2;
  const flags = [...usbFlags('receipt-printer', 'cdc', number), ...SLOW_PRINTER];
  const printer = await hostLab.start('receipt-printer', 'cdc', number, flags);
  const profile = loadProfile('generic-80mm', { speedMmPerSecond: 40 });
  if (!profile.ok) throw new Error(profile.error.code);
  const driver = createReceiptPrinterDriver({
    transport: byteTransportOf({
      driver: 'receipt-printer',
      cable: 'cdc',
      number,
      address: printer.address,
    }),
    clock: systemClock,
    random: systemRandom,
    profile: profile.value,
    line: { bytesPerSecond: 100_000, flowControl, backPressure: 'paced' },
    nativeText: false,
  });
  const connection = await connected(driver);
  const { kind } = await connection.print({ document: DOCUMENT, cut: true, processId: 'F001' });
  const { bytesLost } = await printer.state();
  await connection.close();
  await printer.stop();
  return { lost: Number(bytesLost), outcome: kind };
}

/** The port's name and its permissions come a moment after the plug. */
async function connected(driver: ReturnType<typeof createReceiptPrinterDriver>) {
  for (let left = 40; ; left -= 1) {
    const result = await driver.connect(new AbortController().signal);
    if (result.ok) return result.value;
    if (left === 0) throw new Error(result.error.code);
    await pause(250);
  }
}

if (isWanted(SUITE)) {
  await judge(SUITE, 'a slip is whole where the wire is obeyed', async () => {
    const { lost, outcome } = await bytesLostWith('dsr');
    if (lost > 0 || outcome !== 'printed')
      throw new Error(`${lost} bytes were lost, the slip was ${outcome}`);
  });
  await judge(SUITE, 'where it is not, bytes are lost and nothing is called printed', async () => {
    const { lost, outcome } = await bytesLostWith('none');
    if (lost === 0 || outcome === 'printed')
      throw new Error(`${lost} bytes were lost, the slip was ${outcome}`);
  });
}
process.exit();
