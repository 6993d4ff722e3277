import { type Cancel, type Clock, sleep } from '../../../src/platform/clock.ts';
import type { RandomSource } from '../../../src/platform/random.ts';
import { openControl } from '../control.ts';
import { type DeviceLine, openLine } from '../line.ts';
import type { RunningSimulator, SimulatorOptions } from '../program.ts';
import { commandsOf } from './commands.ts';
import { Faults } from './faults.ts';
import { Sam, type SamHabits } from './sam.ts';
import { readerOnUsb } from './usb-form.ts';
import { SdtRequestScanner, type SdtRequest, sdtReply } from './sdt-frames.ts';
import { WireSpeed } from './wire-speed.ts';

/** A sender that is silent this long in mid-frame has given up (device-protocols 1.4). */
const INTER_BYTE_MS = 100;
const CHECKSUM_ERROR = 0x10;
const LENGTH_ERROR = 0x11;

/** Starts an ID-card reader that speaks SDT on its line. */
export async function startIdCardReader(
  options: SimulatorOptions & { readonly habits: SamHabits },
  clock: Clock,
  random: RandomSource,
): Promise<RunningSimulator> {
  const scanner = new SdtRequestScanner();
  const faults = new Faults(random);
  const wire = new WireSpeed(options, random, (baud) => line.setBaud(baud));
  const sam = new Sam(options.habits, (baud) => wire.change(baud));
  let lastRecordByteAtMs: number | null = null;
  let answered = 0;
  let unheard = 0;
  let atWork: Promise<void> = Promise.resolve();
  let cancelGap: Cancel = () => undefined;

  async function answer(request: SdtRequest): Promise<void> {
    if (!(await wire.understands())) {
      unheard += 1;
      await line.write(wire.answerAtWrongSpeed());
      return;
    }
    if (request.kind !== 'command') {
      await line.write(sdtReply(request.kind === 'wrong-checksum' ? CHECKSUM_ERROR : LENGTH_ERROR));
      return;
    }
    const forced = faults.forcedFrame(request.code);
    const given =
      forced === undefined ? sam.answer(request.code) : { frame: forced, workMs: 0, cardRecord: false };
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
    usbForm: readerOnUsb,
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
      onReader: sam.onReader,
      stage: sam.stage,
      faults: faults.inForce,
      answered,
      unheard,
      lastRecordByteAtMs,
    }),
    commands: commandsOf({ sam, faults, wire, line }),
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
