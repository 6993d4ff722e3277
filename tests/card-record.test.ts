import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cardBlocksOf } from '../drivers/id-card-reader/card-record/card-blocks.ts';
import { parseCardRecord } from '../drivers/id-card-reader/card-record/card-record.ts';
import { ethnicGroupName } from '../drivers/id-card-reader/card-record/ethnic-groups.ts';
import { parseNewestAddress } from '../drivers/id-card-reader/card-record/newest-address.ts';
import {
  cardsOfVectors,
  foreign2017Text,
  foreign2023Text,
  residencePermitText,
} from './fixtures/card-vectors.ts';
import {
  fingerprintReply,
  hex,
  replyVectors,
  residentReply,
  residentText,
  residentTextWith,
  textWith,
} from './fixtures/sdt-vectors.ts';

const resident = {
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
const texts = {
  resident: residentText,
  'residence-permit': residencePermitText,
  'foreign-resident-2017': foreign2017Text,
  'foreign-resident-2023': foreign2023Text,
};
const read = (card: object, warnings: readonly string[] = []) => ({ ok: true, value: { card, warnings } });
const badField = (field: string, warnings: readonly string[] = []) => ({
  ok: false,
  error: { kind: 'bad-field', field, warnings },
});
const parseWith = (offset: number, bytes: number, text: string) =>
  parseCardRecord(residentTextWith(offset, bytes, text));
const withFields = (fields: object) => ({ ok: true, value: { card: fields } });

test('the vectors of the three other kinds are those that were written down', () => {
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  expect(sha256(residencePermitText)).toBe(
    'db47ca5833546bbf60c06235e0c7807e047042e7a9907c5b0ad188eeaf901abb',
  );
  expect(sha256(foreign2017Text)).toBe('c3c2b285838ea68565afdcf86b788cd0c2bb506ad027c797d50d84a242a9c87b');
  expect(sha256(foreign2023Text)).toBe('1771422da3a174c11538b9487c27345de6c4d355c09db862863ed30347fd0e1f');
});

test('each of the four records reads as the card it was written from, without address and without a warning', () => {
  expect(parseCardRecord(residentText)).toEqual(read(resident));
  expect(parseCardRecord(residencePermitText)).toEqual(read(cardsOfVectors.residencePermit));
  expect(parseCardRecord(foreign2017Text)).toEqual(read(cardsOfVectors.foreign2017));
  expect(parseCardRecord(foreign2023Text)).toEqual(read(cardsOfVectors.foreign2023));
});

test('padding with zeros instead of spaces reads the same, but for the spaces that belong to a name', () => {
  const zeros = Uint8Array.from(residentText, (byte) => (byte === 0x20 ? 0 : byte));
  expect(parseCardRecord(zeros)).toEqual(read(resident));
  const permit = Uint8Array.from(residencePermitText, (byte) => (byte === 0x20 ? 0 : byte));
  expect(parseCardRecord(permit)).toEqual(read(cardsOfVectors.residencePermit));
});

test('the address is read only when it is asked for, and only from cards that have one', () => {
  const wanted = { address: true };
  expect(parseCardRecord(residentText, wanted)).toMatchObject(
    withFields({ kind: 'resident', address: '北京市朝阳区示例路1号' }),
  );
  expect(parseCardRecord(residencePermitText, wanted)).toMatchObject(
    withFields({ kind: 'residence-permit', address: '上海市黄浦区示例路2号' }),
  );
  for (const text of [foreign2017Text, foreign2023Text]) {
    const outcome = parseCardRecord(text, wanted);
    expect(outcome.ok && 'address' in outcome.value.card).toBe(false);
  }
  expect(parseCardRecord(residentTextWith(52, 70, '示例\uD840'), wanted)).toEqual(badField('address'));
  expect(parseCardRecord(residentTextWith(52, 70, '示例\uD840')).ok).toBe(true);
});

describe('names', () => {
  test('that fill their field, rare characters and private-use characters are kept', () => {
    for (const name of ['测'.repeat(15), '𬱖䶮㛃', '测\u{E863}', '阿卜杜·测试', '测 试', '\u{F0000}测']) {
      expect(parseWith(0, 30, name)).toMatchObject(withFields({ name }));
    }
  });

  test('with half a surrogate pair, a control character or nothing in them are refused', () => {
    for (const name of ['测\uD840', '\uDC00测', '测\n试', '测\0试', '测\uFFFF', '']) {
      expect(parseWith(0, 30, name)).toEqual(badField('name'));
    }
    expect(parseCardRecord(textWith(foreign2017Text, 0, 120, ''))).toEqual(badField('englishName'));
    expect(parseCardRecord(textWith(foreign2023Text, 0, 30, '测\uD840'))).toEqual(badField('chineseName'));
  });

  test('of foreigners may have no Chinese form', () => {
    for (const [text, offset] of [
      [foreign2017Text, 158],
      [foreign2023Text, 0],
    ] as const) {
      expect(parseCardRecord(textWith(text, offset, 30, ''))).toMatchObject(withFields({ chineseName: '' }));
    }
  });

  test.each([
    ['fill the first part and end there', 'A'.repeat(35), '', 'A'.repeat(35)],
    ['go on in the middle of a word', 'A'.repeat(35), 'BC', `${'A'.repeat(35)}BC`],
    ['have a space at the seam', `${'A'.repeat(34)} `, 'B', `${'A'.repeat(34)} B`],
    ['go on with a space', 'A'.repeat(35), ' B', `${'A'.repeat(35)} B`],
    ['were broken between two words', 'ANNA', 'MARIA', 'ANNA MARIA'],
    ['fill both parts', 'A'.repeat(35), 'B'.repeat(11), `${'A'.repeat(35)}${'B'.repeat(11)}`],
    ['are short', 'ANNA', '', 'ANNA'],
  ])('on cards of 2023 that %s are joined', (_, first, overflow, englishName) => {
    const text = textWith(textWith(foreign2023Text, 52, 70, first), 220, 22, overflow);
    expect(parseCardRecord(text)).toMatchObject(withFields({ englishName }));
  });
});

describe('the letter at 248', () => {
  test('alone tells the kind: any other than I, J and Y is a resident’s', () => {
    expect(parseWith(248, 2, 'Z')).toMatchObject(withFields({ kind: 'resident' }));
    expect(parseWith(248, 2, '\u0149')).toMatchObject(withFields({ kind: 'resident' }));
    // Laid out as a permit: what a resident has at 220 and 238 is blank.
    expect(parseWith(248, 2, 'J')).toMatchObject(
      withFields({ kind: 'residence-permit', travelPermitNumber: '', issueCount: '' }),
    );
  });

  test('that is missing on a card with the number of another kind gives a warning, read or not', () => {
    expect(parseWith(122, 36, '932682198501010017')).toEqual(
      read({ ...resident, idNumber: '932682198501010017' }, ['type-flag']),
    );
    expect(parseWith(122, 36, '810000195005050001')).toMatchObject({ value: { warnings: ['type-flag'] } });
    expect(parseCardRecord(textWith(foreign2017Text, 248, 2, ' '))).toEqual(badField('sex', ['type-flag']));
  });

  test('that contradicts the number gives a warning and still decides', () => {
    const text = textWith(residencePermitText, 122, 36, '932682198501010017');
    expect(parseCardRecord(text)).toMatchObject({
      ok: true,
      value: { card: { kind: 'residence-permit' }, warnings: ['type-flag'] },
    });
  });

  test('on a permit whose region no list knows yet gives no warning', () => {
    const text = textWith(residencePermitText, 122, 36, '440524188001010014');
    expect(parseCardRecord(text)).toMatchObject({ ok: true, value: { warnings: [] } });
  });
});

describe('check digits', () => {
  test('of 18-character numbers are hard on all three kinds of card that have them', () => {
    for (const idNumber of ['110105194912310021', '11010519491231002x', '11010519491231A02X', '']) {
      expect(parseWith(122, 36, idNumber)).toEqual(badField('idNumber'));
      for (const text of [residencePermitText, foreign2023Text]) {
        expect(parseCardRecord(textWith(text, 122, 36, idNumber))).toEqual(badField('idNumber'));
      }
    }
    for (const idNumber of ['11010519491231002X', '440524188001010014', '11010219840406970X']) {
      expect(parseWith(122, 36, idNumber)).toMatchObject(withFields({ idNumber }));
    }
    for (const idNumber of ['932682198501010017', '911124198108030024']) {
      expect(parseCardRecord(textWith(foreign2023Text, 122, 36, idNumber))).toMatchObject(
        withFields({ idNumber }),
      );
    }
  });

  test('of a foreigner’s number of 2017 only give a warning; its form is hard', () => {
    const wrong = textWith(foreign2017Text, 122, 30, 'ZZZ110000000019');
    expect(parseCardRecord(wrong)).toEqual(
      read({ ...cardsOfVectors.foreign2017, idNumber: 'ZZZ110000000019' }, ['check-digit']),
    );
    for (const idNumber of ['ZZ1110000000018', 'zzz110000000018', 'ZZZ11000000001']) {
      expect(parseCardRecord(textWith(foreign2017Text, 122, 30, idNumber))).toEqual(badField('idNumber'));
    }
  });

  test('tell every wrong digit and every two neighbours that changed places', () => {
    const good = '440524188001010014';
    for (let at = 0; at < 17; at += 1) {
      for (let digit = 0; digit < 10; digit += 1) {
        const changed = `${good.slice(0, at)}${digit}${good.slice(at + 1)}`;
        expect(parseWith(122, 36, changed).ok).toBe(changed === good);
      }
      const swapped = `${good.slice(0, at)}${good[at + 1]}${good[at]}${good.slice(at + 2)}`;
      expect(parseWith(122, 36, swapped).ok).toBe(swapped === good);
    }
  });
});

describe('dates and codes', () => {
  test('dates must exist, and a card cannot end before it begins', () => {
    expect(parseWith(36, 16, '19490230')).toEqual(badField('birthDate'));
    expect(parseWith(36, 16, '1949 231')).toEqual(badField('birthDate'));
    expect(parseWith(36, 16, '00000000')).toEqual(badField('birthDate'));
    expect(parseWith(188, 16, '20210229')).toEqual(badField('validFrom'));
    expect(parseWith(188, 16, '20200229')).toMatchObject(withFields({ validFrom: '20200229' }));
    expect(parseWith(204, 16, '20400101')).toMatchObject(withFields({ validTo: '20400101' }));
    expect(parseWith(204, 16, '20191231')).toEqual(badField('validTo'));
    expect(parseWith(204, 16, '永久')).toEqual(badField('validTo'));
    expect(parseCardRecord(textWith(foreign2017Text, 204, 16, '20171231'))).toEqual(badField('validTo'));
    expect(parseCardRecord(textWith(residencePermitText, 204, 16, '长期'))).toMatchObject(
      withFields({ validTo: 'long-term' }),
    );
  });

  test('nationality and counts have their form, what nothing depends on may be blank', () => {
    expect(parseCardRecord(textWith(foreign2017Text, 152, 6, 'Z1'))).toEqual(badField('nationality'));
    expect(parseCardRecord(textWith(foreign2023Text, 242, 6, ''))).toEqual(badField('nationality'));
    expect(parseCardRecord(textWith(foreign2023Text, 32, 4, 'A'))).toEqual(badField('renewalCount'));
    expect(parseCardRecord(textWith(residencePermitText, 238, 4, '2'))).toEqual(badField('issueCount'));
    expect(parseCardRecord(textWith(residencePermitText, 238, 4, ''))).toMatchObject(
      withFields({ issueCount: '' }),
    );
    expect(parseCardRecord(textWith(foreign2023Text, 32, 4, ''))).toMatchObject(
      withFields({ renewalCount: '' }),
    );
    expect(parseWith(32, 4, '')).toEqual(badField('ethnicCode'));
    expect(parseCardRecord(textWith(residencePermitText, 220, 18, ''))).toMatchObject(
      withFields({ travelPermitNumber: '' }),
    );
    expect(parseCardRecord(textWith(foreign2023Text, 250, 6, ''))).toMatchObject(
      withFields({ previousVersionLink: '' }),
    );
    expect(parseCardRecord(textWith(foreign2017Text, 120, 2, '3'))).toEqual(badField('sex'));
  });

  test('an ethnic code that no table knows does not spoil the read and stands for itself', () => {
    expect(parseWith(32, 4, '99')).toMatchObject(withFields({ ethnicCode: '99' }));
    expect(ethnicGroupName('99')).toBe('99');
    expect(ethnicGroupName('constructor')).toBe('constructor');
    expect(['01', '46', '56', '97'].map(ethnicGroupName)).toEqual(['汉', '德昂', '基诺', '其他']);
  });
});

test('a record of another length is refused', () => {
  for (const text of [residentText.subarray(1), new Uint8Array(0), new Uint8Array(512)]) {
    expect(parseCardRecord(text)).toEqual({ ok: false, error: { kind: 'wrong-length' } });
  }
});

test('any 256 bytes, and any bit flip in a good record, give a card or a typed error that holds no text of the card', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 256, maxLength: 256 }),
      fc.constantFrom(0x20, 0x49, 0x4a, 0x59),
      (text, flag) => {
        text[248] = flag;
        text[249] = 0;
        expect(typeof parseCardRecord(text, { address: true }).ok).toBe('boolean');
      },
    ),
  );
  for (const text of Object.values(texts)) {
    for (let bit = 0; bit < text.length * 8; bit += 1) {
      const flipped = Uint8Array.from(text);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const outcome = parseCardRecord(flipped);
      if (!outcome.ok) expect(JSON.stringify(outcome.error)).not.toMatch(/[测示]|1101|8100|ZZZ|SAMPLE|9326/);
    }
  }
});

