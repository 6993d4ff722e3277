import type { Cancel, Clock } from '../../../src/platform/clock.ts';
import { type DotRow, placedRow } from './dot-row.ts';
import type { Holds, StopReason } from './holds.ts';
import type { RasterImage } from './interpreter.ts';
import type { CommandLanguage, PrinterEffect } from './language.ts';
import type { PaperPath } from './paper-path.ts';
import type { ReceiveBuffer } from './receive-buffer.ts';

/** What the mechanism needs of the printer around it. */
export interface MechanismSurroundings {
  /** True while nothing may move: offline, or switched off. */
  readonly stopped: () => boolean;
  /** The data before a completion question (GS ( H) has been printed. */
  readonly printed: (id: Uint8Array) => void;
  /** The data before an ETB has been printed. */
  readonly counted: () => void;
  /** A command that is answered or changes the printer, not the paper. */
  readonly asked: (effect: AskedEffect) => void;
  /** The knife falls: false if it is stuck. */
  readonly cut: () => boolean;
  readonly stop: (reason: StopReason) => void;
  /** Bytes were taken out of the buffer. */
  readonly drained: () => void;
}

/** What a command asks for that is not the paper's business. */
export type AskedEffect = Exclude<PrinterEffect, { kind: 'rows' | 'raster' | 'cut' | 'process-id' | 'etb' }>;

const DOTS_PER_MM = 8;
const TICK_MS = 2;
/** A late timer does not slow the paper down, up to this. */
const LATEST_TIMER_MS = 50;
const CUT_MS = 150;

/** What is being done between two commands. */
interface Work {
  rows: DotRow[];
  raster: { image: RasterImage; rowsLeft: number } | undefined;
  cut: 'none' | 'feeding' | 'falling';
}

/** Head, motor and knife: takes commands from the buffer as fast as the paper moves. */
export class Mechanism {
  /** Wall-clock ms when the first byte of what is printed on this slip arrived. */
  firstByteAtMs: number | undefined;
  readonly #clock: Clock;
  readonly #buffer: ReceiveBuffer;
  readonly #paper: PaperPath;
  readonly #holds: Holds;
  readonly #around: MechanismSurroundings;
  readonly #language: CommandLanguage;
  readonly #msPerRow: number;
  #work: Work = { rows: [], raster: undefined, cut: 'none' };
  #pendingId: Uint8Array | undefined;
  #pendingEtbs = 0;
  #fenceAnswered = false;
  #rowDueAtMs = 0;
  /** Rows wait for their time: what is late then is a timer, not the paper. */
  #moving = false;
  #cancelTick: Cancel | undefined;
  #running = false;
  #again = false;

  constructor(
    clock: Clock,
    buffer: ReceiveBuffer,
    paper: PaperPath,
    holds: Holds,
    speedMmPerSecond: number,
    language: CommandLanguage,
    around: MechanismSurroundings,
  ) {
    this.#clock = clock;
    this.#buffer = buffer;
    this.#paper = paper;
    this.#holds = holds;
    this.#around = around;
    this.#language = language;
    this.#msPerRow = 1000 / (speedMmPerSecond * DOTS_PER_MM);
  }

  /** Whether rows are left to print, or the paper still moves. */
  get printing(): boolean {
    return this.#work.rows.length > 0 || this.#work.cut !== 'none' || !this.#idle;
  }

  /** Forgets what it was doing, its modes and questions (power off, buffers cleared). */
  reset(): void {
    this.#work = { rows: [], raster: undefined, cut: 'none' };
    this.#pendingId = undefined;
    this.#pendingEtbs = 0;
    this.#language.initialize();
    this.slipGone();
  }

  /** The slip in progress left the printer: the next row begins a new one. */
  slipGone(): void {
    this.firstByteAtMs = undefined;
    this.#fenceAnswered = false;
  }

  /** Goes on, if it can; to be called after every change. */
  run(): void {
    // Draining makes room, room lets bytes in, bytes ask to run: that call finds the loop already going.
    this.#again = true;
    if (this.#running) return;
    this.#running = true;
    while (this.#again) {
      this.#again = false;
      this.#cancelTick?.();
      this.#cancelTick = undefined;
      while (this.#movable && this.#step());
    }
    this.#running = false;
  }

  /** Nothing more happens. */
  end(): void {
    this.#cancelTick?.();
  }

  get #movable(): boolean {
    return !this.#around.stopped() && this.#holds.held === undefined;
  }

  get #idle(): boolean {
    return this.#clock.monotonicMs() >= this.#rowDueAtMs;
  }

