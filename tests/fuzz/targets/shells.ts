import { readSettings } from '../../../electron/settings.ts';
import type { ShellSettings } from '../../../electron/settings.ts';
import {
  FAILURE_MEMORY_MS,
  INITIAL_SHELL_STATE,
  LONGEST_REST_MS,
  stepShell,
} from '../../../src/shell-recovery/recovery.ts';
import type { ShellAction, ShellState } from '../../../src/shell-recovery/recovery.ts';
import { SHELL_EVENTS } from '../../fixtures/shell-events.ts';
import { whole } from '../fuzz-target.ts';
import { ascii, hex, joined, textOf } from './wire-bytes.ts';

/** The environment of a shell: three lines, one for each variable. */
export const shellSettings = whole<ShellSettings | string>({
  name: 'shell-settings',
  maxBytes: 200,
  decode(input) {
    const [url, codeFile, command] = Buffer.from(input).toString('utf8').split('\n');
    return readSettings({
      KIOSK_AGENT_URL: url,
      KIOSK_SHELL_CODE_FILE: codeFile,
      KIOSK_AGENT_COMMAND: command,
    });
  },
  check(_input, settings) {
    if (typeof settings === 'string') return settings === '' ? 'refused without a word' : undefined;
    const { agentOrigin, codeFile, agentCommand } = settings;
    if (!/^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/.test(agentOrigin))
      return 'a page of another machine';
    if (codeFile === '') return 'no file with a code';
    return (agentCommand ?? ['x']).every((word) => typeof word === 'string')
      ? undefined
      : 'a word that is none';
  },
  bucket: (settings) => (typeof settings === 'string' ? settings : String(settings.agentCommand?.length)),
  grammar: (chance) =>
    ascii(
      [
        chance.pick(['http://127.0.0.1:8710', 'http://[::1]:8710/x', 'http://localhost', 'http://0x7f.1']) +
          textOf(chance, chance.below(6), '@:/.#?0'),
        textOf(chance, chance.below(8), '/run'),
        chance.pick(['', '["node","agent.ts"]', '[]', '[1]', '{}', 'node']),
      ].join('\n'),
    ),
  tokens: ['@evil.example', 'http://127.0.0.1.evil.example', '\\', '127.1', 'https:', '%00'].map(ascii),
});

interface ShellRun {
  readonly nowMs: number;
  readonly state: ShellState;
  readonly actions: readonly ShellAction[];
}

/** Lets it be until it is due. */
function wakened({ state, nowMs, actions }: ShellRun): ShellRun {
  const dueMs = Math.max(nowMs, state.wakeAtMs);
  const step = stepShell(state, { kind: 'time' }, dueMs);
  return { nowMs: dueMs, state: step.state, actions: [...actions, ...step.actions] };
}

/** What happens to a shell, two bytes each: what, and after how many quarters of a second. */
export const shellRecovery = whole<ShellRun>({
  name: 'shell-recovery',
  maxBytes: 300,
  decode(input) {
    let nowMs = 0;
    const { state, actions } = stepShell(INITIAL_SHELL_STATE, { kind: 'started' }, nowMs);
    let run: ShellRun = { nowMs, state, actions };
    for (let at = 0; at + 1 < input.length; at += 2) {
      nowMs += (input[at + 1] ?? 0) * 250;
      const step = stepShell(
        run.state,
        { kind: SHELL_EVENTS[(input[at] ?? 0) % SHELL_EVENTS.length] ?? 'time' },
        nowMs,
      );
      run = { nowMs, state: step.state, actions: [...run.actions, ...step.actions] };
    }
    return run;
  },
  check(_input, run) {
    const { state, nowMs } = run;
    if (!(state.wakeAtMs - nowMs <= LONGEST_REST_MS)) return 'a shell that sleeps for too long';
    // Each failure is followed by a rest of half a second at least.
    if (state.failures.length > FAILURE_MEMORY_MS / 500 + 1) return 'more failures than there is room for';
    // Whatever happened: let alone, it asks for the agent again, or the page whether it lives.
    let later: ShellRun = { ...run, actions: [] };
    for (let left = 4; left > 0; left -= 1) later = wakened(later);
    return later.actions.some((action) => action === 'probe-agent' || action === 'ping-page')
      ? undefined
      : 'a shell that has given up';
  },
  bucket: ({ state, actions }) => `${state.phase} ${Math.min(state.failures.length, 8)} ${actions.at(-1)}`,
  grammar: (chance) =>
    joined(
      Array.from({ length: chance.between(1, 40) }, () =>
        chance.once(3)
          ? hex('00 00 02 00 04 01')
          : Uint8Array.of(chance.below(10), chance.pick([0, 1, 2, 20, 255])),
      ),
    ),
});
