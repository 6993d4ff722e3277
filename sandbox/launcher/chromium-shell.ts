import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Cancel, Clock } from '../../src/platform/clock.ts';
import { attachPageHtml } from '../../src/shell-recovery/attach-page.ts';
import {
  INITIAL_SHELL_STATE,
  stepShell,
  type ShellAction,
  type ShellEvent,
} from '../../src/shell-recovery/recovery.ts';
import { endProcess, switchesForRoot } from './shell-process.ts';
import type { RunningShell, ShellTarget } from './shell.ts';

/** Debian's Chromium. */
export const CHROMIUM = '/usr/bin/chromium';

/**
 * A closed kiosk: no first-run pages, no pinch or swipe, and no talk to the browser's maker. Position
 * and size count where no window manager makes a kiosk's window full-screen; one row more than the screen, for Chromium takes
 * a pixel off a window that is exactly as large.
 */
const SWITCHES = [
  '--kiosk',
  '--incognito',
  '--window-position=0,0',
  '--window-size=1080,1921',
  '--no-first-run',
  '--noerrdialogs',
  '--disable-pinch',
  '--overscroll-history-navigation=0',
  '--touch-events=enabled',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--password-store=basic',
];

/** The agent has this long to answer a probe, ms. */
const ANSWER_LIMIT_MS = 3_000;
/** How often the agent is asked whether a fresh page has painted, ms. */
const FIRST_SCREEN_MS = 250;

/**
 * Chromium as a shell. It cannot be looked into from outside, so the agent's probe says whether its page has painted. Each
 * Chromium is attached at its start; a page that does not come to paint is ended with its Chromium.
 */
export class ChromiumShell implements RunningShell {
  readonly #clock: Clock;
  readonly #target: ShellTarget;
  readonly #moreSwitches: readonly string[];
  #state = INITIAL_SHELL_STATE;
  #cancelWake: Cancel = () => undefined;
  #child: ChildProcess | undefined;
  #childSinceMs = 0;
  #wanted = true;

  /** @param moreSwitches of Chromium, for somebody who wants to look into it, e.g. `--remote-debugging-port=0` */
  constructor(clock: Clock, target: ShellTarget, moreSwitches: readonly string[] = []) {
    this.#clock = clock;
    this.#target = target;
    this.#moreSwitches = moreSwitches;
    this.#tell({ kind: 'started' });
  }

  /** Process id of the living Chromium. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async stop(): Promise<void> {
    this.#wanted = false;
    this.#cancelWake();
    await endProcess(this.#clock, this.#child);
  }

  #tell(event: ShellEvent): void {
    if (!this.#wanted) return;
    const { state, actions } = stepShell(this.#state, event, this.#clock.monotonicMs());
    this.#state = state;
    this.#cancelWake();
    if (Number.isFinite(state.wakeAtMs)) {
      const inMs = Math.max(0, state.wakeAtMs - this.#clock.monotonicMs());
      this.#cancelWake = this.#clock.schedule(inMs, () => {
        this.#tell({ kind: 'time' });
      });
    }
    for (const action of actions) this.#do(action);
  }

  #do(action: ShellAction): void {
    switch (action) {
      case 'probe-agent':
        void this.#probe();
        return;
      case 'attach':
        void this.#attach();
        return;
      case 'ping-page':
        void this.#ping();
        return;
      case 'cover':
      case 'restart-page':
        // No page of its own: between two Chromiums the screen is empty.
        void this.#endChromium();
        return;
      default:
        action satisfies never;
    }
  }

  async #endChromium(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    await endProcess(this.#clock, child);
  }

  async #probe(): Promise<void> {
    this.#tell({ kind: (await this.#health()) === undefined ? 'agent-silent' : 'agent-answers' });
  }

  async #attach(): Promise<void> {
    await this.#endChromium();
    if (!this.#wanted) return;
    const child = this.#spawn();
    if (child === undefined) {
      this.#tell({ kind: 'attach-failed' });
      return;
    }
    this.#child = child;
    this.#childSinceMs = this.#clock.monotonicMs();
    let ended = false;
    const onEnd = () => {
      if (ended || this.#child !== child) return;
      ended = true;
      this.#tell({ kind: 'page-crashed' });
    };
    child.once('exit', onEnd);
    child.once('error', onEnd);
    this.#tell({ kind: 'attached' });
    void this.#awaitFirstScreen();
  }

  /** Starts Chromium with a page that brings the one-time code; undefined when there is no code. */
  #spawn(): ChildProcess | undefined {
    const profile = path.join(this.#target.directory, 'chromium-profile');
    // The code travels in a page that only this user can read, never on the command line.
    const page = path.join(profile, 'attach.html');
    try {
      const code = readFileSync(this.#target.shellCodeFile, 'utf8');
      rmSync(profile, { recursive: true, force: true });
      mkdirSync(path.join(profile, 'Default'), { recursive: true, mode: 0o700 });
      // Debian's Chromium offers to translate whatever its switches say.
      writeFileSync(path.join(profile, 'Default/Preferences'), '{"translate":{"enabled":false}}');
      writeFileSync(page, attachPageHtml(this.#target.kioskUrl, code), { mode: 0o600 });
    } catch {
      return undefined;
    }
    return spawn(
      CHROMIUM,
      [
        ...switchesForRoot(),
        ...SWITCHES,
        ...this.#moreSwitches,
        `--user-data-dir=${profile}`,
        `--app=file://${page}`,
      ],
      { stdio: 'ignore' },
    );
  }

  async #awaitFirstScreen(): Promise<void> {
    if (!this.#wanted || this.#state.phase !== 'loading') return;
    if ((await this.#health()) === 'painted') {
      this.#tell({ kind: 'page-shown' });
      return;
    }
    this.#clock.schedule(FIRST_SCREEN_MS, () => {
      void this.#awaitFirstScreen();
    });
  }

  async #ping(): Promise<void> {
    // While the agent is away the page is calm by itself, and finds its way back.
    this.#tell({ kind: (await this.#health()) === 'unpainted' ? 'page-silent' : 'page-answers' });
  }

  /** Whether this Chromium's page has painted anything of this agent; undefined: the agent does not answer. */
  async #health(): Promise<'painted' | 'unpainted' | undefined> {
    try {
      const answer = await fetch(`${this.#target.kioskUrl}/health`, {
        signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
      });
      const { paintedMsAgo } = (await answer.json()) as { paintedMsAgo?: number };
      const isOurs =
        paintedMsAgo !== undefined && paintedMsAgo < this.#clock.monotonicMs() - this.#childSinceMs;
      return isOurs ? 'painted' : 'unpainted';
    } catch {
      return undefined;
    }
  }
}
