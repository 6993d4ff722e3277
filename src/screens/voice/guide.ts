import type { SpokenSlot } from '../../copy/spoken-slots.ts';
import type { Cancel, Clock } from '../../platform/clock.ts';
import type { Speaker } from './voice-player.ts';

/** A screen is looked at before it speaks. */
const FIRST_MS = 500;
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
    this.#after(FIRST_MS, () => {
      void this.#say();
    });
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

  #hush(): void {
    this.#cancel();
    this.#speaker.silence();
  }

  async #say(): Promise<void> {
    const slots = this.#slots;
    if (slots.length === 0) return;
    await this.#speaker.say(slots);
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
