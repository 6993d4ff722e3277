import { sleep, systemClock } from '../../src/platform/clock.ts';
import type { LiveKiosk } from '../live-kiosk/live-kiosk.ts';
import type { NetworkOutcome, PrinterOutcome, Way } from './cases.ts';
import { Stuck } from './lane.ts';

interface PrinterState {
  readonly pluggedIn: boolean;
  readonly paper: string;
  readonly jammed: boolean;
  readonly cutter: string;
}

/** More repetitions than any agent makes before it is killed. */
const ALWAYS = 40;
/** A body is longer than this, a footer and a mark are not, dots. */
const HALF_A_BODY_DOTS = 400;
const A_BIT_OF_INK_DOTS = 25;
const HELD_WITHIN_MS = 15_000;
const POLL_MS = 10;

/** What is done to centre and printer of one kiosk. */
export class Weather {
  readonly #kiosk: LiveKiosk;
  /** What was done to the printer last and has not been put right. */
  #arranged: Exclude<PrinterOutcome, 'good'> | undefined;

  constructor(kiosk: LiveKiosk) {
    this.#kiosk = kiosk;
  }

  /** Arranges what the next request of this name meets, or each. */
  async network(call: Way['call'], outcome: NetworkOutcome, always: boolean): Promise<void> {
    const count = always ? ALWAYS : 1;
    const hold = (details: object) =>
      this.#kiosk.central.post('/hold', { operation: call, count, ...details });
    if (outcome === 'request-lost') await hold({ when: 'before', drop: true, ms: 0 });
    if (outcome === 'reply-lost') await hold({ when: 'after', drop: true, ms: 0 });
    // A good centre that is to be slower than the paper answers when the point has been come to.
    if (outcome === 'late' || (outcome === 'good' && always)) await hold({ when: 'before' });
  }

  /** What was arranged and has met no request is off; what is held stays held. */
  async networkIsGood(): Promise<void> {
    await this.#kiosk.central.post('/forget', {});
  }

  /** What was held happens. */
  async release(): Promise<void> {
    await this.#kiosk.central.post('/release', {});
  }

  /** Does something while the centre has done the next request of this name and not answered it: the printer stands still then. */
  async whileHeld(
    call: 'reserve' | 'activate',
    alive: () => boolean,
    work: () => Promise<void>,
  ): Promise<void> {
    const deadline = systemClock.monotonicMs() + HELD_WITHIN_MS;
    while (!(await this.#isHeld(call))) {
      if (!alive()) return;
      if (systemClock.monotonicMs() > deadline) throw new Stuck(`nobody asks to ${call}`);
      await sleep(systemClock, POLL_MS);
    }
    await work();
    await this.release();
  }

  async hold(call: 'reserve' | 'activate'): Promise<void> {
    await this.#kiosk.central.post('/hold', { operation: call, when: 'after' });
  }

  async #isHeld(call: string): Promise<boolean> {
    const { waiting } = await this.#kiosk.central.get<{ waiting: { operation: string }[] }>('/hold');
    return waiting.some(({ operation }) => operation === call);
  }

  /** Arranges what the next job meets. `unplug`: half a slip ends by the cable instead of by a jam. */
  async printer(outcome: PrinterOutcome, job: Way['job'], unplug: boolean): Promise<void> {
    const { printer } = this.#kiosk;
    if (outcome === 'good') return;
    this.#arranged = outcome;
    switch (outcome) {
      case 'not-printed':
        return printer.command('paper', { state: 'out' });
      case 'half-printed':
        return printer.command('stop-after-dots', {
          n: job === 'body' ? HALF_A_BODY_DOTS : A_BIT_OF_INK_DOTS,
          reason: unplug ? 'unplug' : 'jam',
        });
      case 'answer-lost':
        return printer.command('answers', { mode: 'never', only: 'fences' });
      case 'cutter-jam':
        return printer.command('cutter-jam', { when: 'next-cut' });
      case 'weak-proof':
        return printer.command('answers', { mode: 'early-echo' });
    }
  }

  /** Whether it can be seen that something is wrong with the printer. */
  async printerStands(): Promise<boolean> {
    const state = await this.#kiosk.printer.state<PrinterState>();
    return !state.pluggedIn || state.paper === 'out' || state.jammed || state.cutter === 'jammed';
  }

  /** Whether nothing is wrong with it, nor will be. */
  async printerIsWell(): Promise<boolean> {
    return !(await this.printerStands()) && this.#arranged === undefined;
  }

  /** The printer tells the truth from now on, when it happens. */
  async answersAreGood(): Promise<void> {
    if (this.#arranged !== 'answer-lost' && this.#arranged !== 'weak-proof') return;
    await this.#kiosk.printer.command('answers', { mode: 'normal' });
    this.#arranged = undefined;
  }

  /** Somebody puts the printer right. */
  async mend(): Promise<void> {
    const { printer } = this.#kiosk;
    await printer.command('answers', { mode: 'normal' });
    await printer.command('release');
    await printer.command('paper', { state: 'full' });
    await printer.command('clear-jam');
    if (!(await printer.state<PrinterState>()).pluggedIn) await printer.command('replug');
    this.#arranged = undefined;
  }
}
