import { z } from 'zod';
import { type Cancel, type Clock, sleep } from '../../../src/platform/clock.ts';
import type { RandomSource } from '../../../src/platform/random.ts';
import { command, type Command, openControl } from '../control.ts';
import { type DeviceLine, openLine } from '../line.ts';
import type { RunningSimulator, SimulatorOptions } from '../program.ts';
import { residentCard } from './card-record.ts';
import { FAULT_USAGE, Faults, faultSchema, forcedFrame } from './faults.ts';
import { Sam, type SamHabits } from './sam.ts';
import { SdtRequestScanner, type SdtRequest, sdtReply } from './sdt-frames.ts';

/** A sender that is silent this long in mid-frame has given up (device-protocols 1.4). */
const INTER_BYTE_MS = 100;
const CHECKSUM_ERROR = 0x10;
const LENGTH_ERROR = 0x11;

const nothingMore = z.strictObject({});

/** Starts an ID-card reader that speaks SDT on its line. */
export async function startIdCardReader(
  options: SimulatorOptions & { readonly habits: SamHabits },
  clock: Clock,
  random: RandomSource,
): Promise<RunningSimulator> {
  const scanner = new SdtRequestScanner();
  const faults = new Faults(random);
  const sam = new Sam(options.habits, (baud) => line.setBaud(baud));
  let lastRecordByteAtMs: number | null = null;
  let answered = 0;
  let atWork: Promise<void> = Promise.resolve();
  let cancelGap: Cancel = () => undefined;

  async function answer(request: SdtRequest): Promise<void> {
    if (request.kind !== 'command') {
      await line.write(sdtReply(request.kind === 'wrong-checksum' ? CHECKSUM_ERROR : LENGTH_ERROR));
      return;
    }
    const forced = faults.forcedStatus(request.code);
    const given =
      forced === undefined
        ? sam.answer(request.code)
        : { frame: forcedFrame(forced), workMs: 0, cardRecord: false };
    const spoiled = faults.spoil(request.code, given.frame);
    await sleep(clock, given.workMs + spoiled.delayMs);
    if (spoiled.frame === 'nothing') return;
    const doneAtMs = await line.write(spoiled.frame, spoiled.manner);
    answered += 1;
    if (given.cardRecord && doneAtMs !== 'lost') lastRecordByteAtMs = doneAtMs;
  }

  function take(requests: readonly SdtRequest[]): void {
    for (const request of requests) atWork = atWork.then(() => answer(request));
  }

  const line: DeviceLine = await openLine({
    ...options,
    clock,
    random,
    onBytes(bytes) {
      cancelGap();
      take(scanner.push(bytes));
      cancelGap = clock.schedule(INTER_BYTE_MS, () => {
        if (scanner.abandon()) take([{ kind: 'wrong-length' }]);
      });
    },
  });

  const control = await openControl(options.controlPort, {
    state: () => ({
      device: 'id-card-reader',
      pluggedIn: line.pluggedIn(),
      connected: line.connected(),
      onReader: sam.onReader.kind,
      stage: sam.stage,
      faults: faults.inForce,
      answered,
      lastRecordByteAtMs,
    }),
    commands: commandsOf(sam, faults, line),
  });
  return {
    address: line.address,
    controlUrl: control.url,
    async stop() {
      cancelGap();
      await control.close();
      await line.pullOut();
    },
  };
}

function commandsOf(sam: Sam, faults: Faults, line: DeviceLine): Record<string, Command> {
  return {
    'lay-card': command(
      '{"card":{"name","sex":"1|2","ethnicCode","birthDate","address","idNumber","issuer","validFrom","validTo","newestAddress"?}}',
      z.strictObject({ card: residentCard }),
      ({ card }) => sam.lay({ kind: 'resident-card', card }),
    ),
    'lay-other': command(
      '{"answersAt":"find|select|read"}',
      z.strictObject({ answersAt: z.enum(['find', 'select', 'read']).default('select') }),
      ({ answersAt }) => sam.lay({ kind: 'other-card', answersAt }),
    ),
    'lift-card': command('', nothingMore, () => sam.lay({ kind: 'nothing' })),
    fault: command(FAULT_USAGE, faultSchema, (fault) => faults.add(fault)),
    'clear-faults': command('', nothingMore, () => faults.clear()),
    habits: command(
      '{"chipMs":ms,"fingerprintBytes":0|512|1024,"findsReadCardAgain":bool}',
      z.strictObject({
        chipMs: z.int().nonnegative().max(60_000).optional(),
        fingerprintBytes: z.literal([0, 512, 1024]).optional(),
        findsReadCardAgain: z.boolean().optional(),
      }),
      (habits) => sam.setHabits(withoutUndefined(habits)),
    ),
    unplug: command('', nothingMore, () => line.pullOut()),
    // A reader lives on its cable's power, so it comes back as switched on.
    replug: command('', nothingMore, async () => {
      sam.reset();
      await line.plugIn();
    }),
  };
}

function withoutUndefined(habits: {
  [Key in keyof SamHabits]?: SamHabits[Key] | undefined;
}): Partial<SamHabits> {
  return Object.fromEntries(Object.entries(habits).filter(([, value]) => value !== undefined));
}
