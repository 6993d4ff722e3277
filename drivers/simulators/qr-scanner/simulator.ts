import { z } from 'zod';
import type { Cancel, Clock } from '../../../src/platform/clock.ts';
import type { RandomSource } from '../../../src/platform/random.ts';
import { command, type Command, openControl } from '../control.ts';
import { type DeviceLine, openLine, type WriteManner } from '../line.ts';
import type { RunningSimulator, SimulatorOptions } from '../program.ts';

/** What a scanner sends after each code (device-protocols 2.3). */
export const SUFFIXES = { CR: '\r', CRLF: '\r\n', TAB: '\t', none: '' } as const;
/** Its name, as in the kiosk's configuration. */
export type SuffixName = keyof typeof SUFFIXES;

const suffixName = z.enum(['CR', 'CRLF', 'TAB', 'none']);
const nothingMore = z.strictObject({});

/** How the code travels. */
const manner = {
  suffix: suffixName.optional(),
  /** In pieces with pauses, as a badly buffered converter would. */
  split: z.boolean().default(false),
  /** The cable is pulled in mid-code. */
  unplugAfterBytes: z.int().nonnegative().optional(),
};

const hold = { hold: z.boolean().default(false), repeatMs: z.int().min(20).max(60_000).default(500) };

const shownCode = z
  .strictObject({
    text: z.string().max(8192).optional(),
    /** For codes that are not text. */
    hex: z
      .string()
      .regex(/^([0-9a-fA-F]{2})*$/, 'bytes in hexadecimal')
      .optional(),
    ...manner,
    ...hold,
  })
  .refine(({ text, hex }) => (text === undefined) !== (hex === undefined), 'exactly one of text and hex');

type ShownCode = z.output<typeof shownCode>;

/** Starts a QR scanner in presentation mode that sends what it reads, bytes as printed and a suffix. */
export async function startQrScanner(
  options: SimulatorOptions & { readonly suffix: SuffixName },
  clock: Clock,
  random: RandomSource,
): Promise<RunningSimulator> {
  // It takes no commands: what a computer sends is counted and ignored.
  const line = await openLine({ ...options, clock, random, onBytes: () => undefined });
  const view = new FieldOfView(line, options.suffix, clock);
  const control = await openControl(options.controlPort, {
    state: () => ({
      device: 'qr-scanner',
      pluggedIn: line.pluggedIn(),
      connected: line.connected(),
      codeInView: view.holding,
      sent: view.sent,
      lost: view.lost,
      hostBytes: line.carried().in,
    }),
    commands: commandsOf(view, line, random),
  });
  return {
    address: line.address,
    controlUrl: control.url,
    async stop() {
      view.clear();
      await control.close();
      await line.pullOut();
    },
  };
}

/** What is in front of the scanner's window. */
class FieldOfView {
  sent = 0;
  lost = 0;
  #inView: { bytes: Uint8Array; manner: WriteManner } | undefined;
  #cancelRepeat: Cancel = () => undefined;
  readonly #line: DeviceLine;
  readonly #suffix: SuffixName;
  readonly #clock: Clock;

  constructor(line: DeviceLine, suffix: SuffixName, clock: Clock) {
    this.#line = line;
    this.#suffix = suffix;
    this.#clock = clock;
  }

  get holding(): boolean {
    return this.#inView !== undefined;
  }

  async show(code: ShownCode): Promise<void> {
    this.clear();
    const bytes =
      code.hex === undefined ? Buffer.from(code.text ?? '', 'utf8') : Buffer.from(code.hex, 'hex');
    const framed = Buffer.concat([bytes, Buffer.from(SUFFIXES[code.suffix ?? this.#suffix], 'latin1')]);
    const manner: WriteManner = {
      split: code.split,
      ...(code.unplugAfterBytes === undefined ? {} : { pullOutAfterBytes: code.unplugAfterBytes }),
    };
    this.#inView = { bytes: framed, manner };
    await this.#read();
    if (code.hold) this.#repeatEvery(code.repeatMs);
    else this.clear();
  }

  clear(): void {
    this.#cancelRepeat();
    this.#inView = undefined;
  }

  async sendRaw(bytes: Uint8Array): Promise<void> {
    await this.#line.write(bytes);
  }

  #repeatEvery(repeatMs: number): void {
    const shown = this.#inView;
    this.#cancelRepeat = this.#clock.schedule(repeatMs, () => {
      if (shown === undefined || shown !== this.#inView) return;
      void this.#read();
      this.#repeatEvery(repeatMs);
    });
  }

  async #read(): Promise<void> {
    const shown = this.#inView;
    if (!shown) return;
    const done = await this.#line.write(shown.bytes, shown.manner);
    if (done === 'lost') this.lost += 1;
    else this.sent += 1;
  }
}

function commandsOf(view: FieldOfView, line: DeviceLine, random: RandomSource): Record<string, Command> {
  return {
    'show-code': command(
      '{"text" or "hex","suffix":"CR|CRLF|TAB|none","split":bool,"unplugAfterBytes":n,"hold":bool,"repeatMs":ms}',
      shownCode,
      (code) => view.show(code),
    ),
    'remove-code': command('', nothingMore, () => view.clear()),
    garbage: command(
      '{"bytes":n}',
      z.strictObject({ bytes: z.int().positive().max(8192).default(32) }),
      ({ bytes }) => view.sendRaw(random.bytes(bytes)),
    ),
    unplug: command('', nothingMore, () => line.pullOut()),
    replug: command('', nothingMore, () => line.plugIn()),
  };
}
