import type { Citizen } from '../../sandbox/citizens/citizen.ts';
import { sleep, systemClock } from '../../src/platform/clock.ts';
import type { JournalOnDisk } from '../live-kiosk/kill.ts';
import type { CrashCase } from './cases.ts';
import type { Kiosk } from './kiosk-at-test.ts';
import type { Death } from './deaths.ts';
import { NobodyLeft } from './world.ts';

/** What came of a case. */
export interface CaseResult {
  /** False: it never came to the point, and ran to its end without the kill. */
  readonly killed: boolean;
  /** States of the journal at each kill. */
  readonly states: readonly string[];
  readonly violations: readonly string[];
  /** From the death (or from the printer's mending, if that was later) until the next person could be served, ms. */
  readonly recoveryMs: number | undefined;
}

/** A fault that shows has shown by then; one that does not has been met. ms */
const MET_WITHIN_MS = 900;
/** Calls that were held are done, ms. */
const LATE_CALLS_MS = 120;
const POLL_MS = 30;

/** Plays one case to its end, from the home screen to a kiosk at rest that can serve the next one. */
export async function playCase(kiosk: Kiosk, one: CrashCase, unplug: boolean): Promise<CaseResult> {
  const citizen = await kiosk.world.next(one.kind);
  if (citizen === undefined) throw new NobodyLeft();
  return new Played(kiosk, one, citizen, unplug).play();
}

class Played {
  readonly #kiosk: Kiosk;
  readonly #case: CrashCase;
  readonly #citizen: Citizen;
  readonly #unplug: boolean;
  readonly #violations: string[] = [];
  readonly #states: string[] = [];
  /** As an earlier death left it. */
  #row: JournalOnDisk | undefined;

  constructor(kiosk: Kiosk, one: CrashCase, citizen: Citizen, unplug: boolean) {
    this.#kiosk = kiosk;
    this.#case = one;
    this.#citizen = citizen;
    this.#unplug = unplug;
  }

