/** One thing at a time at one reader: readings, health checks, looks at it while idle. */
export interface Turns {
  /** Does the work when everything begun before is over, whatever became of that. */
  take<T>(work: () => Promise<T>): Promise<T>;
  /** Something is under way or waits. */
  busy(): boolean;
}

/** Makes a queue with nothing in it. */
export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return {
    take(work) {
      waiting += 1;
      const mine = last.then(work).finally(() => {
        waiting -= 1;
      });
      last = mine.catch(() => undefined);
      return mine;
    },
    busy: () => waiting > 0,
  };
}
