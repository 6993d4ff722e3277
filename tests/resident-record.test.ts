import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { textBlockOf } from '../drivers/id-card-reader/card-blocks.ts';
import { parseResidentRecord } from '../drivers/id-card-reader/resident-record.ts';
import { residentReply, residentText, residentTextWith } from './fixtures/sdt-vectors.ts';

const card = {
  kind: 'resident',
  name: '测试一',
  sex: '1',
  ethnicCode: '01',
  birthDate: '19491231',
  idNumber: '11010519491231002X',
  issuer: '示例公安局',
  validFrom: '20200101',
  validTo: 'long-term',
};
const parseWith = (offset: number, bytes: number, text: string) =>
  parseResidentRecord(residentTextWith(offset, bytes, text));
const badField = (field: string) => ({ ok: false, error: { kind: 'bad-field', field } });

test('the record of the reference reads as the invented resident', () => {
  expect(parseResidentRecord(residentText)).toEqual({ ok: true, value: card });
});

test('padding with zeros instead of spaces reads the same', () => {
  const zeros = Uint8Array.from(residentText, (byte) => (byte === 0x20 ? 0 : byte));
  expect(parseResidentRecord(zeros)).toEqual({ ok: true, value: card });
});

test('a name that fills its field, a rare character and a private-use character are kept', () => {
  for (const name of ['测'.repeat(15), '𬱖䶮㛃', '测\u{E863}', '阿卜杜·测试', '测 试']) {
    expect(parseWith(0, 30, name)).toMatchObject({ ok: true, value: { name } });
  }
});

test('half a surrogate pair, a control character or an empty name is refused', () => {
  for (const name of ['测\uD840', '\uDC00测', '测\n试', '测\0试', '测\uFFFF', '']) {
    expect(parseWith(0, 30, name)).toEqual(badField('name'));
  }
});

test('the letter at 248 tells the cards that are not handled yet', () => {
  for (const cardType of ['I', 'J', 'Y']) {
    expect(parseWith(248, 2, cardType)).toEqual({ ok: false, error: { kind: 'unsupported-card', cardType } });
  }
  expect(parseWith(248, 2, 'Z').ok).toBe(true);
});

test('a number with a wrong check digit, a small x or a letter is refused, and the standard’s own examples pass', () => {
  for (const idNumber of ['110105194912310021', '11010519491231002x', '11010519491231A02X', '']) {
    expect(parseWith(122, 36, idNumber)).toEqual(badField('idNumber'));
  }
  for (const idNumber of ['11010519491231002X', '440524188001010014', '11010219840406970X']) {
    expect(parseWith(122, 36, idNumber)).toMatchObject({ ok: true, value: { idNumber } });
  }
});

test('dates must exist, and a card cannot end before it begins', () => {
  expect(parseWith(36, 16, '19490230')).toEqual(badField('birthDate'));
  expect(parseWith(36, 16, '1949 231')).toEqual(badField('birthDate'));
  expect(parseWith(36, 16, '00000000')).toEqual(badField('birthDate'));
  expect(parseWith(188, 16, '20210229')).toEqual(badField('validFrom'));
  expect(parseWith(188, 16, '20200229')).toMatchObject({ ok: true, value: { validFrom: '20200229' } });
  expect(parseWith(204, 16, '20400101')).toMatchObject({ ok: true, value: { validTo: '20400101' } });
  expect(parseWith(204, 16, '20191231')).toEqual(badField('validTo'));
  expect(parseWith(204, 16, '永久')).toEqual(badField('validTo'));
});

test('an ethnic code that no table knows does not spoil the read', () => {
  expect(parseWith(32, 4, '99')).toMatchObject({ ok: true, value: { ethnicCode: '99' } });
});

test('a record of another length is refused', () => {
  expect(parseResidentRecord(residentText.subarray(1))).toEqual({
    ok: false,
    error: { kind: 'wrong-length' },
  });
});

test('any 256 bytes, and any bit flip in a good record, give a card or a typed error that holds no text of the card', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 256, maxLength: 256 }), (text) => {
      const outcome = parseResidentRecord(text);
      expect(typeof outcome.ok).toBe('boolean');
    }),
  );
  for (let bit = 0; bit < residentText.length * 8; bit += 1) {
    const flipped = Uint8Array.from(residentText);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const outcome = parseResidentRecord(flipped);
    if (!outcome.ok) expect(JSON.stringify(outcome.error)).not.toMatch(/测|1101/);
  }
});

const replyData = residentReply.subarray(10, -1);
const withFingerprint = (bytes: number) =>
  Uint8Array.of(1, 0, 4, 0, bytes >> 8, bytes & 0xff, ...replyData.subarray(4), ...new Uint8Array(bytes));

test('the text block is found by the length fields, with and without fingerprints of every size', () => {
  expect(textBlockOf(replyData)).toEqual({ ok: true, value: residentText });
  for (const bytes of [0, 512, 1024]) {
    expect(textBlockOf(withFingerprint(bytes))).toEqual({ ok: true, value: residentText });
  }
});

test('lengths that do not add up, or a text block of another size, are refused', () => {
  for (let cut = 0; cut < replyData.length; cut += 1) {
    expect(textBlockOf(replyData.subarray(0, cut))).toEqual({ ok: false, error: 'malformed-reply' });
  }
  expect(textBlockOf(Uint8Array.of(0, 2, 0, 0, 7, 7)).ok).toBe(false);
});
