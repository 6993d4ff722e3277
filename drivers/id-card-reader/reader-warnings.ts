import type { DeviceFault } from '../../src/devices/status.ts';
import type { AttemptWarning } from './card-reading/card-reading.ts';

/**
 * What is odd and no fault of the reader, for the log. `status-SW1SW2SW3` (hex): an answer with a status that no table has, or with
 * which the card said something of its own. `reader.…`: code of the fault with which a card was complained of; one is a bad card,
 * many are a bad reader. Never personal data.
 */
export type ReaderWarning = AttemptWarning | `status-${string}` | `reader.${string}`;

/** Hands warnings on. */
export interface ReaderWarnings {
  /** Of one card. */
  ofCard(warnings: readonly AttemptWarning[]): void;
  /** A card that could not be read, and was complained of. */
  ofComplaint(fault: DeviceFault): void;
  /** Of one answer; each status is told once for a connection, a reader may give it with every answer. */
  oddStatus(statusHex: string): void;
}

/** A reader that answers with noise must not fill the memory with codes. */
const STATUSES_TOLD = 16;

/** Makes the warnings of one connection. */
export function createReaderWarnings(onWarning: (warning: ReaderWarning) => void): ReaderWarnings {
  const told = new Set<string>();
  return {
    ofCard(warnings) {
      for (const warning of warnings) onWarning(warning);
    },
    ofComplaint({ code }) {
      if (isReaderCode(code)) onWarning(code);
    },
    oddStatus(statusHex) {
      if (told.has(statusHex) || told.size >= STATUSES_TOLD) return;
      told.add(statusHex);
      onWarning(`status-${statusHex}`);
    },
  };
}

function isReaderCode(code: string): code is `reader.${string}` {
  return code.startsWith('reader.');
}
