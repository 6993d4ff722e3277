import type { Clock } from '../../src/platform/clock.ts';
import { chanceOf, seedOf } from './chance.ts';
import type { Chance } from './chance.ts';
import { keepInput, readCorpus } from './corpus.ts';
import type { Coverage } from './coverage.ts';
import { formOf } from './fuzz-target.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { heldAfterMuch, MOST_HELD_BYTES } from './held-bytes.ts';
import { mutated, spliced } from './mutation.ts';
import type { Finding } from './report.ts';
import { shrunk } from './shrink.ts';
import { tryInput } from './trial.ts';

/** An input that took longer than this on its own, twice in this process, is looked at again in a fresh one, CPU ms. */
export const SLOW_MS = 50;
/** So many inputs go by between two looks at what was reached. */
const BATCH = 64;
const LARGEST_POOL = 400;
const NEWEST = 6;
const MOST_SUSPECTS = 3;

/** How one decoder is to be fuzzed. */
export interface FuzzSettings {
  readonly seed: number;
  /** Monotonic ms at which it ends. */
  readonly untilMs: number;
  /** For the look at memory afterwards, ms. */
  readonly feedMs: number;
  readonly clock: Clock;
  readonly corpusFolder: string;
  readonly coverage: Coverage | undefined;
  /** Inputs of the corpus that another process hung on. */
  readonly skip: ReadonlySet<string>;
  /** Told of each input before it is tried: whoever watches must know what this process hangs on. */
  readonly onInput: (input: Uint8Array) => void;
}

/** What came of it. */
export interface DecoderRun {
  readonly cases: number;
  readonly findings: readonly Finding[];
  /** Inputs that seemed slow. */
  readonly suspects: readonly Uint8Array[];
  /** Inputs of the corpus. */
  readonly corpus: number;
  /** Inputs that reached something new in this run. */
  readonly novel: readonly Uint8Array[];
  /** Undefined for a decoder that holds nothing between calls. */
  readonly heldBytes: number | undefined;
  /** So much was fed to find out. */
  readonly fedBytes: number | undefined;
}

/**
 * Tries the corpus first, then changed and made-up inputs until time is over. With the same seed, corpus and code it tries the same
 * inputs in the same order.
 */
export async function fuzzDecoder(target: FuzzTarget, settings: FuzzSettings): Promise<DecoderRun> {
  const fuzzer = new Fuzzer(target, settings);
  await fuzzer.replayCorpus();
  await fuzzer.work();
  return fuzzer.finish();
}

class Fuzzer {
  readonly #target: FuzzTarget;
  readonly #settings: FuzzSettings;
  readonly #chance: Chance;
  readonly #pool: Uint8Array[] = [];
  readonly #buckets = new Set<string>();
  readonly #findings = new Map<string, Finding>();
  readonly #suspects: Uint8Array[] = [];
  readonly #novel: Uint8Array[] = [];
  #batch: Uint8Array[] = [];
  #cases = 0;
  #corpus = 0;

  constructor(target: FuzzTarget, settings: FuzzSettings) {
    this.#target = target;
    this.#settings = settings;
    this.#chance = chanceOf(seedOf(Buffer.from(target.name), settings.seed));
  }

