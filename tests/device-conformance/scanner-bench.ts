import { setTimeout as pause } from 'node:timers/promises';
import { initialStatus } from '../../src/devices/initial-status.ts';
import type { BenchOptions, CableName, DeviceBench, Spoiling, WorkOutcome } from './bench.ts';
import { usbFlags, type DeviceHost, type PluggedIn } from './device-host.ts';
import { scannerDriverAt } from './scanner-drivers.ts';
import { supervised } from './supervised.ts';

const LOOK_MS = 5_000;
/** A code and its suffix; two reports of the HID layout. */
const CODE_BYTES = 101;
const REPORT_BYTES = 64;
/** An event that comes twice comes the second time within this, ms. */
const SETTLED_MS = 150;

/** A piece of work is one code shown and announced. Each has a text of its own. */
export async function createScannerBench(
  host: DeviceHost,
  cable: CableName,
  number: number,
  patience: number,
  { retryDelaysMs, unit }: BenchOptions,
): Promise<DeviceBench> {
  const hid = cable === 'hid' ? ['--hid', '--layout', 'newland'] : [];
  const device = await host.start('qr-scanner', cable, number, [
    ...usbFlags('qr-scanner', cable, number),
    ...hid,
    ...(unit === undefined ? [] : ['--family', unit]),
  ]);
  const where = { driver: 'qr-scanner', cable, number, address: device.address } as const;
  const driver = await scannerDriverAt(where, unit);
  const supervisor = supervised(driver, initialStatus.qrScanner, retryDelaysMs);
  let shown = 0;
  let pulledAfter: number | undefined;
  let spoiling: Spoiling | undefined;
  const silent = () => spoiling === 'silent';

  const scan = async (signal: AbortSignal, meanwhile?: () => Promise<void>): Promise<WorkOutcome> => {
    const connection = supervisor.connection();
    if (connection === undefined) return { kind: 'lost' };
    shown += 1;
    const text = `SAMPLE-${number}-${shown}-${'0123456789'.repeat(9)}`;
    const enough = new AbortController();
    let times = 0;
    let lost = false;
    const scanning = connection.scan(AbortSignal.any([signal, enough.signal]), (event) => {
      if (event.kind === 'lost') lost = true;
      if (event.kind !== 'code' || event.text !== text) return;
      times += 1;
      if (times === 1) void pause(SETTLED_MS).then(() => enough.abort());
    });
    if (pulledAfter === undefined && meanwhile !== undefined) await meanwhile();
    else if (unit !== undefined) await holdSpoilt(device, spoiling, text);
    else if (pulledAfter === undefined) await showSpoilt(device, spoiling, cable, text);
    else await device.tell('show-code', { text, unplugAfterBytes: pulledAfter });
    pulledAfter = undefined;
    await scanning;
    if (unit !== undefined) await device.tell('remove-code');
    if (times > 0) return { kind: 'done', times };
    return lost ? { kind: 'lost' } : { kind: 'cancelled' };
  };

  return {
    supervisor,
    // A scanner that sees nothing says nothing either, so silence is never noticed.
    limits: { workMs: LOOK_MS, silentMs: LOOK_MS, noticedMs: Number.POSITIVE_INFINITY },
    async work({ signal, meanwhile } = {}) {
      const limit = AbortSignal.timeout(Math.ceil(LOOK_MS * (silent() ? 1 : patience)));
      const outcome = await scan(signal === undefined ? limit : AbortSignal.any([signal, limit]), meanwhile);
      return outcome.kind === 'cancelled' && limit.aborted ? { kind: 'overdue' } : outcome;
    },
    inOrder: () => Promise.resolve(),
    unplug: () => device.tell('unplug'),
    unplugAt(place) {
      // A passive scanner is told nothing, so only what it sends can be cut.
      pulledAfter = 'out' in place ? place.out : 0;
      return Promise.resolve();
    },
    conversation: () => ({ in: [], out: cable === 'hid' ? [REPORT_BYTES, REPORT_BYTES] : [CODE_BYTES] }),
    replug: () => device.tell('replug'),
    spoil: (how) => {
      spoiling = how;
      return Promise.resolve();
    },
    async calm() {
      spoiling = undefined;
      if (unit !== undefined) await device.tell('disturb');
    },
    async stop() {
      await supervisor.stop();
      await device.stop();
    },
  };
}

/** Holds a code under the scanner, with what is to go wrong. */
async function showSpoilt(
  device: PluggedIn,
  spoiling: Spoiling | undefined,
  cable: CableName,
  text: string,
): Promise<void> {
  switch (spoiling) {
    case undefined:
      return device.tell('show-code', { text });
    case 'garbage':
      await device.tell('garbage', { bytes: 24 });
      // The scanner's own noise is over before it reads on.
      await pause(700);
      return device.tell('show-code', { text });
    case 'split':
      return device.tell('show-code', { text, split: true });
    case 'merged':
      return device.tell('show-burst', { texts: ['BEFORE-IT', text, 'BEHIND-IT'] });
    case 'stale':
      // Left over from before anybody asked: half a code, whose other half never comes.
      await device.tell('show-code', { text: 'LEFT-OVER', ...(cable === 'hid' ? {} : { suffix: 'none' }) });
      await pause(700);
      return device.tell('show-code', { text });
    case 'slow':
      await pause(1_000);
      return device.tell('show-code', { text, split: true });
    case 'silent':
      return undefined;
  }
}

/**
 * As `showSpoilt`, for a scanner that takes commands: it reads when it is told to, so the code is held until then. What goes wrong
 * concerns its answers too.
 */
async function holdSpoilt(device: PluggedIn, spoiling: Spoiling | undefined, text: string): Promise<void> {
  if (spoiling !== undefined) await device.tell('disturb', DISTURBANCES[spoiling]);
  if (spoiling === 'garbage') {
    await device.tell('garbage', { bytes: 24 });
    // The scanner's own noise is over before it reads on.
    await pause(700);
  }
  await device.tell('show-code', { text, hold: true });
}

const DISTURBANCES: Readonly<Record<Spoiling, object>> = {
  garbage: {},
  split: { split: true },
  merged: { mergeMs: 60 },
  // Longer than the driver waits for an answer: it comes when the next question has been asked.
  stale: { delayMs: 700, count: 2 },
  slow: { delayMs: 250 },
  silent: { silent: true },
};
