import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { connectedReader, faultCodes, kinds } from './fixtures/scripted-reader.ts';
import type { Answers } from './fixtures/scripted-reader.ts';
import { fingerprintReply, hex, replyVectors, residentReply, residentText } from './fixtures/sdt-vectors.ts';

const onReader: Answers = { find: replyVectors.found };

/** A reader with a card on it whose first answer to read is given by the test; the next ones are good. */
async function withFirstRead(say: (line: Awaited<ReturnType<typeof connectedReader>>) => void) {
  const reader = await connectedReader(onReader);
  let asked = 0;
  reader.answers.read = () => {
    asked += 1;
    if (asked > 1) return residentReply;
    say(reader);
    return 'silence';
  };
  return { ...reader, reads: () => asked };
}

const wiped = (chunks: readonly Uint8Array[]) => chunks.every((chunk) => chunk.every((byte) => byte === 0));
const withLength = (frame: Uint8Array, by: number) => {
  const spoiled = Uint8Array.from(frame);
  const length = ((frame[5] ?? 0) << 8) + (frame[6] ?? 0) + by;
  spoiled[5] = length >> 8;
  spoiled[6] = length & 0xff;
  return spoiled;
};

test('a cable pulled at any byte of a record ends the reading as lost, with no card and no timer left', async () => {
  for (let cut = 0; cut < residentReply.length; cut += 1) {
    const { clock, line, events, read } = await withFirstRead(({ line }) => {
      line.say(residentReply.subarray(0, cut));
      line.lose();
    });
    await read();
    expect(kinds(events)).toEqual(['reading', 'lost']);
    expect(wiped(line.said)).toBe(true);
    await clock.settle();
    expect(clock.pendingTasks()).toBe(0);
  }
});

test('a record that comes in two pieces, cut anywhere, is read', async () => {
  for (const cut of [1, 4, 5, 6, 7, 9, 10, 14, 269, 270, 700, 1293, 1294]) {
    const { clock, events, read, reads } = await withFirstRead(({ clock, line }) => {
      line.say(residentReply.subarray(0, cut));
      clock.schedule(90, () => {
        line.say(residentReply.subarray(cut));
      });
    });
    const reading = read();
    await clock.advance(100);
    await reading;
    expect(kinds(events)).toEqual(['reading', 'card']);
    expect(reads()).toBe(1);
  }
});

test('a record that breaks off is asked for again after the silence, and read', async () => {
  const { clock, events, read, reads, line } = await withFirstRead(({ line }) => {
    line.say(residentReply.subarray(0, 600));
  });
  const reading = read();
  await clock.advance(400);
  await reading;
  expect(kinds(events)).toEqual(['reading', 'card']);
  expect(reads()).toBe(2);
  expect(wiped(line.said)).toBe(true);
});

test.each([
  ['too big by one', 1],
  ['too big by 300', 300],
  ['beyond any frame', 0xe000],
  ['too small by one', -1],
  ['too small by 1000', -1000],
  ['nought', -0x508],
])('a record whose length is %s is asked for again, and read', async (_, by) => {
  const { clock, events, read, reads, line } = await withFirstRead(({ line }) => {
    line.say(withLength(residentReply, by));
  });
  const reading = read();
  await clock.advance(700);
  await reading;
  expect(kinds(events)).toEqual(['reading', 'card']);
  expect(reads()).toBe(2);
  expect(wiped(line.said)).toBe(true);
});

test('noise, a vendor’s envelope, a stale answer or the same answer twice around a record do no harm', async () => {
  const envelope = hex('AA 05 12 A0 10');
  for (const [before, after] of [
    [hex('00 FF AA AA 13'), hex('')],
    [envelope, envelope],
    [replyVectors.noCard, hex('')],
    [replyVectors.selected, replyVectors.ok],
    [hex('AA AA AA 96'), hex('AA AA')],
    [hex(''), residentReply],
  ] as const) {
    const { clock, events, read, reads, line } = await withFirstRead(({ line }) => {
      line.say(Buffer.concat([before, residentReply, after]));
    });
    const reading = read();
    await clock.settle();
    await reading;
    expect(kinds(events)).toEqual(['reading', 'card']);
    expect(reads()).toBe(1);
    expect(wiped(line.said)).toBe(true);
  }
});

