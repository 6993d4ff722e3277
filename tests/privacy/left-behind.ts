import { existsSync } from 'node:fs';
import path from 'node:path';
import { citizens } from '../../sandbox/citizens/citizens.ts';
import { codesOf } from '../live-kiosk/invariants.ts';
import type { KioskOutside } from '../live-kiosk/kiosk-outside.ts';
import { shanghaiDay } from '../live-kiosk/people.ts';
import { CanaryFinder, canariesIn, canariesOf, canariesOfCode, type Canary, type Hit } from './canaries.ts';

/** Everybody the sandbox's centre knows and every code it has made of them, whoever of them was here. */
export async function canariesAt(kiosk: KioskOutside): Promise<readonly Canary[]> {
  const everybody = citizens(shanghaiDay(0));
  const codes = await Promise.all(everybody.map((citizen) => codesOf(kiosk, citizen)));
  return [...everybody.flatMap(canariesOf), ...codes.flat().flatMap(canariesOfCode)];
}

/** What of them lies in what an agent has written: data, runtime files, log. It must be dead, or files go away under the look. */
export function leftBehind({ stack }: KioskOutside, canaries: readonly Canary[]): readonly Hit[] {
  const directories = [stack.dataDirectory, path.join(stack.directory, 'run')].filter(existsSync);
  return [
    ...directories.flatMap((directory) => canariesIn({ directory }, canaries)),
    ...(existsSync(stack.agentLog) ? canariesIn({ file: stack.agentLog }, canaries) : []),
  ];
}

/** Throws when anything of anybody was ever written, even if it was overwritten a moment later. */
export async function nothingPersonalWritten(
  kiosk: KioskOutside,
  writes: readonly Uint8Array[],
): Promise<void> {
  const finder = new CanaryFinder(await canariesAt(kiosk));
  const hits = writes.flatMap((data) => finder.hits(Buffer.from(data), 'a write'));
  if (hits.length > 0) throw new Error(`written: ${hits.map(({ kind }) => kind).join(', ')}`);
}
