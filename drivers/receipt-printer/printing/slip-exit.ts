import type { SlipExit, SlipFate } from '../../../src/devices/contract.ts';
import type { ReceiptPrinterStatus } from '../../../src/devices/status.ts';
import { sleep } from '../../../src/platform/clock.ts';
import type { Clock } from '../../../src/platform/clock.ts';
import type { PrinterFlags } from '../status/printer-flags.ts';
import type { PrinterLanguage } from '../commands/printer-language.ts';
import type { PrinterProtocol } from '../protocol/printer-protocol.ts';

/** How often the sensor is asked while somebody waits for it, ms. */
const LOOK_EVERY_MS = 250;
/** A slip that is being pulled makes the sensor flicker: gone is what is still gone after this, ms. */
const STILL_GONE_AFTER_MS = 100;
/** From the knife to the mouth of the presenter, ms. */
const PRESENTED_LIMIT_MS = 5000;
/** A motor that pulls a slip in, ms (Citizen gives up after 5 s). */
const RETRACTED_LIMIT_MS = 10_000;

/** What is needed to watch the exit of a printer. */
export interface ExitTools {
  readonly protocol: PrinterProtocol;
  readonly language: PrinterLanguage;
  readonly clock: Clock;
}

/**
 * The place where a cut slip waits. What its sensor sees is all that is known: a slip that was there and is not any more was taken,
 * unless the printer pulled it in, by our command or as it says itself. Nothing here retracts of its own accord.
 */
export class SlipExitWatch implements SlipExit {
  readonly #tools: ExitTools;
  readonly retract?: () => Promise<SlipFate>;
  #present = false;
  #retracting = false;
  #fate: SlipFate | undefined;

  constructor(tools: ExitTools) {
    this.#tools = tools;
    if (tools.language.retract !== undefined) this.retract = () => this.#retract();
  }

  /** To be called with each change of the printer's flags. */
  onFlags(flags: PrinterFlags): void {
    const gone = this.#present && !flags.paperAtExit;
    if (gone) this.#fate = this.#retracting || flags.slipRetracted ? 'retracted' : 'taken';
    // Star names both only after the slip has left the position at the exit.
    else if (flags.slipRetracted) this.#fate = 'retracted';
    else if (flags.slipTaken) this.#fate = 'taken';
    if (flags.jamAtExit || flags.presenterError) this.#fate = 'jammed';
    this.#present = flags.paperAtExit;
  }

  /** What the status says of the exit; a jam is among the flags. */
  media(): ReceiptPrinterStatus['media'] {
    if (!this.#tools.protocol.exitFitted()) return 'unknown';
    if (this.#present) return 'present';
    return this.#fate === 'retracted' ? 'retracted' : 'notPresent';
  }

  /** A new slip is on its way: what became of the last one is history. */
  slipExpected(): void {
    this.#fate = undefined;
  }

  /** True when the sensor sees the slip; false when it has not come out in time. */
  async slipSeen(signal: AbortSignal): Promise<boolean> {
    const { clock, protocol } = this.#tools;
    const untilMs = clock.monotonicMs() + PRESENTED_LIMIT_MS;
    for (;;) {
      await protocol.askExit();
      // Somebody may have been quicker than the question.
      if (this.#present || this.#fate === 'taken') return true;
      if (this.#fate !== undefined) return false;
      if (clock.monotonicMs() > untilMs) {
        await protocol.askWhyNothingCame();
        return false;
      }
      if (!(await this.#pause(LOOK_EVERY_MS, signal))) return false;
    }
  }

  async whenGone(signal: AbortSignal): Promise<SlipFate> {
    for (;;) {
      await this.#tools.protocol.askExit();
      if (signal.aborted || this.#tools.protocol.over().aborted) return 'unknown';
      if (this.#fate === 'jammed') return 'jammed';
      if (!this.#present && (await this.#stillGone(signal))) return this.#fate ?? 'unknown';
      if (!(await this.#pause(LOOK_EVERY_MS, signal))) return 'unknown';
    }
  }

  async #stillGone(signal: AbortSignal): Promise<boolean> {
    await this.#pause(STILL_GONE_AFTER_MS, signal);
    await this.#tools.protocol.askExit();
    return !this.#present;
  }

  async #retract(): Promise<SlipFate> {
    const { protocol, language, clock } = this.#tools;
    await protocol.askExit();
    if (!this.#present || language.retract === undefined) return this.#fate ?? 'unknown';
    const limit = new AbortController();
    const cancel = clock.schedule(RETRACTED_LIMIT_MS, () => {
      limit.abort();
    });
    await protocol.send(language.retract, limit.signal);
    // From here on whatever takes the slip away is taken for the motor: the worse case, for the code on it is then void.
    this.#retracting = true;
    const fate = await this.whenGone(limit.signal);
    this.#retracting = false;
    cancel();
    return fate;
  }

  #pause(ms: number, signal: AbortSignal): Promise<boolean> {
    return sleep(this.#tools.clock, ms, AbortSignal.any([signal, this.#tools.protocol.over()]));
  }
}
