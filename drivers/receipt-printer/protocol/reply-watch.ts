import type { Clock } from '../../../src/platform/clock.ts';
import type { StatusItem } from '../status/status-stream.ts';

/** Something that is awaited of the printer. */
export interface AwaitedReply<T> {
  /** The value; undefined after `limitMs`, or when the signal or the line ends it. Never rejects. */
  within(limitMs: number, signal?: AbortSignal): Promise<T | undefined>;
}

/** Who waits for what of the things a printer says. Watchers begin before the question is sent: no answer is too early. */
export class ReplyWatch {
  readonly #clock: Clock;
  readonly #over: AbortSignal;
  readonly #watchers = new Set<(item: StatusItem) => boolean>();

  /** @param over aborts when the line is gone: that ends every wait */
  constructor(clock: Clock, over: AbortSignal) {
    this.#clock = clock;
    this.#over = over;
  }

  /** Gives an item to whoever waited for it first. */
  offer(item: StatusItem): void {
    for (const watcher of this.#watchers) if (watcher(item)) return;
  }

  /** The first item from now on that `pick` makes something of. */
  expect<T>(pick: (item: StatusItem) => T | undefined): AwaitedReply<T> {
    const { promise, resolve } = Promise.withResolvers<T | undefined>();
    const watcher = (item: StatusItem) => {
      const value = pick(item);
      if (value === undefined) return false;
      this.#watchers.delete(watcher);
      resolve(value);
      return true;
    };
    this.#watchers.add(watcher);
    return {
      within: async (limitMs, signal) => {
        const giveUp = () => {
          this.#watchers.delete(watcher);
          resolve(undefined);
        };
        const ends = signal === undefined ? [this.#over] : [this.#over, signal];
        const cancel = this.#clock.schedule(limitMs, giveUp);
        for (const end of ends) {
          end.addEventListener('abort', giveUp, { once: true });
          if (end.aborted) giveUp();
        }
        const value = await promise;
        cancel();
        for (const end of ends) end.removeEventListener('abort', giveUp);
        return value;
      },
    };
  }
}
