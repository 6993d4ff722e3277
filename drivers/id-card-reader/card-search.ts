import type { CardReaderEvent } from '../../src/devices/contract.ts';
import type { DeviceFault } from '../../src/devices/status.ts';
import { sleep } from '../../src/platform/clock.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { attemptCard, readerFaults } from './card-reading.ts';
import type { ReadMemory } from './read-memory.ts';
import type { SdtChannel } from './sdt-protocol.ts';

/** What a search tells about the reader itself. */
interface ReaderHealth {
  /** It answered as it should. */
  answered(): void;
  /** It did not. True: that was one time too many, the reader is given up. */
  missed(fault: DeviceFault): boolean;
  /** It is given up at once. */
  lose(fault: DeviceFault): void;
}

export interface CardSearch {
  readonly channel: SdtChannel;
  readonly clock: Clock;
  readonly memory: ReadMemory;
  readonly health: ReaderHealth;
  /** Pause between two attempts, ms. */
  readonly findIntervalMs: number;
}

/**
 * Looks for a card until one was read, the reader is lost or `signal` aborts. A card that cannot be read is complained of
 * once for each time it is laid, and quietly tried again as long as it lies there: it may only have been laid askew.
 */
export async function searchCard(
  search: CardSearch,
  signal: AbortSignal,
  onEvent: (event: CardReaderEvent) => void,
): Promise<void> {
  const { channel, clock, memory, health } = search;
  let complained = false;
  const complain = (event: CardReaderEvent) => {
    if (!complained) onEvent(event);
    complained = true;
  };

  for (;;) {
    if (signal.aborted) return;
    const attempt = await attemptCard(channel, () => {
      if (!complained && !signal.aborted) onEvent({ kind: 'reading' });
    });
    if (signal.aborted) return;
    switch (attempt.kind) {
      case 'none':
        health.answered();
        memory.sawNone();
        complained = false;
        break;
      case 'card':
        health.answered();
        // Held back, not refused: a reader that wants cards lifted will not offer it a second time.
        const holdBackMs = memory.holdBackMs(attempt.card);
        if (holdBackMs > 0 && !(await sleep(clock, holdBackMs, signal))) return;
        memory.noteRead(attempt.card);
        onEvent(attempt);
        return;
      case 'unreadable':
      case 'notAnIdCard':
        health.answered();
        complain(attempt);
        break;
      case 'silent':
      case 'trouble': {
        const fault = attempt.kind === 'silent' ? readerFaults.noAnswer : attempt.fault;
        if (health.missed(fault)) {
          onEvent({ kind: 'lost', fault });
          return;
        }
        if (attempt.kind === 'silent' && attempt.cardSeen) complain({ kind: 'unreadable', fault });
        break;
      }
      case 'dead':
        health.lose(attempt.fault);
        onEvent({ kind: 'lost', fault: attempt.fault });
        return;
      case 'link':
        onEvent({ kind: 'lost', fault: attempt.fault });
        return;
    }
    await sleep(clock, search.findIntervalMs, signal);
  }
}
