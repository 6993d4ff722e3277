import type { TraceEvent } from './trace-events.ts';

/** What a directory holds after a power cut: its files by name. */
export type Image = ReadonlyMap<string, Buffer>;

/** What a disk writes as one; of anything longer any part may be lost. Bytes. */
export const SECTOR_BYTES = 512;

/** What happens to one unsynced piece. `torn`: so many of its first bytes got there. */
type Fate = 'kept' | 'lost' | { readonly torn: number };

type Change =
  | { readonly kind: 'write'; readonly inode: Inode; readonly offset: number; readonly data: Buffer }
  | { readonly kind: 'truncate'; readonly inode: Inode; readonly bytes: number }
  | { readonly kind: 'link'; readonly name: string; readonly inode: Inode }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | { readonly kind: 'unlink'; readonly name: string }
  | { readonly kind: 'make-directory' };

/** A file's content; names come and go. */
interface Inode {
  /** What no power cut can take any more. */
  durable: Buffer;
  /** What the running program reads back. */
  current: Buffer;
}

type Names = Map<string, Inode>;

/**
 * One directory on a disk that promises only what POSIX does: a file's content is safe once the file is synced, its name once
 * the directory is, the directory once its parent is. Everything since then may have got there or not, sector by sector, in
 * any order; a sector may be torn. (That a torn write leaves the bytes around it alone is what SQLite calls powersafe
 * overwrite, and what disks do.)
 */
export class DiskModel {
  readonly #openFiles = new Map<number, Inode>();
  #durableNames: Names;
  #names: Names;
  /** In the order in which they were done. */
  #unsynced: Change[] = [];

  /** `atFirst`: what lies there safely before the program starts; null: not even the directory. */
  constructor(atFirst: Image | null) {
    const inodes = Array.from(atFirst ?? [], ([name, content]): [string, Inode] => [
      name,
      { durable: content, current: content },
    ]);
    this.#durableNames = new Map(inodes);
    this.#names = new Map(inodes);
  }

  /** True when the disk, or what is safe of it, is another one now. */
  apply(event: TraceEvent): boolean {
    switch (event.kind) {
      case 'open':
        return this.#open(event);
      case 'write': {
        const inode = this.#inodeOf(event.fd);
        const offset = event.offset ?? inode.current.length;
        return this.#change({ kind: 'write', inode, offset, data: event.data });
      }
      case 'truncate': {
        const inode = this.#inodeOf(event.fd);
        if (inode.current.length === event.bytes) return false;
        return this.#change({ kind: 'truncate', inode, bytes: event.bytes });
      }
      case 'rename':
      case 'unlink':
      case 'make-directory':
        return this.#change(event);
      case 'sync':
        return this.#syncFile(this.#inodeOf(event.fd));
      case 'sync-names':
        return this.#syncNames();
      case 'sync-parent':
        return this.#forget(({ kind }) => kind === 'make-directory');
      case 'said':
        return false;
    }
  }

  /** Whether a power cut could take anything now. */
  get atRisk(): boolean {
    return this.#unsynced.length > 0;
  }

  /** Only what was synced. */
  synced(): Image {
    return this.#imageOf([]);
  }

  /** Everything that was written. */
  written(): Image {
    return this.#imageOf(this.#unsynced);
  }

