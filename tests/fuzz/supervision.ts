import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sleep, systemClock } from '../../src/platform/clock.ts';
import { keepInput, readCorpus } from './corpus.ts';
import { SLOW_MS } from './fuzz-decoder.ts';
import type { DecoderRun } from './fuzz-decoder.ts';
import type { DecoderReport, Finding } from './report.ts';

/** What to run, and for how long. */
export interface Supervised {
  readonly name: string;
  readonly seed: number;
  /** For the process with its start, ms. */
  readonly sliceMs: number;
  readonly targetsModule: string;
  readonly corpusFolder: string;
  readonly grow: number;
  /**
   * A process that tries the same input for so long is stopped, ms; a confirmation that is not over by then is a hang. Default 5000:
   * on a machine that is busy with other things a process may have to wait for its turn.
   */
  readonly patienceMs?: number | undefined;
}

/** With little heap garbage is collected in time, so that the process is as large as the decoder makes it; what leaks ends it. */
const NODE_FLAGS = ['--expose-gc', '--max-old-space-size=256', '--max-semi-space-size=8'];
const PROGRAM = path.join(import.meta.dirname, 'run-decoder.ts');
/** Bytes before the input in the note of what is being tried. */
const NOTE_HEADER_BYTES = 8;
const DEFAULT_PATIENCE_MS = 5000;
const LOOK_EVERY_MS = 250;
/** Beyond its slice a process may shrink what it found and look at its memory, ms. */
const CLOSING_LIMIT_MS = 60_000;
/** After a hang or a death the decoder is tried again with other inputs, so often. */
const MOST_LIVES = 2;

/** What the program prints: inputs as hexadecimal text. */
interface PrintedRun extends Omit<DecoderRun, 'suspects' | 'novel'> {
  readonly suspects: readonly string[];
  readonly novel: readonly string[];
  readonly fuzzedMs: number;
  readonly maxRssMb: number;
}

/** How one process ended. `input` is what it was trying when it did not end well. */
type Life =
  | { readonly kind: 'done'; readonly run: PrintedRun }
  | {
      readonly kind: 'stuck' | 'ended';
      readonly detail: string;
      readonly input: Uint8Array;
      readonly cases: number;
    };

/** Runs one decoder's process and looks after it: one that hangs is killed and the input named. */
export async function superviseDecoder(task: Supervised): Promise<DecoderReport> {
  const folder = mkdtempSync(path.join(tmpdir(), 'fuzz-'));
  try {
    return await lives(task, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function lives(task: Supervised, folder: string): Promise<DecoderReport> {
  const findings: Finding[] = [];
  const lostOn: string[] = [];
  let lost = 0;
  const untilMs = systemClock.monotonicMs() + task.sliceMs;
  for (let life = 0; life < MOST_LIVES; life += 1) {
    const leftMs = Math.max(500, untilMs - systemClock.monotonicMs());
    const skip = path.join(folder, 'skip');
    writeFileSync(skip, lostOn.join('\n'));
    const ended = await oneLife({ ...task, seed: task.seed + life, sliceMs: leftMs }, folder, skip);
    if (ended.kind === 'done') {
      for (const suspect of ended.run.suspects) {
        const finding = await confirmed(task, folder, Buffer.from(suspect, 'hex'), 'hang');
        if (finding) findings.push(finding);
      }
      return reportOf(task, ended.run, [...findings, ...ended.run.findings], lost);
    }
    lost += ended.cases;
    lostOn.push(Buffer.from(ended.input).toString('hex'));
    const kind = ended.kind === 'stuck' ? 'hang' : 'ended';
    const finding = ended.input.length > 0 ? await confirmed(task, folder, ended.input, kind) : undefined;
    if (finding) findings.push(finding);
    // A death that does not come again is still one: something gathers up. And without an input it was being fed without end.
    else if (kind === 'ended' || ended.input.length === 0) findings.push({ kind, detail: ended.detail });
  }
  return reportOf(task, emptyRun, findings, lost);
}

const emptyRun: PrintedRun = {
  cases: 0,
  findings: [],
  suspects: [],
  corpus: 0,
  novel: [],
  heldBytes: undefined,
  fedBytes: undefined,
  fuzzedMs: 0,
  maxRssMb: 0,
};

function reportOf(
  task: Supervised,
  run: PrintedRun,
  findings: readonly Finding[],
  lost: number,
): DecoderReport {
  for (const input of smallest(run.novel, task.grow)) {
    keepInput(task.name, 'reached', Buffer.from(input, 'hex'), [], task.corpusFolder);
  }
  const cases = run.cases + lost;
  return {
    cases,
    crashes: findings.filter(({ kind }) => kind !== 'hang').length,
    hangs: findings.filter(({ kind }) => kind === 'hang').length,
    maxRssMb: run.maxRssMb,
    casesPerSecond: Math.round(cases / Math.max(0.001, run.fuzzedMs / 1000)),
    corpus: run.corpus,
    novel: run.novel.length,
    heldKb: kilobytes(run.heldBytes),
    fedKb: kilobytes(run.fedBytes),
    findings,
  };
}

function kilobytes(bytes: number | undefined): number | null {
  return bytes === undefined ? null : Math.round(bytes / 1024);
}

function smallest(inputs: readonly string[], most: number): readonly string[] {
  return inputs.toSorted((a, b) => a.length - b.length).slice(0, most);
}

async function oneLife(task: Supervised, folder: string, skip: string): Promise<Life> {
  const note = path.join(folder, 'current');
  writeFileSync(note, new Uint8Array(NOTE_HEADER_BYTES));
  const files = ['--corpus', task.corpusFolder, '--current', note, '--skip', skip];
  const child = start(task, [
    ...files,
    '--seed',
    String(task.seed),
    '--ms',
    String(Math.round(task.sliceMs)),
  ]);
  const output = outputOf(child);
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  const stuck = await watch(note, exited, task);
  if (stuck !== undefined) {
    child.kill('SIGKILL');
    await exited;
    return { kind: 'stuck', detail: stuck, ...noted(note) };
  }
  const how = await exited;
  const run = parsed(output.stdout());
  if (run) return { kind: 'done', run };
  return { kind: 'ended', detail: `${how}: ${output.stderr().slice(-600)}`, ...noted(note) };
}

function start({ targetsModule, name }: Supervised, options: readonly string[]): ChildProcess {
  return spawn(
    process.execPath,
    [...NODE_FLAGS, PROGRAM, '--name', name, '--targets', targetsModule, ...options],
    { stdio: ['ignore', 'pipe', 'pipe'], detached: false },
  );
}

function outputOf(child: ChildProcess) {
  const taken = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      taken[name] += text;
    });
  }
  return { stdout: () => taken.stdout, stderr: () => taken.stderr };
}

