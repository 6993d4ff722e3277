import { afterEach, describe, expect, it } from 'vitest';
import type { ProbedPrinterConnection } from '../drivers/receipt-printer/printer-connection.ts';
import {
  type FamilySetting,
  type SimulatedFamily,
  simulatedFamily,
  slipOf,
} from './fixtures/simulated-family.ts';

const TOKEN = 'OC1ABCDEFGHJKMNPQRSTVWXYZ234567ABCD';
const GENEROUS = { timeout: 15_000, interval: 100 };

let printer: SimulatedFamily;
let connection: ProbedPrinterConnection;

afterEach(() => printer.stop());

async function start(setting: FamilySetting): Promise<void> {
  printer = await simulatedFamily(setting);
  connection = await printer.connect();
}

/** Each family, its profile, and the best proof it can give. */
const FAMILIES = [
  { family: 'epson', profile: 'epson-eu', grade: 'E2' },
  { family: 'epson', profile: 'generic-80mm', grade: 'E2' },
  { family: 'epson', profile: 'generic-58mm', grade: 'E2', flags: ['--width-dots', '384'] },
  { family: 'clone', profile: 'clone-80mm', grade: 'E1' },
  { family: 'snbc-kiosk', profile: 'snbc-bt-t080', grade: 'E1' },
  { family: 'masung', profile: 'masung', grade: 'E2' },
  { family: 'citizen', profile: 'citizen-ppu-700', grade: 'E1' },
  { family: 'custom', profile: 'custom-vkp80', grade: 'E1' },
  { family: 'star', profile: 'star-tup900', grade: 'E2' },
] as const;

describe.each(FAMILIES)('a $family printer with the profile $profile', ({ grade, ...setting }) => {
  it('prints a slip that can be read, cuts it, and proves it as well as it can', async () => {
    await start(setting);
    expect(connection.status()).toMatchObject({
      device: 'online',
      paper: 'full',
      cover: 'closed',
      faults: [],
    });
    const outcome = await connection.print({ document: slipOf(TOKEN), cut: true, processId: 'P001' });
    expect(outcome).toEqual({ kind: 'printed', grade, cut: true });
    const [slip, ...others] = await printer.slips();
    expect(others).toEqual([]);
    expect(printer.decoded(slip?.file ?? '')).toBe(TOKEN);
    // A head to the cutter of 15 mm, the symbol and a line.
    expect(slip?.heightMm).toBeLessThan(90);
  });

  it('is told apart in every trouble, and comes back', async () => {
    await start(setting);
    const becomes = (status: object) =>
      expect.poll(() => connection.status(), GENEROUS).toMatchObject(status);
    await printer.program.tell('paper', { state: 'out' });
    await becomes({ device: 'userError', paper: 'out' });
    expect(await connection.print({ document: slipOf(TOKEN), cut: true, processId: 'P001' })).toEqual({
      kind: 'notPrinted',
      fault: { code: 'printer.paper-out', action: 'clear' },
    });
    await printer.program.tell('paper', { state: 'full' });
    await becomes({ device: 'online', paper: 'full' });
    await printer.program.tell('cover', { open: true });
    await becomes({ device: 'userError', cover: 'open' });
    await printer.program.tell('cover', { open: false });
    await becomes({ device: 'online', cover: 'closed' });
    await printer.program.tell('cutter-jam');
    await becomes({ device: 'hardwareError', cutter: 'fault' });
    await printer.program.tell('clear-jam');
    await becomes({ device: 'online', cutter: 'ok' });
    expect(await connection.print({ document: slipOf(TOKEN), cut: true, processId: 'P002' })).toMatchObject({
      kind: 'printed',
      cut: true,
    });
  }, 60_000);
});