test('the late record of a card that was given up is not taken for the next card', async () => {
  const { clock, answers, line, events, read, abort } = await connectedReader({
    ...onReader,
    read: 'silence',
  });
  const reading = read();
  await clock.advance(3000);
  expect(faultCodes(events)).toEqual(['reader.no-answer']);
  answers.find = replyVectors.noCard;
  line.say(residentReply);
  await clock.advance(2000);
  expect(kinds(events)).not.toContain('card');
  expect(wiped(line.said)).toBe(true);
  abort.abort();
  await reading;
});

test('after an answer that never came nothing is sent while the line still talks, but not for ever', async () => {
  const { clock, answers, line, commands, read, abort } = await connectedReader({ find: 'silence' });
  const reading = read();
  await clock.advance(500);
  answers.find = replyVectors.noCard;
  for (let atMs = 0; atMs <= 600; atMs += 50) clock.schedule(atMs, () => line.say(hex('13')));
  await clock.advance(650);
  expect(commands).toEqual(['find']);
  await clock.advance(60);
  expect(commands).toEqual(['find', 'find']);

  answers.find = 'silence';
  await clock.advance(850);
  answers.find = replyVectors.noCard;
  commands.length = 0;
  for (let atMs = 0; atMs <= 5000; atMs += 50) clock.schedule(atMs, () => line.say(hex('13')));
  await clock.advance(3000);
  expect(commands.length).toBeGreaterThan(0);
  abort.abort();
  await reading;
});

test('a listener that throws spoils its own reading and not the next', async () => {
  const { clock, connection, read, events } = await connectedReader(onReader);
  const spoilt = connection.readCard(new AbortController().signal, () => {
    throw new Error('the screen broke');
  });
  await expect(spoilt).rejects.toThrow('the screen broke');
  const reading = read();
  await clock.advance(3000);
  await reading;
  expect(kinds(events).at(-1)).toBe('card');
});

test('an answer of 30 10 with fingerprints does not pass for one of 30 01', async () => {
  const { clock, events, read, abort } = await connectedReader({
    ...onReader,
    read: fingerprintReply(residentText, 512),
  });
  const reading = read();
  await clock.settle();
  expect(faultCodes(events)).toEqual(['reader.record-malformed']);
  abort.abort();
  await reading;
});

describe('whatever goes wrong', () => {
  const spoilt = (frame: Uint8Array) => {
    const wrongCheck = Uint8Array.from(frame);
    wrongCheck[frame.length - 1] = (frame.at(-1) ?? 0) ^ 1;
    return [
      wrongCheck,
      withLength(frame, 5),
      withLength(frame, -2),
      frame.subarray(0, frame.length >> 1),
      Buffer.concat([hex('AA AA AA 96 69 00'), frame]),
      Buffer.concat([frame, frame]),
    ];
  };
  const anything = fc.oneof(
    fc.constant('silence' as const),
    fc.constantFrom(...Object.values(replyVectors)),
    fc.constantFrom(
      ...spoilt(residentReply),
      ...spoilt(replyVectors.found),
      ...spoilt(replyVectors.selected),
    ),
    fc.uint8Array({ maxLength: 300 }),
  );
  const good = { find: replyVectors.found, select: replyVectors.selected, read: residentReply };

  test('a reading ends with that card or a lost reader, in bounded time, and leaves nothing behind', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anything, { maxLength: 12 }), async (script) => {
        const reader = await connectedReader();
        const { clock, answers, line, events, read, connection } = reader;
        let next = 0;
        for (const name of ['find', 'select', 'read'] as const) {
          answers[name] = () => script[next++] ?? good[name];
        }
        const reading = read();
        // At most twelve bad answers, each waited for at most 3 s and asked for twice, and a card held back for 2 s.
        await clock.advance(80_000);
        await reading;
        expect(['card', 'lost']).toContain(kinds(events).at(-1));
        const cards = events.flatMap((event) => (event.kind === 'card' ? [event.card.idNumber] : []));
        expect(cards.every((idNumber) => idNumber === '11010519491231002X')).toBe(true);
        expect(wiped(line.said)).toBe(true);
        await connection.close();
        await clock.settle();
        expect(clock.pendingTasks()).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});
