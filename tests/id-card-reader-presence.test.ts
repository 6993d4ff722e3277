import { describe, expect, test } from 'vitest';
import type { ReaderFindings } from '../drivers/id-card-reader/reader-findings.ts';
import type { DeviceFindings } from '../src/devices/device-findings.ts';
import type { IdCardReaderStatus } from '../src/devices/status.ts';
import { connectedReader, createDialogue, createReader, kinds } from './fixtures/scripted-reader.ts';
import { replyVectors, SAM_ID, statusReply } from './fixtures/sdt-vectors.ts';

const never = new AbortController().signal;

/** A store of findings in memory. */
function createFindings(first: Record<string, ReaderFindings> = {}) {
  const kept = new Map(Object.entries(first));
  const findings: DeviceFindings<ReaderFindings> = {
    get: (unit) => kept.get(unit),
    put: (unit, found) => void kept.set(unit, found),
  };
  return { kept, findings };
}

const sees = () => createFindings({ [SAM_ID]: { seesCardThatWasRead: true, probedAtMs: 0 } }).findings;
const seesNot = () => createFindings({ [SAM_ID]: { seesCardThatWasRead: false, probedAtMs: 0 } }).findings;

/** A reader of which a probe has found out that it sees a card that was read, with such a card on it. */
async function seeingReader() {
  const reader = await connectedReader({ find: replyVectors.found }, { findings: sees() });
  const media: IdCardReaderStatus['media'][] = [];
  reader.connection.onStatus((status) => media.push(status.media));
  await reader.read();
  const lifted = (signal = never) => {
    if (!reader.connection.whenCardLifted) throw new Error('this reader should see its card');
    return reader.connection.whenCardLifted(signal);
  };
  return { ...reader, media, lifted };
}

describe('a reader that was never probed, or does not see a card that was read', () => {
  test.each([
    ['without findings', undefined],
    ['with nothing found yet', createFindings().findings],
    ['with the finding that it does not', seesNot()],
    [
      'with the finding of another unit',
      createFindings({ other: { seesCardThatWasRead: true, probedAtMs: 0 } }).findings,
    ],
  ])('%s does not claim to know whether a card lies there', async (_, findings) => {
    const { clock, answers, connection, read } = await connectedReader(
      { find: replyVectors.found },
      findings ? { findings } : {},
    );
    expect('whenCardLifted' in connection).toBe(false);
    await read();
    expect(connection.status().media).toBe('unknown');
    answers.find = replyVectors.noCard;
    const second = read();
    await clock.advance(3000);
    expect(connection.status().media).toBe('unknown');
    await connection.close();
    await second;
  });
});

describe('a reader that sees a card that was read', () => {
  test('says that the card lies there, and when it was lifted', async () => {
    const { clock, answers, media, lifted, connection } = await seeingReader();
    expect(media).toEqual(['present']);
    let gone: boolean | undefined;
    void lifted().then((value) => (gone = value));
    await clock.advance(3000);
    expect(gone).toBeUndefined();
    answers.find = replyVectors.noCard;
    await clock.advance(1100);
    expect(gone).toBe(true);
    expect(media).toEqual(['present', 'notPresent']);
    expect(await lifted()).toBe(true);
    expect(connection.status().media).toBe('notPresent');
  });

  test('is not believed when it says "no card" only once, or something else in between', async () => {
    const { clock, answers, lifted } = await seeingReader();
    let gone: boolean | undefined;
    void lifted().then((value) => (gone = value));
    let asked = 0;
    answers.find = () => (asked++ % 2 === 0 ? replyVectors.noCard : replyVectors.found);
    await clock.advance(4000);
    answers.find = () => (asked++ % 2 === 0 ? replyVectors.noCard : statusReply(0x41));
    await clock.advance(4000);
    expect(asked).toBeGreaterThan(8);
    expect(gone).toBeUndefined();
    answers.find = replyVectors.noCard;
    await clock.advance(1100);
    expect(gone).toBe(true);
  });

  test('is only looked at, never read, and every 500 ms', async () => {
    const { clock, commands, lifted } = await seeingReader();
    commands.length = 0;
    const abort = new AbortController();
    const waiting = lifted(abort.signal);
    await clock.advance(2600);
    expect(new Set(commands)).toEqual(new Set(['find']));
    expect(commands.length).toBeGreaterThanOrEqual(4);
    expect(commands.length).toBeLessThanOrEqual(6);
    abort.abort();
    expect(await waiting).toBe(false);
  });

  test('is not waited for any more when nobody wants to know, or its line is lost', async () => {
    const { clock, line, lifted, answers } = await seeingReader();
    const abort = new AbortController();
    answers.find = 'silence';
    const waiting = lifted(abort.signal);
    await clock.advance(310);
    abort.abort();
    expect(await waiting).toBe(false);
    const other = lifted();
    await clock.advance(10);
    line.lose();
    await clock.settle();
    expect(await other).toBe(false);
    expect(clock.pendingTasks()).toBe(0);
  });

  test('that stops answering while its card is watched is lost after three misses', async () => {
    const { clock, answers, lifted, connection } = await seeingReader();
    answers.find = 'silence';
    answers.status = 'silence';
    const waiting = lifted();
    await clock.advance(6000);
    expect(await waiting).toBe(false);
    expect(await connection.ended).toMatchObject({ kind: 'lost', fault: { code: 'reader.no-answer' } });
  });

  test('is not looked for in the middle of a reading', async () => {
    const { clock, answers, line, commands, read, lifted } = await seeingReader();
    const abort = new AbortController();
    const waiting = lifted(abort.signal);
    await clock.advance(400);
    answers.select = () => {
      clock.schedule(450, () => {
        line.say(replyVectors.selected);
      });
      return 'silence';
    };
    commands.length = 0;
    const reading = read();
    await clock.advance(3000);
    await reading;
    const selects = commands.flatMap((name, at) => (name === 'select' ? [commands[at + 1]] : []));
    expect(selects).toEqual(selects.map(() => 'read'));
    expect(selects.length).toBeGreaterThan(0);
    abort.abort();
    await waiting;
  });

  test('does not make the next reading wait for a card that stays', async () => {
    const { clock, events, read, lifted } = await seeingReader();
    const abort = new AbortController();
    const waiting = lifted(abort.signal);
    await clock.advance(1000);
    const reading = read();
    await clock.advance(3000);
    await reading;
    expect(kinds(events).filter((kind) => kind === 'card')).toHaveLength(2);
    abort.abort();
    expect(await waiting).toBe(false);
  });
});

