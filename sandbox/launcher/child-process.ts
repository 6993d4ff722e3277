import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { systemClock, withTimeLimit } from '../../src/platform/clock.ts';
import { NODE_ENVIRONMENT } from './node-runtime.ts';

/** One program of the demonstration, started by the launcher and ended with it. */
export interface Program {
  readonly name: string;
  readonly child: ChildProcess;
  /** The first JSON line it printed that says it is ready. */
  readonly ready: Record<string, unknown>;
  /** Resolves when the process is gone. */
  readonly exited: Promise<number | string>;
  /** SIGTERM, and SIGKILL when that is not heard within 5 s. */
  stop(): Promise<void>;
}

const READY_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 5_000;

/**
 * Starts a program on the project's own Node and waits until `isReady` holds for a JSON line of its standard output.
 * Throws with what the program said on its error output when it ends or stays silent instead.
 */
export async function startProgram(options: {
  name: string;
  args: readonly string[];
  isReady: (line: Record<string, unknown>) => boolean;
  onLine?: (line: string) => void;
}): Promise<Program> {
  const child = spawn(process.execPath, options.args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...NODE_ENVIRONMENT },
  });
  const exited = new Promise<number | string>((resolve) => {
    child.on('exit', (code, signal) => {
      resolve(code ?? signal ?? 1);
    });
    child.on('error', (error) => {
      resolve(error.message);
    });
  });
  let errorOutput = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errorOutput = `${errorOutput}${chunk.toString()}`.slice(-4_000);
  });
  const ready = await withTimeLimit(
    systemClock,
    READY_LIMIT_MS,
    Promise.race([
      firstReadyLine(child, options),
      exited.then((code) => `${options.name} ended (${code})\n${errorOutput}`),
    ]),
  );
  if (typeof ready === 'string') {
    child.kill('SIGKILL');
    throw new Error(ready === 'timed-out' ? `${options.name} does not start\n${errorOutput}` : ready);
  }
  return {
    name: options.name,
    child,
    ready,
    exited,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const outcome = await withTimeLimit(systemClock, STOP_LIMIT_MS, exited);
      if (outcome === 'timed-out') child.kill('SIGKILL');
    },
  };
}

function firstReadyLine(
  child: ChildProcess,
  options: { isReady: (line: Record<string, unknown>) => boolean; onLine?: (line: string) => void },
): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      options.onLine?.(line);
      const parsed = parseObject(line);
      if (parsed !== undefined && options.isReady(parsed)) resolve(parsed);
    });
  });
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
