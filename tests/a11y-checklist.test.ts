import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { CHECKLIST } from './a11y/checklist.ts';

test('the checklist has its thirty lines, and each has a proof or says why only people can give one', () => {
  expect(CHECKLIST.map(({ line }) => line)).toEqual(Array.from({ length: 30 }, (_, at) => at + 1));
  for (const { line, proof, people } of CHECKLIST)
    expect(proof.length > 0 || people !== undefined, String(line)).toBe(true);
});

test('every proof that the checklist names is there', () => {
  const missing = CHECKLIST.flatMap(({ proof }) => proof).filter((name) => {
    const [file = '', title = '?'] = name.split(' › ');
    const place = path.join(import.meta.dirname, file);
    return !existsSync(place) || !readFileSync(place, 'utf8').includes(title);
  });
  expect(missing).toEqual([]);
});
