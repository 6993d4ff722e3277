import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NODE_FLAGS } from '../sandbox/launcher/node-runtime.ts';
import { startStack, type Stack } from '../sandbox/launcher/stack.ts';
import { eventually } from './fixtures/kiosk-in-process.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'core-files-'));
/** As careless as a machine can be: in its own directory, with cores of any size. */
const careless = (cwd: string) => ['env', '-C', cwd, 'prlimit', '--core=unlimited:unlimited'];
/** A core is a file beside the program that crashed; on machines that hand it to a program nothing lies there to be seen. */
const isSeen = !/^[|/]/.test(readFileSync('/proc/sys/kernel/core_pattern', 'utf8'));
/** Raising the limit takes a right that not everybody has. */
const isCareless = spawnSync('prlimit', ['--core=unlimited:unlimited', 'true']).status === 0;
let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ directory: path.join(folder, 'stack'), line: 'tcp', agentLater: true });
}, 30_000);
afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

function directory(name: string): string {
  return mkdtempSync(path.join(folder, `${name}-`));
}

describe('what a crash leaves on the disk', () => {
  it.runIf(isSeen && isCareless)('is a core file, of any program that does not forbid it', () => {
    const cwd = directory('control');
    const [command, ...args] = [...careless(cwd), process.execPath, '-e', 'process.abort()'];
    spawnSync(command, args);
    expect(readdirSync(cwd)).toHaveLength(1);
  });

  it.runIf(isCareless).each([
    ['SIGABRT', [], []],
    ['SIGSEGV', [], []],
    // V8's own end when memory is used up.
    [
      'SIGUSR2',
      ['--max-old-space-size=120', `--import=${path.resolve('tests/fixtures/eats-memory.ts')}`],
      // Node would write a report of its own then, if that is asked of it.
      ['--report-on-fatalerror'],
    ],
  ] as const)(
    'is nothing of the agent, ended by %s',
    async (signal, nodeFlags, nodeOptions) => {
      const cwd = directory(signal);
      stack.agent.launch = {
        prefix: careless(cwd),
        nodeFlags: [...nodeFlags, `--diagnostic-dir=${cwd}`],
        environment: { TMPDIR: cwd, NODE_OPTIONS: nodeOptions.join(' ') },
      };
      await stack.agent.start();
      const { pid = 0 } = stack.agent;
      expect(readFileSync(`/proc/${pid}/limits`, 'utf8')).toMatch(/^Max core file size +0 +0 /m);
      expect(readFileSync(`/proc/${pid}/coredump_filter`, 'utf8').trim()).toMatch(/^0+$/);
      process.kill(pid, signal);
      // The launcher starts another one when it is dead.
      await eventually(() => stack.agent.pid !== pid, 'another agent');
      await stack.agent.stop();
      expect(readdirSync(cwd)).toEqual([]);
    },
    40_000,
  );

  it('is nothing of whatever `npm start` starts, the shell among it', () => {
    const start = readFileSync('scripts/start.mjs', 'utf8');
    const given = /\['-c', '(.*)'\]/.exec(start)?.[1] ?? '';
    const { stdout } = spawnSync('sh', ['-c', given, 'cat', '/proc/self/limits'], { encoding: 'utf8' });
    expect(stdout).toMatch(/^Max core file size +0 +0 /m);
  });

  it('is no heap snapshot: no start of the agent asks for one', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { agent: string } };
    for (const started of [NODE_FLAGS.join(' '), scripts.agent])
      expect(started).not.toMatch(/--(heap-?snapshot|heap-?prof|cpu-?prof|report|abort-on|inspect)/);
  });
});