function parsed(output: string): PrintedRun | undefined {
  try {
    return JSON.parse(output) as PrintedRun;
  } catch {
    return undefined;
  }
}

/** Undefined: the process ended by itself. Otherwise why it has to be stopped. */
async function watch(
  note: string,
  exited: Promise<unknown>,
  { sliceMs, patienceMs = DEFAULT_PATIENCE_MS }: Supervised,
): Promise<string | undefined> {
  let over = false;
  void exited.then(() => {
    over = true;
    return undefined;
  });
  const startedMs = systemClock.monotonicMs();
  let [last, lastChangeMs] = [noted(note).cases, startedMs];
  for (;;) {
    if (over) return undefined;
    const nowMs = systemClock.monotonicMs();
    const { cases, input } = noted(note);
    if (cases !== last) [last, lastChangeMs] = [cases, nowMs];
    // Before its first input it is starting, and after its last one (empty) it is looking at its memory.
    else if (cases > 0 && input.length > 0 && nowMs - lastChangeMs > patienceMs)
      return 'the same input for too long';
    if (nowMs - startedMs > sliceMs + CLOSING_LIMIT_MS) return 'it did not end';
    await sleep(systemClock, LOOK_EVERY_MS);
  }
}

function noted(note: string): { readonly cases: number; readonly input: Uint8Array } {
  const bytes = readFileSync(note);
  const [cases, length] = [bytes.readUInt32LE(0), bytes.readUInt32LE(4)];
  return { cases, input: bytes.subarray(NOTE_HEADER_BYTES, NOTE_HEADER_BYTES + length) };
}

/** Runs one input alone in a fresh process: a finding, with the input kept, when it fails there too. */
async function confirmed(
  task: Supervised,
  folder: string,
  input: Uint8Array,
  kind: 'hang' | 'ended',
): Promise<Finding | undefined> {
  const { patienceMs = DEFAULT_PATIENCE_MS } = task;
  const file = path.join(folder, 'suspect');
  writeFileSync(file, input);
  const child = start(task, ['--confirm', file]);
  const output = outputOf(child);
  let limited = false;
  const cancelLimit = systemClock.schedule(patienceMs, () => {
    limited = true;
    child.kill('SIGKILL');
  });
  await new Promise((resolve) => child.once('close', resolve));
  cancelLimit();
  const { cpuMs } = (parsed(output.stdout()) ?? {}) as { readonly cpuMs?: number };
  const detail = limited ? `not done after ${patienceMs} ms` : slowness(cpuMs, output.stderr());
  if (detail === undefined) return undefined;
  const known = readCorpus(task.name, task.corpusFolder).find(({ bytes }) =>
    Buffer.from(bytes).equals(input),
  );
  const kept = known?.file ?? keepInput(task.name, kind, input, [detail], task.corpusFolder);
  return { kind: limited || cpuMs !== undefined ? 'hang' : 'ended', detail, file: kept };
}

function slowness(cpuMs: number | undefined, stderr: string): string | undefined {
  if (cpuMs === undefined) return `the process ended: ${stderr.slice(-600)}`;
  return cpuMs > SLOW_MS ? `${Math.round(cpuMs)} ms of CPU for one input` : undefined;
}
