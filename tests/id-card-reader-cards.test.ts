import { describe, expect, test } from 'vitest';
import type { ReaderWarning } from '../drivers/id-card-reader/reader-warnings.ts';
import { err, ok } from '../src/platform/result.ts';
import {
  cardsOfVectors,
  foreign2017Text,
  foreign2023Text,
  residencePermitText,
} from './fixtures/card-vectors.ts';
import { connectedReader, faultCodes, kinds } from './fixtures/scripted-reader.ts';
import type { Answers } from './fixtures/scripted-reader.ts';
import {
  fingerprintReply,
  readReply,
  replyVectors,
  residentReply,
  residentText,
  residentTextWith,
  statusReply,
  textWith,
} from './fixtures/sdt-vectors.ts';

/** A reader with a card on it, and the warnings it gives. */
async function withCard(answers: Answers = {}, options: Parameters<typeof connectedReader>[1] = {}) {
  const warnings: ReaderWarning[] = [];
  const reader = await connectedReader(
    { find: replyVectors.found, ...answers },
    { onWarning: (warning) => warnings.push(warning), ...options },
  );
  return { ...reader, warnings };
}

test.each([
  ['residence permit', residencePermitText, cardsOfVectors.residencePermit],
  ['foreigner’s card of 2017', foreign2017Text, cardsOfVectors.foreign2017],
  ['foreigner’s card of 2023', foreign2023Text, cardsOfVectors.foreign2023],
])('a %s is read like a resident’s card', async (_, text, card) => {
  const { events, read, warnings } = await withCard({ read: readReply(text) });
  await read();
  expect(events).toEqual([{ kind: 'reading' }, { kind: 'card', card }]);
  expect(warnings).toEqual([]);
});

test('a card is not read any more when nobody waits for it since it was found or selected', async () => {
  for (const step of ['find', 'select'] as const) {
    const reader = await withCard();
    const { clock, answers, commands, abort, read } = reader;
    const answer = answers[step];
    answers[step] = () => {
      abort.abort();
      return answer instanceof Uint8Array ? answer : 'silence';
    };
    await read();
    await clock.advance(1000);
    expect(commands).toEqual(step === 'find' ? ['find'] : ['find', 'select']);
  }
});

test('what is odd about a card is told in a word, and the card is read', async () => {
  const wrong = textWith(foreign2017Text, 122, 30, 'ZZZ110000000019');
  const { events, read, warnings } = await withCard({ read: readReply(wrong) });
  await read();
  expect(kinds(events)).toEqual(['reading', 'card']);
  expect(warnings).toEqual(['check-digit']);
});

test('a record that is not understood names the field for the log, and never what stands in it', async () => {
  const { clock, events, read, warnings, abort } = await withCard({
    read: readReply(residentTextWith(122, 36, '932682198501010010')),
  });
  const reading = read();
  await clock.settle();
  abort.abort();
  await reading;
  expect(faultCodes(events)).toEqual(['reader.record-malformed']);
  expect(warnings).toEqual(['type-flag', 'malformed-idNumber']);
});

test('a card that fails authentication twice, laid anew in between, is counterfeit or damaged', async () => {
  const { clock, answers, events, read, abort, warnings } = await withCard({
    read: replyVectors.authenticationFailed,
  });
  const reading = read();
  await clock.advance(3000);
  expect(faultCodes(events)).toEqual(['reader.card-authentication']);
  answers.find = replyVectors.noCard;
  await clock.advance(600);
  answers.find = replyVectors.found;
  answers.read = statusReply(0x32);
  await clock.advance(600);
  expect(faultCodes(events)).toEqual(['reader.card-authentication', 'reader.card-counterfeit-or-damaged']);
  // Once for each time it was laid, however often it was tried: a module that fails is seen by its log.
  expect(warnings).toEqual(['reader.card-authentication', 'reader.card-counterfeit-or-damaged']);
  abort.abort();
  await reading;
});

test.each([
  ['read', 0x33],
  ['read', 0x37],
  ['read', 0x3f],
  ['read', 0x41],
  ['read', 0x47],
  ['select', 0x81],
] as const)(
  'a card that is refused at %s with %i is named in the log by its fault, and what is no ID card is not',
  async (step, sw3) => {
    const { clock, answers, events, read, abort, warnings } = await withCard({ [step]: statusReply(sw3) });
    const reading = read();
    await clock.advance(2000);
    answers.find = replyVectors.noCard;
    await clock.advance(600);
    answers.find = replyVectors.found;
    answers.select = replyVectors.notAnIdCard;
    await clock.advance(2000);
    abort.abort();
    await reading;
    expect(kinds(events).filter((kind) => kind !== 'reading')).toEqual(['unreadable', 'notAnIdCard']);
    expect(warnings).toEqual(faultCodes(events));
    expect(warnings).toHaveLength(1);
  },
);

test('an error of no clear meaning is tried once more before anybody is asked to lift the card', async () => {
  const { clock, answers, events, read } = await withCard({ read: statusReply(0x24) });
  const reading = read();
  await clock.advance(200);
  expect(kinds(events)).toEqual(['reading']);
  answers.read = residentReply;
  await clock.advance(300);
  await reading;
  expect(kinds(events)).toEqual(['reading', 'reading', 'card']);
});

test('an error of no clear meaning that stays is complained of, with its number', async () => {
  const { clock, events, read, abort, warnings } = await withCard({ read: statusReply(0xc3, 0x69, 0x85) });
  const reading = read();
  await clock.advance(2000);
  expect(faultCodes(events)).toEqual(['reader.status-c3']);
  expect(warnings).toEqual(['status-6985c3', 'reader.status-c3']);
  abort.abort();
  await reading;
});

