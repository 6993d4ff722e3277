import type { DeviceFault } from '../../src/devices/status.ts';
import { sleep, withTimeLimit } from '../../src/platform/clock.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { err, ok } from '../../src/platform/result.ts';
import type { Result } from '../../src/platform/result.ts';
import type { ByteLink } from '../transport/byte-link.ts';
import { LONGEST_BURST_MS } from './printer-profile.ts';
import type { ReceiptPrinterProfile } from './printer-profile.ts';

/** The line takes nothing any more: the printer holds it (BUSY, XOFF, full buffer), or nobody is there. */
const notTakingData: DeviceFault = { code: 'printer.not-taking-data', action: 'reset' };

/** Over and above of what the line and the paper need, ms: motors that start, a kernel that is busy. */
const STALL_ALLOWANCE_MS = 2000;

/**
 * Writes to the line in order, and no faster than the line carries: never more than about 150 ms are under way, so that a
 * status question gets through while a job prints, and a job can be stopped. One call is one indivisible piece.
 */
export class PacedWriter {
  readonly #link: ByteLink;
  readonly #clock: Clock;
  readonly #profile: ReceiptPrinterProfile;
  #turn: Promise<unknown> = Promise.resolve();
  #lineFreeAtMs = 0;

  constructor(link: ByteLink, clock: Clock, profile: ReceiptPrinterProfile) {
    this.#link = link;
    this.#clock = clock;
    this.#profile = profile;
  }

  /** What is still under way to the printer by calculation, ms. */
  outstandingMs(): number {
    return Math.max(0, this.#lineFreeAtMs - this.#clock.monotonicMs());
  }

  /** Resolves when the bytes have been handed over; never rejects. */
  write(bytes: Uint8Array): Promise<Result<void, DeviceFault>> {
    const turn = this.#turn.then(() => this.#writeInTurn(bytes));
    this.#turn = turn;
    return turn;
  }

  /** Between two commands, before what still waits for its turn: for real-time questions. Never rejects. */
  writeAtOnce(bytes: Uint8Array): Promise<Result<void, DeviceFault>> {
    return this.#handOver(bytes);
  }

  async #writeInTurn(bytes: Uint8Array): Promise<Result<void, DeviceFault>> {
    const surplusMs = this.outstandingMs() + this.#transferMs(bytes) - LONGEST_BURST_MS;
    // A piece as long as a burst waits until the line is free.
    if (surplusMs > 0) await sleep(this.#clock, Math.min(surplusMs, this.outstandingMs()));
    return this.#handOver(bytes);
  }

  async #handOver(bytes: Uint8Array): Promise<Result<void, DeviceFault>> {
    const transferMs = this.#transferMs(bytes);
    this.#lineFreeAtMs = Math.max(this.#clock.monotonicMs(), this.#lineFreeAtMs) + transferMs;
    const limitMs = 3 * this.outstandingMs() + STALL_ALLOWANCE_MS;
    const written = await withTimeLimit(this.#clock, limitMs, this.#link.write(bytes));
    if (written === 'timed-out') return err(notTakingData);
    return written.ok ? ok(undefined) : written;
  }

  #transferMs(bytes: Uint8Array): number {
    return (bytes.length / this.#profile.bytesPerSecond) * 1000;
  }
}
