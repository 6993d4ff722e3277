import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  noticeTexts,
  readKeptNotices,
  readNotice,
  readNoticeHeads,
  type Notice,
} from '../src/directory/notices.ts';
import { distanceM } from '../src/directory/places.ts';
import { readTerminals, terminalPages, type Terminal } from '../src/directory/terminals.ts';

const HERE = { latitude: 31.2311, longitude: 121.4702 };
const line = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
const terminal = fc.record({
  terminalId: fc.stringMatching(/^[a-z0-9-]{1,20}$/),
  name: line,
  address: line,
  openingHours: line,
  latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
  inService: fc.boolean(),
});
const notice: Notice = {
  noticeId: 'n1',
  revision: 'r1',
  kind: 'guide',
  title: '加装电梯提取公积金',
  publishedOn: '2026-04-01',
  until: '2026-12-31',
  sections: [
    {
      heading: '谁可以提取',
      paragraphs: [
        { text: '房主本人。', recording: { recordingId: 'rec', sha256: 'a'.repeat(64) } },
        { text: '房主的配偶。' },
      ],
    },
    { heading: '到哪里办', paragraphs: [{ text: '到网点办。' }] },
  ],
};

/** A value with one of its inner ones exchanged for anything. */
function spoilt(value: unknown): fc.Arbitrary<unknown> {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (keys.length === 0) return fc.jsonValue();
  return fc.constantFrom(...keys).chain((key) =>
    fc.oneof(fc.jsonValue(), spoilt((value as Record<string, unknown>)[key])).map((inner) => {
      if (Array.isArray(value)) return value.with(Number(key), inner);
      return { ...(value as object), [key]: inner };
    }),
  );
}

describe('what the centre says', () => {
  test('is read or refused, whatever it is; nothing throws', () => {
    const anything = fc.oneof(
      fc.anything(),
      fc.jsonValue(),
      spoilt(notice),
      spoilt({ notices: [notice] }),
      spoilt({
        terminals: [
          { ...HERE, terminalId: 't', name: 'n', address: 'a', openingHours: 'o', inService: true },
        ],
      }),
    );
    fc.assert(
      fc.property(anything, (content) => {
        for (const read of [readTerminals, readNoticeHeads, readNotice, readKeptNotices]) {
          const found = read(content);
          if (found === undefined) continue;
          // What was read once is read again from the cache, the same.
          const again =
            read === readNotice ? found : read === readTerminals ? { terminals: found } : { notices: found };
          expect(JSON.stringify(read(JSON.parse(JSON.stringify(again))))).toBe(JSON.stringify(found));
        }
      }),
      { numRuns: 3_000 },
    );
  });

  test('keeps nothing that a printer would carry out or that reads otherwise than it stands', () => {
    fc.assert(
      fc.property(fc.array(terminal, { maxLength: 20 }), (terminals) => {
        const read = readTerminals({ terminals });
        for (const { name, address, openingHours } of read ?? []) {
          for (const text of [name, address, openingHours]) expect(text).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]+$/u);
        }
      }),
    );
    expect(readNotice({ ...notice, title: '\u001b@\u202e工公' })?.title).toBe('@工公');
  });

  test('is refused when it is more than the glass has room for', () => {
    const one = { ...HERE, terminalId: 't', name: 'n', address: 'a', openingHours: 'o', inService: true };
    expect(readTerminals({ terminals: Array.from({ length: 100 }, () => one) })).toHaveLength(100);
    expect(readTerminals({ terminals: Array.from({ length: 101 }, () => one) })).toBeUndefined();
    expect(readTerminals({ terminals: [{ ...one, name: '长'.repeat(65) }] })).toBeUndefined();
    expect(readTerminals({ terminals: [{ ...one, name: ' \u0007 ' }] })).toBeUndefined();
    const section = { heading: '谁', paragraphs: [{ text: '字'.repeat(73) }] };
    expect(readNotice({ ...notice, sections: [section] })).toBeUndefined();
    expect(readNotice({ ...notice, title: '字'.repeat(21) })).toBeUndefined();
    expect(readNotice({ ...notice, sections: [] })).toBeUndefined();
    expect(readNotice(notice)).toEqual(notice);
  });
});

describe('the pages', () => {
  test('hold working machines other than this one, nearest first, three at most, and no more than twelve', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(terminal, { selector: ({ terminalId }) => terminalId, maxLength: 30 }),
        (given) => {
          const terminals = readTerminals({ terminals: given }) ?? [];
          const own = terminals[0]?.terminalId ?? 'none';
          const pages = terminalPages(terminals, { id: own, place: HERE });
          const shown = pages.flatMap((page) => page.terminals);
          const others = terminals.filter(({ terminalId, inService }) => inService && terminalId !== own);
          expect(shown).toHaveLength(Math.min(12, others.length));
          expect(pages.every((page) => page.terminals.length >= 1 && page.terminals.length <= 3)).toBe(true);
          expect(pages.every((page) => page.map?.terminals.length === page.terminals.length)).toBe(true);
          const nearest = others.map((other) => Math.round(distanceM(HERE, other))).sort((a, b) => a - b);
          expect(shown.map(({ distanceM }) => distanceM)).toEqual(nearest.slice(0, shown.length));
        },
      ),
    );
  });

  const plain = (number: number, rest: Partial<Terminal> = {}): Terminal => ({
    terminalId: `t${number}`,
    name: `第${number}台`,
    address: '长乐路1号',
    openingHours: '9:00–17:00',
    latitude: HERE.latitude + number / 1_000,
    longitude: HERE.longitude,
    inService: true,
    ...rest,
  });

  test('have fewer machines where texts are long, because nothing is cut off', () => {
    const sizes = (rest: Partial<Terminal>) =>
      terminalPages(
        [1, 2, 3, 4].map((number) => plain(number, rest)),
        { id: 'k', place: HERE },
      ).map(({ terminals }) => terminals.length);
    expect(sizes({})).toEqual([3, 1]);
    expect(sizes({ address: '样板区松鹤北路一百六十八弄东楼大厅' })).toEqual([2, 2]);
  });

  test('have neither distance nor map where this machine does not know where it stands', () => {
    const [page] = terminalPages([plain(2), plain(1)], { id: 'k' });
    expect(page).toEqual({
      terminals: [plain(2), plain(1)].map(({ name, address, openingHours }) => ({
        name,
        address,
        openingHours,
      })),
    });
  });

  test('of a notice are its paragraphs, each with the number of its section', () => {
    const [text] = noticeTexts([notice], '2026-11-22', ({ recording }) => recording?.sha256);
    expect(text).toEqual({
      kind: 'guide',
      title: '加装电梯提取公积金',
      pages: [
        { section: 1, heading: '谁可以提取', text: '房主本人。', recording: 'a'.repeat(64) },
        { section: 1, heading: '谁可以提取', text: '房主的配偶。' },
        { section: 2, heading: '到哪里办', text: '到网点办。' },
      ],
    });
  });

  test('of a notice are there from its first day to its last', () => {
    const shown = (today: string) => noticeTexts([notice], today, () => undefined).length;
    expect(['2026-03-31', '2026-04-01', '2026-12-31', '2027-01-01'].map(shown)).toEqual([0, 1, 1, 0]);
  });
});
