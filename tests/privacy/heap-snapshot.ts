import { closeSync, openSync, readFileSync, readSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { sleep, systemClock } from '../../src/platform/clock.ts';
import type { Canary, Hit } from './canaries.ts';

/** Node's options for {@link heapStrings}: V8 cuts texts after 1024 characters unless told otherwise. */
export function snapshotFlags(directory: string): readonly string[] {
  return [
    '--heapsnapshot-signal=SIGUSR2',
    `--diagnostic-dir=${directory}`,
    '--heap-snapshot-string-limit=16777216',
  ];
}

/** What is read of a snapshot: V8's own format. */
interface HeapSnapshot {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[];
      readonly edge_fields: readonly string[];
      readonly edge_types: readonly [readonly string[], ...unknown[]];
    };
  };
  readonly nodes: readonly number[];
  readonly edges: readonly number[];
  readonly strings: readonly string[];
}

const WRITTEN_WITHIN_MS = 60_000;
const POLL_MS = 50;

/**
 * Everything that JavaScript code in the process can still reach, after the full garbage collection that comes before each
 * snapshot. The file goes at once: it is personal itself.
 */
export async function heapSnapshot(pid: number, directory: string): Promise<HeapSnapshot> {
  process.kill(pid, 'SIGUSR2');
  const deadline = systemClock.monotonicMs() + WRITTEN_WITHIN_MS;
  let bytesBefore = -1;
  for (;;) {
    const name = readdirSync(directory).find((file) => file.endsWith('.heapsnapshot'));
    if (name !== undefined) {
      const file = path.join(directory, name);
      const { size } = statSync(file);
      if (size === bytesBefore && isWhole(file, size)) {
        const text = readFileSync(file, 'utf8');
        rmSync(file);
        return JSON.parse(text) as HeapSnapshot;
      }
      bytesBefore = size;
    }
    if (systemClock.monotonicMs() > deadline) throw new Error('the process writes no heap snapshot');
    await sleep(systemClock, POLL_MS);
  }
}

/** The strings come last; the process writes in pieces and may be held up between two. */
function isWhole(file: string, size: number): boolean {
  const tail = Buffer.alloc(4);
  const opened = openSync(file, 'r');
  try {
    readSync(opened, tail, 0, tail.length, Math.max(0, size - tail.length));
  } finally {
    closeSync(opened);
  }
  return tail.toString('latin1').trimEnd().endsWith(']}');
}

/** Canaries in the heap; each hit names what holds it, from the text up to a root. */
export function canariesInHeap(heap: HeapSnapshot, canaries: readonly Canary[]): readonly Hit[] {
  const found = heap.strings.flatMap((text, index) =>
    canaries
      .filter((canary) => canary.text !== undefined && text.includes(canary.text))
      .map(({ kind }) => ({ kind, index })),
  );
  if (found.length === 0) return [];
  const holder = holders(heap, canaries);
  return found.map(({ kind, index }) => ({ kind, where: holder(index) }));
}

/** Names on the way up are those of our own code; one that is itself a canary is not told. */
const LONGEST_WAY = 12;
const LONGEST_NAME = 40;

/** Tells of a string (by its index) what holds it: the shortest way from the roots, read from its end. */
function holders(heap: HeapSnapshot, canaries: readonly Canary[]): (string: number) => string {
  const { node_fields: nodeFields, edge_fields: edgeFields, edge_types: edgeTypes } = heap.snapshot.meta;
  const { nodes, edges, strings } = heap;
  const size = nodeFields.length;
  const width = edgeFields.length;
  const nameAt = nodeFields.indexOf('name');
  const countAt = nodeFields.indexOf('edge_count');
  const total = nodes.length / size;
  const firstEdge = new Uint32Array(total + 1);
  for (let node = 0; node < total; node += 1)
    firstEdge[node + 1] = (firstEdge[node] ?? 0) + (nodes[node * size + countAt] ?? 0);
  const above = new Int32Array(total).fill(-1);
  const by = new Int32Array(total).fill(-1);
  above[0] = 0;
  const queue = [0];
  for (const node of queue) {
    for (let edge = firstEdge[node] ?? 0; edge < (firstEdge[node + 1] ?? 0); edge += 1) {
      const kind = edgeTypes[0][edges[edge * width] ?? 0];
      const to = (edges[edge * width + 2] ?? 0) / size;
      if (kind === 'weak' || above[to] !== -1) continue;
      above[to] = node;
      by[to] = edge;
      queue.push(to);
    }
  }
  const nameOf = (index: number) => {
    const name = strings[index] ?? '';
    const tells = canaries.some(({ text }) => text !== undefined && name.includes(text));
    return tells ? '(text)' : name.slice(0, LONGEST_NAME);
  };
  return (string) => {
    const way: string[] = [];
    let node = Array.from({ length: total }, (_nothing, at) => at).find(
      (at) => nodes[at * size + nameAt] === string,
    );
    while (node !== undefined && node !== 0 && way.length < LONGEST_WAY) {
      const edge = by[node] ?? -1;
      if (edge < 0) return [...way, 'nothing that lives'].join(' ← ');
      const kind = edgeTypes[0][edges[edge * width] ?? 0] ?? '';
      const label = edges[edge * width + 1] ?? 0;
      node = above[node] ?? 0;
      const holder = nameOf(nodes[node * size + nameAt] ?? 0);
      const slot = kind === 'element' || kind === 'hidden' ? `[${label}]` : `.${nameOf(label)}`;
      way.push(`${holder}${slot}`);
    }
    return way.join(' ← ') || 'a name of no object';
  };
}
