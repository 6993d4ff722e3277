import type { Clock } from '../../../src/platform/clock.ts';
import { Answers } from './answers.ts';
import {
  ALL_WELL,
  automaticStatus,
  type Condition,
  isOffline,
  paperStatus,
  statusByte,
  watchedBits,
} from './condition.ts';
import { FenceSpotter } from './fence-spotter.ts';
import { Holds, type StopReason } from './holds.ts';
import { identityAnswer, type PrinterIdentity } from './identity.ts';
import type { Effect } from './interpreter.ts';
import { Mechanism } from './mechanism.ts';
import { type PaperGeometry, PaperPath } from './paper-path.ts';
import { type RealTimeCommand, RealTimeCommandSpotter } from './real-time-commands.ts';
import { ReceiveBuffer } from './receive-buffer.ts';
import { SlipTray } from './slip-tray.ts';

/** How this printer is made. */
export interface PrinterMake {
  readonly geometry: PaperGeometry;
  readonly speedMmPerSecond: number;
  readonly bufferBytes: number;
  readonly identity: PrinterIdentity;
  /** Whether GS ( H fn 48 is known; without it the question is skipped and never answered. */
  readonly answersProcessId: boolean;
  /** Whether an exit sensor answers DLE EOT 5. */
  readonly exitSensor: boolean;
  /** Whether a full buffer is told by XOFF and XON in the reply stream. */
  readonly xonXoff: boolean;
}

/** What the printer needs of its line. */
export interface PrinterLine {
  readonly send: (bytes: Uint8Array) => void;
  readonly roomGrew: () => void;
  readonly pullOut: () => void;
}

/** A printer that was full takes no more until so many bytes are free. */
const FREE_AFTER_FULL_BYTES = 256;
const XON = Uint8Array.of(0x11);
const XOFF = Uint8Array.of(0x13);

/** An ESC/POS receipt printer, from its receive buffer to the paper. */
export class Printer {
  readonly answers: Answers;
  readonly holds = new Holds();
  readonly tray: SlipTray;
  readonly paper: PaperPath;
  readonly #make: PrinterMake;
  readonly #clock: Clock;
  readonly #line: PrinterLine;
  readonly #buffer: ReceiveBuffer;
  readonly #mechanism: Mechanism;
  #realTime = new RealTimeCommandSpotter();
  #fences = new FenceSpotter();
  #condition: Condition = ALL_WELL;
  #cutterJamsNext = false;
  #watching = 0;
  #lastWatched = '';
  #full = false;
  #takenBefore = 0;

