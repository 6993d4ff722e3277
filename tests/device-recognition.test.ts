import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PluggedDevice } from '../drivers/discovery/plugged-devices.ts';
import { recognise } from '../drivers/discovery/recognise.ts';
import { onePortEach, usbPlaceOf } from '../drivers/discovery/serial-ports.ts';
import type { ConfiguredDevice, DeviceTrouble, PossibleUse } from '../drivers/discovery/recognition.ts';

const nothing: PluggedDevice = {
  bus: 'usb',
  interfaces: [],
  usages: [],
  serialPorts: [],
  printerPorts: [],
  forbidden: [],
};
const thing = (numbers: string, more: Partial<PluggedDevice> = {}): PluggedDevice => {
  const [vendorId, productId] = numbers.split(':').map((id) => Number.parseInt(id, 16));
  return {
    ...nothing,
    ...(vendorId === undefined ? {} : { vendorId }),
    ...(productId === undefined ? {} : { productId }),
    ...more,
  };
};
const printing = (protocol: number, bothWays = true) => [{ class: 7, subclass: 1, protocol, bothWays }];
const scannerPage = [{ page: 0x8c, usage: 2 }];
const keyboard = [{ page: 1, usage: 6 }];

const brief = ({ kind, transport, certain }: PossibleUse) => `${kind} ${transport}${certain ? '' : ' ?'}`;
const codes = (troubles: readonly DeviceTrouble[]) => troubles.map(({ code }) => code);

describe('what is plugged in', () => {
  test.each<[string, PluggedDevice, readonly string[], readonly string[]]>([
    ['an ID-card reader by its numbers', thing('0400:c35a'), ['idCardReader usb'], []],
    ['a reader with the second numbers', thing('0483:5652'), ['idCardReader usb'], []],
    ['a printer by its class', thing('04b8:0e15', { interfaces: printing(2) }), ['receiptPrinter usb'], []],
    [
      'a printer that the kernel has a port for',
      thing('04b8:0e15', {
        interfaces: printing(2),
        printerPorts: ['/dev/usb/lp0', '/dev/kiosk/printer-04b8-0e15'],
      }),
      ['receiptPrinter usb', 'receiptPrinter usblp'],
      [],
    ],
    [
      'a printer that cannot answer',
      thing('0416:5011', { interfaces: printing(1) }),
      [],
      ['one-way-printer'],
    ],
    [
      'a printer without a way back',
      thing('0416:5011', { interfaces: printing(2, false) }),
      [],
      ['one-way-printer'],
    ],
    [
      'a printer with a one-way interface beside another',
      thing('0416:5011', { interfaces: [...printing(1), ...printing(2)] }),
      ['receiptPrinter usb'],
      [],
    ],
    ['a scanner of the HID POS class', thing('0c2e:0b61', { usages: scannerPage }), ['qrScanner hid'], []],
    ['a scanner that types', thing('0c2e:0b61', { usages: keyboard }), [], ['keyboard-wedge']],
    ['a keyboard', thing('046d:c31c', { usages: keyboard }), [], ['keyboard-wedge']],
    [
      'a scanner as virtual serial port, by its maker',
      thing('1eab:1106', { serialPorts: ['/dev/ttyACM0', '/dev/kiosk/serial-1eab-1106'] }),
      ['qrScanner serial'],
      [],
    ],
    [
      'a scanner as virtual serial port, by its own numbers',
      thing('6666:7777', { serialPorts: ['/dev/ttyACM0', '/dev/kiosk/serial-6666-7777'] }),
      ['qrScanner serial'],
      [],
    ],
    [
      'a serial converter',
      thing('1a86:7523', { serialPorts: ['/dev/ttyUSB0', '/dev/kiosk/serial-1a86-7523'] }),
      ['idCardReader serial ?', 'qrScanner serial ?', 'receiptPrinter serial ?'],
      ['ask-which'],
    ],
    [
      'a chip maker’s development port',
      thing('0483:374b', { serialPorts: ['/dev/ttyACM0', '/dev/kiosk/serial-0483-374b'] }),
      ['idCardReader serial ?', 'qrScanner serial ?', 'receiptPrinter serial ?'],
      ['ask-which'],
    ],
    [
      'a port whose name is not its own',
      thing('1eab:1106', { serialPorts: ['/dev/ttyACM0'] }),
      ['qrScanner serial'],
      ['unstable-name'],
    ],
    [
      'a port of the machine itself',
      { ...nothing, bus: 'serial', serialPorts: ['/dev/ttyS0'] },
      ['idCardReader serial ?', 'qrScanner serial ?', 'receiptPrinter serial ?'],
      ['ask-which'],
    ],
    [
      'a stick with files',
      thing('0781:5567', { interfaces: [{ class: 8, subclass: 6, protocol: 80, bothWays: true }] }),
      [],
      ['unknown'],
    ],
  ])('is %s', (_name, device, uses, troubles) => {
    const [found] = recognise([device], []).devices;
    expect(found?.uses.map(brief)).toEqual(uses);
    expect(codes(found?.troubles ?? [])).toEqual(troubles);
  });

  test.each<[string, PluggedDevice, object]>([
    ['a reader', thing('0400:c35a'), { transport: 'usb', vendorId: '0400', productId: 'c35a' }],
    [
      'Newland over HID',
      thing('1eab:0d10', { usages: scannerPage }),
      { transport: 'hid', vendorId: '1eab', productId: '0d10', family: 'newland', layout: 'newland' },
    ],
    [
      'Zebra over HID, which carries no commands',
      thing('05e0:1300', { usages: scannerPage }),
      { transport: 'hid', vendorId: '05e0', productId: '1300', family: 'passive', layout: 'standard' },
    ],
    [
      'Honeywell as serial port',
      thing('0c2e:0b6a', { serialPorts: ['/dev/ttyACM0', '/dev/kiosk/serial-0c2e-0b6a'] }),
      {
        transport: 'serial',
        path: '/dev/kiosk/serial-0c2e-0b6a',
        baudRate: 115_200,
        family: 'honeywell',
        framing: 'CR',
      },
    ],
    [
      'a printer that needs a profile of its own',
      thing('0dd4:0237', { interfaces: printing(2) }),
      { transport: 'usb', vendorId: '0dd4', productId: '0237', profile: 'custom-vkp80' },
    ],
  ])('can be configured: %s', (_name, device, settings) => {
    expect(recognise([device], []).devices[0]?.uses[0]?.settings).toEqual(settings);
  });

  test('types, and is told how to be switched over, for sure or perhaps', () => {
    const types = [thing('1eab:0003', { usages: keyboard }), thing('046d:c31c', { usages: keyboard })];
    expect(recognise(types, []).devices.map(({ troubles }) => troubles)).toEqual([
      [{ code: 'keyboard-wedge', switchOver: 'newland', certain: true }],
      [{ code: 'keyboard-wedge', switchOver: 'unknown-maker', certain: false }],
    ]);
  });
});

