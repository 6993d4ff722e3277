import { fc, test as propertyTest } from '@fast-check/vitest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addDays, daysBetween, hasAge, shanghaiDate } from '../sandbox/central-service/calendar.ts';
import { makeShortCode, makeToken, readCodeText } from '../sandbox/central-service/code-texts.ts';
import { systemRandom } from '../src/platform/random.ts';
import { SandboxCentre } from './fixtures/sandbox-centre.ts';

let centre: SandboxCentre;
beforeAll(async () => {
  centre = await new SandboxCentre().start();
});
afterAll(() => centre.end());

/** Issued on the first day, valid through the second: 180 days with the day of issue. */
const SPANS = [
  ['2026-11-22', '2027-05-20'],
  ['2027-12-31', '2028-06-27'], // over a year's end and 29 February
  ['2028-02-29', '2028-08-26'],
  ['2028-09-01', '2029-02-27'], // over a year's end, no leap day
] as const;

describe('180 days', () => {
  test.each(SPANS)('a code issued on %s works through %s and not a second longer', async (issued, last) => {
    const person = centre.citizen('wang-guilan');
    await centre.setTime(`${issued}T00:00:05+08:00`);
    const code = await centre.activated(person, 'apply');
    expect(code).toMatchObject({ issuedOn: issued, validUntil: last });
    expect(daysBetween(issued, last) + 1).toBe(180);
    await centre.setTime(`${last}T23:59:50+08:00`);
    expect((await centre.verify(code.token)).body['status']).toBe('valid');
    const held = await centre.identify(person, 'kiosk-1', { validTo: 'long-term' });
    expect(held.body['currentCode']).toMatchObject({ status: 'active', daysLeft: 1, validUntil: last });
    await centre.setTime(`${addDays(last, 1)}T00:00:01+08:00`);
    expect((await centre.verify(code.token)).body).toMatchObject({ status: 'expired', statusText: '已过期' });
  });

  test('are fixed when the code is reserved, not when it is activated', async () => {
    await centre.setTime('2030-03-01T23:58:00+08:00');
    const code = await centre.reserved(centre.citizen('he-shan'), 'apply');
    await centre.setTime('2030-03-02T00:01:00+08:00');
    expect((await centre.activate(code.operationId)).body['validUntil']).toBe(code.validUntil);
    expect(code.issuedOn).toBe('2030-03-01');
  });
});

describe('the daily limit', () => {
  test('counts activated codes of one Shanghai day; void ones and yesterday do not count', async () => {
    const person = centre.citizen('lu-yun');
    await centre.setTime('2031-06-01T23:50:00+08:00');
    await centre.activated(person, 'apply');
    await centre.setTime('2031-06-02T00:00:10+08:00');
    await centre.activated(person, 'reissue');
    await centre.activated(person, 'reissue');
    const third = await centre.activated(person, 'reissue');
    const full = await centre.identify(person, 'kiosk-1', { validTo: 'long-term' });
    expect(full.body['eligibility']).toEqual({ eligible: false, reasons: ['daily-limit'] });
    const refused = await centre.reserve(systemRandom.uuid(), 'reissue', full.body['subjectToken']);
    expect([refused.status, refused.problem]).toEqual([409, 'daily-limit']);
    await centre.void(third.operationId);
    await centre.activated(person, 'reissue');
  });
});

describe('the calendar', () => {
  test('a day begins at midnight in Shanghai, 16:00 UTC', () => {
    expect(shanghaiDate(Date.parse('2027-12-31T15:59:59.999Z'))).toBe('2027-12-31');
    expect(shanghaiDate(Date.parse('2027-12-31T16:00:00Z'))).toBe('2028-01-01');
  });

  test('sixty is reached on the birthday', () => {
    expect(hasAge('1967-03-01', 60, '2027-02-28')).toBe(false);
    expect(hasAge('1967-03-01', 60, '2027-03-01')).toBe(true);
    expect(hasAge('1968-02-29', 60, '2028-02-28')).toBe(false);
    expect(hasAge('1968-02-29', 60, '2028-02-29')).toBe(true);
    expect(hasAge('2044-02-29', 56, '2100-02-28')).toBe(false);
    expect(hasAge('2044-02-29', 56, '2100-03-01')).toBe(true);
  });

  propertyTest.prop([fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: -1000, max: 1000 })])(
    'adding days and counting them agree',
    (start, days) => {
      const date = addDays('1990-01-01', start);
      expect(daysBetween(date, addDays(date, days))).toBe(days);
    },
  );
});

describe('code texts', () => {
  const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
  const from = (source: Uint8Array) => ({
    ...systemRandom,
    bytes: (count: number) => source.subarray(0, count),
  });

  propertyTest.prop([bytes])('a made token reads back as itself, and no prefix of it does', (source) => {
    const token = makeToken(from(source));
    expect(token).toMatch(/^OC1[A-Z2-7]{31}$/);
    expect(readCodeText(token)).toEqual({ kind: 'token', token });
    for (let end = 0; end < token.length; end += 1) {
      expect(readCodeText(token.slice(0, end)).kind).not.toBe('token');
    }
  });

  propertyTest.prop([bytes, fc.integer({ min: 0, max: 11 }), fc.integer({ min: 1, max: 31 })])(
    'one wrong character of a short code never reads as another code',
    (source, position, step) => {
      const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
      const code = makeShortCode(from(source));
      expect(code).toMatch(/^[2-9A-HJ-NP-Z]{12}$/);
      expect(readCodeText(code)).toEqual({ kind: 'short-code', shortCode: code });
      const wrong = alphabet[(alphabet.indexOf(code.charAt(position)) + step) % 32];
      const typo = code.slice(0, position) + wrong + code.slice(position + 1);
      expect(readCodeText(typo).kind).toBe('foreign');
    },
  );

  propertyTest.prop([fc.string({ unit: 'binary', maxLength: 600 })])(
    'any text gives a kind, never a throw',
    (text) => {
      expect(['token', 'short-code', 'suishen-code', 'foreign']).toContain(readCodeText(text).kind);
    },
  );
});
