import type { Cancel, Clock } from '../../src/platform/clock.ts';

interface Timer {
  readonly atMs: number;
  readonly order: number;
  /** Null when it was taken back. */
  task: (() => void) | null;
}

/** After so many steps the event loop gets a turn, so that what only it can free is freed. */
const STEPS_BETWEEN_TURNS = 5_000;

/** Time that stands still until it is told to go on; several processes can hang on it and die without a trace. */
export class VirtualClock {
  #nowMs = 0;
  #order = 0;
  #steps = 0;
  /** A binary heap: no timer is due before the one at half its index. */
  readonly #heap: Timer[] = [];

  /** What time it is in the world. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** A clock whose timers fire only while `alive` says so; `wallOffsetMs` is how far its machine's calendar is off. */
  view(alive: () => boolean = () => true, wallOffsetMs: () => number = () => 0): Clock {
    return {
      monotonicMs: () => this.#nowMs,
      wallClockMs: () => EPOCH_MS + this.#nowMs + wallOffsetMs(),
      schedule: (delayMs, task) =>
        this.schedule(delayMs, () => {
          if (alive()) task();
        }),
    };
  }

  schedule(delayMs: number, task: () => void): Cancel {
    const timer: Timer = { atMs: this.#nowMs + Math.max(0, delayMs), order: (this.#order += 1), task };
    this.#push(timer);
    return () => {
      timer.task = null;
    };
  }

  /**
   * Lets `forMs` pass, timer by timer, with every promise settled in between; ends early when `until` says so, which is
   * asked after each of them. Rejects with what a timer or `until` throws.
   */
  advance(forMs: number, until: () => boolean = never): Promise<void> {
    const endMs = this.#nowMs + forMs;
    return new Promise((resolve, reject) => {
      const go = () => {
        try {
          if (until()) {
            resolve();
            return;
          }
          const next = this.#next(endMs);
          if (next === undefined) {
            this.#nowMs = endMs;
            resolve();
            return;
          }
          this.#nowMs = next.atMs;
          next.task?.();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
          return;
        }
        this.#steps += 1;
        if (this.#steps % STEPS_BETWEEN_TURNS === 0) setImmediate(go);
        else whenSettled(go);
      };
      whenSettled(go);
    });
  }

  #next(endMs: number): Timer | undefined {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined) return undefined;
      if (first.task !== null && first.atMs > endMs) return undefined;
      this.#pop();
      if (first.task !== null) return first;
    }
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isBefore(timer, parent)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      let child = heap[below];
      if (child === undefined) break;
      const right = heap[below + 1];
      if (right !== undefined && isBefore(right, child)) {
        child = right;
        below += 1;
      }
      if (!isBefore(child, last)) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = last;
  }
}

/** 2026-11-22T02:00:00Z, ten in the morning in Shanghai. */
export const EPOCH_MS = Date.UTC(2026, 10, 22, 2);

function isBefore(a: Timer, b: Timer): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

/** Node runs its ticks when no microtask is left; a microtask in between, because ticks in a row do not wait for them. */
function whenSettled(task: () => void): void {
  queueMicrotask(() => {
    process.nextTick(task);
  });
}

function never(): boolean {
  return false;
}
