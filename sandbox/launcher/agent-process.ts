import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { sleep, systemClock } from '../../src/platform/clock.ts';
import { NODE_ENVIRONMENT, NODE_FLAGS } from './node-runtime.ts';

const AGENT_MAIN = path.resolve(import.meta.dirname, '../../src/agent/main.ts');
const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 8_000;
/** Exit code that no restart mends: the configuration is wrong, or another agent runs. */
const NOT_BY_RESTART = 78;

/** How the agent is started, where it is looked at more closely than a kiosk's is. */
export interface AgentLaunch {
  /** Program and arguments that run the agent and become its process (`strace -D …`, `ip netns exec …`). */
  readonly prefix?: readonly string[];
  /** More options of Node (`--import=…`). */
  readonly nodeFlags?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * The kiosk's agent as a process that is kept alive: when it dies it is started again, as the service manager of an
 * installed kiosk does.
 */
export class AgentProcess {
  readonly #configFile: string;
  readonly #origin: string;
  readonly #logFile: string;
  readonly #onRestart: (code: string) => void;
  #launch: AgentLaunch;
  #child: ChildProcess | undefined;
  #wanted = false;

  constructor(options: {
    configFile: string;
    origin: string;
    logFile: string;
    onRestart?: (code: string) => void;
    launch?: AgentLaunch;
  }) {
    this.#configFile = options.configFile;
    this.#origin = options.origin;
    this.#logFile = options.logFile;
    this.#onRestart = options.onRestart ?? (() => {});
    this.#launch = options.launch ?? {};
    mkdirSync(path.dirname(options.logFile), { recursive: true });
  }

  /** Process id of the living agent. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** The agent after this one is started so. */
  set launch(launch: AgentLaunch) {
    this.#launch = launch;
  }

  /** Starts it and waits until its probe answers. Throws with the end of its log when it does not. */
  async start(): Promise<void> {
    this.#wanted = true;
    this.#spawn();
    await this.whenHealthy();
  }

  /** Waits until `/health` answers. */
  async whenHealthy(): Promise<void> {
    const deadline = systemClock.monotonicMs() + START_LIMIT_MS;
    while (systemClock.monotonicMs() < deadline) {
      if (await this.#answers()) return;
      if (this.#child?.exitCode === NOT_BY_RESTART) break;
      await sleep(systemClock, 50);
    }
    throw new Error(`the agent does not start; its log: ${this.#logFile}`);
  }

  /** Ends it as a power cut would; it is started again. */
  kill(): void {
    this.#child?.kill('SIGKILL');
  }

  /** Ends it in order; it stays down. */
  async stop(): Promise<void> {
    this.#wanted = false;
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise<void>((resolve) => {
      child.once('exit', () => {
        resolve();
      });
    });
    child.kill('SIGTERM');
    const cancel = systemClock.schedule(STOP_LIMIT_MS, () => child.kill('SIGKILL'));
    await exited;
    cancel();
  }

  #spawn(): void {
    const { prefix = [], nodeFlags = [], environment = {} } = this.#launch;
    const [command, ...args] = [
      ...prefix,
      process.execPath,
      ...NODE_FLAGS,
      ...nodeFlags,
      AGENT_MAIN,
      '--config',
      this.#configFile,
    ];
    const child = spawn(command ?? process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...NODE_ENVIRONMENT, ...environment },
    });
    const log = createWriteStream(this.#logFile, { flags: 'a' });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    child.on('exit', (code, signal) => {
      if (!this.#wanted) return;
      this.#onRestart(String(code ?? signal));
      if (code === NOT_BY_RESTART) return;
      systemClock.schedule(200, () => {
        if (this.#wanted) this.#spawn();
      });
    });
    this.#child = child;
  }

  async #answers(): Promise<boolean> {
    try {
      const answer = await fetch(`${this.#origin}/health`);
      const health = (await answer.json()) as { status?: string };
      return health.status === 'ok';
    } catch {
      return false;
    }
  }
}
