import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Citizen } from '../../sandbox/citizens/citizen.ts';
import { startStack, type Stack, type StackOptions } from '../../sandbox/launcher/stack.ts';
import { sleep, systemClock } from '../../src/platform/clock.ts';
import type { Screen } from '../../src/view/kiosk-view.ts';
import { canariesOfEverybody } from '../privacy/canaries.ts';
import { canariesAt, leftBehind } from '../privacy/left-behind.ts';
import { attachShell, type ShellWithoutAScreen } from './shell-without-a-screen.ts';
import { exchangePrinter, type OtherPrinter } from './other-printer.ts';
import { KioskOutside } from './kiosk-outside.ts';

/** Limits of the protocol divided by twenty, for runs in which most answers never come (ms). */
export const QUICK_ISSUANCE = {
  requestMs: 400,
  repeatMs: 50,
  activateMs: 3_000,
  printMs: 1_500,
  printerAnswerMs: 250,
  retractMs: 750,
  outboxFirstMs: 50,
  outboxLongestMs: 15_000,
} as const;

/** The same for people who never do anything (seconds). */
export const QUICK_PEOPLE = {
  idleSeconds: 5,
  confirmSeconds: 6,
  warningSeconds: 3,
  takeSlipSeconds: 2,
  finishedSeconds: 1,
  takeIdCardSeconds: 1,
} as const;

const READY_WITHIN_MS = 30_000;
const SCREEN_WITHIN_MS = 20_000;

/** A whole kiosk with its sandbox and no glass: the agent is a process of its own, and a shell without a screen touches its keys. */
export class LiveKiosk extends KioskOutside {
  readonly #heard: ((message: string) => void) | undefined;
  #shell: ShellWithoutAScreen | undefined;

  private constructor(stack: Stack, heard: ((message: string) => void) | undefined) {
    super(stack);
    this.#heard = heard;
  }

  /** From cold, in a directory of its own that goes with it; over TCP, with nothing paced, unless `options` says otherwise. */
  static async start(
    options: Omit<StackOptions, 'directory' | 'agentLater'> & {
      readonly printer?: OtherPrinter;
      /** Changes whatever is to be different before the agent starts; what it returns is what is stopped in the end. */
      readonly prepare?: (stack: Stack) => Promise<Stack>;
      /** Not waited for: somebody wants to see it not be ready. */
      readonly unready?: boolean;
      /** Told every message of the agent to its page, as it came. */
      readonly heard?: (message: string) => void;
    } = {},
  ): Promise<LiveKiosk> {
    const directory = mkdtempSync(path.join(tmpdir(), 'kiosk-'));
    let stack = await startStack({ line: 'tcp', ...options, directory, agentLater: true });
    try {
      if (options.printer !== undefined) stack = await exchangePrinter(stack, options.printer);
      if (options.prepare !== undefined) stack = await options.prepare(stack);
      await stack.agent.start();
      const kiosk = new LiveKiosk(stack, options.heard);
      if (options.unready !== true) await kiosk.ready();
      return kiosk;
    } catch (error) {
      await stack.stop();
      rmSync(directory, { recursive: true, force: true });
      throw error;
    }
  }

  /** Ends everything. Throws when something of anybody is left in what the agent has written, whatever happened to it. */
  async stop(): Promise<void> {
    // A centre that was ended already tells no codes.
    const canaries = await canariesAt(this).catch(() => canariesOfEverybody());
    await this.#shell?.close();
    await this.stack.stop();
    const left = leftBehind(this, canaries);
    rmSync(this.stack.directory, { recursive: true, force: true });
    if (left.length > 0)
      throw new Error(`left behind: ${left.map((hit) => `${hit.kind} in ${hit.where}`).join(', ')}`);
  }

  /** Waits until a slip can be issued to whoever comes with card or phone. */
  async ready(limitMs = READY_WITHIN_MS): Promise<void> {
    const shell = await this.shell();
    const deadline = systemClock.monotonicMs() + limitMs;
    for (;;) {
      const { issue, methods, obstacles } = shell.view().readiness;
      if (issue && methods.length === 2) return;
      if (systemClock.monotonicMs() > deadline) throw new Error(`not ready: ${obstacles.join(' ')}`);
      await sleep(systemClock, 10);
    }
  }

  /** Eyes and a finger; attached once, and found again after a restart of the agent. */
  async shell(): Promise<ShellWithoutAScreen> {
    this.#shell ??= await attachShell(this.stack.kioskUrl, this.stack.shellCodeFile, this.#heard);
    return this.#shell;
  }

  /** After a restart of the agent: nothing that an earlier life has shown is believed any more. Rejects when that one dies as well. */
  async lookAnew(): Promise<void> {
    // Its agent is dead: whether it ends well is nobody's business.
    void this.#shell?.close().catch(() => undefined);
    this.#shell = await attachShell(this.stack.kioskUrl, this.stack.shellCodeFile, this.#heard);
  }

  /** Signs in by ID card as far as the confirmation page. */
  async signIn(citizen: Citizen, errand: 'apply' | 'reissue'): Promise<void> {
    const shell = await this.shell();
    await this.atHome();
    await shell.choose(errand);
    await shell.until(['choose-method'], SCREEN_WITHIN_MS);
    await shell.choose('use-id-card');
    await shell.until(['present-id-card'], SCREEN_WITHIN_MS);
    await this.layCard(citizen);
    await shell.until(['confirm-identity'], SCREEN_WITHIN_MS);
  }

  /** 是我，申领, or 是我，补领 and its warning: the operation begins. */
  async confirm(): Promise<void> {
    const shell = await this.shell();
    const { screen } = shell.view();
    await shell.choose('confirm');
    if (screen.name !== 'confirm-identity' || screen.kind !== 'reissue') return;
    await shell.until(['confirm-reissue'], SCREEN_WITHIN_MS);
    await shell.choose('confirm-reissue');
  }

  /** Signs in, confirms, and waits for the slip or for what went wrong. */
  async issue(citizen: Citizen, errand: 'apply' | 'reissue'): Promise<Screen> {
    await this.signIn(citizen, errand);
    await this.confirm();
    const shell = await this.shell();
    return shell.until(['take-slip', 'error'], READY_WITHIN_MS);
  }

  /** Whatever is on the screen is left, card and slip are taken, and the home screen is there. */
  async atHome(limitMs = SCREEN_WITHIN_MS): Promise<void> {
    const shell = await this.shell();
    const deadline = systemClock.monotonicMs() + limitMs;
    await this.liftCard();
    for (;;) {
      const { screen, choices } = shell.view();
      if (screen.name === 'home') return;
      const way = (['start', 'got-everything', 'skip-read-back', 'home', 'cancel', 'back'] as const).find(
        (choice) => choices.includes(choice),
      );
      // Refused: the screen has changed under the finger.
      if (way !== undefined) await shell.choose(way).catch(() => undefined);
      if (systemClock.monotonicMs() > deadline) throw new Error(`it does not leave ${screen.name}`);
      await sleep(systemClock, 10);
    }
  }
}
