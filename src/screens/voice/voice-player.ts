import { isPiece, type SpokenSlot } from '../../copy/spoken-slots.ts';
import type { Adjustments, Volume } from '../adjustments.ts';
import type { Tone } from '../parts/status-mark.tsx';
import { BEEPS, TICK, type Note } from './beeps.ts';

/** Between two sentences, seconds. */
const BREATH_S = 0.3;

/** What can say something and be silenced. */
export interface Speaker {
  /** Says one recording after the other; a call while something is said ends that. Resolves when it is over, or silenced. */
  say(slots: readonly SpokenSlot[]): Promise<void>;
  /** A beep takes the voice's loudness; it ends with what is silenced. */
  beep(tone: Tone): void;
  tick(): void;
  silence(): void;
}

/** Where the recordings of slots are, one for each slot; undefined: there is none. */
type RecordingsOf = (
  slots: readonly SpokenSlot[],
  adjusted: Adjustments,
) => Promise<readonly (string | undefined)[]>;

/** Of full scale, 6 dB a step. Whoever installs the machine sets its amplifier so that the middle one has 65 dBA. */
const GAIN: Readonly<Record<Volume, number>> = { 1: 0.25, 2: 0.5, 3: 1 };

/** Of full scale. Its effective value is 0.05; the softest of the recordings has 0.055. */
const NOTE_LEVEL = 0.07;
/** A note swells and fades so long, seconds; cut off hard it would crack. */
const NOTE_RAMP_S = 0.008;

/** Plays recordings through Web Audio. One that cannot be had is a reason to say nothing: half a sentence misleads. */
export class VoicePlayer implements Speaker {
  readonly #context: AudioContext;
  readonly #urlsOf: RecordingsOf;
  readonly #adjusted: () => Adjustments;
  readonly #output: GainNode;
  /** By address. */
  readonly #loaded = new Map<string, Promise<AudioBuffer | undefined>>();
  #sources: readonly AudioScheduledSourceNode[] = [];
  #turn = 0;

  constructor(context: AudioContext, urlsOf: RecordingsOf, adjusted: () => Adjustments) {
    this.#context = context;
    this.#urlsOf = urlsOf;
    this.#adjusted = adjusted;
    this.#output = context.createGain();
    this.#output.connect(context.destination);
  }

  async say(slots: readonly SpokenSlot[]): Promise<void> {
    this.silence();
    const turn = this.#turn;
    const adjusted = this.#adjusted();
    const urls = await this.#urlsOf(slots, adjusted);
    if (turn !== this.#turn) return;
    const buffers = await Promise.all(urls.map((url) => this.#load(url)));
    const whole = buffers.filter((buffer) => buffer !== undefined);
    if (turn !== this.#turn || whole.length === 0 || whole.length < buffers.length) return;
    await this.#context.resume();
    if (turn !== this.#turn) return;
    this.#output.gain.value = GAIN[adjusted.volume];
    await this.#play(whole, slots);
  }

  beep(tone: Tone): void {
    void this.#sound(BEEPS[tone]);
  }

  tick(): void {
    void this.#sound([TICK]);
  }

  silence(): void {
    this.#turn += 1;
    for (const source of this.#sources) source.stop();
    this.#sources = [];
  }

  #play(buffers: readonly AudioBuffer[], slots: readonly SpokenSlot[]): Promise<void> {
    let at = this.#context.currentTime;
    const sources = buffers.map((buffer, index) => {
      const source = this.#context.createBufferSource();
      source.buffer = buffer;
      source.connect(this.#output);
      source.start(at);
      at += buffer.duration + (isPiece(slots[index] ?? '') ? 0 : BREATH_S);
      return source;
    });
    this.#sources = sources;
    return new Promise((resolve) => {
      sources.at(-1)?.addEventListener('ended', () => {
        resolve();
      });
    });
  }

  async #sound(notes: readonly Note[]): Promise<void> {
    const turn = this.#turn;
    await this.#context.resume();
    if (turn !== this.#turn) return;
    this.#output.gain.value = GAIN[this.#adjusted().volume];
    const begin = this.#context.currentTime;
    const sounding = notes.map(({ hz, at, lasts }) => this.#note(hz, begin + at, begin + at + lasts));
    this.#sources = [...this.#sources, ...sounding];
  }

  #note(hz: number, from: number, to: number): AudioScheduledSourceNode {
    const note = this.#context.createOscillator();
    note.frequency.value = hz;
    const swell = this.#context.createGain();
    swell.gain.setValueAtTime(0, from);
    swell.gain.linearRampToValueAtTime(NOTE_LEVEL, from + NOTE_RAMP_S);
    swell.gain.setValueAtTime(NOTE_LEVEL, to - NOTE_RAMP_S);
    swell.gain.linearRampToValueAtTime(0, to);
    note.connect(swell).connect(this.#output);
    note.start(from);
    note.stop(to);
    note.addEventListener('ended', () => {
      this.#sources = this.#sources.filter((source) => source !== note);
    });
    return note;
  }

  #load(url: string | undefined): Promise<AudioBuffer | undefined> {
    if (url === undefined) return Promise.resolve(undefined);
    const loaded = this.#loaded.get(url) ?? this.#fetch(url);
    this.#loaded.set(url, loaded);
    return loaded;
  }

  async #fetch(url: string): Promise<AudioBuffer | undefined> {
    try {
      const response = await fetch(url);
      return response.ok ? await this.#context.decodeAudioData(await response.arrayBuffer()) : undefined;
    } catch {
      // The agent is gone, or the file is no sound. Another time it may be there.
      this.#loaded.delete(url);
      return undefined;
    }
  }
}
