import { expect, test } from 'vitest';
import { spellDate } from '../src/copy/calendar-date.ts';
import { citizen } from '../src/copy/zh-cn/citizen.ts';
import { ERROR_PLANS } from '../src/screens/error-plans.ts';
import { CHOICES } from '../src/view/kiosk-view.ts';

interface Line {
  readonly path: string;
  readonly text: string;
}

function linesOf(value: unknown, path: string): Line[] {
  if (typeof value === 'string') return [{ path, text: value }];
  return Object.entries(value as object).flatMap(([key, inner]) =>
    linesOf(inner, path === '' ? key : `${path}.${key}`),
  );
}

const LINES = linesOf(citizen, '');
const hanzi = (text: string) => text.match(/\p{Script=Han}/gu)?.length ?? 0;
const sentences = (text: string) => text.split(/[。？]/u).filter((sentence) => sentence !== '');

test('no title is longer than 12 hanzi', () => {
  const titles = LINES.filter(({ path }) => /title$/iu.test(path));
  expect(titles.length).toBeGreaterThan(40);
  expect(titles.filter(({ text }) => hanzi(text) > 12)).toEqual([]);
});

test('no sentence is longer than 18 hanzi', () => {
  const tooLong = LINES.flatMap(({ path, text }) =>
    sentences(text)
      .filter((sentence) => hanzi(sentence) > 18)
      .map((sentence) => `${path}: ${sentence}`),
  );
  expect(tooLong).toEqual([]);
});

test('nobody is blamed, hurried, or spoken to in jargon, abbreviations or exclamations', () => {
  const banned =
    /老人家|用户|亲[，。]|尽快|立即|限时|错误|非法|失败|操作不当|凭条|介质|终端|识读|鉴权|核验|系统异常|网络超时|请重试|[!！]|[A-Za-z]/u;
  const reviewed = LINES.map(({ path, text }) => ({
    path,
    text: text.replaceAll(/\{\{\w+\}\}/gu, ''),
  }));
  expect(reviewed.filter(({ text }) => banned.test(text))).toEqual([]);
});

test('every error says what happened and what to do', () => {
  expect(Object.keys(citizen.error).sort()).toEqual(Object.keys(ERROR_PLANS).sort());
  const action = /请|可以用|要扫/u;
  for (const [code, { title, body }] of Object.entries(citizen.error)) {
    const { keys } = ERROR_PLANS[code as keyof typeof ERROR_PLANS];
    expect(title, code).not.toBe('');
    expect(keys.length, code).toBeGreaterThan(0);
    const deeds = body + keys.map((key) => (typeof key === 'string' ? key : key[0])).join(' ');
    expect(action.test(body) || /retry|reissue/u.test(deeds), code).toBe(true);
  }
});

test('every choice that a view can offer has words of its own', () => {
  expect(Object.keys(citizen.choice).sort()).toEqual([...CHOICES].sort());
});

test('a number never loses its unit at the end of a line', () => {
  expect(LINES.filter(({ text }) => /[\d}] (?:岁|秒|天|分钟)/u.test(text))).toEqual([]);
});

test('dates are spelled the way people read them, and nothing else is', () => {
  expect(spellDate('2027-05-20')).toBe('2027年5月20日');
  expect(spellDate('2026-12-01')).toBe('2026年12月1日');
  expect(spellDate('soon')).toBe('soon');
});
