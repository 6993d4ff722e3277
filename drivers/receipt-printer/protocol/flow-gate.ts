import { sleep } from '../../../src/platform/clock.ts';
import type { Clock } from '../../../src/platform/clock.ts';
import type { ByteLink } from '../../transport/byte-link.ts';
import type { PrinterLine } from './printer-line.ts';

/** How often DSR is looked at while the printer is busy, ms. At 115200 baud that is twice what it still takes. */
const LOOK_EVERY_MS = 20;

/** Whether the printer takes data now, by the means its line has for saying so. */
export class FlowGate {
  readonly #link: ByteLink;
  readonly #clock: Clock;
  readonly #flowControl: PrinterLine['flowControl'];
  #stoppedByXoff = false;
  #seenFlowBytes = false;
  #reopened = Promise.withResolvers<void>();

  constructor(link: ByteLink, clock: Clock, line: PrinterLine) {
    this.#link = link;
    this.#clock = clock;
    this.#flowControl = line.flowControl;
  }

  /** XOFF (false) or XON (true) was seen in what the printer says. Obeyed only where the line is configured so. */
  onFlowByte(mayFlow: boolean): void {
    this.#seenFlowBytes = true;
    this.#stoppedByXoff = !mayFlow;
    if (!mayFlow) return;
    this.#reopened.resolve();
    this.#reopened = Promise.withResolvers<void>();
  }

  /** Whether XON or XOFF was ever seen, configured or not. */
  seenFlowBytes(): boolean {
    return this.#seenFlowBytes;
  }

  /** DSR: false when the printer is switched off or takes nothing; undefined when nobody can tell. */
  async dataSetReady(): Promise<boolean | undefined> {
    return this.#flowControl === 'dsr' ? await this.#link.dataSetReady?.() : undefined;
  }

  /** True when data may be sent; false when `limitMs` was over first, or the signal aborted. */
  async open(limitMs: number, signal: AbortSignal): Promise<boolean> {
    if (this.#flowControl === 'xon-xoff') return await this.#afterXon(limitMs, signal);
    if (this.#flowControl === 'dsr') return await this.#afterDataSetReady(limitMs, signal);
    return true;
  }

  async #afterXon(limitMs: number, signal: AbortSignal): Promise<boolean> {
    const untilMs = this.#clock.monotonicMs() + limitMs;
    while (this.#stoppedByXoff) {
      const leftMs = untilMs - this.#clock.monotonicMs();
      if (leftMs <= 0 || signal.aborted) return false;
      const over = new AbortController();
      const timer = sleep(this.#clock, leftMs, AbortSignal.any([signal, over.signal]));
      await Promise.race([this.#reopened.promise, timer]);
      over.abort();
    }
    return true;
  }

  async #afterDataSetReady(limitMs: number, signal: AbortSignal): Promise<boolean> {
    const untilMs = this.#clock.monotonicMs() + limitMs;
    while ((await this.dataSetReady()) === false) {
      if (this.#clock.monotonicMs() >= untilMs) return false;
      if (!(await sleep(this.#clock, LOOK_EVERY_MS, signal))) return false;
    }
    return true;
  }
}
