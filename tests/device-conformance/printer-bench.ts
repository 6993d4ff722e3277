import { createReceiptPrinterDriver } from '../../drivers/receipt-printer/receipt-printer.ts';
import { loadProfile } from '../../drivers/receipt-printer/printer-profile.ts';
import { initialStatus } from '../../src/devices/initial-status.ts';
import { systemClock } from '../../src/platform/clock.ts';
import type { PrintDocument } from '../../src/slip/print-document.ts';
import type { BenchOptions, CableName, DeviceBench, Spoiling, UnitName, WorkOutcome } from './bench.ts';
import { byteTransportOf, watched } from './cables.ts';
import { bytesAt, usbFlags, type DeviceHost } from './device-host.ts';
import { supervised } from './supervised.ts';

interface Slip {
  readonly heightMm: number;
  readonly cut: boolean;
  readonly fate: 'waiting' | 'taken' | 'retracted';
}

/** A printer whose name in the configuration is not the plainest one's. */
const UNITS: Readonly<Partial<Record<UnitName, { readonly family: string; readonly fedMm: number }>>> = {
  'custom-vkp80': { family: 'custom', fedMm: 15.5 },
  'star-tup900': { family: 'star', fedMm: 15.5 },
};

/** As the agent makes it of its configuration. */
const BACK_PRESSURE = {
  pty: 'paced',
  cdc: 'paced',
  tcp: 'window',
  usb: 'nak',
  'usb-split': 'nak',
  usblp: 'nak',
  hid: 'paced',
} as const satisfies Record<CableName, string>;

/** A slip is longer or shorter than the ones before it, so that the paper says which job it is of. */
const SHORTEST_MM = 6;
const STEP_MM = 4;
const LENGTHS = 7;
/** Feed to the cutter, and what a line more or less makes. */
const TOLERANCE_MM = 1.5;

/** A piece of work is one slip printed and cut; it is counted at the printer's exit. */
export async function createPrinterBench(
  host: DeviceHost,
  cable: CableName,
  number: number,
  patience: number,
  { retryDelaysMs, unit }: BenchOptions,
): Promise<DeviceBench> {
  const role = cable === 'usb' || cable === 'usblp' ? ['--usb-role', 'printer'] : [];
  const { family, fedMm } = (unit === undefined ? undefined : UNITS[unit]) ?? PLAIN;
  const flags = [
    ...usbFlags('receipt-printer', cable, number),
    ...role,
    '--speed-mm',
    '300',
    '--family',
    family,
  ];
  const device = await host.start('receipt-printer', cable, number, flags);
  const where = { driver: 'receipt-printer', cable, number, address: device.address } as const;
  const profile = loadProfile(unit ?? 'generic-80mm');
  if (!profile.ok) throw new Error('the profile is missing');
  const line = watched(byteTransportOf(where));
  const supervisor = supervised(
    createReceiptPrinterDriver({
      transport: line.transport,
      clock: systemClock,
      profile: profile.value,
      line: {
        bytesPerSecond: cable === 'pty' ? 11_520 : 100_000,
        flowControl: 'none',
        backPressure: BACK_PRESSURE[cable],
      },
    }),
    initialStatus.receiptPrinter,
    retryDelaysMs,
  );
  const jobs: { readonly mm: number; done: boolean }[] = [];
  const cutSlips = async () => (JSON.parse(await device.read('/slips')) as Slip[]).filter(({ cut }) => cut);

  /** What an earlier job left hanging is torn off, and what is held out is taken, as people do it. */
  const tearOff = async () => {
    for (let tries = 0; tries < 3; tries += 1) {
      const { sinceLastSlip } = (await device.state()) as { sinceLastSlip: { dots: number } };
      const waiting = (await cutSlips()).some(({ fate }) => fate === 'waiting');
      if (sinceLastSlip.dots === 0 && (unit === undefined || !waiting)) return;
      await device.tell('take-paper');
    }
  };

  const print = async (meanwhile?: () => Promise<void>): Promise<WorkOutcome> => {
    const connection = supervisor.connection();
    if (connection === undefined) return { kind: 'lost' };
    await tearOff();
    const before = (await cutSlips()).length;
    const job = { mm: SHORTEST_MM + STEP_MM * (jobs.length % LENGTHS), done: false };
    jobs.push(job);
    if (meanwhile !== undefined) await device.tell('hold-at', { what: 'body' });
    const printing = connection.print({
      document: linesApart(job.mm),
      cut: true,
      processId: `J${String(jobs.length % 1000).padStart(3, '0')}`,
    });
    if (meanwhile !== undefined) {
      await heldOrLost(async () => (await device.state())['held'] ?? null, patience);
      await meanwhile();
      await device.tell('release');
    }
    const outcome = await printing;
    if (outcome.kind !== 'printed' || !outcome.cut) return { kind: 'lost' };
    job.done = true;
    const cameOut = (await cutSlips()).slice(before);
    return { kind: 'done', times: cameOut.filter((slip) => isOf(slip, job.mm + fedMm)).length };
  };

  return {
    supervisor,
    limits: { workMs: 8_000, silentMs: 12_000, noticedMs: 15_000 },
    work: ({ signal, meanwhile } = {}) => {
      const closing = signal === undefined ? undefined : () => supervisor.connection()?.close();
      // A job is not taken back; what ends it is the end of the connection.
      signal?.addEventListener('abort', () => void closing?.(), { once: true });
      return print(meanwhile);
    },
    async inOrder() {
      let at = 0;
      for (const slip of await cutSlips()) {
        // Jobs that failed may have come out or not; those that were called printed must have.
        while (at < jobs.length && !isOf(slip, (jobs[at]?.mm ?? 0) + fedMm)) {
          if (jobs[at]?.done === true) throw new Error(`the slip of job ${at + 1} is missing`);
          at += 1;
        }
        if (at === jobs.length) throw new Error(`a slip of ${slip.heightMm} mm belongs to no job`);
        at += 1;
      }
    },
    unplug: () => device.tell('unplug'),
    unplugAt: (place) => device.tell('unplug', bytesAt(place)),
    conversation: () => line.conversation(),
    replug: () => device.tell('replug'),
    spoil: (how) => device.tell('disturb', DISTURBANCES[how]),
    calm: () => device.tell('disturb'),
    async stop() {
      await supervisor.stop();
      await device.stop();
    },
  };
}

/** `fedMm`: the two lines, and what is fed before each cut, from the head to the cutter and the line feed of the cut itself. */
const PLAIN = { family: 'epson', fedMm: 19.75 } as const;

function isOf(slip: Slip, heightMm: number): boolean {
  return Math.abs(slip.heightMm - heightMm) < TOLERANCE_MM;
}

/** Two lines so far apart: few bytes, much paper. */
function linesApart(heightMm: number): PrintDocument {
  const line = { type: 'rule', style: 'solid' } as const;
  return { part: 'test-page', elements: [line, { type: 'space', heightMm }, line] };
}

async function heldOrLost(held: () => Promise<unknown>, patience: number): Promise<void> {
  const deadline = performance.now() + 5_000 * patience;
  while ((await held()) === null && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 10));
}

const DISTURBANCES: Readonly<Record<Spoiling, object>> = {
  // Bytes that are no part of any status; what random bytes do is for the fuzzer, because some are a status.
  garbage: { noiseBytes: 24, noise: 'high' },
  split: { split: true },
  merged: { mergeMs: 60 },
  // Longer than the driver waits for an answer: it comes when the next question has been asked.
  stale: { delayMs: 900, count: 2 },
  slow: { delayMs: 250 },
  silent: { silent: true },
};
