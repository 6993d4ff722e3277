import { expect, test } from 'vitest';
import { initialStatus } from '../src/devices/initial-status.ts';
import { assessReadiness } from '../src/devices/readiness.ts';
import type { KioskCondition } from '../src/devices/readiness.ts';
import type { DeviceState, ReceiptPrinterStatus } from '../src/devices/status.ts';

const reader = (device: DeviceState) => ({ device, faults: [], media: 'unknown' as const });
const scanner = (device: DeviceState) => ({ device, faults: [], scanner: 'off' as const });
const printer = (parts: Partial<ReceiptPrinterStatus> = {}): ReceiptPrinterStatus => ({
  device: 'online',
  faults: [],
  paper: 'full',
  cover: 'closed',
  cutter: 'ok',
  media: 'notPresent',
  ...parts,
});
const assess = (parts: Partial<KioskCondition> = {}) =>
  assessReadiness({
    idCardReader: reader('online'),
    qrScanner: scanner('online'),
    receiptPrinter: printer(),
    centre: 'reachable',
    minimumEvidence: 'E2',
    backlog: false,
    ...parts,
  });

test('with everything in order all services are offered and nothing stands against them', () => {
  expect(assess()).toEqual({ methods: ['id-card', 'suishen-code'], issue: true, check: true, obstacles: [] });
});

test('one missing way to sign in leaves the other', () => {
  for (const gone of ['offline', 'noDevice', 'hardwareError', 'userError', 'starting'] as const) {
    expect(assess({ idCardReader: reader(gone) })).toMatchObject({
      methods: ['suishen-code'],
      issue: true,
      obstacles: [],
    });
    expect(assess({ qrScanner: scanner(gone) })).toMatchObject({
      methods: ['id-card'],
      issue: true,
      obstacles: [],
    });
  }
});

test('a device at work still counts as working', () => {
  expect(assess({ idCardReader: reader('busy'), receiptPrinter: printer({ device: 'busy' }) })).toMatchObject(
    {
      methods: ['id-card', 'suishen-code'],
      issue: true,
    },
  );
});

test('without any way to sign in nothing is offered', () => {
  expect(assess({ idCardReader: reader('offline'), qrScanner: scanner('noDevice') })).toEqual({
    methods: [],
    issue: false,
    check: false,
    obstacles: ['no-sign-in-device'],
  });
});

test('a printer that cannot print stops issuing and leaves checking', () => {
  const cases: [Partial<ReceiptPrinterStatus>, string][] = [
    [{ device: 'userError', paper: 'out' }, 'no-paper'],
    [{ device: 'userError', cover: 'open' }, 'cover-open'],
    [{ device: 'userError', cover: 'open', paper: 'out' }, 'cover-open'],
    [{ device: 'userError', paper: 'jammed' }, 'printer-fault'],
    [{ device: 'online', media: 'jammed' }, 'printer-fault'],
    [{ device: 'online', cutter: 'fault' }, 'printer-fault'],
    [{ device: 'hardwareError' }, 'printer-fault'],
    [{ device: 'offline', paper: 'unknown' }, 'printer-fault'],
    [{ device: 'noDevice' }, 'printer-fault'],
    [{ device: 'starting', paper: 'unknown' }, 'starting'],
    [{ media: 'present' }, 'slip-at-exit'],
    [{ media: 'present', device: 'busy' }, 'slip-at-exit'],
    [{ media: 'present', device: 'userError', paper: 'out' }, 'no-paper'],
    [{ media: 'present', device: 'hardwareError' }, 'printer-fault'],
  ];
  for (const [parts, obstacle] of cases) {
    expect(assess({ receiptPrinter: printer(parts) })).toMatchObject({
      issue: false,
      check: true,
      obstacles: [obstacle],
    });
  }
});

test('a printer that is known to prove too little prints for nobody, one that nobody knows may try', () => {
  const withEvidence = (evidence: 'E0' | 'E1' | 'E2' | undefined, minimumEvidence: 'E1' | 'E2') =>
    assess({ receiptPrinter: printer(evidence === undefined ? {} : { evidence }), minimumEvidence });
  for (const [evidence, minimum] of [
    ['E1', 'E2'],
    ['E0', 'E2'],
    ['E0', 'E1'],
  ] as const) {
    expect(withEvidence(evidence, minimum)).toMatchObject({
      issue: false,
      check: true,
      obstacles: ['printer-fault'],
    });
  }
  for (const [evidence, minimum] of [
    ['E2', 'E2'],
    ['E2', 'E1'],
    ['E1', 'E1'],
    [undefined, 'E2'],
    [undefined, 'E1'],
  ] as const) {
    expect(withEvidence(evidence, minimum)).toMatchObject({ issue: true, obstacles: [] });
  }
});

test('a slip that went back, or that no sensor sees, stops nobody', () => {
  for (const media of ['retracted', 'notPresent', 'unknown'] as const) {
    expect(assess({ receiptPrinter: printer({ media }) })).toMatchObject({ issue: true, obstacles: [] });
  }
});

test('low paper, and paper that no sensor measures, can still be printed on', () => {
  expect(assess({ receiptPrinter: printer({ paper: 'low' }) })).toMatchObject({ issue: true, obstacles: [] });
  expect(assess({ receiptPrinter: printer({ paper: 'unknown' }) })).toMatchObject({
    issue: true,
    obstacles: [],
  });
});

test('a centre that cannot be reached stops everything, one that was not asked yet is starting', () => {
  expect(assess({ centre: 'unreachable' })).toMatchObject({
    issue: false,
    check: false,
    obstacles: ['centre-unreachable'],
  });
  expect(assess({ centre: 'unknown' })).toMatchObject({
    issue: false,
    check: false,
    obstacles: ['starting'],
  });
});

test('a kiosk that has just been started is starting and nothing else', () => {
  expect(
    assessReadiness({ ...initialStatus, centre: 'unknown', minimumEvidence: 'E2', backlog: false }),
  ).toEqual({
    methods: [],
    issue: false,
    check: false,
    obstacles: ['starting'],
  });
});

test('a kiosk of which no device works is out of service, and that is said first', () => {
  const dead = assess({
    idCardReader: reader('offline'),
    qrScanner: scanner('offline'),
    receiptPrinter: printer({ device: 'offline' }),
    centre: 'unreachable',
  });
  expect(dead.obstacles[0]).toBe('out-of-service');
});

test('too many operations without an end at the centre stop issuing, and nothing else', () => {
  expect(assess({ backlog: true })).toMatchObject({ issue: false, check: true, obstacles: ['backlog'] });
});
