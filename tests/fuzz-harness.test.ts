import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { targetLoaders as planted } from './fixtures/planted-decoders.ts';
import { createManualClock } from './fixtures/manual-clock.ts';
import { runCampaign } from './fuzz/campaign.ts';
import { CORPUS, keepInput, readCorpus } from './fuzz/corpus.ts';
import { fuzzDecoder } from './fuzz/fuzz-decoder.ts';
import type { FuzzTarget } from './fuzz/fuzz-target.ts';
import { targetLoaders } from './fuzz/targets.ts';

const PLANTED = path.join(import.meta.dirname, 'fixtures/planted-decoders.ts');
let corpusFolder: string;

beforeEach(() => {
  corpusFolder = mkdtempSync(path.join(tmpdir(), 'corpus-'));
});

afterEach(() => {
  rmSync(corpusFolder, { recursive: true, force: true });
});

const campaign = async (name: string, seconds: number, seed = 1) => {
  const report = await runCampaign({
    seconds,
    seed,
    only: name,
    targetsModule: PLANTED,
    corpusFolder,
    patienceMs: 2000,
  });
  const decoder = report.decoders[name];
  if (decoder === undefined) throw new Error('no report');
  return { ...decoder, totals: report.totals };
};

describe('the fuzzer', () => {
  it('finds nothing in a sound decoder, and says how much it tried', async () => {
    const report = await campaign('sound', 1);
    expect(report).toMatchObject({ crashes: 0, hangs: 0, findings: [], heldKb: null });
    expect(report.cases).toBeGreaterThan(100);
    expect(report.maxRssMb).toBeGreaterThan(20);
    expect(report.casesPerSecond).toBeGreaterThan(10);
  });

  it('finds what throws, and keeps the smallest input that does it', async () => {
    const report = await campaign('throws', 2);
    expect(report).toMatchObject({ crashes: 1, hangs: 0, findings: [{ kind: 'thrown' }] });
    expect(report.totals.crashes).toBe(1);
    const [kept] = readCorpus('throws', corpusFolder);
    expect(kept?.file).toBe(report.findings[0]?.file);
    expect(Buffer.from(kept?.bytes ?? []).toString('hex')).toBe('1b40');
    // From now on it is tried first.
    const again = await campaign('throws', 0.1);
    expect(again).toMatchObject({ crashes: 1, corpus: 1, findings: [{ file: kept?.file }] });
  }, 40_000);

  it.each([
    ['behind-sum', 'thrown'],
    ['split-dependent', 'split'],
    ['breaks-rule', 'rule'],
    ['leaks', 'memory'],
  ])(
    'finds the fault of %s',
    async (name, kind) => {
      const report = await campaign(name, 2);
      expect(report).toMatchObject({ crashes: 1, hangs: 0, findings: [{ kind }] });
    },
    40_000,
  );

  it('kills a decoder that hangs, names the input, and goes on without it', async () => {
    const report = await campaign('hangs', 2);
    expect(report.hangs).toBeGreaterThan(0);
    expect(report.findings[0]).toMatchObject({ kind: 'hang' });
    const [kept] = readCorpus('hangs', corpusFolder);
    expect(kept?.bytes[0]).toBe(0xff);
  }, 60_000);

  it('counts an input that takes too long only when it does so alone in a fresh process', async () => {
    const report = await campaign('slow', 2);
    expect(report.hangs).toBeGreaterThan(0);
    expect(report.findings[0]?.detail).toMatch(/ms/);
    expect(Buffer.from(readCorpus('slow', corpusFolder)[0]?.bytes ?? []).toString()).toMatch(/a{20}/);
  }, 60_000);

  it('counts a decoder that takes its process with it', async () => {
    const report = await campaign('dies', 1);
    expect(report.crashes).toBeGreaterThan(0);
    expect(report.findings[0]).toMatchObject({ kind: 'ended' });
    expect(readCorpus('dies', corpusFolder)[0]?.bytes).toEqual(Uint8Array.of(0x66));
  }, 60_000);

  it('gets through nested conditions by looking at which code was reached', async () => {
    const drivers = path.join(corpusFolder, 'drivers');
    mkdirSync(drivers);
    const word = 'OC1-WAY';
    const steps = Array.from(word, (letter, at) => `if (input[${at}] !== ${letter.charCodeAt(0)}) return;`);
    writeFileSync(
      path.join(drivers, 'nested.ts'),
      `export function nested(input: Uint8Array): void {\n${steps.join('\n')}\n}\n`,
    );
    const module = path.join(corpusFolder, 'targets.ts');
    writeFileSync(
      module,
      `import { whole } from '${path.join(import.meta.dirname, 'fuzz/fuzz-target.ts')}';
       import { nested } from './drivers/nested.ts';
       const target = whole({ name: 'nested', maxBytes: 12, decode: nested });
       export const targetLoaders = { nested: async () => target };`,
    );
    const report = await runCampaign({ seconds: 5, seed: 1, targetsModule: module, corpusFolder });
    // All results are alike: only the code that ran tells one input from the next.
    expect(report.decoders['nested']?.novel).toBeGreaterThanOrEqual(3);
  }, 60_000);

  it('tries the same inputs in the same order for the same seed', async () => {
    const inputsOf = async (seed: number) => {
      const target = await (planted['sound'] as () => Promise<FuzzTarget>)();
      const inputs: string[] = [];
      const clock = createManualClock();
      await fuzzDecoder(target, {
        seed,
        // Time goes on with the inputs, so that both runs have as many.
        clock: { ...clock, monotonicMs: () => inputs.length },
        untilMs: 300,
        feedMs: 0,
        skip: new Set(),
        corpusFolder,
        coverage: undefined,
        onInput: (input) => inputs.push(Buffer.from(input).toString('hex')),
      });
      return inputs;
    };
    const first = await inputsOf(7);
    expect(first.length).toBeGreaterThan(200);
    expect(await inputsOf(7)).toEqual(first);
    expect(await inputsOf(8)).not.toEqual(first);
  });
});

describe('the kept corpus', () => {
  it('is read from hexadecimal with remarks and from text', () => {
    keepInput('one', 'crash', Uint8Array.of(0, 1, 255), ['why'], corpusFolder);
    writeFileSync(path.join(corpusFolder, 'one', 'text.txt'), 'a\nb\n');
    writeFileSync(path.join(corpusFolder, 'one', 'by-hand.hex'), '# AA BB\nAA bb # CC\n\nDD\n');
    expect(readCorpus('one', corpusFolder).map(({ bytes }) => Buffer.from(bytes).toString('hex'))).toEqual([
      'aabbdd',
      '0001ff',
      Buffer.from('a\nb').toString('hex'),
    ]);
  });

  it('has a folder for each decoder and none besides', () => {
    expect(readdirSync(CORPUS).toSorted()).toEqual(Object.keys(targetLoaders).toSorted());
    for (const name of Object.keys(targetLoaders)) expect(readCorpus(name).length).toBeGreaterThan(0);
  });

  it.each(Object.entries(targetLoaders))('knows %s by its own name', async (name, load) => {
    const target = await load();
    expect(target.name).toBe(name);
    for (const { bytes } of readCorpus(name)) expect(bytes.length).toBeLessThanOrEqual(target.maxBytes + 1);
  });
});
