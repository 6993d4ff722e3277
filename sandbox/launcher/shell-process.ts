import type { ChildProcess } from 'node:child_process';
import { withTimeLimit, type Clock } from '../../src/platform/clock.ts';

const STOP_LIMIT_MS = 4_000;

/** Root cannot have Chromium's sandbox; only a development machine runs a shell as root. */
export function switchesForRoot(): readonly string[] {
  return process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}

/** SIGTERM, and SIGKILL when that is not heard; resolves when the process is gone. */
export async function endProcess(clock: Clock, child: ChildProcess | undefined): Promise<void> {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  child.kill('SIGTERM');
  if ((await withTimeLimit(clock, STOP_LIMIT_MS, exited)) !== 'timed-out') return;
  child.kill('SIGKILL');
  await exited;
}
