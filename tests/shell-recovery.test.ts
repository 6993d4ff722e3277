import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { attachPageHtml } from '../src/shell-recovery/attach-page.ts';
import { coverPageUrl } from '../src/shell-recovery/cover-page.ts';
import {
  FAILURE_MEMORY_MS,
  INITIAL_SHELL_STATE,
  LONGEST_REST_MS,
  restAfter,
  stepShell,
  type ShellAction,
  type ShellEvent,
} from '../src/shell-recovery/recovery.ts';
import { SHELL_EVENTS } from './fixtures/shell-events.ts';

/** The machine with a clock of its own: `happens` tells events, `waits` lets time pass and sends what falls due. */
class Shell {
  nowMs = 0;
  state = INITIAL_SHELL_STATE;
  actions: ShellAction[] = [];

  happens(...kinds: ShellEvent['kind'][]): ShellAction[] {
    const before = this.actions.length;
    for (const kind of kinds) {
      const { state, actions } = stepShell(this.state, { kind }, this.nowMs);
      this.state = state;
      this.actions.push(...actions);
    }
    return this.actions.slice(before);
  }

  waits(ms: number): ShellAction[] {
    const before = this.actions.length;
    const untilMs = this.nowMs + ms;
    while (this.state.wakeAtMs <= untilMs) {
      this.nowMs = Math.max(this.nowMs, this.state.wakeAtMs);
      this.happens('time');
    }
    this.nowMs = untilMs;
    return this.actions.slice(before);
  }

  comesUp(): void {
    this.happens('agent-answers', 'attached', 'page-shown');
  }
}

function started(): Shell {
  const shell = new Shell();
  shell.happens('started');
  return shell;
}

test('a shell covers the glass and asks for the agent until it answers', () => {
  const shell = new Shell();
  expect(shell.happens('started')).toEqual(['cover', 'probe-agent']);
  for (let time = 0; time < 3; time += 1) {
    expect(shell.happens('agent-silent')).toEqual([]);
    expect(shell.waits(500)).toEqual(['probe-agent']);
  }
  expect(shell.happens('agent-answers')).toEqual(['attach']);
  expect(shell.happens('attached', 'page-shown')).toEqual([]);
  expect(shell.state.phase).toBe('shown');
});

test('a page that is up is asked again and again whether it lives, and left alone while it does', () => {
  const shell = started();
  shell.comesUp();
  for (let minute = 0; minute < 10; minute += 1) {
    expect(shell.waits(5_000)).toEqual(['ping-page']);
    expect(shell.happens('page-answers')).toEqual([]);
  }
  expect(shell.state.failures).toEqual([]);
});

test('one silent ping is no reason; four in a row are', () => {
  const shell = started();
  shell.comesUp();
  expect(shell.happens('page-silent', 'page-silent', 'page-silent', 'page-answers')).toEqual([]);
  expect(shell.happens('page-silent', 'page-silent', 'page-silent')).toEqual([]);
  expect(shell.happens('page-silent')).toEqual(['restart-page']);
});

test('the first page that is lost is loaded again; the next one gets a new process', () => {
  const shell = started();
  shell.comesUp();
  expect(shell.happens('page-lost')).toEqual(['cover']);
  expect(shell.waits(500)).toEqual(['probe-agent']);
  shell.comesUp();
  expect(shell.happens('page-lost')).toEqual(['restart-page']);
});

test('a crash always takes a new process', () => {
  const shell = started();
  shell.comesUp();
  expect(shell.happens('page-crashed')).toEqual(['restart-page']);
  expect(shell.happens('page-crashed')).toEqual(['restart-page']);
});

test('a page that dies at once after each start is started ever more slowly, though every start succeeds', () => {
  const shell = started();
  const rests: number[] = [];
  for (let time = 0; time < 12; time += 1) {
    shell.comesUp();
    shell.happens('page-crashed');
    rests.push(shell.state.wakeAtMs - shell.nowMs);
    shell.waits(shell.state.wakeAtMs - shell.nowMs);
  }
  expect(rests.slice(0, 8)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000]);
  expect(Math.max(...rests)).toBe(LONGEST_REST_MS);
});

test('failures are forgotten by growing old, not by a start that worked', () => {
  const shell = started();
  shell.comesUp();
  shell.happens('page-crashed');
  shell.waits(500);
  shell.comesUp();
  expect(shell.state.failures.length).toBe(1);
  for (let passedMs = 0; passedMs <= FAILURE_MEMORY_MS; passedMs += 5_000) {
    shell.waits(5_000);
    shell.happens('page-answers');
  }
  shell.happens('page-crashed');
  expect(shell.state.failures.length).toBe(1);
});

test('a code that is refused, and an agent or page that never answers, lead to a new try', () => {
  for (const stuck of ['attach-failed', 'wait-attaching', 'wait-loading'] as const) {
    const shell = started();
    shell.happens('agent-answers');
    if (stuck === 'attach-failed') shell.happens('attach-failed');
    if (stuck === 'wait-loading') shell.happens('attached');
    const actions = shell.waits(60_000);
    expect(actions).toContain('probe-agent');
    expect(
      actions.some((action) => action === 'cover' || action === 'restart-page') || stuck === 'attach-failed',
    ).toBe(true);
  }
});

const KINDS: readonly ShellEvent['kind'][] = ['started', ...SHELL_EVENTS];

property.prop([
  fc.array(fc.record({ kind: fc.constantFrom(...KINDS), afterMs: fc.integer({ min: 0, max: 90_000 }) }), {
    maxLength: 200,
  }),
])(
  'whatever happens, the shell has a next try within a minute, and comes up when all is well again',
  (events) => {
    const shell = started();
    for (const { kind, afterMs } of events) {
      shell.waits(afterMs);
      shell.happens(kind);
      expect(shell.state.wakeAtMs - shell.nowMs).toBeLessThanOrEqual(LONGEST_REST_MS);
      expect(shell.state.failures.length).toBeLessThan(2_000);
    }
    for (let time = 0; time < 4 && shell.state.phase !== 'shown'; time += 1) {
      shell.waits(LONGEST_REST_MS);
      shell.comesUp();
    }
    expect(shell.state.phase).toBe('shown');
  },
);

test('the rest grows and never passes a minute', () => {
  const rests = Array.from({ length: 100 }, (_, failures) => restAfter(failures));
  expect(rests).toEqual([...rests].sort((a, b) => a - b));
  expect(rests.at(-1)).toBe(LONGEST_REST_MS);
});

test('the page that brings the code posts it, and a code cannot break out of it', () => {
  const html = attachPageHtml('http://127.0.0.1:8710', 'a"><script>alert(1)</script>\n');
  expect(html).toContain('method="post" action="http://127.0.0.1:8710/attach"');
  expect(html).toContain('value="a&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
  expect(html).not.toContain('<script>alert');
});

test('the cover says in Chinese that the machine is being made ready', () => {
  expect(decodeURIComponent(coverPageUrl())).toContain('机器正在准备');
});
