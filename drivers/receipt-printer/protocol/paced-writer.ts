import type { DeviceFault } from '../../../src/devices/status.ts';
import { sleep, withTimeLimit } from '../../../src/platform/clock.ts';
import type { Clock } from '../../../src/platform/clock.ts';
import { err, ok } from '../../../src/platform/result.ts';
import type { Result } from '../../../src/platform/result.ts';
import type { ByteLink } from '../../transport/byte-link.ts';
import type { FlowGate } from './flow-gate.ts';
import { longestBurstMs, unwatchedBytes } from './printer-line.ts';
import type { PrinterLine } from './printer-line.ts';

/** The line takes nothing any more: the printer holds it (BUSY, XOFF, full buffer), or nobody is there. */
const notTakingData: DeviceFault = { code: 'printer.not-taking-data', action: 'reset' };
/** Nobody wants the bytes any more. */
const givenUp: DeviceFault = { code: 'link.closed', action: 'suspend' };

/** Over and above of what the line and the paper need, ms: motors that start, a kernel that is busy. */
const STALL_ALLOWANCE_MS = 2000;

/**
 * A printer that takes no data still hears real-time commands, and has room for 128 bytes at least. So many may go past a closed
 * gate until it has answered one.
 */
const HEARD_WHILE_CLOSED_BYTES = 64;

interface Piece {
  readonly bytes: Uint8Array;
  /** How long its paper moves, ms. */
  readonly paperMs: number;
  readonly atOnce: boolean;
  readonly signal: AbortSignal;
  readonly done: (result: Result<void, DeviceFault>) => void;
}

const never = new AbortController().signal;

/**
 * Writes to the line in order, and no faster than the line carries and the printer takes: never more than about 150 ms are under
 * way, so that a status question gets through while a job prints, and a job can be stopped. One call is one indivisible piece;
 * pieces at once go between two others, ahead of those that wait.
 */
export class PacedWriter {
  readonly #link: ByteLink;
  readonly #clock: Clock;
  readonly #line: PrinterLine;
  readonly #gate: FlowGate;
  readonly #stallLimitMs: number;
  readonly #waiting: Piece[] = [];
  readonly #atOnce: Piece[] = [];
  #running = false;
  #lineFreeAtMs = 0;
  #heldSinceMs: number | undefined;
  #hurry = new AbortController();
  #unansweredBytes = 0;
  #refused = false;
  #sentBytes = 0;
  #sentBeforeQuestion = 0;
  #provenBytes = 0;

  /** @param stallLimitMs how long a healthy printer may take nothing where it can say so (flow control, USB) */
  constructor(link: ByteLink, clock: Clock, line: PrinterLine, gate: FlowGate, stallLimitMs: number) {
    this.#link = link;
    this.#clock = clock;
    this.#line = line;
    this.#gate = gate;
    this.#stallLimitMs = stallLimitMs;
  }

