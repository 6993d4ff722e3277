import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Citizen } from '../../sandbox/citizens/citizen.ts';
import { sleep, systemClock, withTimeLimit } from '../../src/platform/clock.ts';
import type { Choice, Screen } from '../../src/view/kiosk-view.ts';
import { journalOnDisk, personalFiles, type JournalOnDisk } from '../live-kiosk/kill.ts';
import { LiveKiosk, QUICK_ISSUANCE, QUICK_PEOPLE } from '../live-kiosk/live-kiosk.ts';
import { Deaths, type Death } from './deaths.ts';
import { BESIDE_VARIABLE, ORDER_FILE_VARIABLE, type KillOrder } from './points.ts';

/** The agent has died while something was asked of it. */
class AgentDied extends Error {
  readonly death: Death;

  constructor(death: Death) {
    super('the agent is dead');
    this.death = death;
  }
}

/** Nothing comes of it within the limit: a violation of its own (P17). */
export class Stuck extends Error {}

/** The fastest a head can be believed (completion-proof.ts), mm/s, and a little less. */
const SPEED_MM = 490;
const SCREEN_WITHIN_MS = 15_000;
const BACK_WITHIN_MS = 30_000;
const REST_WITHIN_MS = 40_000;
const POLL_MS = 10;
/** Between two looks at the journal's files. */
const LOOK_AGAIN_MS = 40;
const HEARD_OF_WITHIN_MS = 2_000;
const SIGN_IN_TRIES = 4;

/** One kiosk that is killed again and again: sandbox, simulators and an agent that dies where it is told to. */
export class Lane {
  readonly kiosk: LiveKiosk;
  readonly #orderFile: string;
  readonly #deaths: Deaths;

  private constructor(kiosk: LiveKiosk, orderFile: string, deaths: Deaths) {
    this.kiosk = kiosk;
    this.#orderFile = orderFile;
    this.#deaths = deaths;
    deaths.look = (texts) => ({
      journal: journalOnDisk(kiosk.stack.dataDirectory),
      personal: personalFiles(kiosk, texts),
    });
  }

  /** From cold. `beside`: kills may be ordered for an instant after a point. `scratch`: a directory for the kill order. */
  static async start(scratch: string, options: { readonly beside: boolean }): Promise<Lane> {
    const orderFile = path.join(scratch, 'kill-order.json');
    const deaths = new Deaths();
    const kiosk = await LiveKiosk.start({
      // A purge has its own limits in the driver, and those are not divided: asked for less, a slow one would stay owed.
      issuance: { ...QUICK_ISSUANCE, printerAnswerMs: 4_000 },
      limits: QUICK_PEOPLE,
      printer: { simulator: { 'speed-mm': SPEED_MM }, configuration: { speedMmPerSecond: SPEED_MM } },
      launch: {
        nodeFlags: [`--import=${new URL('./self-kill.ts', import.meta.url).href}`],
        environment: {
          [ORDER_FILE_VARIABLE]: orderFile,
          ...(options.beside ? { [BESIDE_VARIABLE]: '1' } : {}),
        },
      },
      onAgentRestart: (code) => {
        deaths.died(code);
      },
    });
    return new Lane(kiosk, orderFile, deaths);
  }

  async stop(): Promise<void> {
    await this.kiosk.stop();
  }

  /** By which texts nobody may be known to a dead agent's files. */
  set personalTexts(texts: readonly string[]) {
    this.#deaths.personalTexts = texts;
  }

