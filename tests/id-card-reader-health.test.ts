import { describe, expect, test } from 'vitest';
import type { HealthCheckLevel } from '../src/devices/health-check.ts';
import { foreign2017Text } from './fixtures/card-vectors.ts';
import { connectedReader, createDialogue, kinds } from './fixtures/scripted-reader.ts';
import type { Answers } from './fixtures/scripted-reader.ts';
import {
  readReply,
  replyVectors,
  residentTextWith,
  SAM_ID,
  statusReply,
  textWith,
} from './fixtures/sdt-vectors.ts';

const never = new AbortController().signal;

async function checked(level: HealthCheckLevel, answers: Answers = {}, forMs = 5000) {
  const reader = await connectedReader(answers);
  const dialogue = createDialogue();
  const checking = reader.connection.checkHealth(level, dialogue, never);
  await reader.clock.advance(forMs);
  const report = await checking;
  expect(dialogue.steps).toEqual(report.steps);
  return { ...reader, dialogue, report, outcomes: report.steps.map(({ step, outcome }) => [step, outcome]) };
}

describe('an internal check', () => {
  test('asks for status and number and moves nothing', async () => {
    const { report, outcomes, commands } = await checked('internal');
    expect(report).toMatchObject({ level: 'internal', passed: true });
    expect(outcomes).toEqual([
      ['reader.sam-status', 'passed'],
      ['reader.sam-id', 'passed'],
    ]);
    expect(report.steps.map(({ measured }) => measured)).toEqual([
      { ms: 0, line: 'scripted' },
      { ms: 0, samId: SAM_ID },
    ]);
    expect(commands.slice(0, 2)).toEqual(['status', 'samId']);
    expect(commands).not.toContain('reset');
    expect(commands).not.toContain('find');
  });

  test('names the fault of a module that is not authorised', async () => {
    const { report } = await checked('internal', {
      status: replyVectors.notAuthorised,
      samId: replyVectors.notAuthorised,
    });
    expect(report.passed).toBe(false);
    expect(report.steps[0]).toMatchObject({
      outcome: 'failed',
      fault: { code: 'reader.not-authorised', action: 'maintenance' },
    });
  });

  test('measures how long an answer takes', async () => {
    const { clock, answers, line, connection } = await connectedReader();
    answers.status = () => {
      clock.schedule(120, () => {
        line.say(replyVectors.ok);
      });
      return 'silence';
    };
    const checking = connection.checkHealth('internal', createDialogue(), never);
    await clock.advance(200);
    expect((await checking).steps[0]).toMatchObject({ measured: { ms: 120 } });
  });
});

describe('an external check', () => {
  test('resets the module, so that its field blinks, and asks again', async () => {
    const { outcomes, commands } = await checked('external');
    expect(outcomes).toEqual([
      ['reader.sam-status', 'passed'],
      ['reader.sam-id', 'passed'],
      ['reader.reset', 'passed'],
      ['reader.sam-status-after-reset', 'passed'],
    ]);
    expect(commands.slice(0, 4)).toEqual(['status', 'samId', 'reset', 'status']);
  });

  test('of a reader that has fallen silent fails within the limits of its steps, and the reader is lost soon after', async () => {
    const { clock, answers, connection } = await connectedReader();
    for (const name of ['status', 'samId', 'reset'] as const) answers[name] = 'silence';
    const checking = connection.checkHealth('external', createDialogue(), never);
    await clock.advance(2500);
    expect((await checking).steps.map(({ fault }) => fault?.code)).toEqual(
      Array.from({ length: 4 }, () => 'reader.no-answer'),
    );
    await clock.advance(10_000);
    expect(await connection.ended).toMatchObject({ kind: 'lost' });
  });
});

