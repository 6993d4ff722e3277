import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LiveKiosk } from '../live-kiosk/live-kiosk.ts';
import { CanaryFinder, canariesIn, type Canary, type Hit } from './canaries.ts';
import { canariesInHeap, heapSnapshot, snapshotFlags } from './heap-snapshot.ts';
import { canariesInMemory, type MemoryResidue } from './process-memory.ts';

/** Where the agent could have left something on a disk. */
export const FILE_PLACES = [
  'database',
  'writeAheadLog',
  'sharedMemory',
  'otherData',
  'runtime',
  'temporary',
  'openFiles',
  'log',
] as const;

export type FilePlace = (typeof FILE_PLACES)[number];

const DATABASE_FILES: Readonly<Record<string, FilePlace>> = {
  'kiosk.db': 'database',
  'kiosk.db-wal': 'writeAheadLog',
  'kiosk.db-shm': 'sharedMemory',
};

/** Limits of people (s) and of the protocol (ms) that let every session end soon, and none too soon on a busy machine. */
const PEOPLE = {
  idleSeconds: 30,
  confirmSeconds: 20,
  warningSeconds: 3,
  takeSlipSeconds: 20,
  finishedSeconds: 1,
  takeIdCardSeconds: 1,
} as const;
const ISSUANCE = { activateMs: 4_000, outboxFirstMs: 100 } as const;

/** Everything that the agent must know by heart, so whoever does not find it has not looked. */
const KIOSK_ID = 'kiosk-sandbox-1';

/** A live kiosk whose every message is heard, and whose agent is looked into from outside. */
export class WatchedKiosk {
  readonly live: LiveKiosk;
  readonly #directory: string;
  readonly #heard: string[];

  private constructor(live: LiveKiosk, directory: string, heard: string[]) {
    this.live = live;
    this.#directory = directory;
    this.#heard = heard;
  }

  static async start(): Promise<WatchedKiosk> {
    const directory = mkdtempSync(path.join(tmpdir(), 'privacy-'));
    const heard: string[] = [];
    for (const name of ['snapshots', 'temporary']) mkdirSync(path.join(directory, name));
    try {
      const live = await LiveKiosk.start({
        limits: PEOPLE,
        issuance: ISSUANCE,
        heard: (message) => heard.push(message),
        launch: {
          nodeFlags: snapshotFlags(path.join(directory, 'snapshots')),
          environment: { TMPDIR: path.join(directory, 'temporary') },
        },
      });
      return new WatchedKiosk(live, directory, heard);
    } catch (error) {
      rmSync(directory, { recursive: true, force: true });
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.live.stop();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** What the agent told its page from the first message on that belongs to a session after the given one. */
  messagesAfter(epoch: number): readonly string[] {
    const first = this.#heard.findIndex((message) => Number(/"epoch":(\d+)/.exec(message)?.[1]) > epoch);
    if (first === -1) throw new Error('the page has heard nothing of another session');
    return this.#heard.slice(first);
  }

  /** Files of the agent, living or dead, those among them that have no name any more. */
  files(canaries: readonly Canary[]): ReadonlyMap<FilePlace, readonly Hit[]> {
    const { dataDirectory, directory, agentLog } = this.live.stack;
    const hits = new Map<FilePlace, readonly Hit[]>(FILE_PLACES.map((place) => [place, []]));
    for (const hit of canariesIn({ directory: dataDirectory }, canaries)) {
      const place = DATABASE_FILES[hit.where] ?? 'otherData';
      hits.set(place, [...(hits.get(place) ?? []), hit]);
    }
    if (existsSync(path.join(directory, 'run')))
      hits.set('runtime', canariesIn({ directory: path.join(directory, 'run') }, canaries));
    hits.set('temporary', canariesIn({ directory: path.join(this.#directory, 'temporary') }, canaries));
    hits.set('log', canariesIn({ file: agentLog }, canaries));
    hits.set('openFiles', this.#openFiles(canaries));
    return hits;
  }

  async heap(canaries: readonly Canary[]): Promise<readonly Hit[]> {
    const heap = await heapSnapshot(this.#pid(), path.join(this.#directory, 'snapshots'));
    if (!heap.strings.some((text) => text.includes(KIOSK_ID)))
      throw new Error('that is not the agent’s heap');
    return canariesInHeap(heap, canaries);
  }

  memory(canaries: readonly Canary[]): MemoryResidue {
    return canariesInMemory(this.#pid(), canaries);
  }

  #pid(): number {
    const { pid } = this.live.stack.agent;
    if (pid === undefined) throw new Error('no living agent to look into');
    return pid;
  }

  /** Files that the agent has open, whether a directory still names them or not; none of a dead one. */
  #openFiles(canaries: readonly Canary[]): readonly Hit[] {
    const descriptors = `/proc/${this.live.stack.agent.pid ?? 0}/fd`;
    if (!existsSync(descriptors)) return [];
    const finder = new CanaryFinder(canaries);
    return readdirSync(descriptors).flatMap((name) => {
      const file = path.join(descriptors, name);
      try {
        return statSync(file).isFile() ? finder.hits(readFileSync(file), 'an open file') : [];
      } catch (error) {
        // Closed meanwhile, or by its death.
        if (['ENOENT', 'ESRCH', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
        throw error;
      }
    });
  }
}
