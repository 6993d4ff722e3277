/** What one side tells and the other reads when it comes to it; in order, as long as there is room. */
export class EventQueue<T> {
  readonly #most: number;
  #waiting: T[] = [];
  #over = false;
  #wake: () => void = () => undefined;

  /** @param most how many may wait; what is told beyond that is lost, and `push` says so */
  constructor(most: number) {
    this.#most = most;
  }

  /** False: nobody reads, or nobody reads fast enough. */
  push(event: T): boolean {
    if (this.#over || this.#waiting.length >= this.#most) return false;
    this.#waiting.push(event);
    this.#wake();
    return true;
  }

  /** Nothing more is told; what waits is still read. */
  end(): void {
    this.#over = true;
    this.#wake();
  }

  /** Everything that is told, until `end` or until the reader goes away. For one reader. */
  async *read(): AsyncGenerator<T, void, undefined> {
    try {
      for (;;) {
        const next = this.#waiting.shift();
        if (next !== undefined) yield next;
        else if (this.#over) return;
        else await this.#somethingNew();
      }
    } finally {
      this.#over = true;
      this.#waiting = [];
    }
  }

  #somethingNew(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
