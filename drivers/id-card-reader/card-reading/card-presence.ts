import type { IdCardReaderStatus } from '../../../src/devices/status.ts';

/**
 * Whether the card that was read still lies there, as far as find tells. True only of a reader that finds such a card again;
 * whoever shows it asks first whether this reader is one.
 */
export interface CardPresence {
  media(): IdCardReaderStatus['media'];
  /** A card was read. */
  noteRead(): void;
  /** Find said that there is none. */
  noteNone(): void;
  /** Find said anything else, or nothing. */
  noteOther(): void;
}

/** A single "no card" may be a card that was moved a little. */
const NONES_THAT_COUNT = 2;

/** Begins with `unknown`; `onChange` is called after each change of `media`. */
export function createCardPresence(onChange: () => void): CardPresence {
  let media: IdCardReaderStatus['media'] = 'unknown';
  let nones = 0;
  const become = (next: IdCardReaderStatus['media']) => {
    if (next === media) return;
    media = next;
    onChange();
  };
  return {
    media: () => media,
    noteRead() {
      nones = 0;
      become('present');
    },
    noteNone() {
      nones += 1;
      if (nones >= NONES_THAT_COUNT) become('notPresent');
    },
    noteOther() {
      nones = 0;
    },
  };
}
