import { createReceiptPrinterDriver } from '../../drivers/receipt-printer/receipt-printer.ts';
import { loadProfile } from '../../drivers/receipt-printer/printer-profile.ts';
import { FAMILIES } from '../../drivers/simulators/receipt-printer/families.ts';
import { Printer } from '../../drivers/simulators/receipt-printer/printer.ts';
import type { ByteLink, ByteTransport } from '../../drivers/transport/byte-link.ts';
import type { ConnectionEnd, ReceiptPrinterConnection } from '../../src/devices/contract.ts';
import type { DeviceFault } from '../../src/devices/status.ts';
import type { Clock } from '../../src/platform/clock.ts';
import type { RandomSource } from '../../src/platform/random.ts';
import { err, ok } from '../../src/platform/result.ts';
import type { Fitting } from './walk.ts';

const PROFILES: Readonly<Record<Fitting, string>> = { epson: 'epson-eu', star: 'star-tup900' };

/** Fast, so that a drawing has arrived before it is printed; a band, and the zeros that end half of one, still fit into the printer. */
const BYTES_PER_SECOND = 500_000;
/** Longer than anything that is no drawing. */
const INK_BYTES = 100;
const LOST: DeviceFault = { code: 'link.lost', action: 'suspend' };

/** The simulated printer and a cable of which everything can be done. */
export class SteeredPrinter {
  readonly simulator: Printer;
  readonly exit: boolean;
  /** What the printer says reaches nobody. */
  deaf = false;
  /** The cable is pulled out under the first piece of a drawing. */
  cutUnderInk = false;
  readonly #fitting: Fitting;
  #link: { say(bytes: Uint8Array): void; end(end: ConnectionEnd): void } | undefined;

  constructor(fitting: Fitting, clock: Clock) {
    this.#fitting = fitting;
    const family = FAMILIES[fitting];
    this.exit = family.exitSensor;
    this.simulator = new Printer(
      {
        family: fitting,
        geometry: { headDots: 576, marginDots: 32, cutterDistanceMm: 15 },
        speedMmPerSecond: 150,
        // A whole slip fits in, so that nothing of it waits on the cable.
        bufferBytes: 65_536,
        identity: { firmware: '1.00', maker: 'SIMULATED', model: 'SIM-80', serial: 'SIM1', romLanguage: '' },
        answersProcessId: family.processId,
        exitSensor: family.exitSensor,
        presenter: family.presenter,
        autoRetractMs: 0,
        flow: 'wait',
        flowBytesInReplies: false,
      },
      clock,
      {
        send: (bytes) => {
          if (!this.deaf) this.#link?.say(Uint8Array.from(bytes));
        },
        roomGrew: () => undefined,
        pullOut: () => {
          this.unplug();
        },
      },
      undefined,
    );
  }

  /** The real driver over this cable. `clock` dies with the agent. */
  connect(clock: Clock, random: RandomSource): Promise<ReceiptPrinterConnection | undefined> {
    const profile = loadProfile(PROFILES[this.#fitting]);
    if (!profile.ok) throw new Error(profile.error.code);
    this.deaf = false;
    const driver = createReceiptPrinterDriver({
      transport: this.#transport,
      clock,
      random,
      profile: profile.value,
      line: { bytesPerSecond: BYTES_PER_SECOND, flowControl: 'none', backPressure: 'paced' },
    });
    return driver
      .connect(new AbortController().signal)
      .then((connected) => (connected.ok ? connected.value : undefined));
  }

  /** A hand takes what lies at the exit; it tears nothing off. */
  takeSlips(): void {
    if (this.simulator.tray.waiting > 0) this.simulator.takePaper();
  }

  /** Whatever is under way is lost. */
  unplug(): void {
    this.#link?.end({ kind: 'lost', fault: LOST });
    this.#link = undefined;
    this.cutUnderInk = false;
  }

  readonly #transport: ByteTransport = {
    description: 'at hand',
    open: () => Promise.resolve(ok(this.#open())),
  };

  #open(): ByteLink {
    const ended = Promise.withResolvers<ConnectionEnd>();
    let open = true;
    let listener: (bytes: Uint8Array) => void = () => undefined;
    const end = (how: ConnectionEnd) => {
      open = false;
      ended.resolve(how);
    };
    this.#link = {
      say: (bytes) => {
        queueMicrotask(() => {
          if (open) listener(bytes);
        });
      },
      end,
    };
    return {
      ended: ended.promise,
      write: (bytes) => {
        if (open && this.cutUnderInk && bytes.length > INK_BYTES) this.unplug();
        if (!open) return Promise.resolve(err(LOST));
        if (this.simulator.room() < bytes.length) throw new Error('a slip is larger than the buffer');
        this.simulator.receive(Uint8Array.from(bytes));
        return Promise.resolve(ok(undefined));
      },
      onData: (next) => {
        listener = next;
        return () => {
          listener = () => undefined;
        };
      },
      close: () => {
        end({ kind: 'closed' });
        return Promise.resolve();
      },
    };
  }
}
