import { sleep, systemClock, withTimeLimit } from '../../src/platform/clock.ts';
import type { Citizen } from '../../sandbox/citizens/citizen.ts';
import type { JournalOnDisk } from '../live-kiosk/kill.ts';
import { NETWORK_OUTCOMES, PRINTER_OUTCOMES, type Kind, type Way } from './cases.ts';
import type { Kiosk } from './kiosk-at-test.ts';
import type { Death } from './deaths.ts';
import { CRASH_POINTS, type CrashPoint, type JournalWrite, type KillOrder } from './points.ts';
import { NobodyLeft } from './world.ts';

/** One person's visit, in which the agent was killed at least once. */
export interface VisitResult {
  /** The state of the journal at each kill; `none`: it was empty. */
  readonly states: readonly string[];
  readonly violations: readonly string[];
  /** From the last death (or from the printer's mending, if that was later) until the next person could be served, ms. */
  readonly recoveryMs: number;
}

/** At an instant near one commit, or after so long a time wherever the agent has got to. */
type Aim =
  | { readonly kind: 'point'; readonly order: KillOrder }
  | { readonly kind: 'clock'; readonly afterMs: number };

const LONGEST_AFTER_POINT_US = 200_000;
/** From the home screen to a slip in the hand, and a little more. */
const SESSION_MS = 2_500;
/** From a death to a kiosk at rest: a new process begins after 200 ms. */
const LIFE_MS = 1_500;
const NEW_PROCESS_AFTER_MS = 210;
/** A printer's trouble begins within this time after the confirmation. */
const TROUBLE_WITHIN_MS = 500;
const TROUBLED_SHARE = 0.15;
const AIMED_SHARE = 0.8;
const BRIEF_SHARE = 0.3;
const EXACT_SHARE = 0.2;
/** A life that begins with something open is cut short in its turn; one that begins with nothing now and then. */
const KILLED_AGAIN_SHARE = 0.75;
const KILLED_AGAIN_IDLE_SHARE = 0.05;
/** Calls that were held are done, ms. */
const LATE_CALLS_MS = 120;
/** Longer than any aim after a point, ms. */
const ABOUT_TO_DIE_MS = 400;

const CALLS: readonly Way['call'][] = ['reserve', 'activate', 'void', 'confirm', 'listOpenOperations'];

/** What is written when all goes well; of that, what ends a state that lasts some microseconds. */
const STRAIGHT = pointsOf([
  'INTENT',
  'RESERVED',
  'PRINTING',
  'PRINTED',
  'ACTIVATING',
  'ACTIVE',
  'FOOTER',
  'DONE',
  'delivered',
]);
const BRIEF: readonly CrashPoint[] = [
  'RESERVED.after',
  'PRINTING.before',
  'PRINTED.after',
  'ACTIVATING.before',
  'ACTIVE.after',
  'FOOTER.before',
];
/** What is written on the way to an empty journal when something went wrong; any of these may be the first. */
const SETTLING: readonly (readonly CrashPoint[])[] = [
  ['settled.before', 'paper-cleared.before', 'CLOSED.before'],
  ['settled.after', 'paper-cleared.after', 'CLOSED.before'],
];
const GOES_WRONG: readonly (readonly CrashPoint[])[] = [
  ['VOIDING.before', 'DONE_U.before'],
  ['VOIDING.after', 'DONE_U.after'],
  ...SETTLING,
];
const VOIDED_AT_BOOT: readonly (readonly CrashPoint[])[] = [
  ['VOIDING.before'],
  ['VOIDING.after'],
  ...SETTLING,
];
const KEPT_AT_BOOT: readonly (readonly CrashPoint[])[] = [['DONE_U.before'], ['DONE_U.after'], ...SETTLING];

function pointsOf(writes: readonly JournalWrite[]): readonly CrashPoint[] {
  return CRASH_POINTS.filter((point) => writes.some((write) => point.startsWith(`${write}.`)));
}

/** What a life writes that begins with such a row. */
function writtenAtBoot(state: string | undefined): readonly (readonly CrashPoint[])[] {
  if (state === undefined) return [];
  if (state === 'VOIDING' || state === 'DONE_U') return SETTLING;
  return state === 'FOOTER' || state === 'DONE' ? KEPT_AT_BOOT : VOIDED_AT_BOOT;
}

/** Serves somebody while the agent is killed at chance; ends with a kiosk at rest. `most`: no more kills than these. */
export async function killAtRandom(kiosk: Kiosk, random: () => number, most: number): Promise<VisitResult> {
  const kinds: readonly Kind[] = random() < 0.5 ? ['apply', 'reissue'] : ['reissue', 'apply'];
  for (const kind of kinds) {
    const citizen = await kiosk.world.next(kind);
    if (citizen !== undefined) return new Visit(kiosk, random, citizen, kind).play(most);
  }
  throw new NobodyLeft();
}

class Visit {
  readonly #kiosk: Kiosk;
  readonly #random: () => number;
  readonly #citizen: Citizen;
  readonly #kind: Kind;
  readonly #violations: string[] = [];
  readonly #states: string[] = [];
  /** As it was on disk at the last death at which there was one. */
  #row: JournalOnDisk | undefined;

  constructor(kiosk: Kiosk, random: () => number, citizen: Citizen, kind: Kind) {
    this.#kiosk = kiosk;
    this.#random = random;
    this.#citizen = citizen;
    this.#kind = kind;
  }

