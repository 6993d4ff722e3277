import type { Clock } from '../../../src/platform/clock.ts';
import { Answers } from './answers.ts';
import { ALL_WELL, type Condition, isOffline, paperStatus, type SensorState } from './condition.ts';
import { FAMILIES, type Family, type FamilyName } from './families.ts';
import { FenceSpotter } from './fence-spotter.ts';
import { Holds, type StopReason } from './holds.ts';
import { identityAnswer, type PrinterIdentity } from './identity.ts';
import type { TextMake } from './interpreter.ts';
import { escPosLanguage } from './language.ts';
import { type AskedEffect, Mechanism } from './mechanism.ts';
import { type PaperGeometry, PaperPath } from './paper-path.ts';
import { Presenter } from './presenter.ts';
import {
  type RealTimeCommand,
  RealTimeCommandSpotter,
  type RealTimeSpotter,
  StarRealTimeSpotter,
} from './real-time-commands.ts';
import { ReceiveBuffer } from './receive-buffer.ts';
import { SlipTray } from './slip-tray.ts';
import { starLineLanguage } from './star-line.ts';
import { StatusReports } from './status-reports.ts';

/** How this printer is made. */
export interface PrinterMake {
  readonly family: FamilyName;
  readonly geometry: PaperGeometry;
  readonly speedMmPerSecond: number;
  readonly bufferBytes: number;
  readonly identity: PrinterIdentity;
  /** What it has for text; absent: GB18030 characters and common habits. */
  readonly text?: TextMake;
  /** Whether GS ( H fn 48 is known; without it the question is skipped and never answered. */
  readonly answersProcessId: boolean;
  /** Whether a sensor sees a slip at the exit. */
  readonly exitSensor: boolean;
  /** Whether slips are held out and can be pulled in. */
  readonly presenter: boolean;
  /** The presenter's own timer as its switches are set, ms; 0: off. */
  readonly autoRetractMs: number;
  /**
   * What a full buffer does. `wait`: it takes nothing more, and the computer waits · `xon-xoff`: XOFF and XON in the reply stream ·
   * `dsr`: the wire of that name drops. With the latter two nothing makes the computer wait, and what it sends on regardless is lost.
   */
  readonly flow: 'wait' | 'xon-xoff' | 'dsr';
  /** XOFF and XON in the middle of whatever it says, as from a printer whose buffer runs full just then. */
  readonly flowBytesInReplies: boolean;
}

/** What the printer needs of its line. */
export interface PrinterLine {
  readonly send: (bytes: Uint8Array) => void;
  readonly roomGrew: () => void;
  readonly pullOut: () => void;
  /** DSR, where the cable has such a wire. */
  readonly tellDataSetReady?: (ready: boolean) => void;
}

/** A printer that was full takes no more until so many bytes are free. */
const FREE_AFTER_FULL_BYTES = 256;
/** With XON and XOFF: so many bytes fit in after XOFF, for what was already under way … */
const FREE_AT_XOFF_BYTES = 256;
/** … and XON is said when so many are free. */
const FREE_AT_XON_BYTES = 512;
const XON = Uint8Array.of(0x11);
const XOFF = Uint8Array.of(0x13);

/** A receipt printer, from its receive buffer to the paper and to the hand. */
export class Printer {
  readonly answers: Answers;
  readonly holds = new Holds();
  readonly tray: SlipTray;
  readonly paper: PaperPath;
  readonly #make: PrinterMake;
  readonly #family: Family;
  readonly #clock: Clock;
  readonly #line: PrinterLine;
  readonly #buffer: ReceiveBuffer;
  readonly #mechanism: Mechanism;
  readonly #presenter: Presenter;
  readonly #reports: StatusReports;
  #realTime: RealTimeSpotter;
  #fences = new FenceSpotter();
  #condition: Condition = ALL_WELL;
  #cutterJamsNext = false;
  #full = false;
  #lostBytes = 0;
  #takenBefore = 0;