/** Characters that names may hold: Chinese, beyond the first plane, private use, Latin; no padding at the end. */
const nameOf = (units: number) =>
  fc
    .array(fc.constantFrom('测', '试', '𬱖', '\u{E863}', '·', 'A', 'é', '-'), {
      minLength: 1,
      maxLength: units,
    })
    .map((characters) => characters.join(''))
    .filter((name) => name.length <= units);

test('whatever names, numbers and dates are written into a record come out as they went in', () => {
  const day = fc.date({
    min: new Date(Date.UTC(1900, 0)),
    max: new Date(Date.UTC(2099, 0)),
    noInvalidDate: true,
  });
  const birthDays = day.map((date) => date.toISOString().slice(0, 10).replaceAll('-', ''));
  fc.assert(
    fc.property(nameOf(15), nameOf(60), birthDays, (chineseName, englishName, birthDate) => {
      const one = textWith(textWith(residentText, 0, 30, chineseName), 36, 16, birthDate);
      expect(parseCardRecord(one)).toEqual(read({ ...resident, name: chineseName, birthDate }));
      const two = textWith(
        textWith(textWith(foreign2017Text, 0, 120, englishName), 158, 30, chineseName),
        220,
        16,
        birthDate,
      );
      expect(parseCardRecord(two)).toEqual(
        read({ ...cardsOfVectors.foreign2017, englishName, chineseName, birthDate }),
      );
      const three = textWith(textWith(residencePermitText, 0, 30, chineseName), 36, 16, birthDate);
      expect(parseCardRecord(three)).toEqual(
        read({ ...cardsOfVectors.residencePermit, name: chineseName, birthDate }),
      );
    }),
  );
  fc.assert(
    fc.property(nameOf(46), (englishName) => {
      const padded = englishName.padEnd(46);
      const text = textWith(
        textWith(foreign2023Text, 52, 70, padded.slice(0, 35)),
        220,
        22,
        padded.slice(35),
      );
      expect(parseCardRecord(text)).toEqual(read({ ...cardsOfVectors.foreign2023, englishName }));
    }),
  );
});

