import { createCanvas, loadImage } from '@napi-rs/canvas';
import { describe, expect, test } from 'vitest';

import { cardOf } from '../sandbox/citizens/card.ts';
import { checkCharacter } from '../sandbox/citizens/id-number.ts';
import { citizens, strangers } from '../sandbox/citizens/citizens.ts';
import { portraitPng } from '../sandbox/citizens/portrait.ts';

const TODAY = '2026-11-22';
const everybody = [...citizens(TODAY), ...strangers(TODAY)];

function oneOf(wanted: string) {
  const found = everybody.find((person) => person.case === wanted);
  if (found === undefined) throw new Error(`nobody stands for ${wanted}`);
  return found;
}

describe('the invented citizens', () => {
  test('are thirty or more, each with an id and a number of their own', () => {
    expect(citizens(TODAY).length).toBeGreaterThanOrEqual(30);
    expect(new Set(everybody.map((person) => person.id)).size).toBe(everybody.length);
    expect(new Set(everybody.map((person) => person.idNumber)).size).toBe(everybody.length);
  });

  test('have numbers that pass every check but belong to a region that does not exist', () => {
    // The worked example of GB 11643-1999.
    expect(checkCharacter('11010519491231002')).toBe('X');
    const eighteen = everybody.filter(({ cardKind }) => cardKind !== 'foreign-resident-2017');
    expect(eighteen.length).toBeGreaterThan(30);
    for (const { idNumber, birthDate, sex, cardKind } of eighteen) {
      const region = { resident: '310199', 'residence-permit': '819999', 'foreign-resident-2023': '900031' };
      expect(idNumber).toMatch(/^\d{6}\d{8}9\d\d[\dX]$/);
      expect(idNumber.slice(0, 6)).toBe(region[cardKind as keyof typeof region]);
      expect(idNumber.slice(6, 14)).toBe(birthDate);
      expect(Number(idNumber[16]) % 2).toBe(sex === '1' ? 1 : 0);
      expect(idNumber[17]).toBe(checkCharacter(idNumber.slice(0, 17)));
    }
  });

  test('carry cards of four kinds, each with what such a card has room for', () => {
    const kinds = new Set(everybody.map(({ cardKind }) => cardKind));
    expect(kinds.size).toBe(4);
    const old = oneOf('foreign-resident-2017');
    // XXA is no country; 3·7 + 3·3 … of XXA31995103179 is 538, so the check digit is 8.
    expect(old.idNumber).toBe('XXA319951031798');
    expect(cardOf(old)).toMatchObject({ kind: 'foreign-resident-2017', chineseName: '', nationality: 'XXA' });
    const english = everybody.flatMap(({ englishName }) => englishName ?? []);
    expect(Math.max(...english.map(({ length }) => length))).toBe(46);
    const both = everybody.find(({ id }) => id === 'an-ruolan');
    expect(both?.name).toBe('安若兰');
    expect(both && cardOf(both)).toMatchObject({
      chineseName: '安若兰',
      englishName: 'ANDERSON, LAURA JANE',
    });
    expect(cardOf(oneOf('residence-permit'))).toMatchObject({ kind: 'residence-permit', name: '郭美玲' });
    // Simulators that know one kind only are given no kind.
    expect(cardOf(oneOf('ordinary'))).not.toHaveProperty('kind');
  });

  test('have names of two and four characters, with a dot, with rare characters, and one that fills the card', () => {
    const names = everybody.map(({ name }) => name);
    for (const part of ['䶮', '㛃', '𬱖', '·']) expect(names.some((name) => name.includes(part))).toBe(true);
    expect(Array.from(oneOf('two-character-name').name)).toHaveLength(2);
    expect(Array.from(oneOf('four-character-name').name)).toHaveLength(4);
    expect(Array.from(oneOf('longest-name').name)).toHaveLength(15);
    // The card's name field holds 15 UTF-16 units.
    const onCards = everybody.filter(({ englishName }) => englishName === undefined);
    expect(onCards.every(({ name }) => name.length <= 15)).toBe(true);
  });

  test('stand for every case', () => {
    const cases = new Set(everybody.map((person) => person.case));
    for (const needed of [
      'under-60',
      'turns-60-today',
      'no-photo',
      'card-expired',
      'long-term-card',
      'active-code',
      'stranger',
      'code-expired',
      'code-lost',
      'daily-limit',
      'code-unconfirmed',
      'code-expiring-soon',
      'longest-name',
      'residence-permit',
      'foreign-resident-2017',
      'foreign-resident-2023',
    ] as const) {
      expect(cases).toContain(needed);
    }
    expect(oneOf('no-photo').hasPhoto).toBe(false);
    expect(oneOf('daily-limit').activatedToday).toBe(3);
  });

  test('grow older with the date given', () => {
    expect(oneOf('turns-60-today').birthDate).toBe('19661122');
    expect(oneOf('turns-60-tomorrow').birthDate).toBe('19661123');
    expect(oneOf('card-expired').cardValidTo).toBe('20261121');
    expect(oneOf('card-last-day').cardValidTo).toBe('20261122');
    expect(oneOf('card-last-day').cardValidFrom).toBe('20061122');
    expect(citizens('2028-02-29').find((person) => person.case === 'turns-60-today')?.birthDate).toBe(
      '19680229',
    );
  });
});

describe('the portraits', () => {
  test('are 360×450, the same each time, and of each person another', async () => {
    const drawn = citizens(TODAY).flatMap((person) => portraitPng(person) ?? []);
    expect(new Set(drawn.map((png) => Buffer.from(png).toString('base64'))).size).toBe(drawn.length);
    const [first] = citizens(TODAY);
    if (first === undefined) throw new Error('no citizens');
    const png = portraitPng(first) ?? new Uint8Array();
    expect(Buffer.from(png).equals(Buffer.from(portraitPng(first) ?? []))).toBe(true);
    const image = await loadImage(Buffer.from(png));
    expect([image.width, image.height]).toEqual([360, 450]);
    const pen = createCanvas(360, 450).getContext('2d');
    pen.drawImage(image, 0, 0);
    const [red = 0, , blue = 0] = pen.getImageData(4, 4, 1, 1).data;
    expect(blue).toBeGreaterThan(red);
  });

  test('are not there for a person without a photo', () => {
    expect(portraitPng(oneOf('no-photo'))).toBeUndefined();
  });
});