  async replayCorpus(): Promise<void> {
    const kept = readCorpus(this.#target.name, this.#settings.corpusFolder);
    this.#corpus = kept.length;
    for (const { bytes, file } of kept) {
      if (this.#settings.skip.has(Buffer.from(bytes).toString('hex'))) continue;
      if (await this.#try(bytes, file)) this.#pool.push(bytes);
    }
    this.#settings.coverage?.newlyReached();
    for (let form = 0; this.#pool.length === 0 && form < this.#target.forms; form += 1) {
      this.#pool.push(this.#madeUp(form));
    }
  }

  async work(): Promise<void> {
    const { clock, untilMs } = this.#settings;
    while (clock.monotonicMs() < untilMs) {
      const input = this.#nextInput();
      if (!(await this.#try(input))) continue;
      this.#batch.push(input);
      if (this.#batch.length === BATCH) await this.#lookAtBatch();
    }
  }

  finish(): DecoderRun {
    const { coverage, onInput } = this.#settings;
    coverage?.stop();
    onInput(new Uint8Array(0));
    const inputs = this.#pool.slice(0, 40);
    const much = heldAfterMuch(this.#target, inputs, this.#settings.clock, this.#settings.feedMs);
    if (much !== undefined && much.held > MOST_HELD_BYTES) {
      const detail = `${Math.round(much.held / 1024)} KB of ${Math.round(much.fed / 1024)} KB are held`;
      this.#findings.set('memory', { kind: 'memory', detail });
    }
    return {
      cases: this.#cases,
      findings: [...this.#findings.values()],
      suspects: this.#suspects,
      corpus: this.#corpus,
      novel: this.#novel,
      heldBytes: much?.held,
      fedBytes: much?.fed,
    };
  }

  /** False: it failed. */
  async #try(input: Uint8Array, file?: string): Promise<boolean> {
    const { clock, onInput } = this.#settings;
    onInput(input);
    const startedMs = clock.monotonicMs();
    const verdict = await tryInput(this.#target, input);
    this.#cases += 1;
    if (clock.monotonicMs() - startedMs > SLOW_MS) await this.#suspect(input);
    if (verdict.kind === 'crash') {
      await this.#record(input, verdict.what, verdict.detail, file);
      return false;
    }
    // A new sort of result is worth keeping, whether or not new code was reached.
    if (file === undefined && !this.#buckets.has(verdict.bucket)) this.#keep(input);
    this.#buckets.add(verdict.bucket);
    return true;
  }

  async #suspect(input: Uint8Array): Promise<void> {
    if (this.#suspects.length === MOST_SUSPECTS) return;
    // A machine that was busy with something else is not slow twice, by the time of this thread alone.
    if ((await cpuMsOf(this.#target, input, 2)) > SLOW_MS) this.#suspects.push(input);
  }

  async #record(input: Uint8Array, what: string, detail: string, file: string | undefined): Promise<void> {
    if (this.#findings.has(what)) return;
    const { corpusFolder } = this.#settings;
    const small = file === undefined ? await this.#shrunk(input, what) : input;
    const kept = file ?? keepInput(this.#target.name, 'crash', small, [what], corpusFolder);
    const kind = what.startsWith('thrown') ? 'thrown' : what.startsWith('split') ? 'split' : 'rule';
    this.#findings.set(what, { kind, detail, file: kept });
  }

  #shrunk(input: Uint8Array, what: string): Promise<Uint8Array> {
    const { clock, onInput } = this.#settings;
    const stillFails = async (candidate: Uint8Array) => {
      onInput(candidate);
      const verdict = await tryInput(this.#target, candidate);
      return verdict.kind === 'crash' && verdict.what === what;
    };
    return shrunk(input, stillFails, clock);
  }

  #keep(input: Uint8Array): void {
    if (this.#novel.length < LARGEST_POOL) this.#novel.push(input);
    if (this.#pool.length < LARGEST_POOL) this.#pool.push(input);
    else this.#pool[this.#chance.below(LARGEST_POOL)] = input;
  }

  /** One look for many inputs; only where it shows something new is each of them run once more. */
  async #lookAtBatch(): Promise<void> {
    const { coverage } = this.#settings;
    const batch = this.#batch;
    this.#batch = [];
    if (coverage?.wouldBeNew() !== true) return;
    for (const input of batch) {
      await tryInput(this.#target, input);
      if (coverage.newlyReached() > 0) this.#keep(input);
    }
  }

  #nextInput(): Uint8Array {
    const { maxBytes, forms, repair, tokens } = this.#target;
    const chance = this.#chance;
    const way = chance.below(10);
    if (way < 2) return this.#madeUp(chance.below(forms));
    const old = this.#oldInput();
    const input =
      way < 4
        ? spliced(old, chance.pick(this.#pool), chance, maxBytes)
        : mutated(old, chance, tokens, maxBytes);
    if (repair === undefined || chance.once(2)) return input;
    const { form, body } = formOf(this.#target, input);
    const head = forms === 1 ? [] : [form];
    return Uint8Array.from([...head, ...repair(body, chance, form)]).subarray(0, maxBytes);
  }

  /** Half of the time one of the newest: what has just got further may get further still. */
  #oldInput(): Uint8Array {
    const newest = this.#pool.slice(-NEWEST);
    return this.#chance.once(2) ? this.#chance.pick(newest) : this.#chance.pick(this.#pool);
  }

  /** By the decoder's grammar, half of the time changed afterwards; noise where there is none. */
  #madeUp(form: number): Uint8Array {
    const { grammar, maxBytes, forms, tokens } = this.#target;
    const chance = this.#chance;
    const body = grammar?.(chance, form) ?? chance.bytes(chance.below(Math.min(64, maxBytes)));
    const changed = grammar && chance.once(2) ? body : mutated(body, chance, tokens, maxBytes);
    const head = forms === 1 ? [] : [form];
    return Uint8Array.from([...head, ...changed]).subarray(0, maxBytes);
  }
}

/** The least CPU time of a few runs with the input in one piece, ms, of this thread alone. */
export async function cpuMsOf(target: FuzzTarget, input: Uint8Array, runs: number): Promise<number> {
  const { form, body } = formOf(target, input);
  let least = Infinity;
  for (let left = runs; left > 0; left -= 1) {
    const piece = Uint8Array.from(body);
    const before = process.threadCpuUsage();
    await attempt(() => target.run([piece], form));
    const { user, system } = process.threadCpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

/** What it throws is the business of others. */
async function attempt(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch {
    // Only the time counts here.
  }
}
