import { expect, test } from 'vitest';
import { z } from 'zod';
import { configurationSchema, DEVICE_SECTIONS } from '../src/configuration/configuration.ts';
import type { CableName, DriverName } from './device-conformance/bench.ts';
import { missingResults, ROWS, rowName, TEST_NAMES } from './device-conformance/table.ts';

/** How `kiosk.toml` names what the table calls a driver. */
const DRIVERS: Readonly<Record<(typeof DEVICE_SECTIONS)[number], DriverName>> = {
  idCardReader: 'id-card-reader',
  qrScanner: 'qr-scanner',
  receiptPrinter: 'receipt-printer',
};
/** The cables that stand for a transport; a real serial port is a pty here and a CDC device in the lab. */
const CABLES: Readonly<Record<string, readonly CableName[]>> = {
  serial: ['pty', 'cdc'],
  tcp: ['tcp'],
  usb: ['usb'],
  hid: ['hid'],
  usblp: ['usblp'],
};

const transportSchema = z.object({
  properties: z.object({
    transport: z.object({ const: z.string().optional(), enum: z.array(z.string()).optional() }),
  }),
});

function transportsOf(section: (typeof DEVICE_SECTIONS)[number]): readonly string[] {
  return configurationSchema.shape[section].options.flatMap((option) => {
    const schema = z.toJSONSchema(option, { io: 'input', unrepresentable: 'any' });
    const { transport } = transportSchema.parse(schema).properties;
    return transport.const === undefined ? (transport.enum ?? []) : [transport.const];
  });
}

test.each(DEVICE_SECTIONS)('every way in which %s can be configured has its rows in the table', (section) => {
  const transports = transportsOf(section);
  expect(transports.length).toBeGreaterThan(2);
  for (const transport of transports) {
    const cables = ROWS.filter(({ driver }) => driver === DRIVERS[section]).map(({ cable }) => cable);
    expect(cables, `${section} ${transport}`).toEqual(
      expect.arrayContaining([...(CABLES[transport] ?? ['?'])]),
    );
  }
});

test('the reader has a row for each of its two USB framings', () => {
  const cables = ROWS.filter(({ driver }) => driver === 'id-card-reader').map(({ cable }) => cable);
  expect(cables).toEqual(expect.arrayContaining(['usb', 'usb-split']));
});

test('a cell without a result is missed', () => {
  const full = ROWS.flatMap((row) => TEST_NAMES.map((name) => ({ suite: rowName(row), test: name })));
  expect(missingResults(ROWS, full)).toEqual([]);
  const [gone, ...rest] = full;
  expect(missingResults(ROWS, rest)).toEqual([gone]);
});
