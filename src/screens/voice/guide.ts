import type { SpokenSlot } from '../../copy/spoken-slots.ts';
import type { Cancel, Clock } from '../../platform/clock.ts';
import type { Beep } from './beeps.ts';
import type { Speaker } from './voice-player.ts';

/** A screen is looked at before it speaks. */
const FIRST_MS = 500;
/** After a beep, so that its last note is over. */
const FIRST_AFTER_BEEP_MS = 700;
/** Whoever has not touched anything for so long after it was said hears it once more, and then no more. */
const AGAIN_AFTER_MS = 20_000;

/**
 * Decides when something is said (elderly-ux §4): soon after a screen has come, once more when nobody does anything, whenever
 * somebody asks, and not a moment longer once the glass is touched.
 */
export class VoiceGuide {
  readonly #speaker: Speaker;
  readonly #clock: Clock;
  #slots: readonly SpokenSlot[] = [];
  #repeated = false;
  /** The screen has come and has not begun to speak. */
  #beginning = false;
  /** What is being said; another object each time. */
  #saying: object | undefined;
  #cancel: Cancel = () => undefined;

  constructor(speaker: Speaker, clock: Clock) {
    this.#speaker = speaker;
    this.#clock = clock;
  }

  /** Another screen is up, or the same one says something else now. */
  screenCame(slots: readonly SpokenSlot[]): void {
    this.#hush();
    this.#slots = slots;
    this.#repeated = false;
    this.#begin(FIRST_MS);
  }

  /** Something happened that is heard before it is said. Its repetition, if it has one, ends with what is returned. */
  beep({ tone, everyMs }: Beep): Cancel {
    this.#speaker.beep(tone);
    if (this.#beginning) this.#begin(FIRST_AFTER_BEEP_MS);
    if (everyMs === undefined) return () => undefined;
    let cancel: Cancel = () => undefined;
    const wait = () => {
      cancel = this.#clock.schedule(everyMs, () => {
        if (this.#saying === undefined) this.#speaker.beep(tone);
        wait();
      });
    };
    wait();
    return () => {
      cancel();
    };
  }

  /** A key gives under a finger. */
  tick(): void {
    this.#speaker.tick();
  }

  /** A finger, or a key of a keyboard. */
  touched(): void {
    this.#hush();
    this.#remind();
  }

  /** 再听一遍 */
  again(): void {
    this.#hush();
    void this.#say();
  }

  /** Something that is said once and is not the screen's, as after a change of volume. */
  aside(slots: readonly SpokenSlot[]): void {
    this.#hush();
    void this.#speaker.say(slots);
  }

  /** The page goes. */
  stop(): void {
    this.#hush();
    this.#slots = [];
  }

  #begin(delayMs: number): void {
    this.#after(delayMs, () => {
      void this.#say();
    });
    this.#beginning = true;
  }

  #hush(): void {
    this.#cancel();
    this.#beginning = false;
    this.#speaker.silence();
  }

  async #say(): Promise<void> {
    const slots = this.#slots;
    this.#beginning = false;
    if (slots.length === 0) return;
    const saying = {};
    this.#saying = saying;
    await this.#speaker.say(slots);
    if (this.#saying === saying) this.#saying = undefined;
    if (slots === this.#slots) this.#remind();
  }

  #remind(): void {
    if (this.#repeated) return;
    this.#after(AGAIN_AFTER_MS, () => {
      this.#repeated = true;
      void this.#say();
    });
  }

  #after(delayMs: number, task: () => void): void {
    this.#cancel();
    this.#cancel = this.#clock.schedule(delayMs, task);
  }
}
