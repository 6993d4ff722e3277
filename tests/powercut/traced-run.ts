import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { AgentLaunch } from '../../sandbox/launcher/agent-process.ts';
import { codesOf, type CodeAtCentre } from '../live-kiosk/invariants.ts';
import { journalOnDisk } from '../live-kiosk/kill.ts';
import type { LiveKiosk } from '../live-kiosk/live-kiosk.ts';
import type { PaperTrail, Piece } from '../live-kiosk/paper.ts';
import { person } from '../live-kiosk/people.ts';
import { nothingPersonalWritten } from '../privacy/left-behind.ts';
import type { Image } from './disk-model.ts';
import { moveIn, type Move } from './moves.ts';
import { until, type Story } from './stories.ts';
import { isWhole, straceCommand, traceEvents, type TraceEvent } from './trace-events.ts';
import { WorldAtCut, type OperationTruth, type Truth } from './world-at-cut.ts';

/** What an agent did to its disk, in order, over all its lives, and what became of those it served. */
export interface TracedRun {
  /** The data directory before; null: there was none. */
  readonly atFirst: Image | null;
  readonly events: readonly TraceEvent[];
  readonly moves: readonly Move[];
  readonly truth: Truth;
}

const TRACE_WRITTEN_WITHIN_MS = 10_000;
const JOURNAL_EMPTY_WITHIN_MS = 30_000;

/** The files of a directory; null when there is no such directory. */
export function imageOf(directory: string): Image | null {
  if (!existsSync(directory)) return null;
  return new Map(
    readdirSync(directory)
      .filter((name) => !name.endsWith('-shm'))
      .map((name) => [name, readFileSync(path.join(directory, name))]),
  );
}

/** The traces of one agent's lives, each in a file of its own. */
export class Traces {
  readonly #directory: string;
  readonly #nodeFlags: readonly string[];
  readonly #files: string[] = [];

  /** `nodeFlags`: more options of Node for the traced agent. */
  constructor(directory: string, nodeFlags: readonly string[] = []) {
    this.#directory = directory;
    this.#nodeFlags = nodeFlags;
  }

  /** How the next life is to be started. */
  next(): AgentLaunch {
    const file = path.join(this.#directory, `trace-${this.#files.length + 1}`);
    this.#files.push(file);
    return { prefix: straceCommand(file), nodeFlags: this.#nodeFlags };
  }

  /** Waits until the last of them is whole, and reads them all. */
  async events(dataDirectory: string): Promise<readonly TraceEvent[]> {
    const last = this.#files.at(-1) ?? '';
    await until(() => isWhole(readFileSync(last, 'latin1')), TRACE_WRITTEN_WITHIN_MS);
    return this.#files.flatMap((file) => [...traceEvents(readFileSync(file, 'latin1'), dataDirectory)]);
  }
}

/**
 * Lets a traced kiosk live through some stories, one after the other, and ends its agent in order. The agent has been started
 * under {@link Traces.next}. Throws when centre and paper are in the end not what the trace says.
 */
export async function traceStories(
  kiosk: LiveKiosk,
  traces: Traces,
  options: {
    readonly atFirst: Image | null;
    readonly stories: readonly Story[];
    readonly trail: PaperTrail;
    readonly onProgress: (what: string) => void;
  },
): Promise<TracedRun> {
  const { dataDirectory, agent } = kiosk.stack;
  const hadCode = new Set<string>();
  for (const story of options.stories) {
    options.onProgress(story.name);
    const citizen = person(story.who);
    if ((await codesOf(kiosk, citizen)).some(({ state }) => state === 'active')) hadCode.add(story.who);
    let died = false;
    await story.tell(kiosk, citizen, () => {
      agent.launch = traces.next();
      died = true;
    });
    if (died) await backAgain(kiosk);
    await kiosk.atHome();
    await until(() => journalOnDisk(dataDirectory).length === 0, JOURNAL_EMPTY_WITHIN_MS);
    await kiosk.ready();
  }
  await agent.stop();
  const events = await traces.events(dataDirectory);
  await nothingPersonalWritten(
    kiosk,
    events.flatMap((event) => (event.kind === 'write' ? [event.data] : [])),
  );
  const moves = events.flatMap((event) => (event.kind === 'said' ? (moveIn(event.line) ?? []) : []));
  const truth = {
    hadCode,
    operations: await operationsOf(kiosk, await options.trail.pieces(), options.stories, moves),
  };
  checkWorld(moves, truth);
  return { atFirst: options.atFirst, events, moves, truth };
}

/** Another life of the agent can be seen. */
export async function backAgain(kiosk: LiveKiosk): Promise<void> {
  await kiosk.stack.agent.whenHealthy();
  await kiosk.lookAnew();
  await kiosk.ready();
}

/** Operations begin in the order of the stories; a story without a confirmation has none. */
async function operationsOf(
  kiosk: LiveKiosk,
  pieces: readonly Piece[],
  stories: readonly Story[],
  moves: readonly Move[],
): Promise<ReadonlyMap<string, OperationTruth>> {
  const begun = moves.filter(({ trigger }) => trigger === 'begin').map(({ opId }) => opId);
  const tellers = stories.filter(({ confirms }) => confirms);
  if (begun.length !== tellers.length)
    throw new Error(`${begun.length} operations in ${tellers.length} stories`);
  const operations = new Map<string, OperationTruth>();
  for (const [at, { who, errand }] of tellers.entries()) {
    const opId = begun[at] ?? '';
    const codes = await codesOf(kiosk, person(who));
    const code = codes.find(({ operationId }) => operationId === opId);
    operations.set(opId, { person: who, kind: errand, ...truthOf(code, pieces) });
  }
  return operations;
}

function truthOf(
  code: CodeAtCentre | undefined,
  pieces: readonly Piece[],
): Omit<OperationTruth, 'person' | 'kind'> {
  const piece = pieces.find(({ tokens }) => code !== undefined && tokens.includes(code.token));
  return {
    reserved: code !== undefined,
    activated: code?.activatedAt !== undefined,
    // Half a body may hold no symbol that can be read.
    body: piece?.tokens.length === 2 ? 'all' : 'some',
    footer: piece?.marks.includes('valid') === true ? 'all' : 'none',
    state: code?.state ?? 'none',
    delivery: (code?.delivery as OperationTruth['delivery'] | undefined) ?? null,
  };
}

/** The world that is made from the trace's moves is, at their end, the real one. */
function checkWorld(moves: readonly Move[], truth: Truth): void {
  const world = new WorldAtCut(moves, truth, () => 0);
  for (const [opId, { state, delivery }] of truth.operations) {
    const code = world.centreOf(opId).codes.get(opId);
    const made = code === undefined ? 'none' : code.state;
    // A tombstone belongs to nobody.
    if (made !== state && !(made === 'void' && state === 'none'))
      throw new Error(`the trace says ${made}, the centre ${state}`);
    if (made === 'active' && code?.delivery !== delivery)
      throw new Error(`the trace says ${code?.delivery ?? 'nothing'}, the centre ${delivery ?? 'nothing'}`);
  }
}
