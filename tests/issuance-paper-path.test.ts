import { expect, test } from 'vitest';
import { createPaperPath } from '../src/issuance/paper-path.ts';
import type { PrinterPort, PrintResult } from '../src/issuance/ports.ts';
import { DEFAULT_LIMITS } from '../src/issuance/settings.ts';
import { never, printedAndCut, printedBody } from './fixtures/issuance-by-hand.ts';
import { createManualClock } from './fixtures/manual-clock.ts';

const JOB = { opId: 'op', processId: '0A1B' };
const UNKNOWN: PrintResult = { kind: 'unknown', cause: 'fault' };

function pathByHand(answers: Partial<PrinterPort> = {}, fraction = 0) {
  const clock = createManualClock();
  const jobs: [name: string, job?: { processId: string }][] = [];
  const printer: PrinterPort = {
    preflight: async () => ({ kind: 'ready' }),
    printBody: async () => printedBody,
    printFooterAndCut: async () => printedAndCut,
    printVoidAndCut: async () => printedAndCut,
    cutOff: async () => printedAndCut,
    purge: async () => true,
    slipExit: () => undefined,
    ...answers,
  };
  const noted = <Name extends Exclude<keyof PrinterPort, 'slipExit'>>(name: Name) =>
    ((job?: { processId: string }) => {
      jobs.push(job === undefined ? [name] : [name, job]);
      return (printer[name] as (job?: unknown) => unknown)(job);
    }) as PrinterPort[Name];
  const path = createPaperPath(
    {
      clock,
      random: { uuid: () => 'unused', fraction: () => fraction },
      printer: {
        preflight: noted('preflight'),
        printBody: noted('printBody'),
        printFooterAndCut: noted('printFooterAndCut'),
        printVoidAndCut: noted('printVoidAndCut'),
        cutOff: noted('cutOff'),
        purge: noted('purge'),
        slipExit: () => undefined,
      },
    },
    DEFAULT_LIMITS,
  );
  const names = () => jobs.map(([name]) => name);
  return { clock, path, jobs, names };
}

/** What a promise has come to by now. */
function watched<T>(work: Promise<T>): { value?: T; failed?: boolean } {
  const seen: { value?: T; failed?: boolean } = {};
  work.then(
    (value) => (seen.value = value),
    () => (seen.failed = true),
  );
  return seen;
}

test('process ids are four letters or digits, start by chance, count on and begin anew after the last', () => {
  const { path } = pathByHand();
  expect([path.processId(), path.processId()]).toEqual(['0001', '0002']);
  expect(pathByHand({}, 0.5).path.processId()).toBe('I001');
  const last = pathByHand({}, 1 - 2 / 36 ** 4).path;
  expect([last.processId(), last.processId()]).toEqual(['ZZZZ', '0000']);
});

test('a job has thirty seconds; then nobody knows what became of it', async () => {
  const { clock, path } = pathByHand({ printBody: never });
  const body = watched(path.printBody(JOB));
  await clock.advance(29_999);
  expect(body).toEqual({});
  await clock.advance(1);
  expect(body).toEqual({ value: UNKNOWN });
});

test('jobs come one after the other, and one that fails does not stop the next', async () => {
  const body = Promise.withResolvers<PrintResult>();
  const { clock, path, names, jobs } = pathByHand({ printBody: () => body.promise });
  const first = watched(path.printBody(JOB));
  const second = watched(path.printFooter(JOB));
  await clock.settle();
  expect(names()).toEqual(['printBody']);
  body.reject(new Error('a bug in the adapter'));
  await clock.settle();
  expect(first).toEqual({ failed: true });
  expect(second).toEqual({ value: printedAndCut });
  expect(jobs).toEqual([
    ['printBody', JOB],
    ['printFooterAndCut', JOB],
  ]);
});

test('anything else that moves paper waits for its turn', async () => {
  const body = Promise.withResolvers<PrintResult>();
  const { clock, path } = pathByHand({ printBody: () => body.promise });
  void path.printBody(JOB);
  let moved = false;
  void path.inTurn(async () => (moved = true));
  await clock.settle();
  expect(moved).toBe(false);
  body.resolve(printedBody);
  await clock.settle();
  expect(moved).toBe(true);
});

test.for([
  ['void-mark', 'printVoidAndCut'],
  ['cut', 'cutOff'],
] as const)('a debt of %s is paid by %s with an id of its own, over an empty buffer', async ([debt, job]) => {
  const { clock, path, jobs } = pathByHand();
  const cleared = watched(path.clear('op', debt));
  await clock.settle();
  expect(cleared).toEqual({ value: true });
  expect(jobs).toEqual([['purge'], [job, { opId: 'op', processId: '0001' }]]);
});

test.for([
  [{ kind: 'printed', grade: 'E2', cut: false }, false],
  [{ kind: 'notPrinted', cause: 'no-paper' }, false],
  [{ kind: 'unknown', cause: 'jam' }, false],
  [printedAndCut, true],
] as const)('a debt is paid by what is printed and cut: %j %s', async ([result, paid]) => {
  const { clock, path } = pathByHand({ printVoidAndCut: async () => result });
  const cleared = watched(path.clear('op', 'void-mark'));
  await clock.settle();
  expect(cleared).toEqual({ value: paid });
});

test('nothing is printed over a buffer that cannot be emptied within five seconds', async () => {
  const { clock, path, names } = pathByHand({ purge: never });
  const cleared = watched(path.clear('op', 'cut'));
  await clock.advance(4_999);
  expect(cleared).toEqual({});
  await clock.advance(1);
  expect(cleared).toEqual({ value: false });
  expect(names()).toEqual(['purge']);
});

test('the printer is ready when it says so within five seconds, and otherwise it is said why not', async () => {
  const ready = pathByHand();
  const state = watched(ready.path.check());
  await ready.clock.settle();
  expect(state).toEqual({ value: 'ready' });
  for (const cause of ['no-paper', 'slip-at-exit'] as const) {
    const not = pathByHand({ preflight: async () => ({ kind: 'notReady', cause }) });
    const why = watched(not.path.check());
    await not.clock.settle();
    expect(why).toEqual({ value: cause });
  }
  const silent = pathByHand({ preflight: never });
  const fault = watched(silent.path.check());
  await silent.clock.advance(4_999);
  expect(fault).toEqual({});
  await silent.clock.advance(1);
  expect(fault).toEqual({ value: 'fault' });
});

test('the buffer is emptied before the first slip, and before the next one after every job that did not end well', async () => {
  const results: PrintResult[] = [printedBody, UNKNOWN, printedBody];
  const { clock, path, names } = pathByHand({ printBody: async () => results.shift() ?? printedBody });
  const check = async () => {
    void path.check();
    await clock.settle();
  };
  const body = async () => {
    void path.printBody(JOB);
    await clock.settle();
  };
  await check();
  await body();
  await check();
  expect(names()).toEqual(['purge', 'preflight', 'printBody', 'preflight']);
  await body();
  await check();
  await body();
  await check();
  expect(names().slice(4)).toEqual(['printBody', 'purge', 'preflight', 'printBody', 'preflight']);
});

test('a buffer that could not be emptied is a fault, and is tried anew each time', async () => {
  let answers = false;
  const { clock, path, names } = pathByHand({ purge: async () => answers });
  const first = watched(path.check());
  await clock.settle();
  expect(first).toEqual({ value: 'fault' });
  expect(names()).toEqual(['purge']);
  answers = true;
  const second = watched(path.check());
  await clock.settle();
  expect(second).toEqual({ value: 'ready' });
  expect(names()).toEqual(['purge', 'purge', 'preflight']);
});