  constructor(make: PrinterMake, clock: Clock, line: PrinterLine, out: string | undefined) {
    this.#make = make;
    this.#family = FAMILIES[make.family];
    this.#clock = clock;
    this.#line = line;
    this.#buffer = new ReceiveBuffer(make.bufferBytes);
    this.#realTime = spotterOf(this.#family);
    this.paper = new PaperPath(make.geometry);
    this.tray = new SlipTray(out);
    this.answers = new Answers(clock, (bytes) => line.send(this.#withFlowBytes(bytes)));
    this.#reports = new StatusReports(this.#family, this.answers, () => this.sensors());
    this.#presenter = new Presenter(clock, make.autoRetractMs, {
      changed: () => this.#reports.changed(),
      pulledIn: () => this.tray.retract(),
    });
    const { headDots } = make.geometry;
    const language =
      this.#family.language === 'star-line'
        ? starLineLanguage(headDots)
        : escPosLanguage(headDots, this.#family.commands, make.text);
    this.#mechanism = new Mechanism(
      clock,
      this.#buffer,
      this.paper,
      this.holds,
      make.speedMmPerSecond,
      language,
      {
        stopped: () => isOffline(this.#condition),
        printed: (id) => this.#printed(id),
        counted: () => this.#reports.etbReached(),
        asked: (effect) => this.#asked(effect),
        cut: () => this.#knife(),
        stop: (reason) => this.#stop(reason),
        drained: () => this.#drained(),
      },
    );
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

  /** The presenter's own timer as it is set now, ms; 0: off. */
  get autoRetractMs(): number {
    return this.#presenter.autoRetractMs;
  }

  /** Bytes taken from the buffer since the last slip left. */
  get bytesSinceSlip(): number {
    return this.#buffer.taken - this.#takenBefore;
  }

  /** All that its sensors feel. */
  sensors(): SensorState {
    const { exitSensor, presenter } = this.#make;
    const place = presenter ? this.#presenter.place : this.tray.waiting > 0 ? 'present' : 'none';
    return { condition: this.#condition, slip: exitSensor ? place : undefined };
  }

  /** USB, GET_PORT_STATUS: b5 paper empty, b4 selected, b3 not error. */
  portStatus(): number {
    const { paper } = this.#condition;
    return (paper === 'out' ? 0x20 : 0) | 0x10 | (isOffline(this.#condition) ? 0 : 0x08);
  }

  /** Bytes that came although it had said XOFF, and that found no room. */
  get lostBytes(): number {
    return this.#lostBytes;
  }

  /** Bytes it can take now. */
  room(): number {
    if (this.#make.flow !== 'wait') return Number.POSITIVE_INFINITY;
    return this.#full ? 0 : this.#buffer.free;
  }

  /** Bytes from the line, at most `room()`. A command that empties the buffer leaves what came behind it alone. */
  receive(bytes: Uint8Array): void {
    let from = 0;
    for (const [index, byte] of bytes.entries()) {
      const command = this.#realTime.push(byte);
      this.#echoEarly(this.#fences.push(byte));
      if (command === undefined) continue;
      this.#take(bytes.subarray(from, index + 1));
      from = index + 1;
      this.#obey(command);
    }
    this.#take(bytes.subarray(from));
    this.#mechanism.run();
  }

  #take(bytes: Uint8Array): void {
    const taken = bytes.subarray(0, this.#buffer.free);
    this.#lostBytes += bytes.length - taken.length;
    this.#buffer.push(taken, this.#clock.wallClockMs());
    if (this.#full || this.#buffer.free > (this.#make.flow === 'wait' ? 0 : FREE_AT_XOFF_BYTES)) return;
    this.#full = true;
    this.#line.tellDataSetReady?.(false);
    if (this.#make.flow === 'xon-xoff') this.answers.give('other', XOFF);
  }

  /** Something was done to the printer: paper, cover, a jam. */
  change(change: Partial<Condition>): void {
    const before = this.#condition;
    this.#condition = { ...before, ...change };
    const replaced = before.paper === 'out' && this.#condition.paper !== 'out';
    const cleared = before.paperJammed && !this.#condition.paperJammed;
    if (replaced || cleared) this.#toHand(this.paper.pullOut());
    this.#reports.changed();
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

  /** Everything that is stuck is freed, and the knife will not stick either. */
  clearJams(): void {
    this.#cutterJamsNext = false;
    this.change({ paperJammed: false, cutterJammed: false, exitJammed: false, presenterBroken: false });
  }

  /** The person takes the cut slips; with none there, tears off what hangs out. */
  takePaper(): void {
    if (this.tray.waiting > 0) this.tray.take();
    else this.#toHand(this.paper.cutOff());
    this.#presenter.taken();
    this.#reports.changed();
  }

  /** Goes on after `hold-at` or `stop-after-dots`. */
  release(): void {
    this.holds.release();
    this.#mechanism.run();
  }

  /** Off and on again: buffers, modes and questions are gone, the paper stays where it is. */
  powerCycle(): void {
    this.clearBuffers();
    this.holds.release();
    this.#realTime = spotterOf(this.#family);
    this.#fences = new FenceSpotter();
    this.#reports.reset();
    this.#presenter.setAutoRetract(this.#make.autoRetractMs);
    this.#condition = { ...this.#condition, openedWhilePrinting: false };
  }

  /** USB SOFT_RESET, DLE DC4 8, CAN: what was sent and not printed is forgotten. */
  clearBuffers(): void {
    this.#buffer.clear();
    this.#mechanism.reset();
    this.#drained();
  }

  end(): void {
    this.#mechanism.end();
    this.#presenter.end();
  }

  #obey(command: RealTimeCommand): void {
    switch (command.kind) {
      case 'status': {
        const { condition, slip } = this.sensors();
        const told = this.answers.lies('status') ? ALL_WELL : condition;
        const answer = this.#family.realTime(command.n, { condition: told, slip });
        if (answer !== undefined) this.answers.give('status', answer);
        break;
      }
      case 'star-status':
        this.#reports.tellStarNow();
        break;
      case 'recover':
        if (command.n === 2 && this.#condition.cutterJammed) this.clearBuffers();
        break;
      case 'clear-buffers':
        this.clearBuffers();
        if (this.#family.language === 'star-line') this.#reports.etbReset();
        else this.answers.give('other', Uint8Array.of(0x37, 0x25, 0x00));
        break;
    }
  }

  #echoEarly(answer: Uint8Array | undefined): void {
    if (answer === undefined || !this.answers.echoesEarly()) return;
    const isId = answer.length > 1;
    // An early echo is a lie about ids only.
    if (this.answers.lies('fence') || (isId && this.#make.answersProcessId))
      this.answers.give('fence', answer);
  }

  #printed(id: Uint8Array): void {
    if (!this.#make.answersProcessId || this.answers.echoesEarly()) return;
    this.answers.give('fence', Uint8Array.of(0x37, 0x22, ...id, 0));
  }

  #asked(effect: AskedEffect): void {
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
        if (answer) this.answers.give('identity', answer);
        break;
      }
      case 'automatic-status':
        this.#reports.watch(effect.mask);
        break;
      case 'automatic-full-status':
        this.#reports.watchFully(effect.mask);
        break;
      case 'automatic-star-status':
        this.#reports.watchStar(effect.on);
        break;
      case 'etb-reset':
        this.#reports.etbReset();
        break;
      case 'retract':
        if (this.#make.presenter) this.#presenter.retract();
        break;
      case 'auto-retract':
        this.#presenter.setAutoRetract(effect.ms);
        break;
    }
  }

  #knife(): boolean {
    if (this.#cutterJamsNext) {
      this.#cutterJamsNext = false;
      this.change({ cutterJammed: true });
      return false;
    }
    this.#toHand(this.paper.cutOff(), true);
    if (this.#make.presenter) this.#presenter.receive();
    else this.#reports.changed();
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
      const enough = this.#make.flow === 'wait' ? FREE_AFTER_FULL_BYTES : FREE_AT_XON_BYTES;
      if (this.#buffer.free < Math.min(enough, this.#buffer.capacity)) return;
      this.#full = false;
      this.#line.tellDataSetReady?.(true);
      if (this.#make.flow === 'xon-xoff') this.answers.give('other', XON);
    }
    this.#line.roomGrew();
  }

  #withFlowBytes(bytes: Uint8Array): Uint8Array {
    const [first, ...rest] = bytes;
    if (!this.#make.flowBytesInReplies || first === undefined || rest.length === 0) return bytes;
    return Uint8Array.of(first, ...XOFF, ...XON, ...rest);
  }
}

function spotterOf(family: Family): RealTimeSpotter {
  return family.language === 'star-line' ? new StarRealTimeSpotter() : new RealTimeCommandSpotter();
}
