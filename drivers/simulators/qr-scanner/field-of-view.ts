import type { Cancel, Clock } from '../../../src/platform/clock.ts';
import type { Behaviour } from './families/family.ts';
import type { ReadCode, SendManner, WayOut } from './way-out.ts';

/** A code in front of the scanner's window. */
export interface ShownCode {
  readonly code: ReadCode;
  readonly manner: SendManner;
  /** It stays until it is removed, and is read again after so many ms; undefined: it is shown once. */
  readonly repeatMs: number | undefined;
}

/** Until a symbol that has come into view is decoded. */
const DECODE_MS = 20;

/** What is in front of the scanner's window, and when it is read: always, or only while the scanner is triggered. */
export class FieldOfView {
  sent = 0;
  lost = 0;
  /** Good reads that were sounded. */
  beeps = 0;
  #inView: ShownCode | undefined;
  #cancelRead: Cancel = () => undefined;
  /** It is being read, or will be without anybody's doing. */
  #readComes = false;
  #triggered = false;
  #cancelTimeout: Cancel = () => undefined;
  readonly #way: WayOut;
  readonly #behaviour: () => Behaviour;
  readonly #clock: Clock;

  constructor(way: WayOut, behaviour: () => Behaviour, clock: Clock) {
    this.#way = way;
    this.#behaviour = behaviour;
    this.#clock = clock;
  }

  get holding(): boolean {
    return this.#inView !== undefined;
  }

  get triggered(): boolean {
    return this.#triggered;
  }

  /** It lights the field: always, or while it is triggered. */
  get lit(): boolean {
    return this.#triggered || this.#behaviour().mode === 'continuous';
  }

  async show(shown: ShownCode): Promise<void> {
    this.clear();
    this.#inView = shown;
    if (this.lit) await this.#read();
    if (shown.repeatMs === undefined && this.#inView === shown) this.clear();
  }

  clear(): void {
    this.#cancelRead();
    this.#readComes = false;
    this.#inView = undefined;
  }

  /** Starts or stops a read. It ends by itself with a code, or when its time is over. */
  trigger(on: boolean): void {
    this.#cancelTimeout();
    this.#triggered = on && this.#behaviour().mode === 'trigger';
    if (!this.#triggered) return;
    const { readTimeoutMs } = this.#behaviour();
    if (readTimeoutMs > 0)
      this.#cancelTimeout = this.#clock.schedule(readTimeoutMs, () => {
        this.#triggered = false;
      });
    if (this.#inView) this.#readIn(DECODE_MS);
  }

  /** Settings have changed: what lies in view may be read now. */
  look(): void {
    if (this.#inView && this.lit && !this.#readComes) this.#readIn(DECODE_MS);
  }

  #readIn(delayMs: number): void {
    this.#cancelRead();
    this.#readComes = true;
    this.#cancelRead = this.#clock.schedule(delayMs, () => {
      this.#readComes = false;
      if (this.#inView && this.lit) void this.#read();
    });
  }

  async #read(): Promise<void> {
    const shown = this.#inView;
    if (!shown) return;
    const behaviour = this.#behaviour();
    if (behaviour.mode === 'trigger') this.trigger(false);
    this.#readComes = true;
    const outcome = await this.#way.sendCode(shown.code, behaviour, shown.manner);
    this.#readComes = false;
    if (outcome === 'lost') this.lost += 1;
    else {
      this.sent += 1;
      if (behaviour.beeper) this.beeps += 1;
    }
    if (shown.repeatMs === undefined || shown !== this.#inView || behaviour.mode === 'trigger') return;
    this.#readIn(Math.max(shown.repeatMs, behaviour.sameCodeMs));
  }
}
