import path from 'node:path';

/** One thing that a traced program did to the files of one directory, or a whole line that it said on standard output. */
export type TraceEvent =
  | { readonly kind: 'open'; readonly name: string; readonly fd: number; readonly truncates: boolean }
  /** `offset` null: where the file ends. */
  | { readonly kind: 'write'; readonly fd: number; readonly offset: number | null; readonly data: Buffer }
  | { readonly kind: 'truncate'; readonly fd: number; readonly bytes: number }
  | { readonly kind: 'sync'; readonly fd: number }
  /** The directory's own list of names is synced. */
  | { readonly kind: 'sync-names' }
  /** The list in which the directory itself stands is synced. */
  | { readonly kind: 'sync-parent' }
  | { readonly kind: 'make-directory' }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | { readonly kind: 'unlink'; readonly name: string }
  | { readonly kind: 'said'; readonly line: string };

/** Everything that changes a file, and everything that could change one behind the back of the parser (`mmap`, `fallocate`, …). */
const SYSCALLS =
  'openat,open,creat,pwrite64,write,writev,pwritev,pwritev2,fsync,fdatasync,sync_file_range,ftruncate,truncate,' +
  'fallocate,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,mmap,copy_file_range,sendfile';

/** Nothing an agent writes at once is longer, bytes; a longer one fails the parser. */
const LONGEST_STRING = 8_388_608;

/** The traced program dies when it begins its call number `when` of this name. */
export interface Death {
  readonly call: 'fsync' | 'pwrite64';
  readonly when: number;
}

/**
 * What traces the program that follows it on the command line, all its threads, into `file`. `-D`: the program, not strace, is
 * the process that was started, and it can be killed.
 */
export function straceCommand(file: string, death?: Death): readonly string[] {
  // With a filter in the kernel the traced program runs faster, and the signal of an injection is forgotten (strace 6.1).
  const end = death && ['-e', `inject=${death.call}:signal=SIGKILL:when=${death.when}`];
  return [
    'strace',
    '-D',
    '-f',
    '-q',
    '-xx',
    '-y',
    '-s',
    String(LONGEST_STRING),
    '-e',
    `trace=${SYSCALLS}`,
    ...(end ?? ['--seccomp-bpf']),
    '-o',
    file,
  ];
}

/** The last line of a whole trace: the traced program is gone. */
export function isWhole(trace: string): boolean {
  return /\+\+\+ (?:exited with \d+|killed by \w+(?: \(core dumped\))?) \+\+\+\n$/.test(trace);
}

interface Call {
  readonly name: string;
  readonly args: readonly string[];
  readonly result: number;
}

/**
 * Reads a trace made by {@link straceCommand} and tells, in order, what was done to the files of `directory` (directly in it).
 * Throws on a call that changes one of them in a way nobody models, so that nothing is overlooked. SQLite's shared memory
 * (`-shm`) is left out: it is mapped, means nothing after a power cut, and is made anew.
 */
export function* traceEvents(trace: string, directory: string): Generator<TraceEvent> {
  const unfinished = new Map<string, string>();
  let said = '';
  for (const line of trace.split('\n')) {
    const call = callIn(line, unfinished);
    if (call === null) continue;
    if (isWrite(call) && call.args[0]?.startsWith('1<') === true) {
      const lines = (said + stringIn(call.args[1] ?? '').toString()).split('\n');
      said = lines.pop() ?? '';
      for (const whole of lines) yield { kind: 'said', line: whole };
      continue;
    }
    const event = eventOf(call, directory);
    if (event !== null) yield event;
  }
}

/** A whole call with a result; calls that were interrupted by another thread's are put together again. */
function callIn(line: string, unfinished: Map<string, string>): Call | null {
  const start = /^(\d+) +(?:<\.\.\. \w+ resumed>)?/.exec(line);
  const [matched, thread] = start ?? [];
  if (matched === undefined || thread === undefined) return null;
  const rest = line.slice(matched.length);
  if (rest.endsWith('<unfinished ...>')) {
    unfinished.set(thread, rest.slice(0, -'<unfinished ...>'.length));
    return null;
  }
  const text = matched.endsWith('resumed>') ? (unfinished.get(thread) ?? '') + rest : rest;
  // Neither signals, nor ends of threads, nor calls in which the program died (`= ?`). What was interrupted is padded before its `=`.
  const [, name, given, result] = /^(\w+)\((.*)\) += (0x[0-9a-f]+|\d+)/.exec(text) ?? [];
  if (name === undefined || given === undefined) return null;
  return { name, args: given.trimEnd().split(', '), result: Number(result) };
}

