import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Cancel, Clock } from '../../src/platform/clock.ts';
import { FAILURE_MEMORY_MS, restAfter } from '../../src/shell-recovery/recovery.ts';
import { endProcess, switchesForRoot } from './shell-process.ts';
import type { RunningShell, ShellTarget } from './shell.ts';

/** The Electron shell, as a service manager would run it: whenever it ends it is started again. All else it mends by itself. */
export class ElectronShell implements RunningShell {
  readonly #clock: Clock;
  readonly #target: ShellTarget & { readonly executable: string; readonly application: string };
  #child: ChildProcess | undefined;
  #ends: readonly number[] = [];
  #cancelRestart: Cancel = () => undefined;
  #wanted = true;

  constructor(
    clock: Clock,
    target: ShellTarget & { readonly executable: string; readonly application: string },
  ) {
    this.#clock = clock;
    this.#target = target;
    this.#start();
  }

  async stop(): Promise<void> {
    this.#wanted = false;
    this.#cancelRestart();
    await endProcess(this.#clock, this.#child);
  }

  #start(): void {
    const { executable, application, directory, kioskUrl, shellCodeFile } = this.#target;
    const profile = path.join(directory, 'electron-profile');
    mkdirSync(profile, { recursive: true, mode: 0o700 });
    const child = spawn(executable, [...switchesForRoot(), `--user-data-dir=${profile}`, application], {
      stdio: 'ignore',
      env: { ...process.env, KIOSK_AGENT_URL: kioskUrl, KIOSK_SHELL_CODE_FILE: shellCodeFile },
    });
    this.#child = child;
    let ended = false;
    const onEnd = () => {
      if (ended || !this.#wanted) return;
      ended = true;
      const nowMs = this.#clock.monotonicMs();
      this.#ends = [...this.#ends.filter((atMs) => nowMs - atMs < FAILURE_MEMORY_MS), nowMs];
      this.#cancelRestart = this.#clock.schedule(restAfter(this.#ends.length), () => {
        this.#start();
      });
    };
    child.once('exit', onEnd);
    child.once('error', onEnd);
  }
}