describe('two alike', () => {
  test('are told apart by their serial numbers', () => {
    const two = ['A1', 'A2'].map((serialNumber) => thing('0400:c35a', { serialNumber }));
    const { devices } = recognise(two, []);
    expect(devices.map(({ uses }) => uses[0]?.settings['serialNumber'])).toEqual(['A1', 'A2']);
    expect(devices.flatMap(({ troubles }) => troubles)).toEqual([]);
  });

  test.each([{}, { serialNumber: '0001' }])('without serial numbers of their own cannot be: %j', (more) => {
    const two = [thing('0400:c35a', more), thing('0400:c35a', more)];
    const reader: ConfiguredDevice = {
      kind: 'idCardReader',
      place: { transport: 'usb', vendorId: 0x400, productId: 0xc35a },
    };
    const { devices, configured } = recognise(two, [reader]);
    expect(devices.map(({ troubles }) => codes(troubles))).toEqual([['alike'], ['alike']]);
    expect(configured).toMatchObject([{ found: 'alike' }]);
  });

  test('one alone needs no serial number', () => {
    const [found] = recognise([thing('0400:c35a', { serialNumber: 'A1' })], []).devices;
    expect(found?.uses[0]?.settings).not.toHaveProperty('serialNumber');
  });
});

describe('a converter with several ports', () => {
  const port = (number: number, name: string) => ({
    path: `/dev/ttyUSB${number}`,
    names: name === '' ? [] : [`/dev/kiosk/${name}`],
    forbidden: number === 10,
  });
  const dual = onePortEach(thing('0403:6010', { serialNumber: 'A1' }), '1/5', [
    port(10, 'serial-0403-6010-A1-if01'),
    port(9, 'serial-0403-6010-A1'),
  ]);

  test('is offered with each of them, by its own name', () => {
    const { devices } = recognise(dual, []);
    expect(devices.map(({ plugged }) => plugged.serialPorts[0])).toEqual(['/dev/ttyUSB9', '/dev/ttyUSB10']);
    expect(devices.map(({ uses }) => uses.map(({ settings }) => settings['path']))).toEqual([
      Array(3).fill('/dev/kiosk/serial-0403-6010-A1'),
      Array(3).fill('/dev/kiosk/serial-0403-6010-A1-if01'),
    ]);
    expect(devices.map(({ troubles }) => codes(troubles))).toEqual([
      ['ask-which'],
      ['no-permission', 'ask-which'],
    ]);
  });

  test('is configured port by port', () => {
    const configured: ConfiguredDevice = {
      kind: 'qrScanner',
      place: {
        transport: 'serial',
        path: '/dev/kiosk/serial-0403-6010-A1-if01',
        node: '/dev/ttyUSB10',
      },
    };
    const found = recognise(dual, [configured]);
    expect(found.configured).toMatchObject([{ found: 'plugged-in', device: 1 }]);
    expect(codes(found.devices[0]?.troubles ?? [])).toEqual(['ask-which']);
  });

  test('twice, without serial numbers, cannot be told from the other', () => {
    const two = ['1/5', '1/6'].flatMap((place) =>
      onePortEach(thing('0403:6010'), place, [port(0, ''), port(1, '')]),
    );
    expect(recognise(two, []).devices.map(({ troubles }) => codes(troubles)[0])).toEqual(
      Array(4).fill('alike'),
    );
  });

  test('whatever else it is, it is once', () => {
    const scanner = thing('0c2e:0b61', { usages: scannerPage });
    const composite = onePortEach(scanner, '1/7', [port(0, ''), port(1, '')]);
    const byHid: ConfiguredDevice = {
      kind: 'qrScanner',
      place: { transport: 'hid', vendorId: 0xc2e, productId: 0xb61 },
    };
    const { devices, configured } = recognise(composite, [byHid]);
    expect(configured).toMatchObject([{ found: 'plugged-in', device: 0 }]);
    expect(devices.map(({ uses }) => uses.map(({ transport }) => transport))).toEqual([['hid'], ['serial']]);
  });

  test('with one port, or none, is what it was', () => {
    const one = thing('1a86:7523');
    expect(onePortEach(one, '1/5', [])).toEqual([one]);
    expect(onePortEach(one, '1/5', [port(0, 'x')])).toEqual([
      { ...one, serialPorts: ['/dev/ttyUSB0', '/dev/kiosk/x'] },
    ]);
  });

  test('is found by where its ports hang in /sys', async () => {
    const sys = mkdtempSync(path.join(tmpdir(), 'sys-'));
    const unit = path.join(sys, 'devices/usb1/1-4');
    const tty = path.join(sys, 'class/tty');
    mkdirSync(path.join(unit, '1-4:1.1/ttyUSB1/tty/ttyUSB1'), { recursive: true });
    mkdirSync(path.join(sys, 'devices/platform/serial/tty/ttyS0'), { recursive: true });
    mkdirSync(tty, { recursive: true });
    writeFileSync(path.join(unit, 'busnum'), '1\n');
    writeFileSync(path.join(unit, 'devnum'), '17\n');
    symlinkSync('../..', path.join(unit, '1-4:1.1/ttyUSB1/tty/ttyUSB1/device'));
    symlinkSync('../..', path.join(sys, 'devices/platform/serial/tty/ttyS0/device'));
    symlinkSync(path.join(unit, '1-4:1.1/ttyUSB1/tty/ttyUSB1'), path.join(tty, 'ttyUSB1'));
    symlinkSync(path.join(sys, 'devices/platform/serial/tty/ttyS0'), path.join(tty, 'ttyS0'));
    const places = ['ttyUSB1', 'ttyS0', 'ttyGone'].map((name) => usbPlaceOf(path.join(tty, name)));
    expect(await Promise.all(places)).toEqual(['1/17', undefined, undefined]);
  });
});

