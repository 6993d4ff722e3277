import { expect, test } from 'vitest';
import { knownScanner } from '../drivers/qr-scanner/families/scanner-families.ts';

test.each([
  [0x1eab, 0x0d10, { maker: 'Newland', family: 'newland', layout: 'newland', interface: 'hid-pos' }],
  [0x0c2e, 0x0b61, { maker: 'Honeywell', family: 'honeywell', layout: 'standard', interface: undefined }],
  [0x05e0, 0x1200, { maker: 'Zebra', family: 'ssi', interface: 'keyboard', switchOver: 'zebra' }],
  [0x05e0, 0x0600, { interface: 'serial' }],
  [0x05f9, 0x4204, { maker: 'Datalogic', family: 'passive', switchOver: 'datalogic' }],
  [0x27dd, 0x0103, { maker: 'Mindeo', family: 'passive', switchOver: 'mindeo' }],
  [0x28e9, 0x018a, { maker: 'Grow', family: 'gm6x', interface: undefined, switchOver: 'grow' }],
  [0x6666, 0x7777, { maker: 'Grow', family: 'gm6x', interface: 'serial', switchOver: 'grow' }],
  [0x6666, 0x7777, { maker: 'Grow', interface: 'serial' }],
  [0x1a86, 0x5723, { maker: '', family: 'passive', switchOver: 'unknown-maker' }],
])('%x:%x is known for what it is', (vendorId, productId, known) => {
  expect(knownScanner(vendorId, productId)).toMatchObject(known);
});

test('a scanner that nobody knows is listened to, and its own manual says how to switch it over', () => {
  expect(knownScanner(0x1234, 0x5678)).toEqual({
    maker: '',
    family: 'passive',
    layout: 'standard',
    framing: 'CR',
    switchOver: 'unknown-maker',
    interface: undefined,
  });
});
