import { expect, test } from 'vitest';
import { seeded } from './simulation/seeded.ts';
import { bestFit } from './sound/correlation.ts';

const random = seeded(7);
/** Hiss through a low pass: like a voice it resembles itself from one sample to the next, and no other one. */
function hiss(length: number): Float64Array {
  let last = 0;
  return Float64Array.from({ length }, () => (last = 0.8 * last + (random() - 0.5)));
}

const prompt = hiss(12_000);
const other = hiss(12_000);

function recordingOf(...parts: readonly Float64Array[]): Float64Array {
  return Float64Array.from(parts.flatMap((part) => [...part]));
}

test('a prompt is found where it lies, however softly it is played', () => {
  const soft = prompt.map((sample) => sample * 0.25);
  const fit = bestFit(recordingOf(new Float64Array(5_000), soft, new Float64Array(3_000)), prompt);
  expect(fit.lag).toBe(5_000);
  expect(fit.correlation).toBeCloseTo(1, 3);
  expect(fit.gain).toBeCloseTo(0.25, 3);
});

test('it is found among others, and what is not there is not found', () => {
  const recording = recordingOf(other, new Float64Array(2_000), prompt);
  expect(bestFit(recording, prompt)).toMatchObject({ lag: 14_000, correlation: expect.closeTo(1, 3) });
  expect(bestFit(recording, hiss(12_000)).correlation).toBeLessThan(0.3);
  expect(bestFit(new Float64Array(20_000), prompt).correlation).toBe(0);
  expect(bestFit(prompt.subarray(1), prompt).correlation).toBe(0);
});

test('a quarter of it that is missing, or a gap that shifts its second half, is less than 0.9', () => {
  const cut = prompt.map((sample, at) => (at < 9_000 ? sample : 0));
  expect(bestFit(recordingOf(cut, new Float64Array(100)), prompt).correlation).toBeLessThan(0.9);
  const torn = recordingOf(prompt.subarray(0, 6_000), new Float64Array(60), prompt.subarray(6_000));
  expect(bestFit(torn, prompt).correlation).toBeLessThan(0.9);
});
