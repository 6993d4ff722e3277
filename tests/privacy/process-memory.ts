import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { CanaryFinder, type Canary, type CanaryKind } from './canaries.ts';

/** Memory that a process has written to. Addresses of processes are below 2^47, so numbers hold them. */
interface Piece {
  readonly from: number;
  readonly bytes: number;
}

const PAGE_BYTES = Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }));
/** So much is read at once. */
const PIECE_BYTES = 8 * 1024 * 1024;
/** Pieces overlap by so much: more than any canary is long. */
const OVERLAP_BYTES = 4_096;

/** How often canaries of each kind lie anywhere in a process's memory, freed or not, and how much of it was looked at. */
export interface MemoryResidue {
  readonly mebibytes: number;
  readonly hits: Readonly<Partial<Record<CanaryKind, number>>>;
}

/** Reads all that a process of this user has written to its memory. Throws when the system does not let us. */
export function canariesInMemory(pid: number, canaries: readonly Canary[]): MemoryResidue {
  const finder = new CanaryFinder(canaries);
  const hits: Partial<Record<CanaryKind, number>> = {};
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
  let looked = 0;
  try {
    for (const { from, bytes } of writtenPieces(pid)) {
      for (let at = 0; at < bytes; at += PIECE_BYTES - OVERLAP_BYTES) {
        const read = readMemory(memory, piece, Math.min(PIECE_BYTES, bytes - at), from + at);
        const isLast = at + PIECE_BYTES >= bytes;
        looked += isLast ? read : PIECE_BYTES - OVERLAP_BYTES;
        // What begins in the overlap is counted with the next piece.
        const found = finder.occurrences(
          piece.subarray(0, read),
          isLast ? read : PIECE_BYTES - OVERLAP_BYTES,
        );
        for (const [{ kind }, count] of found) hits[kind] = (hits[kind] ?? 0) + count;
      }
    }
  } finally {
    closeSync(memory);
    piece.fill(0);
  }
  return { mebibytes: Math.round(looked / 1024 / 1024), hits };
}

/** Nothing where a mapping has gone meanwhile. */
function readMemory(memory: number, into: Buffer, length: number, position: number): number {
  try {
    return readSync(memory, into, 0, length, position);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EIO') return 0;
    throw error;
  }
}

/** Writable mappings, without the pages that were never touched: V8 reserves far more than it uses. */
function writtenPieces(pid: number): readonly Piece[] {
  const pagemap = openSync(`/proc/${pid}/pagemap`, 'r');
  try {
    return readFileSync(`/proc/${pid}/maps`, 'latin1')
      .split('\n')
      .flatMap((line) => {
        const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
        return from === undefined || to === undefined
          ? []
          : touchedRuns(pagemap, Number.parseInt(from, 16), Number.parseInt(to, 16));
      });
  } finally {
    closeSync(pagemap);
  }
}

/** Runs of pages that are in memory or swapped out. One entry of the page map is 8 bytes; its two highest bits say so. */
function touchedRuns(pagemap: number, from: number, to: number): readonly Piece[] {
  const entries = Buffer.alloc(((to - from) / PAGE_BYTES) * 8);
  const read = readSync(pagemap, entries, 0, entries.length, (from / PAGE_BYTES) * 8);
  const runs: Piece[] = [];
  let start = -1;
  for (let page = 0; page <= read / 8; page += 1) {
    const touched = page < read / 8 && ((entries[page * 8 + 7] ?? 0) & 0xc0) !== 0;
    if (touched && start === -1) start = page;
    if (touched || start === -1) continue;
    runs.push({ from: from + start * PAGE_BYTES, bytes: (page - start) * PAGE_BYTES });
    start = -1;
  }
  return runs;
}