  /** What is still under way to the printer by calculation, ms. */
  outstandingMs(): number {
    return Math.max(0, this.#lineFreeAtMs - this.#clock.monotonicMs());
  }

  /** For how long the printer has not taken what it was offered, ms; 0 when nothing waits for it. */
  heldMs(): number {
    return this.#heldSinceMs === undefined ? 0 : this.#clock.monotonicMs() - this.#heldSinceMs;
  }

  /** True when something waits for the printer, or was given up because it took nothing. */
  isHeld(): boolean {
    return this.#refused || this.#heldSinceMs !== undefined;
  }

  /**
   * Resolves when the bytes have been handed over, or when the signal aborts: then the rest of the piece is not sent. Never rejects.
   * @param paperMs how long the paper moves for them; a few bytes of feed keep a printer busy for long
   */
  write(bytes: Uint8Array, signal: AbortSignal = never, paperMs = 0): Promise<Result<void, DeviceFault>> {
    return this.#enqueue(this.#waiting, { bytes, signal, paperMs, atOnce: false });
  }

  /** Between two pieces, before what still waits for its turn: for real-time commands. Never rejects. */
  writeAtOnce(bytes: Uint8Array, signal: AbortSignal = never): Promise<Result<void, DeviceFault>> {
    const written = this.#enqueue(this.#atOnce, { bytes, signal, paperMs: 0, atOnce: true });
    this.#hurry.abort();
    return written;
  }

  /** False while so much is on its way unproven that another piece of this length has to wait for an answer. */
  hasRoomFor(byteCount: number): boolean {
    const unproven = this.#sentBytes - this.#provenBytes;
    return unproven === 0 || unproven + byteCount <= (this.#line.mostUnproven ?? Infinity);
  }

  /** What was sent at once last has been answered: the printer has taken everything that left before it. */
  noteProven(): void {
    this.#provenBytes = Math.max(this.#provenBytes, this.#sentBeforeQuestion);
  }

  /** The printer has answered something: it takes what is sent at once. */
  noteAnswer(): void {
    this.#unansweredBytes = 0;
  }

  #enqueue(queue: Piece[], piece: Omit<Piece, 'done'>): Promise<Result<void, DeviceFault>> {
    const { promise, resolve } = Promise.withResolvers<Result<void, DeviceFault>>();
    queue.push({ ...piece, done: resolve });
    void this.#run();
    return promise;
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    for (;;) {
      const piece = this.#atOnce.shift() ?? (await this.#nextWaiting());
      if (piece === 'hurry') continue;
      if (piece === undefined) {
        // Something may have been queued while the last look was under way.
        if (this.#waiting.length === 0 && this.#atOnce.length === 0) break;
        continue;
      }
      piece.done(piece.signal.aborted ? err(givenUp) : await this.#send(piece));
    }
    this.#running = false;
  }

  /** The next in order, once there is room on the line for it; `hurry` when something more urgent came meanwhile. */
  async #nextWaiting(): Promise<Piece | 'hurry' | undefined> {
    const [next] = this.#waiting;
    if (next === undefined) return undefined;
    const durationMs = this.#durationMs(next.bytes, next.paperMs);
    const surplusMs = this.outstandingMs() + durationMs - longestBurstMs(this.#line);
    this.#hurry = new AbortController();
    // A piece as long as a burst waits until the line is free.
    if (surplusMs > 0) {
      const waitMs = Math.min(surplusMs, this.outstandingMs());
      await sleep(this.#clock, waitMs, AbortSignal.any([this.#hurry.signal, next.signal]));
    }
    if (this.#atOnce.length > 0) return 'hurry';
    return this.#waiting.shift();
  }

  async #send({ bytes, signal, paperMs, atOnce }: Piece): Promise<Result<void, DeviceFault>> {
    if (atOnce) this.#sentBeforeQuestion = this.#sentBytes;
    else this.#sentBytes += bytes.length;
    if (atOnce && this.#unansweredBytes + bytes.length <= HEARD_WHILE_CLOSED_BYTES) {
      this.#unansweredBytes += bytes.length;
      return this.#handOver(bytes, signal, 0);
    }
    const most = unwatchedBytes(this.#line);
    for (let from = 0; from < bytes.length; from += most) {
      const chunk = bytes.subarray(from, Math.min(bytes.length, from + most));
      // What has left cannot be called back: the next chunk only when this one is on the wire.
      if (from > 0) await sleep(this.#clock, this.outstandingMs(), signal);
      const sent = await this.#sendChunk(chunk, signal, paperMs);
      if (!sent.ok) return sent;
    }
    return ok(undefined);
  }

  async #sendChunk(
    chunk: Uint8Array,
    signal: AbortSignal,
    paperMs: number,
  ): Promise<Result<void, DeviceFault>> {
    this.#heldSinceMs = this.#clock.monotonicMs();
    const mayFlow = await this.#gate.open(this.#stallLimitMs, signal);
    this.#heldSinceMs = undefined;
    if (mayFlow) return this.#handOver(chunk, signal, paperMs);
    if (signal.aborted) return err(givenUp);
    this.#refused = true;
    return err(notTakingData);
  }

  async #handOver(
    chunk: Uint8Array,
    signal: AbortSignal,
    paperMs: number,
  ): Promise<Result<void, DeviceFault>> {
    this.#heldSinceMs = this.#clock.monotonicMs();
    this.#lineFreeAtMs =
      Math.max(this.#clock.monotonicMs(), this.#lineFreeAtMs) + this.#durationMs(chunk, paperMs);
    const limitMs =
      this.#line.backPressure === 'nak' ? this.#stallLimitMs : 3 * this.outstandingMs() + STALL_ALLOWANCE_MS;
    const aborted = Promise.withResolvers<'aborted'>();
    const onAbort = () => {
      aborted.resolve('aborted');
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const written = await withTimeLimit(
      this.#clock,
      limitMs,
      Promise.race([this.#link.write(chunk, signal), aborted.promise]),
    );
    signal.removeEventListener('abort', onAbort);
    this.#heldSinceMs = undefined;
    if (written === 'aborted') return err(givenUp);
    this.#refused = written === 'timed-out';
    if (written === 'timed-out') return err(notTakingData);
    return written.ok ? ok(undefined) : written;
  }

  /** Elsewhere the line itself says when the paper is behind. */
  #durationMs(bytes: Uint8Array, paperMs: number): number {
    const transferMs = (bytes.length / this.#line.bytesPerSecond) * 1000;
    return this.#line.backPressure === 'window' ? Math.max(transferMs, paperMs) : transferMs;
  }
}