describe('what may not be opened', () => {
  const device = thing('04b8:0e15', {
    interfaces: printing(2),
    printerPorts: ['/dev/usb/lp0'],
    forbidden: ['/dev/bus/usb/001/004', '/dev/usb/lp0', '/dev/hidraw3'],
  });

  test('is said of the nodes by which it would be used', () => {
    expect(recognise([device], []).devices[0]?.troubles).toEqual([
      { code: 'no-permission', nodes: ['/dev/bus/usb/001/004', '/dev/usb/lp0'] },
    ]);
    const scanner = thing('0c2e:0b61', {
      usages: scannerPage,
      forbidden: ['/dev/bus/usb/001/005', '/dev/hidraw0'],
    });
    expect(recognise([scanner], []).devices[0]?.troubles).toEqual([
      { code: 'no-permission', nodes: ['/dev/hidraw0'] },
    ]);
  });

  test('is no matter of what a kiosk cannot use anyway', () => {
    const stick = thing('0781:5567', { forbidden: ['/dev/bus/usb/001/006'] });
    expect(codes(recognise([stick], []).devices[0]?.troubles ?? [])).toEqual(['unknown']);
  });
});

describe('what is configured', () => {
  const converter = thing('1a86:7523', { serialPorts: ['/dev/ttyUSB0', '/dev/kiosk/serial-1a86-7523'] });
  const serial = (path: string, node?: string): ConfiguredDevice => ({
    kind: 'idCardReader',
    place: { transport: 'serial', path, ...(node === undefined ? {} : { node }) },
  });

  test.each([
    ['by its node', serial('/dev/ttyUSB0', '/dev/ttyUSB0')],
    ['by its stable name', serial('/dev/kiosk/serial-1a86-7523', '/dev/ttyUSB0')],
    ['by a name of the system', serial('/dev/serial/by-id/usb-1a86', '/dev/ttyUSB0')],
  ])('is found %s, and asked no more what it is', (_name, configured) => {
    const { devices, configured: found } = recognise([nothing, converter], [configured]);
    expect(found).toEqual([{ ...configured, found: 'plugged-in', device: 1 }]);
    expect(devices[1]).toMatchObject({ configuredAs: 'idCardReader', troubles: [] });
    expect(devices[0]).not.toHaveProperty('configuredAs');
  });

  test.each<[string, ConfiguredDevice, string]>([
    ['a path that leads nowhere', serial('/dev/ttyUSB7'), 'missing'],
    ['a virtual port', serial('/tmp/reader', '/dev/pts/3'), 'elsewhere'],
    [
      'something in the network',
      { kind: 'receiptPrinter', place: { transport: 'tcp', host: '192.0.2.10', port: 9100 } },
      'elsewhere',
    ],
    [
      'numbers that nothing has',
      { kind: 'qrScanner', place: { transport: 'hid', vendorId: 1, productId: 2 } },
      'missing',
    ],
    [
      'a serial number that nothing has',
      {
        kind: 'idCardReader',
        place: { transport: 'usb', vendorId: 0x1a86, productId: 0x7523, serialNumber: 'X' },
      },
      'missing',
    ],
  ])('and is %s', (_name, configured, found) => {
    expect(recognise([converter], [configured]).configured).toEqual([{ ...configured, found }]);
  });

  test('as something that it is not, is said', () => {
    const printer = thing('04b8:0e15', { interfaces: printing(2) });
    const wrong: ConfiguredDevice = {
      kind: 'idCardReader',
      place: { transport: 'usb', vendorId: 0x4b8, productId: 0xe15 },
    };
    expect(recognise([printer], [wrong]).devices[0]?.troubles).toEqual([
      { code: 'other-kind', configuredAs: 'idCardReader' },
    ]);
  });

  test('as a scanner that types, is a scanner that types', () => {
    const wedge = thing('0c2e:0b61', { usages: keyboard });
    const scanner: ConfiguredDevice = {
      kind: 'qrScanner',
      place: { transport: 'hid', vendorId: 0xc2e, productId: 0xb61 },
    };
    const { devices, configured } = recognise([wedge], [scanner]);
    expect(configured[0]?.found).toBe('plugged-in');
    expect(codes(devices[0]?.troubles ?? [])).toEqual(['keyboard-wedge']);
  });
});

