import { expect, test } from 'vitest';
import { connectedReader as connected, createReader, faultCodes, kinds } from './fixtures/scripted-reader.ts';
import {
  readReply,
  replyVectors,
  residentReply,
  residentTextWith,
  SAM_ID,
  statusReply,
} from './fixtures/sdt-vectors.ts';

const never = new AbortController().signal;

test('the handshake is status and SAM number, and the reader is online with its number', async () => {
  const { clock, driver, commands } = createReader();
  const connecting = driver.connect(never);
  await clock.settle();
  const outcome = await connecting;
  expect(commands).toEqual(['status', 'samId']);
  expect(outcome.ok && outcome.value.status()).toEqual({
    device: 'online',
    faults: [],
    media: 'unknown',
    samId: SAM_ID,
  });
  expect(outcome.ok && outcome.value.identity()).toEqual({ model: 'SAM_V', serialNumber: SAM_ID });
});

test('a reader that never answers is reset once and then reported, and its port is closed', async () => {
  const { clock, driver, commands, line } = createReader({ status: 'silence', reset: 'silence' });
  const connecting = driver.connect(never);
  await clock.advance(3000);
  expect(await connecting).toMatchObject({ ok: false, error: { code: 'reader.no-answer' } });
  expect(commands).toEqual(['status', 'status', 'reset', 'status', 'status']);
  expect(line.closed).toBe(true);
  expect(clock.pendingTasks()).toBe(0);
});

test('a reader whose security module is dead is a hardware error, not a missing device, and recovers when it does', async () => {
  const { clock, answers, connection } = await connected({ status: replyVectors.selfTestFailed });
  expect(connection.status()).toMatchObject({
    device: 'hardwareError',
    faults: [{ code: 'reader.self-test', action: 'maintenance' }],
  });
  answers.status = replyVectors.ok;
  await clock.advance(3000);
  expect(connection.status()).toMatchObject({ device: 'online', faults: [] });
});

test('an aborted handshake ends at once and closes the port', async () => {
  const { clock, driver, line } = createReader({ status: 'silence' });
  const abort = new AbortController();
  const connecting = driver.connect(abort.signal);
  await clock.settle();
  abort.abort();
  expect(await connecting).toMatchObject({ ok: false });
  expect(line.closed).toBe(true);
});

test('a card is found, selected and read, and no byte of it stays in what the line handed over', async () => {
  const { clock, answers, commands, events, read, line } = await connected();
  const reading = read();
  await clock.advance(600);
  expect(commands).toEqual(['find', 'find', 'find']);
  answers.find = replyVectors.found;
  await clock.advance(300);
  await reading;
  expect(commands.slice(3)).toEqual(['find', 'select', 'read']);
  expect(events).toEqual([
    { kind: 'reading' },
    { kind: 'card', card: expect.objectContaining({ name: '测试一', idNumber: '11010519491231002X' }) },
  ]);
  expect(line.said.every((chunk) => chunk.every((byte) => byte === 0))).toBe(true);
});

test('between two attempts at a card there are 300 ms', async () => {
  const { clock, commands, read, abort } = await connected();
  const reading = read();
  await clock.advance(299);
  expect(commands).toEqual(['find']);
  await clock.advance(1);
  expect(commands).toEqual(['find', 'find']);
  abort.abort();
  await reading;
});

test('nothing is asked of a card outside of a reading', async () => {
  const { clock, commands } = await connected({ find: replyVectors.found });
  await clock.advance(20_000);
  expect(new Set(commands)).toEqual(new Set(['status']));
});

test('an aborted reading ends at once, even in the middle of a command, and its late card is not announced', async () => {
  const { clock, answers, events, read, abort, line } = await connected({
    find: replyVectors.found,
    read: 'silence',
  });
  const reading = read();
  await clock.settle();
  abort.abort();
  await reading;
  line.say(residentReply);
  await clock.settle();
  expect(kinds(events)).toEqual(['reading']);
  expect(line.said.at(-1)?.every((byte) => byte === 0)).toBe(true);
  answers.read = residentReply;
});

test.each([
  ['select', replyVectors.selectFailed, 'reader.card-select'],
  ['read', replyVectors.readFailed, 'reader.card-read'],
  ['read', statusReply(0x33), 'reader.card-verification'],
  ['read', statusReply(0x3f), 'reader.card-data'],
  ['read', readReply(residentTextWith(36, 16, '19491331')), 'reader.record-malformed'],
  ['read', readReply(residentTextWith(122, 36, '110105194912310021')), 'reader.record-malformed'],
] as const)(
  'a card whose %s fails is complained of once for each time it is laid (%#)',
  async (step, answer, code) => {
    const { clock, answers, events, read, abort } = await connected({
      find: replyVectors.found,
      [step]: answer,
    });
    const reading = read();
    await clock.advance(3000);
    expect(kinds(events)).toEqual(['reading', 'unreadable']);
    expect(faultCodes(events)).toEqual([code]);
    answers.find = replyVectors.noCard;
    await clock.advance(300);
    answers.find = replyVectors.found;
    await clock.advance(300);
    expect(faultCodes(events)).toEqual([code, code]);
    abort.abort();
    await reading;
  },
);

test('a card that only lay askew is read as soon as it can be, without being lifted', async () => {
  const { clock, answers, events, read } = await connected({
    find: replyVectors.found,
    read: replyVectors.readFailed,
  });
  const reading = read();
  await clock.advance(1000);
  answers.read = residentReply;
  await clock.advance(300);
  await reading;
  expect(kinds(events)).toEqual(['reading', 'unreadable', 'card']);
});

