import { isDeepStrictEqual } from 'node:util';
import type { ConnectionEnd } from '../../src/devices/contract.ts';
import type { DeviceFault, IdCardReaderStatus } from '../../src/devices/status.ts';
import type { Cancel } from '../../src/platform/clock.ts';
import type { ByteLink } from '../transport/byte-link.ts';
import { createCardPresence } from './card-reading/card-presence.ts';
import type { CardPresence } from './card-reading/card-presence.ts';
import type { ReaderHealth } from './card-reading/card-search.ts';
import type { ReaderCondition } from './reader-handshake.ts';

/** So many missing or senseless answers in a row, and the reader counts as lost. */
const MISSES_ALLOWED = 3;

/** What is known of a reader while its connection lasts, and who is told of it. */
export interface ReaderState extends ReaderHealth {
  status(): IdCardReaderStatus;
  onStatus(listener: (status: IdCardReaderStatus) => void): Cancel;
  condition(): ReaderCondition;
  /** It answered, but is not well. */
  unfit(fault: DeviceFault): void;
  samId(): string | undefined;
  setSamId(samId: string): void;
  /** Whether `media` is shown: only where a probe has shown that this reader can tell. */
  showMedia(shown: boolean): void;
  readonly presence: CardPresence;
  readonly ended: Promise<ConnectionEnd>;
  /** Aborted when the connection is over. */
  readonly over: AbortSignal;
  /** Answers that are missing now, in a row. */
  misses(): number;
}

/** The state of a reader that has just been greeted. */
export function createReaderState(
  link: ByteLink,
  greeted: { readonly condition: ReaderCondition; readonly samId: string | undefined },
): ReaderState {
  const listeners = new Set<(status: IdCardReaderStatus) => void>();
  const { promise: ended, resolve: finish } = Promise.withResolvers<ConnectionEnd>();
  const over = new AbortController();
  let { condition, samId } = greeted;
  let mediaShown = false;
  let misses = 0;

  const presence = createCardPresence(() => {
    publish();
  });
  const statusNow = (): IdCardReaderStatus => ({
    device: condition.kind === 'ready' ? 'online' : 'hardwareError',
    faults: condition.kind === 'ready' ? [] : [condition.fault],
    media: mediaShown ? presence.media() : 'unknown',
    ...(samId === undefined ? {} : { samId }),
  });
  let status = statusNow();
  const publish = () => {
    const next = statusNow();
    if (isDeepStrictEqual(next, status)) return;
    status = next;
    for (const listener of listeners) listener(status);
  };
  const become = (next: ReaderCondition) => {
    misses = 0;
    condition = next;
    publish();
  };
  const lose = (fault: DeviceFault) => {
    finish({ kind: 'lost', fault });
    void link.close();
  };
  const noteEnd = async () => {
    const end = await link.ended;
    finish(end);
    over.abort();
    listeners.clear();
  };
  void noteEnd();

  return {
    status: () => status,
    onStatus(listener) {
      if (!over.signal.aborted) listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    condition: () => condition,
    unfit(fault) {
      become({ kind: 'unfit', fault });
    },
    samId: () => samId,
    setSamId(next) {
      samId = next;
      publish();
    },
    showMedia(shown) {
      mediaShown = shown;
      publish();
    },
    presence,
    ended,
    over: over.signal,
    misses: () => misses,
    answered() {
      become({ kind: 'ready' });
    },
    missed(fault) {
      misses += 1;
      if (misses < MISSES_ALLOWED) return false;
      lose(fault);
      return true;
    },
    lose,
  };
}
