import { describe, expect, test } from 'vitest';
import { inTraditional, traditional as traditionalOf } from '../scripts/traditional-script.ts';
import { spellDate } from '../src/copy/calendar-date.ts';
import { CITIZEN_LANGUAGES, CITIZEN_PACKS } from '../src/copy/citizen-languages.ts';
import { createCitizenText } from '../src/copy/citizen-text.ts';
import { citizen as english } from '../src/copy/en/citizen.ts';
import { citizen as simplified } from '../src/copy/zh-cn/citizen.ts';
import { citizen as traditional } from '../src/copy/zh-hant/citizen.ts';
import { ERROR_PLANS } from '../src/screens/error-plans.ts';

function linesOf(value: unknown, path = ''): readonly (readonly [path: string, text: string])[] {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(value as object).flatMap(([key, inner]) =>
    linesOf(inner, path === '' ? key : `${path}.${key}`),
  );
}

const TITLE = /title$/iu;
const GAPS = /\{\{\w+\}\}/gu;

describe.for(CITIZEN_LANGUAGES)('%s', (language) => {
  const lines = linesOf(CITIZEN_PACKS[language]);

  test('has every sentence, none of them empty, with the same gaps for values', () => {
    const gaps = (pack: unknown) =>
      Object.fromEntries(linesOf(pack).map(([path, text]) => [path, text.match(GAPS)?.toSorted() ?? []]));
    expect(gaps(CITIZEN_PACKS[language])).toEqual(gaps(simplified));
    expect(lines.filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  test('is what the screens get when they ask for it', async () => {
    const texts = createCitizenText();
    await texts.changeLanguage(language);
    expect(texts.t('error.E14.title')).toBe(CITIZEN_PACKS[language].error.E14.title);
    expect(texts.t('screen.codeStatus.daysLeft', { days: 12 })).toContain('12\u00a0');
  });

  test('keeps a number with its unit on one line', () => {
    expect(
      lines.filter(([, text]) => /[\d}] (?:岁|歲|秒|天|分钟|分鐘|seconds|days|minute)/u.test(text)),
    ).toEqual([]);
  });
});

describe('English', () => {
  const lines = linesOf(english).map(([path, text]) => [path, text.replaceAll('\u00a0', ' ')] as const);
  const sentences = lines.flatMap(([path, text]) =>
    text.split(/(?<=[.?])\s+/u).map((sentence) => [path, sentence] as const),
  );

  test('has titles of 40 characters and sentences of 14 words at most', () => {
    const titles = lines.filter(([path]) => TITLE.test(path));
    expect(titles.length).toBeGreaterThan(40);
    expect(titles.filter(([, text]) => text.length > 40)).toEqual([]);
    expect(sentences.filter(([, sentence]) => sentence.split(' ').length > 14)).toEqual([]);
  });

  test('is made of short words: on the average no more than five letters', () => {
    const words = lines.flatMap(([, text]) => text.replaceAll(GAPS, '').match(/[A-Za-z]+/gu) ?? []);
    expect(words.join('').length / words.length).toBeLessThan(5);
    expect([...new Set(words.filter((word) => word.length > 11))]).toEqual(['Shanghainese']);
  });

  test('blames and hurries nobody, and has no jargon', () => {
    const banned =
      /\b(?:user|elderly|senior|old people|terminal|device|media|receipt|session|system|network|server|timed? ?out|errors?|illegal|invalid|fail(?:ed|ure)?|authenticat\w*|verif\w*|identif\w*|credential|retry|abort|immediately|quickly|hurry|at once|asap|must|wrong card|your mistake|reissue|QR)\b|!/iu;
    expect(lines.filter(([, text]) => banned.test(text))).toEqual([]);
  });

  test('speaks of the code by its official names, and of one thing by one name', () => {
    const all = lines.map(([, text]) => text).join('\n');
    expect(all).toContain('Suishen Code');
    expect(all).toContain('offline code');
    expect(all).not.toMatch(
      /suishen(?!ban)(?! (?:Code|Offline Code))|health code|identity card|desk\b|clerk/iu,
    );
    expect(all).not.toMatch(/\p{Script=Han}/u);
  });

  test('says in every error what to do', () => {
    const deed = /\b(?:please|take|use|call|wait|try|lift|get)\b/iu;
    for (const [code, { title, body }] of Object.entries(english.error)) {
      const { keys } = ERROR_PLANS[code as keyof typeof ERROR_PLANS];
      expect(keys.length, code).toBeGreaterThan(0);
      expect(`${title}. ${body}`, code).toMatch(deed);
    }
  });

  test('writes dates with the month as a word, on one line', () => {
    expect(spellDate('2027-05-20', 'en')).toBe('20\u00a0May\u00a02027');
    expect(spellDate('2026-12-01', 'en')).toBe('1\u00a0December\u00a02026');
    expect(spellDate('soon', 'en')).toBe('soon');
  });
});

describe('繁體', () => {
  const lines = linesOf(traditional);

  test('is what zh-CN says, in the other script (npm run traditional)', () => {
    expect(traditional).toEqual(inTraditional(simplified));
  });

  test('says as much as zh-CN, character by character', () => {
    const lengths = (pack: unknown) =>
      linesOf(pack).map(([path, text]) => `${path} ${Array.from(text).length}`);
    expect(lengths(traditional)).toEqual(lengths(simplified));
  });

  test('has the words of the service as they are written', () => {
    const all = lines.map(([, text]) => text).join('\n');
    const words = [
      '隨申碼',
      '離線碼',
      '隨申辦',
      '申領',
      '補領',
      '領取',
      '掛失',
      '身份證',
      '服務窗口',
      '出紙口',
      '這台機器',
    ];
    expect(words.filter((word) => !all.includes(word))).toEqual([]);
  });

  test('has no character that only the simplified script has', () => {
    // A kilometre is written alike in both.
    const characters = [...new Set(lines.map(([, text]) => text.replaceAll('公里', '')).join(''))];
    expect(characters.filter((character) => traditionalOf(character) !== character)).toEqual([]);
    // Some of those that there would be, whatever the converter thinks of them.
    expect(characters.join('')).not.toMatch(/[码领补证离线办机这请没设听说纸还后里]/u);
  });
});