describe('an interactive check', () => {
  const layCard = { find: replyVectors.found };

  test('reads a card and tells its kind and how long it took, and nothing that stands on it', async () => {
    const { report, dialogue } = await checked('interactive', layCard, 70_000);
    expect(dialogue.prompts[0]).toBe('reader.lay-card');
    expect(report.steps[4]).toEqual({
      step: 'reader.read-card',
      outcome: 'passed',
      measured: {
        kind: 'resident',
        ms: 0,
        warnings: 'none',
        privateUseCharacters: 'no',
        ethnicCode: 'known',
      },
    });
    expect(JSON.stringify([report, dialogue.prompts])).not.toMatch(/测试|1101|示例|1949/);
  });

  test('tells that a name has a private-use character, an ethnic code is in no table, a number looks odd', async () => {
    const rare = textWith(residentTextWith(0, 30, '测\u{E863}'), 32, 4, '77');
    const one = await checked('interactive', { ...layCard, read: readReply(rare) }, 70_000);
    expect(one.report.steps[4]).toMatchObject({
      measured: { privateUseCharacters: 'yes', ethnicCode: 'unknown' },
    });
    const odd = textWith(foreign2017Text, 122, 30, 'ZZZ110000000019');
    const two = await checked('interactive', { ...layCard, read: readReply(odd) }, 70_000);
    expect(two.report.steps[4]).toMatchObject({
      measured: { kind: 'foreign-resident-2017', warnings: 'check-digit' },
    });
    expect(JSON.stringify([one.report, two.report])).not.toMatch(/[测\uE863]|ZZZ|77/u);
  });

  test('waits a minute for a card', async () => {
    const { clock, connection } = await connectedReader();
    const dialogue = createDialogue();
    let over = false;
    const checking = connection.checkHealth('interactive', dialogue, never).then((report) => {
      over = true;
      return report;
    });
    await clock.advance(59_000);
    expect(over).toBe(false);
    await clock.advance(2000);
    const report = await checking;
    expect(report.steps.at(-1)).toEqual({ step: 'reader.read-card', outcome: 'unanswered', measured: {} });
    expect(report.passed).toBe(true);
  });

  test.each([
    ['cannot be read', { read: statusReply(0x41) }, 'reader.card-read'],
    ['is no ID card', { select: statusReply(0x40) }, 'reader.not-an-id-card'],
  ])('names the fault of a card that %s, and does not go on', async (_, answers, code) => {
    const { report } = await checked('interactive', { ...layCard, ...answers }, 70_000);
    expect(report.steps.at(-1)).toMatchObject({
      step: 'reader.read-card',
      outcome: 'failed',
      fault: { code },
    });
    expect(report.passed).toBe(false);
  });

  test('is not begun at a reader whose module is dead', async () => {
    const { dialogue, outcomes } = await checked('interactive', { status: replyVectors.selfTestFailed });
    expect(dialogue.prompts).toEqual([]);
    expect(outcomes.at(-1)).toEqual(['reader.sam-status-after-reset', 'failed']);
  });
});

describe('a check', () => {
  test('waits its turn behind a reading, and a reading behind it', async () => {
    const { clock, answers, commands, connection, read, abort, events } = await connectedReader();
    const reading = read();
    await clock.advance(50);
    const dialogue = createDialogue();
    const checking = connection.checkHealth('external', dialogue, never);
    await clock.advance(2000);
    expect(dialogue.steps).toEqual([]);
    expect(new Set(commands)).toEqual(new Set(['find']));
    abort.abort();
    await reading;
    answers.find = replyVectors.found;
    commands.length = 0;
    const next = connection.readCard(never, (event) => events.push(event));
    await clock.advance(1000);
    expect((await checking).passed).toBe(true);
    await next;
    expect(commands.slice(0, 5)).toEqual(['status', 'samId', 'reset', 'status', 'find']);
    expect(kinds(events)).toEqual(['reading', 'card']);
  });

  test.each([
    ['while it waits for its turn', 'busy', 'reader.sam-status'],
    ['while it waits for an answer', 'silent', 'reader.sam-status'],
    ['while it waits for a card', 'no card', 'reader.read-card'],
  ] as const)('that is aborted %s ends at once', async (_, why, step) => {
    const { clock, answers, connection, read } = await connectedReader();
    if (why === 'busy') void read();
    if (why === 'silent') answers.status = 'silence';
    const dialogue = createDialogue();
    const abort = new AbortController();
    const checking = connection.checkHealth('interactive', dialogue, abort.signal);
    await clock.advance(300);
    abort.abort();
    const report = await checking;
    expect(report.steps.at(-1)).toMatchObject({ step, outcome: 'unanswered' });
    const told = dialogue.steps.length;
    await clock.advance(5000);
    expect(dialogue.steps).toHaveLength(told);
    await connection.close();
  });

  test('that is aborted leaves a reader that can be read', async () => {
    const { clock, answers, connection, read, events } = await connectedReader();
    const abort = new AbortController();
    const checking = connection.checkHealth('interactive', createDialogue(), abort.signal);
    await clock.advance(1000);
    abort.abort();
    await checking;
    answers.find = replyVectors.found;
    const reading = read();
    await clock.advance(1000);
    await reading;
    expect(kinds(events)).toEqual(['reading', 'card']);
  });

  test('whose line is lost ends with that fault', async () => {
    const { clock, line, connection } = await connectedReader();
    const checking = connection.checkHealth('interactive', createDialogue(), never);
    await clock.advance(1000);
    line.lose();
    await clock.settle();
    const report = await checking;
    expect(report.steps.at(-1)).toMatchObject({ outcome: 'failed', fault: { code: 'link.lost' } });
    await clock.advance(61_000);
    expect(clock.pendingTasks()).toBe(0);
  });
});
