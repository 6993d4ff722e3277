import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { agedContrast, contrast, type Colour } from './a11y/contrast.ts';

const tokens = new Map(
  Array.from(
    readFileSync('src/screens/styles/tokens.css', 'utf8').matchAll(/--([a-z0-9-]+): (#[0-9a-f]{6});/g),
    ([, name, colour]) => [name ?? '', colour as Colour],
  ),
);
const colour = (name: string): Colour => {
  const found = name.startsWith('#') ? (name as Colour) : tokens.get(name);
  if (found === undefined) throw new Error(`no colour ${name}`);
  return found;
};

/** What is written in which colour on which (styles). */
const TEXTS = [
  ['ink', 'page'],
  ['ink', 'card'],
  ['ink-2', 'card'],
  ['ink-2', 'page'],
  ['ink-2', 'tint'],
  ['#ffffff', 'primary'],
  ['#ffffff', 'primary-pressed'],
  ['primary', 'page'],
  ['primary', 'card'],
  ['#ffffff', 'good'],
  ['#ffffff', 'stopped'],
  ['ink', 'attention'],
  ['attention-ink', 'attention-tint'],
] as const;
/** Edges without which a key or card could not be told from what it lies on. */
const EDGES = [
  ['border', 'page'],
  ['border', 'card'],
  ['primary', 'page'],
  ['attention-ink', 'page'],
  ['attention', '#000000'],
] as const;

test.for(TEXTS)('%s on %s can be read, also by a 70-year-old under glare', ([text, ground]) => {
  expect(contrast(colour(text), colour(ground))).toBeGreaterThanOrEqual(8);
  expect(agedContrast(colour(text), colour(ground))).toBeGreaterThanOrEqual(4.5);
});

test.for(EDGES)('%s can be told from %s, also by a 70-year-old under glare', ([edge, ground]) => {
  expect(contrast(colour(edge), colour(ground))).toBeGreaterThanOrEqual(6);
  expect(agedContrast(colour(edge), colour(ground))).toBeGreaterThanOrEqual(3);
});

test('the body text of every screen is as dark as can be', () => {
  expect(contrast(colour('ink'), colour('page'))).toBeGreaterThanOrEqual(16);
});

test('the eye that ages is asked something: what fails it is found', () => {
  // Pale blue on white, well readable at 30 and lost at 70 (elderly-ux §2).
  expect(contrast('#5b8cff', '#ffffff')).toBeGreaterThan(3);
  expect(agedContrast('#5b8cff', '#ffffff')).toBeLessThan(3);
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
});