function isWrite({ name }: Call): boolean {
  return name === 'write' || name === 'pwrite64';
}

function eventOf(call: Call, directory: string): TraceEvent | null {
  const { name, args, result } = call;
  const [first = '', second = '', third = '', fourth = ''] = args;
  switch (name) {
    case 'openat':
      return opened(within(directory, pathIn(second, first)), third, result);
    case 'mkdir':
      return pathIn(first) === directory ? { kind: 'make-directory' } : null;
    case 'unlink':
      return unlinked(within(directory, pathIn(first)));
    case 'unlinkat':
      return unlinked(within(directory, pathIn(second, first)));
    case 'rename':
      return renamed(within(directory, pathIn(first)), within(directory, pathIn(second)));
    case 'fsync':
    case 'fdatasync':
      return synced(first, directory);
  }
  const file = args.map((arg) => nameOfFd(arg, directory)).find((one) => one !== null);
  if (file === undefined || isSharedMemory(file)) return null;
  const fd = Number.parseInt(first, 10);
  if (name === 'pwrite64') return { kind: 'write', fd, data: written(call), offset: Number(fourth) };
  if (name === 'write') return { kind: 'write', fd, data: written(call), offset: null };
  if (name === 'ftruncate') return { kind: 'truncate', fd, bytes: Number(second) };
  if (name === 'mmap' && !(args.includes('MAP_SHARED') && third.includes('PROT_WRITE'))) return null;
  throw new Error(`nobody models what ${name} does to ${file}`);
}

function opened(name: string | null, flags: string, fd: number): TraceEvent | null {
  if (name === null || isSharedMemory(name)) return null;
  return { kind: 'open', name, fd, truncates: flags.includes('O_TRUNC') };
}

function unlinked(name: string | null): TraceEvent | null {
  return name === null || isSharedMemory(name) ? null : { kind: 'unlink', name };
}

function renamed(from: string | null, to: string | null): TraceEvent | null {
  if (from === null && to === null) return null;
  if (from === null || to === null) throw new Error('nobody models what comes from or goes elsewhere');
  return isSharedMemory(from) ? null : { kind: 'rename', from, to };
}

function synced(fd: string, directory: string): TraceEvent | null {
  const file = pathOfFd(fd);
  if (file === directory) return { kind: 'sync-names' };
  if (file === path.dirname(directory)) return { kind: 'sync-parent' };
  const name = nameOfFd(fd, directory);
  return name === null || isSharedMemory(name) ? null : { kind: 'sync', fd: Number.parseInt(fd, 10) };
}

/** What really went to the file: a call may write less than it was asked to. */
function written({ args, result }: Call): Buffer {
  const text = args[1] ?? '';
  if (text.endsWith('...')) throw new Error('strace was told to keep too little of what is written');
  return stringIn(text).subarray(0, result);
}

function isSharedMemory(name: string): boolean {
  return name.endsWith('-shm');
}

/** The name of a file directly in `directory`; null for every other path. */
function within(directory: string, file: string): string | null {
  return path.dirname(file) === directory ? path.basename(file) : null;
}

function nameOfFd(arg: string, directory: string): string | null {
  const file = pathOfFd(arg);
  return file === null ? null : within(directory, file);
}

/** `7<\x2f…>` → the path; null when the argument is no file descriptor. */
function pathOfFd(arg: string): string | null {
  const hexadecimal = /^(?:\d+|AT_FDCWD)<((?:\\x[0-9a-f]{2})+)>/.exec(arg)?.[1];
  return hexadecimal === undefined ? null : bytesOf(hexadecimal).toString();
}

/** A path, seen from the directory that the call names or, without one, as it stands. */
function pathIn(arg: string, from = ''): string {
  return path.resolve(pathOfFd(from) ?? '/', stringIn(arg).toString());
}

/** `"\x41\x42"` → its bytes. */
function stringIn(arg: string): Buffer {
  return arg.startsWith('"') ? bytesOf(arg.slice(1, arg.lastIndexOf('"'))) : Buffer.alloc(0);
}

function bytesOf(escaped: string): Buffer {
  return Buffer.from(escaped.replaceAll('\\x', ''), 'hex');
}
