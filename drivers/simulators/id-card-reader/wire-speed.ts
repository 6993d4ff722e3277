import type { RandomSource } from '../../../src/platform/random.ts';
import type { SimulatorOptions } from '../program.ts';
import { speedOfPty } from './line-speed.ts';

/** What a reader says to a computer that speaks at another speed: mostly nothing, through some converters rubbish. */
export type AnswerAtWrongSpeed = 'nothing' | 'garbage';

const GARBAGE_BYTES = 12;

/**
 * The speed of the reader's own end. A pty carries bytes at any speed, so a reader with a true speed looks up what the computer
 * has set on the pty, and understands nothing when it differs.
 */
export class WireSpeed {
  readonly #options: SimulatorOptions;
  readonly #random: RandomSource;
  readonly #setPace: (baud: number) => void;
  #trueBaud: number | undefined;
  #answer: AnswerAtWrongSpeed = 'nothing';

  constructor(options: SimulatorOptions, random: RandomSource, setPace: (baud: number) => void) {
    this.#options = options;
    this.#random = random;
    this.#setPace = setPace;
  }

  /** Bits per second; null = any speed will do. A sentence says why not. */
  setTrueBaud(baud: number | null): string | undefined {
    if (!('pty' in this.#options.at)) return 'trueBaud: only a pty has a speed that can be looked up';
    this.#trueBaud = baud ?? undefined;
    this.#setPace(baud ?? this.#options.baud);
    return undefined;
  }

  setAnswer(answer: AnswerAtWrongSpeed): void {
    this.#answer = answer;
  }

  /** The computer has told the reader to change (60 xx). */
  change(baud: number): void {
    if (this.#trueBaud !== undefined) this.#trueBaud = baud;
    this.#setPace(baud);
  }

  async understands(): Promise<boolean> {
    const { at } = this.#options;
    if (this.#trueBaud === undefined || !('pty' in at)) return true;
    return (await speedOfPty(at.pty)) === this.#trueBaud;
  }

  answerAtWrongSpeed(): Uint8Array {
    return this.#answer === 'nothing' ? new Uint8Array(0) : this.#random.bytes(GARBAGE_BYTES);
  }
}