  /** Some of what was not synced is lost or torn, as `random` has it. */
  torn(random: () => number): Image {
    const pieces = this.#unsynced.flatMap(piecesOf);
    const fates = fatesOf(pieces, random);
    return this.#imageOf(
      pieces.flatMap((piece, at) => {
        const fate = fates[at] ?? 'lost';
        if (fate === 'lost') return piece.kind === 'write' ? emptied(piece, random) : [];
        return fate === 'kept' ? [piece] : cutShort(piece, fate.torn);
      }),
    );
  }

  #open({ name, fd, truncates }: Extract<TraceEvent, { kind: 'open' }>): boolean {
    const known = this.#names.get(name);
    const inode = known ?? { durable: Buffer.alloc(0), current: Buffer.alloc(0) };
    this.#openFiles.set(fd, inode);
    if (known === undefined) return this.#change({ kind: 'link', name, inode });
    return truncates && inode.current.length > 0 && this.#change({ kind: 'truncate', inode, bytes: 0 });
  }

  #inodeOf(fd: number): Inode {
    const inode = this.#openFiles.get(fd);
    if (inode === undefined) throw new Error(`file ${fd} was never seen to be opened`);
    return inode;
  }

  #change(change: Change): true {
    this.#unsynced.push(change);
    if (change.kind === 'write' || change.kind === 'truncate') {
      change.inode.current = changed(change.inode.current, change);
    } else {
      applyToNames(this.#names, change);
    }
    return true;
  }

  #syncFile(inode: Inode): boolean {
    inode.durable = inode.current;
    return this.#forget((change) => 'inode' in change && change.kind !== 'link' && change.inode === inode);
  }

  #syncNames(): boolean {
    this.#durableNames = new Map(this.#names);
    return this.#forget(({ kind }) => kind === 'link' || kind === 'rename' || kind === 'unlink');
  }

  #forget(isSafe: (change: Change) => boolean): boolean {
    const before = this.#unsynced.length;
    this.#unsynced = this.#unsynced.filter((change) => !isSafe(change));
    return this.#unsynced.length !== before;
  }

  /** The safe state and, on top, the changes that got there. */
  #imageOf(changes: readonly Change[]): Image {
    const made = changes.some(({ kind }) => kind === 'make-directory');
    if (!made && this.#unsynced.some(({ kind }) => kind === 'make-directory')) return new Map();
    const names: Names = new Map(this.#durableNames);
    const contents = new Map<Inode, Buffer>();
    for (const change of changes) {
      if (change.kind === 'write' || change.kind === 'truncate') {
        const { inode } = change;
        contents.set(inode, changed(contents.get(inode) ?? inode.durable, change));
      } else {
        applyToNames(names, change);
      }
    }
    return new Map(Array.from(names, ([name, inode]) => [name, contents.get(inode) ?? inode.durable]));
  }
}

function applyToNames(names: Names, change: Exclude<Change, { inode: Inode; kind: 'write' | 'truncate' }>) {
  if (change.kind === 'link') names.set(change.name, change.inode);
  else if (change.kind === 'unlink') names.delete(change.name);
  else if (change.kind === 'rename') {
    const inode = names.get(change.from);
    if (inode === undefined) return;
    names.delete(change.from);
    names.set(change.to, inode);
  }
}

/** A new buffer: the old one may be part of another image. */
function changed(content: Buffer, change: Extract<Change, { kind: 'write' | 'truncate' }>): Buffer {
  const end = change.kind === 'write' ? change.offset + change.data.length : change.bytes;
  const length = change.kind === 'write' ? Math.max(content.length, end) : end;
  const next = Buffer.alloc(length);
  content.copy(next, 0, 0, length);
  if (change.kind === 'write') change.data.copy(next, change.offset);
  return next;
}

/** A write, sector by sector; everything else is one piece. */
function piecesOf(change: Change): readonly Change[] {
  if (change.kind !== 'write') return [change];
  const pieces: Change[] = [];
  for (let at = 0; at < change.data.length;) {
    const offset = change.offset + at;
    const length = Math.min(SECTOR_BYTES - (offset % SECTOR_BYTES), change.data.length - at);
    pieces.push({ ...change, offset, data: change.data.subarray(at, at + length) });
    at += length;
  }
  return pieces;
}

/** Four kinds of bad luck: this and that is lost; nothing after one moment got there; all but one piece; only one piece. */
function fatesOf(pieces: readonly Change[], random: () => number): readonly Fate[] {
  const chosen = Math.floor(random() * pieces.length);
  const tear = (piece: Change): Fate =>
    piece.kind === 'write' ? { torn: Math.floor(random() * piece.data.length) } : 'lost';
  const luck = Math.floor(random() * 4);
  if (luck === 0) {
    const share = 0.1 + random() * 0.8;
    return pieces.map((piece) => {
      if (random() < 0.08) return tear(piece);
      return random() < share ? 'kept' : 'lost';
    });
  }
  return pieces.map((piece, at): Fate => {
    if (luck === 1) return at === chosen ? tear(piece) : at < chosen ? 'kept' : 'lost';
    const alone = luck === 3;
    return (at === chosen) === alone ? 'kept' : 'lost';
  });
}

/** What stands where a piece should be that made the file longer: nothing, or what another file has left there. */
function emptied(piece: Extract<Change, { kind: 'write' }>, random: () => number): readonly Change[] {
  const { inode, offset, data } = piece;
  if (offset < inode.durable.length || random() < 0.7) return [];
  const leftover = Buffer.from(Array.from(data, () => Math.floor(random() * 256)));
  return [{ ...piece, data: leftover }];
}

function cutShort(piece: Change, bytes: number): readonly Change[] {
  return piece.kind === 'write' ? [{ ...piece, data: piece.data.subarray(0, bytes) }] : [];
}
