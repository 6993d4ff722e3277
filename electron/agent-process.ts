import { spawn, type ChildProcess } from 'node:child_process';
import type { Clock } from '../src/platform/clock.ts';
import { FAILURE_MEMORY_MS, restAfter } from '../src/shell-recovery/recovery.ts';

/** The agent, where this shell is the one who starts it: started again whenever it ends, ever more slowly while it keeps ending. */
export class AgentProcess {
  readonly #clock: Clock;
  readonly #command: readonly [string, ...string[]];
  #child: ChildProcess | undefined;
  #ends: number[] = [];
  #wanted = true;

  constructor(clock: Clock, command: readonly [string, ...string[]]) {
    this.#clock = clock;
    this.#command = command;
    this.#start();
  }

  stop(): void {
    this.#wanted = false;
    this.#child?.kill('SIGTERM');
  }

  #start(): void {
    const [program, ...args] = this.#command;
    const child = spawn(program, args, { stdio: 'ignore' });
    this.#child = child;
    let ended = false;
    const onEnd = () => {
      if (ended || !this.#wanted) return;
      ended = true;
      const nowMs = this.#clock.monotonicMs();
      this.#ends = [...this.#ends.filter((atMs) => nowMs - atMs < FAILURE_MEMORY_MS), nowMs];
      this.#clock.schedule(restAfter(this.#ends.length), () => {
        if (this.#wanted) this.#start();
      });
    };
    child.once('exit', onEnd);
    child.once('error', onEnd);
  }
}
