/** The programs that a layer of the proof runs, and the reports they leave. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** One run of a layer. */
export interface LayerRun {
  readonly reportFile: string;
  readonly signal: AbortSignal;
  /** Before each line of a layer that runs beside another one; empty for one that runs alone. */
  readonly prefix: string;
}

export const root = path.dirname(import.meta.dirname);

/** A command of the project, with its report. */
export function command(run: LayerRun, script: string, ...options: readonly string[]): Promise<number> {
  return execute(run, 'node', [script, ...options, '--out', run.reportFile]);
}

/** Ends with the code of the program; 127 when there is none. It goes down with all it started when the layer is stopped. */
export function execute(
  { signal, prefix }: Pick<LayerRun, 'signal' | 'prefix'>,
  program: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<number> {
  return new Promise((resolve) => {
    const told = prefix === '' ? 'inherit' : 'pipe';
    // A group of its own, so that browsers and simulators go down with a layer that is stopped.
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', told, told],
      detached: true,
      env: { ...process.env, ...environment },
    });
    for (const output of [child.stdout, child.stderr]) {
      if (output === null) continue;
      createInterface({ input: output }).on('line', (line) => process.stdout.write(`${prefix}${line}\n`));
    }
    signal.addEventListener('abort', () => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    });
    child.on('error', () => {
      resolve(127);
    });
    // After its last line.
    child.on('close', (code) => {
      resolve(code ?? 1);
    });
  });
}

/** A runner's JSON report; undefined where it wrote none that can be read. */
export function readReport(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
