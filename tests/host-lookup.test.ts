import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { expect, test } from 'vitest';
import { createHostLookup } from '../src/central-api/host-lookup.ts';
import { createManualClock } from './fixtures/manual-clock.ts';

const HOST = 'centre.example.gov.cn';
const V4 = { address: '192.0.2.7', family: 4 };
const V6 = { address: '2001:db8::7', family: 6 };
const AWAY = Object.assign(new Error('EAI_AGAIN'), { code: 'EAI_AGAIN' });

/** A resolver that answers when it is told to. */
function setting() {
  const clock = createManualClock();
  const questions: ((error: Error | null, addresses?: LookupAddress[]) => void)[] = [];
  const lookup = createHostLookup(clock, (_hostname, _options, callback) => {
    questions.push((error, addresses = []) => {
      callback(error, addresses);
    });
  });
  return { clock, questions, lookup };
}

function ask(lookup: LookupFunction, options: { all?: boolean; family?: number } = { all: true }) {
  const answers: unknown[] = [];
  lookup(HOST, options, (error, address, family) => {
    answers.push(error === null ? (family === undefined ? address : [address, family]) : error.code);
  });
  return answers;
}

test('many who want to know one name ask once', () => {
  const { clock, questions, lookup } = setting();
  const answers = [ask(lookup), ask(lookup), ask(lookup, {}), ask(lookup, { family: 6 })];
  expect(questions).toHaveLength(1);
  questions[0]?.(null, [V4, V6]);
  expect(answers).toEqual([[[V4, V6]], [[V4, V6]], [[V4.address, 4]], [[V6.address, 6]]]);
  expect(clock.pendingTasks()).toBe(0);
  ask(lookup);
  expect(questions).toHaveLength(2);
});

test('while nobody answers, the addresses of before are good after a second; and the new ones as soon as they come', async () => {
  const { clock, questions, lookup } = setting();
  ask(lookup);
  questions[0]?.(null, [V4]);
  const during = ask(lookup);
  await clock.advance(999);
  expect(during).toEqual([]);
  await clock.advance(1);
  expect(during).toEqual([[V4]]);
  const later = ask(lookup);
  expect(questions).toHaveLength(2);
  questions[1]?.(null, [V6]);
  expect([during, later]).toEqual([[[V4]], [[V6]]]);
});

test('a name that cannot be looked up has the addresses of before, or none', async () => {
  const { clock, questions, lookup } = setting();
  const first = ask(lookup);
  await clock.advance(20_000);
  expect(first).toEqual([]);
  questions[0]?.(AWAY);
  expect(first).toEqual(['EAI_AGAIN']);
  const nothing = ask(lookup);
  questions[1]?.(null, []);
  expect(nothing).toEqual(['ENOTFOUND']);
  ask(lookup);
  questions[2]?.(null, [V4]);
  const after = ask(lookup);
  questions[3]?.(AWAY);
  expect(after).toEqual([[V4]]);
  const other = ask(lookup, { family: 6 });
  questions[4]?.(null, [V4]);
  expect(other).toEqual(['ENOTFOUND']);
});