describe('the probe', () => {
  async function probed(habit: 'sees' | 'does not see' | 'sees at times', options: { lift?: boolean } = {}) {
    const { kept, findings } = createFindings();
    const reader = await connectedReader({}, { findings });
    const { answers } = reader;
    let read = false;
    const answer = answers.read;
    answers.read = () => {
      read = true;
      let finds = 0;
      if (habit === 'does not see') answers.find = replyVectors.noCard;
      if (habit === 'sees at times') {
        answers.find = () => (++finds === 2 ? replyVectors.noCard : replyVectors.found);
      }
      return answer instanceof Uint8Array ? answer : 'silence';
    };
    const dialogue = createDialogue((what) => {
      if (what === 'reader.lay-card') answers.find = replyVectors.found;
      if (what === 'reader.lift-card' && options.lift !== false) answers.find = replyVectors.noCard;
    });
    const checking = reader.connection.checkHealth('interactive', dialogue, never);
    await reader.clock.advance(70_000);
    const report = await checking;
    expect(read).toBe(true);
    return { ...reader, kept, dialogue, report, step: report.steps.at(-1) };
  }

  test('finds out that a reader sees its card, keeps it by the number of its module, and it holds at once', async () => {
    const { dialogue, kept, step, connection } = await probed('sees');
    expect(dialogue.prompts).toEqual(['reader.lay-card', 'reader.keep-card', 'reader.lift-card']);
    expect(step).toEqual({
      step: 'reader.presence',
      outcome: 'passed',
      measured: { foundAgain: 3, kept: 'yes' },
    });
    expect(kept.get(SAM_ID)).toMatchObject({ seesCardThatWasRead: true });
    expect(connection.whenCardLifted).toBeDefined();
    expect(connection.status().media).toBe('notPresent');
  });

  test('finds out that a reader does not see it, which is no fault', async () => {
    const { kept, report, step, connection } = await probed('does not see');
    expect(step).toMatchObject({ outcome: 'notSupported', measured: { foundAgain: 0, kept: 'yes' } });
    expect(report.passed).toBe(true);
    expect(kept.get(SAM_ID)).toMatchObject({ seesCardThatWasRead: false });
    expect('whenCardLifted' in connection).toBe(false);
    expect(connection.status().media).toBe('unknown');
  });

  test('does not rely on a reader that finds its card only at times', async () => {
    const { kept, step } = await probed('sees at times');
    expect(step).toMatchObject({ outcome: 'notSupported', measured: { foundAgain: 2 } });
    expect(kept.get(SAM_ID)).toMatchObject({ seesCardThatWasRead: false });
  });

  test('believes nothing when the card was not lifted in the end', async () => {
    const { kept, step, connection } = await probed('sees', { lift: false });
    expect(step).toMatchObject({ step: 'reader.presence', outcome: 'unanswered' });
    expect(kept.size).toBe(0);
    expect('whenCardLifted' in connection).toBe(false);
  });

  test('is never made by itself: normal operation finds out nothing', async () => {
    const { kept, findings } = createFindings();
    const { clock, answers, read } = await connectedReader({ find: replyVectors.found }, { findings });
    await read();
    answers.find = replyVectors.noCard;
    await clock.advance(20_000);
    expect(kept.size).toBe(0);
  });
});

test('a finding holds from the connection on, and for a module that tells its number later', async () => {
  const { clock, answers, driver } = createReader({ samId: 'silence' }, { findings: sees() });
  const connecting = driver.connect(never);
  await clock.advance(1000);
  const outcome = await connecting;
  if (!outcome.ok) throw new Error(outcome.error.code);
  expect('whenCardLifted' in outcome.value).toBe(false);
  expect(outcome.value.status().samId).toBeUndefined();
  answers.samId = replyVectors.samId;
  await clock.advance(3100);
  expect(outcome.value.status().samId).toBe(SAM_ID);
  expect('whenCardLifted' in outcome.value).toBe(true);
});