  async play(): Promise<CaseResult> {
    const { lane, world, weather } = this.#kiosk;
    const { point, way } = this.#case;
    lane.personalTexts = await world.personalTexts(this.#citizen);
    const before = await world.look(this.#citizen);
    const earlier = before.find(({ state }) => state === 'active')?.operationId;
    lane.order({ points: [way.first ?? point] });
    if (way.first === undefined) await this.#arrangeOnTheWay();
    let death = await lane.untilDead(() => this.#session());
    if (death !== undefined && way.first !== undefined) death = await this.#dieAgain(death);
    const killed = !lane.takeBackOrder();
    // The journal can be seen empty a moment before the agent dies of it.
    if (killed) death ??= await lane.death;
    const operation = {
      citizen: this.#citizen,
      earlier,
      codesBefore: before.length,
      row: death?.journal[0] ?? this.#row,
    };
    if (death !== undefined) {
      this.#dead(death);
      await this.#arrangeNextLife();
      this.#violations.push(...(await this.#kiosk.judge.atKill(operation)));
      // The codes of this very operation, by which no file of the dead agent may know it either.
      lane.personalTexts = await world.personalTexts(this.#citizen);
      lane.lookAtNextLife();
      await lane.back();
    }
    await this.#met();
    // A printer that stands keeps everybody waiting until somebody comes.
    const stood = await weather.printerStands();
    await weather.mend();
    const sinceMs = stood || death === undefined ? systemClock.monotonicMs() : death.atMs;
    await weather.networkIsGood();
    await lane.ready();
    const recoveryMs = death === undefined ? undefined : Math.round(systemClock.monotonicMs() - sinceMs);
    await lane.rested();
    this.#violations.push(...(await this.#kiosk.judge.atRest(operation)));
    await weather.release();
    if (this.#case.network === 'late') {
      await sleep(systemClock, LATE_CALLS_MS);
      this.#violations.push(...(await this.#kiosk.judge.atRest(operation)));
    }
    this.#violations.push(...this.#kiosk.personalNow(await world.personalTexts(this.#citizen)));
    await lane.atHome();
    return { killed, states: this.#states, violations: this.#violations, recoveryMs };
  }

  async #arrangeOnTheWay(): Promise<void> {
    const { weather } = this.#kiosk;
    const { way, network, printer } = this.#case;
    const { job, met, call } = way;
    if (printer === 'cutter-jam' && job === 'footer') await weather.printer(printer, job, this.#unplug);
    if (job === 'body' && printer !== 'not-printed') await weather.printer(printer, job, this.#unplug);
    if (this.#heldCall() !== undefined) await weather.hold(this.#heldCall() ?? 'reserve');
    else if (met !== 'next-life') await weather.network(call, network, met === 'until-killed');
  }

  /** The request during which the printer gets its fault; undefined: it has it from the beginning, or gets it later. */
  #heldCall(): 'reserve' | 'activate' | undefined {
    const { way, printer } = this.#case;
    if (printer === 'good' || way.first !== undefined) return undefined;
    if (way.job === 'body') return printer === 'not-printed' ? 'reserve' : undefined;
    return way.job === 'footer' && printer !== 'cutter-jam' ? 'activate' : undefined;
  }

  /** What the person does, until there is nothing more to do. */
  async #session(): Promise<void> {
    const { lane, weather } = this.#kiosk;
    const { way, kind, network, printer } = this.#case;
    await lane.confirm(this.#citizen, kind);
    const held = this.#heldCall();
    if (held !== undefined) {
      await weather.whileHeld(
        held,
        () => lane.lives,
        () => weather.printer(printer, way.job, this.#unplug),
      );
      if (way.met !== 'next-life') await weather.network(way.call, network, way.met === 'until-killed');
    }
    const screen = await lane.see(['take-slip', 'error', 'home', 'attract']);
    if (screen.name === 'take-slip' && way.missesSlip === true) {
      await lane.choose('no-paper-came');
      await lane.choose('home');
    } else if (screen.name === 'take-slip') await lane.choose('got-everything');
    if (way.mendedOnTheWay === true) {
      await this.#met();
      await weather.mend();
    }
    await lane.rested();
  }

  #dead(death: Death): void {
    this.#states.push(death.journal[0]?.state ?? 'none');
    this.#row ??= death.journal[0];
    if (death.how !== 'SIGKILL') this.#violations.push(`the agent ended by itself: ${death.how}`);
    if (death.journal.length > 1) this.#violations.push('the journal has more than one row');
    for (const file of death.personal) this.#violations.push(`P11: ${file} tells who it was`);
  }

  /** The point lies in the recovery: the next life dies there. */
  async #dieAgain(death: Death): Promise<Death | undefined> {
    const { lane, weather } = this.#kiosk;
    const { point, way, network, printer } = this.#case;
    lane.order({ points: [point] });
    this.#dead(death);
    await weather.printer(printer, way.job, this.#unplug);
    if (way.met !== 'next-life') await weather.network(way.call, network, way.met === 'until-killed');
    return lane.untilDead(async () => {
      lane.lookAtNextLife();
      await lane.back();
      if (way.mendedOnTheWay === true) {
        await this.#met();
        await weather.mend();
      }
      await lane.ready();
      await lane.rested();
    });
  }

  async #arrangeNextLife(): Promise<void> {
    const { weather } = this.#kiosk;
    const { way, network, printer } = this.#case;
    if (way.met === 'next-life') await weather.network(way.call, network, false);
    // What was slow all the time is slow no more.
    else await weather.networkIsGood();
    // What was wrong with the answers was met before the death; paper and knife are put right when somebody comes.
    if (way.job === 'body' || way.job === 'footer') await weather.answersAreGood();
    if (way.met === 'until-killed' && network === 'good') await weather.release();
    if (way.job === 'next-life') await weather.printer(printer, way.job, this.#unplug);
  }

  /** Waits until the printer's trouble has come and the agent has met it, as far as either can be seen. */
  async #met(): Promise<void> {
    const { weather, lane } = this.#kiosk;
    const { printer } = this.#case;
    if (printer === 'good' || (await weather.printerIsWell())) return;
    const deadline = systemClock.monotonicMs() + MET_WITHIN_MS;
    while (systemClock.monotonicMs() < deadline) {
      const met =
        printer === 'not-printed'
          ? (await lane.obstacles()).includes('no-paper')
          : await weather.printerStands();
      if (met || lane.isAtRest()) return;
      lane.mustLive();
      await sleep(systemClock, POLL_MS);
    }
  }
}