describe('blocks', () => {
  const replyData = residentReply.subarray(10, -1);
  const photo = Uint8Array.from({ length: 1024 }, (_, index) => index & 0xff);

  test('are found by the length fields, with and without fingerprints of every size, which are not handed out', () => {
    expect(cardBlocksOf(replyData, 2)).toEqual({ ok: true, value: { text: residentText, photo } });
    for (const bytes of [0, 512, 1024] as const) {
      const data = fingerprintReply(residentText, bytes).subarray(10, -1);
      expect(cardBlocksOf(data, 3)).toEqual({ ok: true, value: { text: residentText, photo } });
    }
  });

  test('follow the lengths and not the usual places', () => {
    const data = Uint8Array.of(1, 0, 0, 2, 0, 1, ...residentText, 7, 8, 9);
    expect(cardBlocksOf(data, 3)).toEqual({
      ok: true,
      value: { text: residentText, photo: Uint8Array.of(7, 8) },
    });
  });

  test('whose lengths do not add up, or whose text has another size, are refused', () => {
    for (let cut = 0; cut < replyData.length; cut += 1) {
      expect(cardBlocksOf(replyData.subarray(0, cut), 2)).toEqual({ ok: false, error: 'malformed-reply' });
    }
    expect(cardBlocksOf(replyData, 3).ok).toBe(false);
    expect(cardBlocksOf(fingerprintReply(residentText, 0).subarray(10, -1), 2).ok).toBe(false);
    expect(cardBlocksOf(Uint8Array.of(0, 2, 0, 0, 7, 7), 2).ok).toBe(false);
  });

  test('of any bytes are a result, never a throw', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 2500 }),
        fc.constantFrom(2 as const, 3 as const),
        (data, count) => {
          expect(typeof cardBlocksOf(data, count).ok).toBe('boolean');
        },
      ),
    );
  });
});

test('the newest address is read without its padding; half a surrogate, another length or a control character is none', () => {
  const block = replyVectors.newestAddress.subarray(10, -1);
  expect(block).toHaveLength(70);
  expect(parseNewestAddress(block)).toEqual({ ok: true, value: '示例新地址' });
  expect(parseNewestAddress(hex('2000*35'))).toEqual({ ok: true, value: undefined });
  expect(parseNewestAddress(hex('0000*35'))).toEqual({ ok: true, value: undefined });
  for (const wrong of [hex('3A79 40D8 2000*33'), hex('3A79 00DC 2000*33'), hex('0A00 3A79 2000*33')]) {
    expect(parseNewestAddress(wrong)).toEqual({ ok: false, error: 'malformed-address' });
  }
  expect(parseNewestAddress(block.subarray(2)).ok).toBe(false);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(typeof parseNewestAddress(bytes).ok).toBe('boolean');
    }),
  );
});