  /** Tells the agent where to die; holds for the next life as well, until it has. */
  order(order: KillOrder): void {
    writeFileSync(this.#orderFile, JSON.stringify(order));
  }

  /** False: there was no order, or it has been carried out. */
  takeBackOrder(): boolean {
    const there = existsSync(this.#orderFile);
    rmSync(this.#orderFile, { force: true });
    return there;
  }

  /** SIGKILL from outside. */
  kill(): void {
    this.kiosk.stack.agent.kill();
  }

  /** The death of this life; pending while it lives. To be asked for before the life is over. */
  get death(): Promise<Death> {
    return this.#deaths.next.promise;
  }

  get lives(): boolean {
    return this.#deaths.last === undefined;
  }

  /** Does something with a living agent; the death that cut it short, or undefined: it is done. */
  async untilDead(work: () => Promise<void>): Promise<Death | undefined> {
    try {
      await work();
      return undefined;
    } catch (error) {
      if (error instanceof AgentDied) return error.death;
      throw error;
    }
  }

  /** Throws {@link AgentDied} when the agent died in this life. */
  mustLive(): void {
    if (this.#deaths.last !== undefined) throw new AgentDied(this.#deaths.last);
  }

  /** Waits for one of these screens. */
  async see(names: readonly Screen['name'][], limitMs = SCREEN_WITHIN_MS): Promise<Screen> {
    const shell = await this.kiosk.shell();
    const deadline = systemClock.monotonicMs() + limitMs;
    for (;;) {
      this.mustLive();
      const { screen } = shell.view();
      if (names.includes(screen.name)) return screen;
      if (systemClock.monotonicMs() > deadline)
        throw new Stuck(`waited for ${names.join(' or ')}, it is ${screen.name}`);
      await sleep(systemClock, POLL_MS);
    }
  }

  /** Touches a key when the screen offers it: whoever stands there waits until a service can be had again. */
  async choose(choice: Choice): Promise<void> {
    const shell = await this.kiosk.shell();
    const deadline = systemClock.monotonicMs() + SCREEN_WITHIN_MS;
    while (!shell.view().choices.includes(choice)) {
      this.mustLive();
      if (systemClock.monotonicMs() > deadline)
        throw new Stuck(`${choice} is not offered at ${shell.view().screen.name}`);
      await sleep(systemClock, POLL_MS);
    }
    await this.#whileItLives(shell.choose(choice));
  }

  async offers(choice: Choice): Promise<boolean> {
    this.mustLive();
    return (await this.kiosk.shell()).view().choices.includes(choice);
  }

  /** Signs in by card and confirms. */
  async confirm(citizen: Citizen, errand: 'apply' | 'reissue'): Promise<void> {
    let screen = await this.#signIn(citizen, errand);
    // Limits are short here, and the machine may have other work: whoever is told that the centre is slow tries again.
    for (let tries = 1; screen.name === 'error' && tries < SIGN_IN_TRIES; tries += 1)
      screen = await this.#signIn(citizen, errand);
    if (screen.name === 'error') throw new Stuck(`error ${screen.code} at the sign-in`);
    await this.choose('confirm');
    if (screen.name !== 'confirm-identity' || screen.kind !== 'reissue') return;
    await this.see(['confirm-reissue']);
    await this.choose('confirm-reissue');
  }

  async #signIn(citizen: Citizen, errand: 'apply' | 'reissue'): Promise<Screen> {
    await this.#chooseErrand(errand);
    await this.see(['choose-method']);
    await this.choose('use-id-card');
    await this.see(['present-id-card']);
    await this.kiosk.layCard(citizen);
    return this.see(['confirm-identity', 'error']);
  }

  /** Whoever waits for a service to be had again may see the screen fall asleep meanwhile. */
  async #chooseErrand(errand: 'apply' | 'reissue'): Promise<void> {
    const shell = await this.kiosk.shell();
    const deadline = systemClock.monotonicMs() + BACK_WITHIN_MS;
    for (;;) {
      await this.atHome();
      if (shell.view().choices.includes(errand)) return this.choose(errand);
      if (systemClock.monotonicMs() > deadline)
        throw new Stuck(`${errand} is not offered: ${shell.view().readiness.obstacles.join(' ')}`);
      await sleep(systemClock, POLL_MS);
    }
  }

  /** Whatever is on the screen is left, card and slip are taken. */
  async atHome(): Promise<void> {
    this.mustLive();
    await this.kiosk.liftCard();
    await this.#whileItLives(this.kiosk.atHome(SCREEN_WITHIN_MS));
  }

  async #whileItLives<T>(work: Promise<T>): Promise<T> {
    // Whoever loses the race may still reject.
    work.catch(() => undefined);
    const died = this.death.then((death) => ({ death }));
    const first = await Promise.race([work, died]).catch(async (error: unknown) => {
      // The line to a process breaks a moment before its parent hears of its death.
      const heard = await withTimeLimit(systemClock, HEARD_OF_WITHIN_MS, died);
      if (heard === 'timed-out') throw error;
      return heard;
    });
    if (typeof first === 'object' && first !== null && 'death' in first) throw new AgentDied(first.death);
    return first;
  }

  /** The next life begins to be looked at: to be said before it can be over. */
  lookAtNextLife(): void {
    this.#deaths.begin();
  }

  /** It has begun: it answers its probe, and a shell is attached to it. */
  async back(): Promise<void> {
    await this.#inTime(this.#whileItLives(this.kiosk.stack.agent.whenHealthy()), 'does not answer');
    await this.#whileItLives(this.kiosk.lookAnew());
  }

  /** Why nobody can be served now. */
  async obstacles(): Promise<readonly string[]> {
    this.mustLive();
    return (await this.kiosk.shell()).view().readiness.obstacles;
  }

  /** Until the next person could be served. */
  async ready(): Promise<void> {
    const shell = await this.kiosk.shell();
    const deadline = systemClock.monotonicMs() + BACK_WITHIN_MS;
    for (;;) {
      this.mustLive();
      const { issue, methods, obstacles } = shell.view().readiness;
      if (issue && methods.length === 2) return;
      if (systemClock.monotonicMs() > deadline) throw new Stuck(`not ready: ${obstacles.join(' ')}`);
      await sleep(systemClock, POLL_MS);
    }
  }

  /** Whether the journal is empty. */
  isAtRest(): boolean {
    return this.#rows()?.length === 0;
  }

  /** Until the journal is empty: nothing is owed to the centre or to the paper. */
  async rested(limitMs = REST_WITHIN_MS): Promise<void> {
    const deadline = systemClock.monotonicMs() + limitMs;
    for (;;) {
      this.mustLive();
      const rows = this.#rows();
      if (rows?.length === 0) return;
      if (systemClock.monotonicMs() > deadline)
        throw new Stuck(
          `journal: ${(rows ?? []).map(({ state, paperDebt }) => `${state} owes ${paperDebt}`).join()}`,
        );
      await sleep(systemClock, LOOK_AGAIN_MS);
    }
  }

  /** Undefined: the files changed under the copy. */
  #rows(): readonly JournalOnDisk[] | undefined {
    try {
      return journalOnDisk(this.kiosk.stack.dataDirectory);
    } catch {
      return undefined;
    }
  }

  async #inTime(work: Promise<void>, otherwise: string): Promise<void> {
    if ((await withTimeLimit(systemClock, BACK_WITHIN_MS, work)) === 'timed-out') throw new Stuck(otherwise);
  }
}
