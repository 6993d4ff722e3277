import { expect, test } from 'vitest';
import { seeded } from './simulation/seeded.ts';
import { DiskModel, SECTOR_BYTES, type Image } from './powercut/disk-model.ts';
import { isWhole, traceEvents } from './powercut/trace-events.ts';

const DIRECTORY = '/data';

/** As strace writes texts and paths with `-xx`. */
const hex = (text: string) =>
  [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
const file = (name: string) => `7<${hex(`${DIRECTORY}/${name}`)}>`;

function eventsOf(...lines: readonly string[]) {
  return [...traceEvents(lines.join('\n'), DIRECTORY)];
}

test('a call that another thread interrupts is read as one, however it is padded', () => {
  const events = eventsOf(
    `10  pwrite64(${file('a.db')}, "${hex('xyz')}", 3, 512 <unfinished ...>`,
    '11  mmap(NULL, 528384, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7ff6a1f7f000',
    '10  <... pwrite64 resumed>)           = 3',
    `10  fsync(${file('a.db')} <unfinished ...>`,
    '10  <... fsync resumed>)              = 0',
  );
  expect(events).toEqual([
    { kind: 'write', fd: 7, offset: 512, data: Buffer.from('xyz') },
    { kind: 'sync', fd: 7 },
  ]);
});

test('calls that failed, that nobody came back from, and those on other directories are no events', () => {
  expect(
    eventsOf(
      `10  pwrite64(${file('a.db')}, "${hex('x')}", 1, 0) = -1 EIO (Input/output error)`,
      `10  fsync(${file('a.db')})               = ?`,
      `10  fsync(8<${hex('/elsewhere/a.db')}>) = 0`,
      '10  --- SIGTERM {si_signo=SIGTERM, si_code=SI_USER, si_pid=1, si_uid=0} ---',
      '10  +++ killed by SIGKILL +++',
    ),
  ).toEqual([]);
});

test('a call that changes a file in a way that is not modelled is never overlooked', () => {
  const call = `10  copy_file_range(${file('a.db')}, NULL, ${file('b.db')}, NULL, 5, 0) = 5`;
  expect(() => eventsOf(call)).toThrow('copy_file_range');
});

test('what the program says comes as whole lines, between what it does', () => {
  const says = (text: string) =>
    `10  write(1<${hex('pipe:[1]')}>, "${hex(text)}", ${text.length}) = ${text.length}`;
  expect(eventsOf(says('one\ntw'), `10  fsync(${file('a.db')}) = 0`, says('o\n'))).toEqual([
    { kind: 'said', line: 'one' },
    { kind: 'sync', fd: 7 },
    { kind: 'said', line: 'two' },
  ]);
});

test('a trace is whole when the program is gone', () => {
  expect(isWhole('10  +++ exited with 0 +++\n')).toBe(true);
  expect(isWhole('10  +++ killed by SIGKILL +++\n')).toBe(true);
  expect(isWhole('10  fsync(7) = 0\n')).toBe(false);
});

/** A disk with one durable file of two sectors, to which a third was written and not synced. */
function writtenTo(): DiskModel {
  const disk = new DiskModel(new Map([['a.db', Buffer.alloc(2 * SECTOR_BYTES, 'a')]]));
  disk.apply({ kind: 'open', name: 'a.db', fd: 7, truncates: false });
  disk.apply({ kind: 'write', fd: 7, offset: SECTOR_BYTES, data: Buffer.alloc(2 * SECTOR_BYTES, 'b') });
  return disk;
}

const textOf = (image: Image) => image.get('a.db')?.toString('latin1') ?? '';

test('an unsynced write can be lost, kept or torn sector by sector; the bytes around it never change', () => {
  const disk = writtenTo();
  expect(textOf(disk.synced())).toBe('a'.repeat(1_024));
  expect(textOf(disk.written())).toBe('a'.repeat(512) + 'b'.repeat(1_024));
  const random = seeded(7);
  const seen = new Set<string>();
  for (let cut = 0; cut < 400; cut += 1) {
    const text = textOf(disk.torn(random));
    expect(text.slice(0, 512)).toBe('a'.repeat(512));
    expect(text.slice(512, 1_024)).toMatch(/^b*a*$/);
    seen.add(text);
  }
  expect(seen.size).toBeGreaterThan(20);
});

test('no power cut takes what was synced', () => {
  const disk = writtenTo();
  disk.apply({ kind: 'sync', fd: 7 });
  expect(disk.atRisk).toBe(false);
  const random = seeded(7);
  for (let cut = 0; cut < 50; cut += 1) expect(textOf(disk.torn(random))).toBe(textOf(disk.written()));
});

test('a new name is safe when its directory is synced, a new directory when its parent is', () => {
  const disk = new DiskModel(null);
  disk.apply({ kind: 'make-directory' });
  disk.apply({ kind: 'open', name: 'a.db', fd: 7, truncates: false });
  disk.apply({ kind: 'write', fd: 7, offset: null, data: Buffer.from('x') });
  disk.apply({ kind: 'sync', fd: 7 });
  expect(disk.synced().size).toBe(0);
  disk.apply({ kind: 'sync-names' });
  expect(disk.synced().size).toBe(0);
  disk.apply({ kind: 'sync-parent' });
  expect(textOf(disk.synced())).toBe('x');
});