test('0x50 is a status like any unknown one', async () => {
  const { clock, events, read, warnings } = await withCard({ find: statusReply(0x50) });
  const reading = read();
  await clock.advance(2000);
  await reading;
  expect(faultCodes(events)).toEqual(['reader.status-50']);
  expect(warnings).toEqual(['status-000050']);
});

describe('a reader that does not know 30 01', () => {
  test.each([0, 512, 1024] as const)('is read by 30 10, with %i bytes of fingerprint', async (bytes) => {
    const { events, read, commands } = await withCard({
      read: replyVectors.commandUnknown,
      readWithFingerprints: fingerprintReply(residentText, bytes),
    });
    await read();
    expect(kinds(events)).toEqual(['reading', 'card']);
    expect(commands).toEqual(['find', 'select', 'read', 'readWithFingerprints']);
  });

  test('is not asked for it again', async () => {
    const { clock, events, read, commands } = await withCard({
      read: replyVectors.commandUnknown,
      readWithFingerprints: fingerprintReply(residentText, 512),
    });
    await read();
    commands.length = 0;
    const second = read();
    await clock.advance(2500);
    await second;
    expect(kinds(events).at(-1)).toBe('card');
    expect(commands).toEqual(['find', 'select', 'readWithFingerprints']);
  });
});

describe('the portrait', () => {
  const photo = { widthPx: 102, heightPx: 126, bgr: new Uint8Array(38_556) };

  test('is handed to a configured decoder and overwritten with all that came with it', async () => {
    const seen: Uint8Array[] = [];
    const copies: Uint8Array[] = [];
    const decode = (wlt: Uint8Array) => {
      seen.push(wlt);
      copies.push(Uint8Array.from(wlt));
      return ok(photo);
    };
    const { events, read, line } = await withCard({}, { photoDecoder: { decode } });
    await read();
    expect(events.at(-1)).toMatchObject({ card: { kind: 'resident', photo } });
    expect(copies[0]).toEqual(Uint8Array.from({ length: 1024 }, (_, index) => index & 0xff));
    const around = new Uint8Array(seen[0]?.buffer ?? new ArrayBuffer(1));
    expect(around.length).toBeGreaterThan(1280);
    expect(around.every((byte) => byte === 0)).toBe(true);
    expect(line.said.every((chunk) => chunk.every((byte) => byte === 0))).toBe(true);
  });

  test.each([
    ['says it cannot', () => err('undecodable' as const)],
    [
      'throws',
      () => {
        throw new Error('the library broke');
      },
    ],
  ])('does not fail the card when the decoder %s', async (_, decode) => {
    const { events, read, warnings } = await withCard({}, { photoDecoder: { decode } });
    await read();
    expect(kinds(events)).toEqual(['reading', 'card']);
    expect(JSON.stringify(events)).not.toContain('photo');
    expect(warnings).toEqual(['photo-undecodable']);
  });
});

describe('addresses', () => {
  const include = { address: true, newestAddress: true };

  test('are neither asked for nor handed out unless somebody wants them', async () => {
    const { events, read, commands } = await withCard({ newestAddress: replyVectors.newestAddress });
    await read();
    expect(commands).toEqual(['find', 'select', 'read']);
    expect(JSON.stringify(events)).not.toMatch(/ddress|示例路/);
  });

  test('on the chip and after it come with the card when they are wanted', async () => {
    const { events, read, commands } = await withCard(
      { newestAddress: replyVectors.newestAddress },
      { include },
    );
    await read();
    expect(commands).toEqual(['find', 'select', 'read', 'newestAddress']);
    expect(events.at(-1)).toMatchObject({
      card: { address: '北京市朝阳区示例路1号', newestAddress: '示例新地址' },
    });
  });

  test('of a card that has no newer one are the chip’s alone, without a warning', async () => {
    const { events, read, warnings } = await withCard(
      { newestAddress: replyVectors.noNewestAddress },
      { include },
    );
    await read();
    expect(events.at(-1)).toMatchObject({ card: { address: '北京市朝阳区示例路1号' } });
    expect(JSON.stringify(events)).not.toContain('newestAddress');
    expect(warnings).toEqual([]);
  });

  test.each([
    ['is refused', statusReply(0x41)],
    ['is not answered', 'silence' as const],
    ['has half a surrogate in it', withLoneSurrogate()],
  ])('a newest address that %s does not fail the card', async (_, newestAddress) => {
    const { clock, events, read, warnings } = await withCard({ newestAddress }, { include });
    const reading = read();
    await clock.advance(3000);
    await reading;
    expect(kinds(events)).toEqual(['reading', 'card']);
    expect(warnings).toEqual(['newest-address-unread']);
  });

  test('are not asked of foreigners’ cards', async () => {
    const { read, commands } = await withCard({ read: readReply(foreign2023Text) }, { include });
    await read();
    expect(commands).toEqual(['find', 'select', 'read']);
  });
});

/** The newest address with its second character replaced by U+D840 alone, and its check byte made good. */
function withLoneSurrogate(): Uint8Array {
  const reply = Uint8Array.from(replyVectors.newestAddress);
  // 8B 4F → 40 D8, so the check byte F8 becomes F8 ^ 8B ^ 4F ^ 40 ^ D8 = A4.
  reply.set([0x40, 0xd8], 12);
  reply[80] = 0xa4;
  return reply;
}
