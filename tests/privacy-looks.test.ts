import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import { person } from './live-kiosk/people.ts';
import { canariesIn, canariesOf, canariesOfCode, textCanary } from './privacy/canaries.ts';
import { canariesInHeap, heapSnapshot, snapshotFlags } from './privacy/heap-snapshot.ts';
import { canariesInMemory } from './privacy/process-memory.ts';
import { ownLines } from './privacy/slip-lines.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'looks-'));
const wang = person('wang-guilan');
const GB_18030 = Buffer.from('cdf5b9f0c0bc', 'hex');
let child: ChildProcess | undefined;

afterEach(async () => {
  if (child === undefined) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
  child = undefined;
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it.each([
  ['as it is', Buffer.from(`…${wang.name}…`)],
  ['in the letters of a card', Buffer.from(`…${wang.name}…`, 'utf16le')],
  ['in those of a printer', Buffer.concat([Buffer.of(0x1b, 0x40), GB_18030, Buffer.of(0x0a)])],
  ['escaped in JSON', Buffer.from(String.raw`{"name":"\u738b\u6842\u5170"}`)],
  ['escaped in an address', Buffer.from(`/people?name=${encodeURIComponent(wang.name)}`)],
])('a name is found in a file, %s', (how, bytes) => {
  const directory = mkdtempSync(path.join(folder, 'files-'));
  writeFileSync(path.join(directory, 'empty'), '');
  writeFileSync(path.join(directory, 'some.db'), bytes);
  expect(canariesIn({ directory }), how).toEqual([{ kind: 'name', where: 'some.db' }]);
});

it('number, masked texts and what a code says are found in a text, and nothing in one about nobody', () => {
  const code = { token: `OC1${'K7'.repeat(15)}Q`, shortCode: 'QWER2345TYUP' };
  const text = `${wang.idNumber} 310***********900X 王*兰 ${code.token} QWER 2345 TYUP`;
  const kinds = canariesIn({ text }, [...canariesOf(wang), ...canariesOfCode(code)]).map(({ kind }) => kind);
  expect(kinds.toSorted()).toEqual(['idNumber', 'maskedIdNumber', 'maskedName', 'shortCode', 'token']);
  expect(canariesIn({ text: '{"event":"session.end","epoch":3} 王兰 310' })).toEqual([]);
});

/** A process that gets a text by standard input and keeps or forgets it. */
async function holding(text: string, code: string): Promise<number> {
  const directory = mkdtempSync(path.join(folder, 'snapshots-'));
  child = spawn(process.execPath, [...snapshotFlags(directory), '-e', code], {
    cwd: directory,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin?.end(text);
  await once(child.stdout ?? child, 'data');
  return child.pid ?? 0;
}

/** Also its own program is in its heap: the text must come from outside. */
const READ = "const given = require('fs').readFileSync(0); setInterval(() => {}, 1000);";
const SAID = "process.stdout.write('ready');";

function heapOf(pid: number) {
  const flag = '--diagnostic-dir=';
  const directory = child?.spawnargs.find((arg) => arg.startsWith(flag))?.slice(flag.length) ?? '';
  return heapSnapshot(pid, directory);
}

it('a text that code can still reach is found in the heap, deep inside another one, with what holds it', async () => {
  const text = `${'x'.repeat(5_000)}${wang.name}`;
  const pid = await holding(text, `${READ} globalThis.holder = { kept: given.toString() }; ${SAID}`);
  const hits = canariesInHeap(await heapOf(pid), canariesOf(wang));
  expect(hits).toEqual([{ kind: 'name', where: expect.stringMatching(/\.kept ← .*\.holder/) as string }]);
  expect(JSON.stringify(hits)).not.toContain(wang.name);
});

it('a text that was let go is not in the heap, but still in raw memory', async () => {
  const pid = await holding(wang.name, `${READ} let one = given.toString(); one = one.length; ${SAID}`);
  expect(canariesInHeap(await heapOf(pid), canariesOf(wang))).toEqual([]);
  expect(canariesInMemory(pid, canariesOf(wang)).hits).toMatchObject({ name: expect.any(Number) as number });
});

it.each([true, false])('raw memory is seen as it is: overwritten %s', async (overwritten) => {
  const token = textCanary('token', `OC1${'M3'.repeat(15)}Z`);
  const pid = await holding(
    token.text ?? '',
    // Straight into memory of its own, which nobody copies.
    `const kept = Buffer.allocUnsafeSlow(99); require('fs').readSync(0, kept); if (${overwritten}) kept.fill(0);
     setInterval(() => kept.length, 1000); ${SAID}`,
  );
  expect(canariesInMemory(pid, [token]).hits).toEqual(overwritten ? {} : { token: 1 });
});

it('of a slip the lines that are somebody’s own are known, and those of others are not among them', () => {
  const slip = { issuedOn: '2026-11-22', validUntil: '2027-05-20', kind: 'apply' } as const;
  const hers = ownLines({
    ...slip,
    maskedName: '王*兰',
    token: `OC1${'K'.repeat(31)}`,
    shortCode: 'QWER2345TYUP',
  });
  const his = ownLines({
    ...slip,
    maskedName: '陈*生',
    token: `OC1${'M'.repeat(31)}`,
    shortCode: 'ASDF2345GHJK',
  });
  // Name, symbol, short code.
  expect(hers.size).toBe(3);
  expect([...hers].filter((line) => his.has(line))).toEqual([]);
});