test('every list is understood, each thing either of use or with a reason why not', () => {
  const some = fc.record({
    bus: fc.constantFrom('usb' as const, 'hid' as const, 'serial' as const),
    vendorId: fc.constantFrom(0x400, 0x1eab, 0x1a86, 0x483),
    productId: fc.constantFrom(0xc35a, 0x7523, 0x0d10),
    serialNumber: fc.constantFrom('A', 'B', ''),
    interfaces: fc.constantFrom([], printing(1), printing(2)),
    usages: fc.constantFrom([], scannerPage, keyboard),
    serialPorts: fc.constantFrom([], ['/dev/ttyACM0'], ['/dev/ttyACM0', '/dev/kiosk/serial-1']),
    printerPorts: fc.constantFrom([], ['/dev/usb/lp0']),
    forbidden: fc.constantFrom([], ['/dev/ttyACM0']),
  });
  const configured = fc.constantFrom<ConfiguredDevice[]>(
    [],
    [{ kind: 'idCardReader', place: { transport: 'usb', vendorId: 0x400, productId: 0xc35a } }],
    [{ kind: 'qrScanner', place: { transport: 'serial', path: '/dev/ttyACM0', node: '/dev/ttyACM0' } }],
  );
  fc.assert(
    fc.property(fc.array(some, { maxLength: 4 }), configured, (plugged, wanted) => {
      const { devices, configured: found } = recognise(plugged, wanted);
      expect(devices.map((device) => device.plugged)).toEqual(plugged);
      expect(found).toHaveLength(wanted.length);
      for (const { uses, troubles } of devices) expect(uses.length + troubles.length).toBeGreaterThan(0);
    }),
  );
});