  constructor(make: PrinterMake, clock: Clock, line: PrinterLine, out: string | undefined) {
    this.#make = make;
    this.#clock = clock;
    this.#line = line;
    this.#buffer = new ReceiveBuffer(make.bufferBytes);
    this.paper = new PaperPath(make.geometry);
    this.tray = new SlipTray(out);
    this.answers = new Answers(clock, line.send);
    this.#mechanism = new Mechanism(clock, this.#buffer, this.paper, this.holds, make.speedMmPerSecond, {
      stopped: () => isOffline(this.#condition),
      printed: (id) => this.#printed(id),
      asked: (effect) => this.#asked(effect),
      cut: () => this.#knife(),
      stop: (reason) => this.#stop(reason),
      drained: () => this.#drained(),
    });
  }

  get condition(): Condition {
    return this.#condition;
  }

  get printing(): boolean {
    return this.#mechanism.printing;
  }

  get bufferedBytes(): number {
    return this.#buffer.length;
  }

  /** Bytes taken from the buffer since the last slip left. */
  get bytesSinceSlip(): number {
    return this.#buffer.taken - this.#takenBefore;
  }

  /** Bytes it can take now. */
  room(): number {
    return this.#full ? 0 : this.#buffer.free;
  }

  /** Bytes from the line, at most `room()`. */
  receive(bytes: Uint8Array): void {
    this.#buffer.push(bytes, this.#clock.wallClockMs());
    if (this.#buffer.free === 0) {
      this.#full = true;
      if (this.#make.xonXoff) this.answers.give('other', XOFF);
    }
    for (const byte of bytes) {
      const command = this.#realTime.push(byte);
      if (command) this.#obey(command);
      const falseAnswer = this.#fences.push(byte);
      if (falseAnswer && this.answers.lies('fence')) this.answers.give('fence', falseAnswer);
    }
    this.#mechanism.run();
  }

  /** Something was done to the printer: paper, cover, a jam. */
  change(change: Partial<Condition>): void {
    const before = this.#condition;
    this.#condition = { ...before, ...change };
    const replaced = before.paper === 'out' && this.#condition.paper !== 'out';
    const cleared = before.paperJammed && !this.#condition.paperJammed;
    if (replaced || cleared) this.#toHand(this.paper.pullOut());
    this.#reportChange();
    this.#mechanism.run();
  }

  openCover(): void {
    this.change({ coverOpen: true, openedWhilePrinting: this.printing });
  }

  closeCover(): void {
    this.change({ coverOpen: false, openedWhilePrinting: false });
  }

  /** The knife will stick when it falls next. */
  jamCutterAtNextCut(): void {
    this.#cutterJamsNext = true;
  }

  /** The person takes the cut slips; with none there, tears off what hangs out. */
  takePaper(): void {
    if (this.tray.waiting > 0) this.tray.take();
    else this.#toHand(this.paper.cutOff());
  }

  /** Goes on after `hold-at` or `stop-after-dots`. */
  release(): void {
    this.holds.release();
    this.#mechanism.run();
  }

  /** Off and on again: buffers, modes and questions are gone, the paper stays where it is. */
  powerCycle(): void {
    this.#clearBuffers();
    this.holds.release();
    this.#realTime = new RealTimeCommandSpotter();
    this.#fences = new FenceSpotter();
    this.#watching = 0;
    this.#condition = { ...this.#condition, openedWhilePrinting: false };
  }

  end(): void {
    this.#mechanism.end();
  }

  #clearBuffers(): void {
    this.#buffer.clear();
    this.#mechanism.reset();
    this.#drained();
  }

  #obey(command: RealTimeCommand): void {
    switch (command.kind) {
      case 'status': {
        const atExit = this.#make.exitSensor ? this.tray.waiting > 0 : undefined;
        const told = this.answers.lies('status') ? ALL_WELL : this.#condition;
        const byte = statusByte(command.n, told, atExit);
        if (byte !== undefined) this.answers.give('status', Uint8Array.of(byte));
        break;
      }
      case 'recover':
        if (command.n === 2 && this.#condition.cutterJammed) this.#clearBuffers();
        break;
      case 'clear-buffers':
        this.#clearBuffers();
        this.answers.give('other', Uint8Array.of(0x37, 0x25, 0x00));
        break;
    }
  }

  #printed(id: Uint8Array): void {
    if (!this.#make.answersProcessId || this.answers.lies('fence')) return;
    this.answers.give('fence', Uint8Array.of(0x37, 0x22, ...id, 0));
  }

  #asked(effect: Extract<Effect, { kind: 'transmit-status' | 'identify' | 'automatic-status' }>): void {
    switch (effect.kind) {
      case 'transmit-status':
        if (this.answers.lies('fence')) return;
        this.answers.give(
          'fence',
          Uint8Array.of([1, 49].includes(effect.n) ? paperStatus(this.#condition) : 0),
        );
        break;
      case 'identify': {
        const answer = identityAnswer(effect.n, this.#make.identity);
        if (answer) this.answers.give('other', answer);
        break;
      }
      case 'automatic-status':
        this.#watching = effect.mask;
        this.#lastWatched = '';
        this.#reportChange();
        break;
    }
  }

  #reportChange(): void {
    if (this.#watching === 0) return;
    const status = automaticStatus(this.answers.lies('automatic-status') ? ALL_WELL : this.#condition);
    const watched = watchedBits(status, this.#watching);
    if (watched === this.#lastWatched) return;
    this.#lastWatched = watched;
    this.answers.give('automatic-status', status);
  }

  #knife(): boolean {
    if (this.#cutterJamsNext) {
      this.#cutterJamsNext = false;
      this.change({ cutterJammed: true });
      return false;
    }
    this.#toHand(this.paper.cutOff(), true);
    return true;
  }

  #toHand(piece: ReturnType<PaperPath['cutOff']>, cut = false): void {
    if (piece) {
      this.tray.add(piece, {
        cut,
        bytes: this.bytesSinceSlip,
        firstByteAtMs: this.#mechanism.firstByteAtMs ?? null,
        cutAtMs: this.#clock.wallClockMs(),
      });
      this.#takenBefore = this.#buffer.taken;
    }
    this.#mechanism.slipGone();
  }

  #stop(reason: StopReason): void {
    if (reason === 'paper-out') this.change({ paper: 'out' });
    else if (reason === 'cover-open') this.openCover();
    else if (reason === 'jam') this.change({ paperJammed: true });
    else if (reason === 'unplug') this.#line.pullOut();
    else if (reason === 'power-cycle') this.powerCycle();
  }

  #drained(): void {
    if (this.#full) {
      if (this.#buffer.free < Math.min(FREE_AFTER_FULL_BYTES, this.#buffer.capacity)) return;
      this.#full = false;
      if (this.#make.xonXoff) this.answers.give('other', XON);
    }
    this.#line.roomGrew();
  }
}
