import { createIdCardReaderDriver } from '../../drivers/id-card-reader/id-card-reader.ts';
import { initialStatus } from '../../src/devices/initial-status.ts';
import { systemClock } from '../../src/platform/clock.ts';
import type { BenchOptions, CableName, DeviceBench, Spoiling, WorkOutcome } from './bench.ts';
import { byteTransportOf, watched } from './cables.ts';
import { bytesAt, usbFlags, type DeviceHost } from './device-host.ts';
import { supervised } from './supervised.ts';

/** An invented resident; the number is GB 11643's own example. */
const CARD = {
  name: '测试一',
  sex: '1',
  ethnicCode: '01',
  birthDate: '19491231',
  address: '北京市朝阳区示例路1号',
  idNumber: '11010519491231002X',
  issuer: '示例公安局',
  validFrom: '20200101',
  validTo: '长期',
};

/** How long a card is looked for before a piece of work counts as lost, ms. */
const LOOK_MS = 6_000;

/** A piece of work is one card laid and read. */
export async function createReaderBench(
  host: DeviceHost,
  cable: CableName,
  number: number,
  patience: number,
  { retryDelaysMs }: BenchOptions,
): Promise<DeviceBench> {
  const role =
    { usb: ['--usb-role', 'bulk'], 'usb-split': ['--usb-role', 'bulk-split'] }[cable as string] ?? [];
  const flags = ['--chip-ms', '30', ...usbFlags('id-card-reader', cable, number), ...role];
  const device = await host.start('id-card-reader', cable, number, flags);
  const where = { driver: 'id-card-reader', cable, number, address: device.address } as const;
  const line = watched(byteTransportOf(where));
  const supervisor = supervised(
    createIdCardReaderDriver({ lines: [line.transport], clock: systemClock }),
    initialStatus.idCardReader,
    retryDelaysMs,
  );

  let spoiling: Spoiling | undefined;
  const silent = () => spoiling === 'silent';

  const read = async (signal: AbortSignal, meanwhile?: () => Promise<void>): Promise<WorkOutcome> => {
    const connection = supervisor.connection();
    if (connection === undefined) return { kind: 'lost' };
    await device.tell('lift-card');
    let cards = 0;
    let lost = false;
    const reading = connection.readCard(signal, (event) => {
      if (event.kind === 'card' && event.card.idNumber === CARD.idNumber) cards += 1;
      if (event.kind === 'lost') lost = true;
    });
    await device.tell('lay-card', { card: CARD });
    if (meanwhile !== undefined) await meanwhile();
    await reading;
    if (cards > 0) return { kind: 'done', times: cards };
    return lost ? { kind: 'lost' } : { kind: 'cancelled' };
  };

  return {
    supervisor,
    limits: { workMs: LOOK_MS, silentMs: LOOK_MS, noticedMs: 6_000 },
    async work({ signal, meanwhile } = {}) {
      const limit = AbortSignal.timeout(Math.ceil(LOOK_MS * (silent() ? 1 : patience)));
      const outcome = await read(signal === undefined ? limit : AbortSignal.any([signal, limit]), meanwhile);
      return outcome.kind === 'cancelled' && limit.aborted ? { kind: 'overdue' } : outcome;
    },
    inOrder: () => Promise.resolve(),
    unplug: () => device.tell('unplug'),
    unplugAt: (place) => device.tell('unplug', bytesAt(place)),
    conversation: () => line.conversation(),
    replug: () => device.tell('replug'),
    spoil: (how) => {
      spoiling = how;
      return device.tell('disturb', DISTURBANCES[how]);
    },
    calm: () => {
      spoiling = undefined;
      return device.tell('disturb');
    },
    async stop() {
      await supervisor.stop();
      await device.stop();
    },
  };
}

const DISTURBANCES: Readonly<Record<Spoiling, object>> = {
  garbage: { noiseBytes: 24 },
  split: { split: true },
  merged: { mergeMs: 60 },
  // Longer than the driver waits for a short answer: it comes when the next question has been asked.
  stale: { delayMs: 700, count: 2 },
  slow: { delayMs: 250 },
  silent: { silent: true },
};