  async play(most: number): Promise<VisitResult> {
    const { lane, world, weather, judge } = this.#kiosk;
    lane.personalTexts = await world.personalTexts(this.#citizen);
    const before = await world.look(this.#citizen);
    const earlier = before.find(({ state }) => state === 'active')?.operationId;
    const operation = () => ({ citizen: this.#citizen, earlier, codesBefore: before.length, row: this.#row });

    const troubled = this.#random() < TROUBLED_SHARE;
    let death = await this.#killed(this.#firstAim(troubled), () => this.#session(troubled));
    for (;;) {
      this.#dead(death);
      lane.lookAtNextLife();
      const row = death.journal[0];
      const share = row === undefined ? KILLED_AGAIN_IDLE_SHARE : KILLED_AGAIN_SHARE;
      if (this.#states.length >= most || this.#random() >= share) break;
      const aim = this.#aim(writtenAtBoot(row?.state), NEW_PROCESS_AFTER_MS, LIFE_MS);
      const [next, broken] = await Promise.all([
        this.#killed(aim, () => this.#anotherLife()),
        judge.atKill(operation()),
      ]);
      this.#violations.push(...broken);
      lane.personalTexts = await world.personalTexts(this.#citizen);
      death = next;
    }
    this.#violations.push(...(await judge.atKill(operation())));
    const stands = await weather.printerStands();
    await weather.mend();
    const sinceMs = stands ? systemClock.monotonicMs() : death.atMs;
    await weather.networkIsGood();
    await lane.back();
    await lane.ready();
    const recoveryMs = Math.round(systemClock.monotonicMs() - sinceMs);
    await lane.rested();
    this.#violations.push(...(await judge.atRest(operation())));
    if (troubled) {
      await weather.release();
      await sleep(systemClock, LATE_CALLS_MS);
      this.#violations.push(...(await judge.atRest(operation())));
    }
    this.#violations.push(...this.#kiosk.personalNow(await world.personalTexts(this.#citizen)));
    await lane.atHome();
    return { states: this.#states, violations: this.#violations, recoveryMs };
  }

  #firstAim(troubled: boolean): Aim {
    // Which of these comes cannot be foreseen.
    if (troubled) return this.#aim(GOES_WRONG, 0, SESSION_MS);
    const points = this.#random() < BRIEF_SHARE ? BRIEF : STRAIGHT;
    return this.#aim(
      points.map((point) => [point]),
      0,
      SESSION_MS,
    );
  }

  /** Somewhere near the first of some commits, or at any time at all. */
  #aim(choices: readonly (readonly CrashPoint[])[], fromMs: number, toMs: number): Aim {
    if (choices.length === 0 || this.#random() >= AIMED_SHARE)
      return { kind: 'clock', afterMs: fromMs + this.#random() * (toMs - fromMs) };
    const points = this.#pick(choices);
    if (this.#random() < EXACT_SHARE) return { kind: 'point', order: { points } };
    // As often within the first microseconds as after many milliseconds.
    const afterUs = Math.round(LONGEST_AFTER_POINT_US ** this.#random());
    return { kind: 'point', order: { points, afterUs } };
  }

  /** Lets the agent live so until it is dead: by the aim, or when there is nothing more to do. */
  async #killed(aim: Aim, work: () => Promise<void>): Promise<Death> {
    const { lane } = this.#kiosk;
    const died = lane.death;
    let disarm = () => {};
    if (aim.kind === 'point') lane.order(aim.order);
    else
      disarm = systemClock.schedule(aim.afterMs, () => {
        lane.kill();
      });
    const death = await lane.untilDead(work);
    disarm();
    const unmet = lane.takeBackOrder();
    if (death !== undefined) return death;
    // Met a moment ago: it is about to die.
    if (aim.kind === 'point' && !unmet) await withTimeLimit(systemClock, ABOUT_TO_DIE_MS, died);
    lane.kill();
    return died;
  }

  async #session(troubled: boolean): Promise<void> {
    const { lane, weather } = this.#kiosk;
    if (troubled) await weather.network(this.#pick(CALLS), this.#pick(NETWORK_OUTCOMES), false);
    await lane.confirm(this.#citizen, this.#kind);
    if (troubled) {
      await sleep(systemClock, this.#random() * TROUBLE_WITHIN_MS);
      const job = this.#pick(['body', 'footer'] as const);
      await weather.printer(this.#pick(PRINTER_OUTCOMES), job, this.#random() < 0.5);
    }
    const { name } = await lane.see(['take-slip', 'error', 'home', 'attract']);
    if (name === 'take-slip') await this.#answer(this.#random() < 0.2 ? 'no-paper-came' : 'got-everything');
    if (troubled) await weather.mend();
    await lane.rested();
  }

  /** Somebody slow may find the screen gone. */
  async #answer(choice: 'no-paper-came' | 'got-everything'): Promise<void> {
    const { lane } = this.#kiosk;
    if (await lane.offers(choice)) await lane.choose(choice);
  }

  /** A life that is to be cut short as well. */
  async #anotherLife(): Promise<void> {
    const { lane, weather } = this.#kiosk;
    await lane.back();
    await weather.mend();
    await weather.networkIsGood();
    await lane.rested();
  }

  #dead(death: Death): void {
    this.#states.push(death.journal[0]?.state ?? 'none');
    this.#row = death.journal[0] ?? this.#row;
    if (death.how !== 'SIGKILL') this.#violations.push(`the agent ended by itself: ${death.how}`);
    if (death.journal.length > 1) this.#violations.push('the journal has more than one row');
    for (const file of death.personal) this.#violations.push(`P11: ${file} tells who it was`);
  }

  #pick<T>(of: readonly T[]): T {
    const one = of[Math.floor(this.#random() * of.length)];
    if (one === undefined) throw new Error('nothing to choose from');
    return one;
  }
}
