import type { Answers } from './answers.ts';
import { ALL_WELL, type SensorState, watchedBits } from './condition.ts';
import type { Family } from './families.ts';
import { starStatus } from './star-status.ts';

/** What the printer tells unasked, and when: ASB (GS a), Custom's full status (GS E0), Star's status (ESC RS a, ETB). */
export class StatusReports {
  readonly #family: Family;
  readonly #answers: Answers;
  readonly #state: () => SensorState;
  #mask = 0;
  #fullMask = 0;
  #starOn: boolean;
  #lastTold = '';
  #etbExecuted = false;
  #etbCount = 0;

  constructor(family: Family, answers: Answers, state: () => SensorState) {
    this.#family = family;
    this.#answers = answers;
    this.#state = state;
    this.#starOn = family.language === 'star-line';
  }

  /** As switched on: nothing is told before somebody wants it, except by Star (a memory switch). */
  reset(): void {
    this.#mask = 0;
    this.#fullMask = 0;
    this.#starOn = this.#family.language === 'star-line';
    this.#lastTold = '';
    this.etbReset();
  }

  /** GS a: told at once, then at changes. */
  watch(mask: number): void {
    this.#mask = mask;
    this.#lastTold = '';
    this.changed();
  }

  /** GS E0: told at changes only. */
  watchFully(mask: number): void {
    this.#fullMask = mask;
    this.#lastTold = this.#fullStatus().toString();
  }

  /** ESC RS a. */
  watchStar(on: boolean): void {
    this.#starOn = on;
  }

  etbReset(): void {
    this.#etbExecuted = false;
    this.#etbCount = 0;
  }

  /** Everything before an ETB is on paper. */
  etbReached(): void {
    this.#etbCount = (this.#etbCount + 1) % 32;
    this.#etbExecuted = true;
    if (this.#starOn) this.#tellStar('fence');
  }

  /** ESC ACK SOH. */
  tellStarNow(): void {
    this.#tellStar('status');
  }

  /** The sensors may feel something else than before. */
  changed(): void {
    if (this.#mask !== 0) this.#tellIfNew(watchedBits(this.#automatic(), this.#mask), this.#automatic());
    else if (this.#fullMask !== 0) {
      const status = this.#fullStatus();
      this.#tellIfNew(status.toString(), Uint8Array.of(0x10, this.#fullMask, ...status));
    } else if (this.#starOn) {
      const sensors = this.#automatic().toString();
      if (sensors !== this.#lastTold) this.#tellStar('automatic-status');
      this.#lastTold = sensors;
    }
  }

  #tellIfNew(told: string, bytes: Uint8Array): void {
    if (told === this.#lastTold) return;
    this.#lastTold = told;
    this.#answers.give('automatic-status', bytes);
  }

  #automatic(): Uint8Array {
    const state = this.#state();
    const lies = this.#answers.lies('automatic-status');
    return this.#family.automatic(lies ? { ...state, condition: ALL_WELL } : state);
  }

  #fullStatus(): Uint8Array {
    return this.#automatic().filter((_, index) => (this.#fullMask & (1 << index)) !== 0);
  }

  #tellStar(kind: 'fence' | 'status' | 'automatic-status'): void {
    const state = this.#state();
    const condition = this.#answers.lies('status') ? ALL_WELL : state.condition;
    const etb = { etbExecuted: this.#etbExecuted, etbCount: this.#etbCount };
    this.#answers.give(kind, starStatus({ ...state, condition }, etb));
    // Told once.
    this.#etbExecuted = false;
  }
}