  /** One step; false when there is nothing to do before a timer or new bytes. */
  #step(): boolean {
    if (this.#asksForProof && this.#idle && this.#work.rows.length === 0 && !this.#prove()) return false;
    if (this.#work.rows.length > 0) return this.#printRows();
    if (this.#work.cut !== 'none') return this.#cut();
    if (this.#work.raster) return this.#takeRasterRow(this.#work.raster);
    if (this.#takeCommand()) return true;
    this.#moving = false;
    if (this.#asksForProof) this.#wakeAt(this.#rowDueAtMs);
    return false;
  }

  get #asksForProof(): boolean {
    return this.#pendingId !== undefined || this.#pendingEtbs > 0;
  }

  #prove(): boolean {
    if (this.#holds.reaches('fence')) return false;
    const id = this.#pendingId;
    this.#pendingId = undefined;
    this.#fenceAnswered = this.#paper.dotsSinceCut > 0;
    if (id !== undefined) this.#around.printed(id);
    for (; this.#pendingEtbs > 0; this.#pendingEtbs -= 1) this.#around.counted();
    return true;
  }

  #printRows(): boolean {
    const now = this.#clock.monotonicMs();
    this.#rowDueAtMs = Math.max(this.#rowDueAtMs, this.#moving ? now - LATEST_TIMER_MS : now);
    if (this.#fenceAnswered && this.#holds.reaches('footer')) return false;
    while (this.#rowDueAtMs <= now) {
      const row = this.#work.rows.shift();
      if (!row) return true;
      this.#paper.feed(row);
      this.#rowDueAtMs += this.#msPerRow;
      const reason = this.#holds.rowPrinted(this.#paper.dotsSinceCut);
      if (reason) this.#around.stop(reason);
      if (this.#around.stopped() || this.#holds.held !== undefined) return false;
    }
    if (this.#work.rows.length === 0) return true;
    this.#moving = true;
    this.#wakeAt(Math.max(this.#rowDueAtMs, now + TICK_MS));
    return false;
  }

  #cut(): boolean {
    if (!this.#idle) {
      this.#wakeAt(this.#rowDueAtMs);
      return false;
    }
    if (this.#work.cut === 'feeding') {
      if (this.#holds.reaches('cut')) return false;
      this.#work.cut = 'falling';
      this.#rowDueAtMs = this.#clock.monotonicMs() + CUT_MS;
      return true;
    }
    if (!this.#around.cut()) {
      // Stuck: it falls again when the fault is gone.
      this.#work.cut = 'feeding';
      return false;
    }
    this.#work.cut = 'none';
    return true;
  }

  #takeRasterRow(raster: { image: RasterImage; rowsLeft: number }): boolean {
    const { image } = raster;
    if (this.#buffer.length < image.bytesPerRow) {
      this.#moving = false;
      return false;
    }
    const source = this.#buffer.view().slice(0, image.bytesPerRow);
    this.#drop(image.bytesPerRow);
    const { headDots } = this.#paper.geometry;
    const dots = image.bytesPerRow * 8;
    const row = placedRow(headDots, source, dots, image.widthScale, image.left, image.right);
    for (let copy = 0; copy < image.heightScale; copy += 1) this.#work.rows.push(row);
    raster.rowsLeft -= 1;
    if (raster.rowsLeft === 0) this.#work.raster = undefined;
    return true;
  }

  #takeCommand(): boolean {
    const command = this.#language.parse(this.#buffer.view());
    if (command === 'more') return false;
    if (command.name === 'transmit-status' && this.#holds.reaches('fence')) return false;
    const arrivedAtMs = this.#buffer.oldestAtMs();
    this.#drop(command.length);
    const effects = this.#language.run(command);
    const draws = command.name === 'text' || effects.some(({ kind }) => kind === 'rows' || kind === 'raster');
    if (draws) this.firstByteAtMs ??= arrivedAtMs;
    for (const effect of effects) this.#do(effect);
    return true;
  }

  #do(effect: PrinterEffect): void {
    switch (effect.kind) {
      case 'rows':
        for (const row of effect.rows) this.#work.rows.push(row);
        break;
      case 'raster':
        if (effect.image.rows > 0) this.#work.raster = { image: effect.image, rowsLeft: effect.image.rows };
        break;
      case 'cut':
        if (effect.toCutter) this.#feedBlank(this.#paper.cutterDots + effect.feedDots);
        this.#work.cut = 'feeding';
        break;
      case 'process-id':
        this.#pendingId = effect.id;
        break;
      case 'etb':
        this.#pendingEtbs += 1;
        break;
      case 'transmit-status':
        this.#fenceAnswered = this.#paper.dotsSinceCut > 0;
        this.#around.asked(effect);
        break;
      default:
        this.#around.asked(effect);
    }
  }

  #feedBlank(dots: number): void {
    const row = new Uint8Array(this.#paper.geometry.headDots / 8);
    for (let count = 0; count < dots; count += 1) this.#work.rows.push(row);
  }

  #drop(bytes: number): void {
    this.#buffer.drop(bytes);
    this.#around.drained();
  }

  #wakeAt(atMs: number): void {
    this.#cancelTick?.();
    this.#cancelTick = this.#clock.schedule(Math.max(1, atMs - this.#clock.monotonicMs()), () => this.run());
  }
}