test('something that is no ID card is named as such', async () => {
  const { clock, events, read, abort } = await connected({ find: replyVectors.notAnIdCard });
  const reading = read();
  await clock.advance(1000);
  expect(kinds(events)).toEqual(['notAnIdCard']);
  abort.abort();
  await reading;
});

test('an answer with a wrong check byte is asked for once more, and the card is read', async () => {
  const { clock, answers, commands, events, read, line } = await connected({ find: replyVectors.found });
  const damaged = Uint8Array.from(residentReply);
  damaged[700] = 0xee;
  answers.read = damaged;
  const reading = read();
  await clock.advance(50);
  answers.read = residentReply;
  await clock.advance(200);
  await reading;
  expect(commands.filter((name) => name === 'read')).toHaveLength(2);
  expect(kinds(events)).toEqual(['reading', 'card']);
  expect(line.said.every((chunk) => chunk.every((byte) => byte === 0))).toBe(true);
});

test('a reader that says our command arrived damaged is asked again at once', async () => {
  const { clock, answers, commands, events, read, line } = await connected({
    find: replyVectors.commandDamaged,
  });
  const answer = line.onWrite;
  line.onWrite = (written) => {
    answer(written);
    answers.find = replyVectors.found;
  };
  const reading = read();
  await clock.settle();
  await reading;
  expect(commands).toEqual(['find', 'find', 'select', 'read']);
  expect(kinds(events)).toEqual(['reading', 'card']);
});

test('an answer to find that comes too late is not taken for the answer to select', async () => {
  const { clock, answers, events, read, line } = await connected({
    find: replyVectors.found,
    select: 'silence',
  });
  const reading = read();
  await clock.settle();
  line.say(replyVectors.found);
  line.say(replyVectors.noCard);
  line.say(replyVectors.selected);
  await clock.settle();
  await reading;
  expect(kinds(events)).toEqual(['reading', 'card']);
  answers.select = replyVectors.selected;
});

test('a made-up answer with a wrong length costs one silence and not the reading', async () => {
  const { clock, answers, events, read } = await connected({ find: replyVectors.fabricatedTimeout });
  const reading = read();
  await clock.advance(99);
  answers.find = replyVectors.found;
  await clock.advance(300);
  await reading;
  expect(kinds(events)).toEqual(['reading', 'card']);
});

test('three unanswered attempts during a reading end the connection as lost; two do not', async () => {
  const { clock, answers, events, read, connection } = await connected({ find: 'silence' });
  const reading = read();
  await clock.advance(1500);
  answers.find = replyVectors.noCard;
  await clock.advance(700);
  expect(events).toEqual([]);
  answers.find = 'silence';
  await clock.advance(3000);
  await reading;
  expect(faultCodes(events)).toEqual(['reader.no-answer']);
  expect(await connection.ended).toMatchObject({ kind: 'lost', fault: { code: 'reader.no-answer' } });
  expect(clock.pendingTasks()).toBe(0);
});

test('an idle reader that stops answering is noticed after three health checks', async () => {
  const { clock, answers, connection } = await connected();
  answers.status = 'silence';
  await clock.advance(3000 + 500 + 500 + 500 + 500 + 499);
  let over = false;
  void connection.ended.then(() => (over = true));
  await clock.settle();
  expect(over).toBe(false);
  await clock.advance(1);
  expect(await connection.ended).toMatchObject({ kind: 'lost', fault: { code: 'reader.no-answer' } });
});

test('a lost line ends a reading and every later one with the same fault', async () => {
  const { clock, events, read, line } = await connected();
  const reading = read();
  await clock.settle();
  line.lose();
  await reading;
  await read();
  expect(faultCodes(events)).toEqual(['link.lost', 'link.lost']);
  expect(clock.pendingTasks()).toBe(0);
});

test('a card that is offered again at once counts again only after 2 s, and at once when the reader saw none in between', async () => {
  const { clock, answers, events, connection } = await connected({ find: replyVectors.found });
  const again = new AbortController();
  const readAgain = () => connection.readCard(again.signal, (event) => events.push(event));
  await readAgain();
  const second = readAgain();
  await clock.advance(1999);
  expect(kinds(events)).toEqual(['reading', 'card', 'reading']);
  await clock.advance(1);
  await second;
  expect(kinds(events)).toEqual(['reading', 'card', 'reading', 'card']);
  answers.find = replyVectors.noCard;
  const third = readAgain();
  await clock.advance(200);
  answers.find = replyVectors.found;
  await clock.advance(100);
  await third;
  expect(kinds(events).slice(4)).toEqual(['reading', 'card']);
});

test('another card is never held back', async () => {
  const { clock, answers, events, read } = await connected({ find: replyVectors.found });
  await read();
  answers.read = readReply(residentTextWith(122, 36, '440524188001010014'));
  const second = read();
  await clock.advance(300);
  await second;
  expect(kinds(events)).toEqual(['reading', 'card', 'reading', 'card']);
});

test('closing ends the connection as closed and leaves no timer', async () => {
  const { clock, connection, line } = await connected();
  await connection.close();
  expect(await connection.ended).toEqual({ kind: 'closed' });
  expect(line.closed).toBe(true);
  await clock.settle();
  expect(clock.pendingTasks()).toBe(0);
});
