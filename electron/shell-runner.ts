import { get } from 'node:http';
import type { Cancel, Clock } from '../src/platform/clock.ts';
import {
  INITIAL_SHELL_STATE,
  stepShell,
  type ShellAction,
  type ShellEvent,
} from '../src/shell-recovery/recovery.ts';
import type { KioskWindow } from './kiosk-window.ts';
import { readCode, type ShellSettings } from './settings.ts';

/** The agent has this long to answer a probe, the page to answer a ping, ms. */
const ANSWER_LIMIT_MS = 3_000;
/** How often a freshly loaded page is asked whether it shows a screen, ms. */
const FIRST_SCREEN_MS = 100;

/** Does what the recovery machine says, and tells it what became of it. */
export class ShellRunner {
  readonly #clock: Clock;
  readonly #settings: ShellSettings;
  readonly #report: (event: string) => void;
  #window: KioskWindow | undefined;
  #state = INITIAL_SHELL_STATE;
  #cancelWake: Cancel = () => undefined;
  #hasShown = false;

  constructor(options: { clock: Clock; settings: ShellSettings; report: (event: string) => void }) {
    this.#clock = options.clock;
    this.#settings = options.settings;
    this.#report = options.report;
  }

  /** Whether the page has shown a screen at any time. */
  get hasShown(): boolean {
    return this.#hasShown;
  }

  start(window: KioskWindow): void {
    this.#window = window;
    this.#report(this.#state.phase);
    this.tell({ kind: 'started' });
  }

  /** Something happened. */
  tell(event: ShellEvent): void {
    const before = this.#state.phase;
    const { state, actions } = stepShell(this.#state, event, this.#clock.monotonicMs());
    this.#state = state;
    this.#hasShown ||= state.phase === 'shown';
    if (state.phase !== before) this.#report(state.phase);
    this.#cancelWake();
    if (Number.isFinite(state.wakeAtMs)) {
      const inMs = Math.max(0, state.wakeAtMs - this.#clock.monotonicMs());
      this.#cancelWake = this.#clock.schedule(inMs, () => {
        this.tell({ kind: 'time' });
      });
    }
    for (const action of actions) this.#do(action);
  }

  /** The page is loaded: waits for its first screen. */
  pageLoaded(): void {
    void this.#ask().then((shown) => {
      if (shown) this.tell({ kind: 'page-shown' });
      else if (this.#state.phase === 'loading' || this.#state.phase === 'attaching') {
        this.#clock.schedule(FIRST_SCREEN_MS, () => {
          this.pageLoaded();
        });
      }
      return undefined;
    });
  }

  #do(action: ShellAction): void {
    switch (action) {
      case 'cover':
        this.#window?.cover();
        return;
      case 'restart-page':
        this.#window?.restart();
        return;
      case 'attach':
        this.#attach();
        return;
      case 'probe-agent':
        this.#probe();
        return;
      case 'ping-page':
        void this.#ping();
        return;
      default:
        action satisfies never;
    }
  }

  #attach(): void {
    const code = readCode(this.#settings.codeFile);
    if (code === undefined) this.tell({ kind: 'attach-failed' });
    else this.#window?.attach(code);
  }

  #probe(): void {
    const request = get(`${this.#settings.agentOrigin}/health`, { timeout: ANSWER_LIMIT_MS }, (response) => {
      response.resume();
      this.tell({ kind: response.statusCode === 200 ? 'agent-answers' : 'agent-silent' });
    });
    request.on('timeout', () => {
      request.destroy(new Error('no answer in time'));
    });
    request.on('error', () => {
      this.tell({ kind: 'agent-silent' });
    });
  }

  async #ping(): Promise<void> {
    this.tell({ kind: (await this.#ask()) ? 'page-answers' : 'page-silent' });
  }

  async #ask(): Promise<boolean> {
    let cancel: Cancel = () => undefined;
    const limit = new Promise<false>((resolve) => {
      cancel = this.#clock.schedule(ANSWER_LIMIT_MS, () => {
        resolve(false);
      });
    });
    const shown = (await this.#window?.showsScreen(limit)) ?? false;
    cancel();
    return shown;
  }
}
