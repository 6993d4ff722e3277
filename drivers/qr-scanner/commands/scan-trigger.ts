import type { Cancel, Clock } from '../../../src/platform/clock.ts';
import type { CommandChannel } from './command-channel.ts';
import type { ScannerFamily } from '../families/scanner-family.ts';

/** Lets a scanner in trigger mode read for as long as somebody scans. */
export interface ScanTrigger {
  /** It lights, and reads until it is told otherwise. */
  on(): void;
  off(): void;
  /** It has read something, and has stopped reading. */
  hasRead(): void;
}

/** After a read that did not end the scanning, so that the person can take the wrong code away, ms. */
const PAUSE_AFTER_READ_MS = 600;
/** A read that ends by itself is over so long after it should be, ms. */
const READ_MARGIN_MS = 200;

/** Makes the trigger of one connection. A scanner that is not in trigger mode takes no harm from it; one that refuses it is told of. */
export function createScanTrigger(
  { family, channel }: { readonly family: ScannerFamily; readonly channel: CommandChannel },
  clock: Clock,
  onRefused: () => void,
): ScanTrigger {
  let wanted = false;
  let cancelNext: Cancel = () => undefined;
  const pullIn = (delayMs: number) => {
    cancelNext();
    cancelNext = clock.schedule(delayMs, pull);
  };
  function pull() {
    // Read times are counted from when it is asked for; what waits for the line meanwhile only makes the next one late.
    pullIn(family.readMs + READ_MARGIN_MS);
    void channel.give(family.start, { urgent: true, tries: 2 }).then(({ kind }) => {
      if (kind === 'refused') onRefused();
      return undefined;
    });
  }
  return {
    on() {
      if (wanted) return;
      wanted = true;
      pull();
    },
    off() {
      if (!wanted) return;
      wanted = false;
      cancelNext();
      void channel.give(family.stop, { urgent: true, tries: 2 });
    },
    hasRead() {
      if (wanted) pullIn(PAUSE_AFTER_READ_MS);
    },
  };
}
