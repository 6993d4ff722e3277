import type { Cancel, Clock } from '../../../src/platform/clock.ts';
import type { SlipPlace } from './condition.ts';

/** From the knife to the hand. */
const PRESENT_MS = 300;
const RETRACT_MS = 400;
/** A slip that is gone is told of as taken or pulled in for so long, then as no slip. */
const AFTERMATH_MS = 500;

/** What a presenter needs of the printer around it. */
export interface PresenterSurroundings {
  /** The sensors feel something else. */
  readonly changed: () => void;
  /** The slips that lay there are inside of the machine now. */
  readonly pulledIn: () => void;
}

/** Holds a cut slip out, and pulls it in when it is told to or when its own time is over. */
export class Presenter {
  readonly #clock: Clock;
  readonly #around: PresenterSurroundings;
  /** As its switches are set; a command sets it anew. */
  #autoRetractMs: number;
  #place: SlipPlace = 'none';
  #cancel: Cancel = () => undefined;
  #cancelTimer: Cancel = () => undefined;

  /** @param autoRetractMs 0: it waits for ever */
  constructor(clock: Clock, autoRetractMs: number, around: PresenterSurroundings) {
    this.#clock = clock;
    this.#autoRetractMs = autoRetractMs;
    this.#around = around;
  }

  get place(): SlipPlace {
    return this.#place;
  }

  get autoRetractMs(): number {
    return this.#autoRetractMs;
  }

  setAutoRetract(ms: number): void {
    this.#autoRetractMs = ms;
  }

  /** The knife has fallen. */
  receive(): void {
    this.#cancelTimer();
    this.#move('making');
    this.#later(PRESENT_MS, () => {
      this.#move('present');
      if (this.#autoRetractMs > 0)
        this.#cancelTimer = this.#clock.schedule(this.#autoRetractMs, () => this.retract());
    });
  }

  retract(): void {
    if (this.#place !== 'present') return;
    this.#later(RETRACT_MS, () => {
      if (this.#place !== 'present') return;
      this.#around.pulledIn();
      this.#gone('retracted');
    });
  }

  /** A hand pulls it out. */
  taken(): void {
    if (this.#place === 'present') this.#gone('taken');
  }

  end(): void {
    this.#cancel();
    this.#cancelTimer();
  }

  #gone(how: 'taken' | 'retracted'): void {
    this.#cancelTimer();
    this.#move(how);
    this.#later(AFTERMATH_MS, () => this.#move('none'));
  }

  #move(place: SlipPlace): void {
    this.#place = place;
    this.#around.changed();
  }

  #later(ms: number, task: () => void): void {
    this.#cancel();
    this.#cancel = this.#clock.schedule(ms, task);
  }
}
