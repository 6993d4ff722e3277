import type { Clock } from '../../../src/platform/clock.ts';

/** How truthfully the printer answers. */
export type AnswerMode =
  | 'normal'
  /** After `delayMs`. */
  | 'late'
  | 'never'
  /** All is well, and completion is claimed at once. */
  | 'false'
  /** Each status question gets the answer to the one before it. */
  | 'previous'
  /** Process ids are echoed when they come in, before anything is printed. */
  | 'early-echo';

/** What a reply is about: a completion question, status, who the printer is, or flow control. */
export type AnswerKind = 'fence' | 'status' | 'automatic-status' | 'identity' | 'other';

/** The way of replies to the line, with all that can be wrong about them. */
export class Answers {
  #mode: AnswerMode = 'normal';
  #delayMs = 0;
  #only: 'fences' | 'status' | undefined;
  #previous: Uint8Array | undefined;
  readonly #clock: Clock;
  readonly #send: (bytes: Uint8Array) => void;

  constructor(clock: Clock, send: (bytes: Uint8Array) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  get mode(): AnswerMode {
    return this.#mode;
  }

  set(mode: AnswerMode, delayMs: number, only: 'fences' | 'status' | undefined): void {
    this.#mode = mode;
    this.#delayMs = delayMs;
    this.#only = only;
    this.#previous = undefined;
  }

  /** Whether answers of this kind are lies now. */
  lies(kind: AnswerKind): boolean {
    return this.#mode === 'false' && this.#concerns(kind);
  }

  /** Whether a process id is echoed before its time. */
  echoesEarly(): boolean {
    return this.#mode === 'early-echo' || this.lies('fence');
  }

  give(kind: AnswerKind, bytes: Uint8Array): void {
    const mode = this.#concerns(kind) ? this.#mode : 'normal';
    if (mode === 'never') return;
    if (mode === 'late') this.#clock.schedule(this.#delayMs, () => this.#send(bytes));
    else if (mode === 'previous' && kind === 'status') {
      this.#send(this.#previous ?? bytes);
      this.#previous = bytes;
    } else this.#send(bytes);
  }

  #concerns(kind: AnswerKind): boolean {
    if (kind === 'other') return false;
    if (this.#only === undefined) return true;
    if (kind === 'identity') return false;
    return (this.#only === 'fences') === (kind === 'fence');
  }
}
