/** The printer's receive buffer: a FIFO of bytes that remembers when they came. */
export class ReceiveBuffer {
  readonly capacity: number;
  #bytes: Uint8Array;
  #start = 0;
  #end = 0;
  #taken = 0;
  #arrivals: { upTo: number; atMs: number }[] = [];

  /** Capacity in bytes. */
  constructor(capacity: number) {
    this.capacity = capacity;
    this.#bytes = new Uint8Array(capacity * 2);
  }

  get length(): number {
    return this.#end - this.#start;
  }

  get free(): number {
    return this.capacity - this.length;
  }

  /** Bytes taken out since the beginning. */
  get taken(): number {
    return this.#taken;
  }

  /** What is waiting, oldest first; valid until the next call. */
  view(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#end);
  }

  /** Adds bytes that arrived at a wall-clock time; the caller keeps within `free`. */
  push(bytes: Uint8Array, atMs: number): void {
    if (bytes.length > this.free) throw new RangeError('the receive buffer is full');
    if (this.#end + bytes.length > this.#bytes.length) {
      this.#bytes.copyWithin(0, this.#start, this.#end);
      this.#end -= this.#start;
      this.#start = 0;
    }
    this.#bytes.set(bytes, this.#end);
    this.#end += bytes.length;
    this.#arrivals.push({ upTo: this.#taken + this.length, atMs });
  }

  /** When the oldest waiting byte came (wall-clock ms). */
  oldestAtMs(): number | undefined {
    return this.#arrivals[0]?.atMs;
  }

  drop(count: number): void {
    this.#start += count;
    this.#taken += count;
    while (this.#arrivals[0] && this.#arrivals[0].upTo <= this.#taken) this.#arrivals.shift();
  }

  clear(): void {
    this.drop(this.length);
  }
}
