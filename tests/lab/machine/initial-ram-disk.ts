/** One file, directory or device of a cpio archive. */
interface Entry {
  readonly name: string;
  readonly mode: number;
  readonly data?: Uint8Array;
}

const DIRECTORY = 0o040755;
const EXECUTABLE = 0o100755;
const TRAILER = 'TRAILER!!!';

/**
 * An uncompressed archive in the "newc" format that the kernel unpacks as its first root (kernel documentation,
 * driver-api/early-userspace/buffer-format). Directories are made as needed; every file is executable.
 */
export function initialRamDisk(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const directories = new Set<string>();
  for (const name of files.keys()) {
    const parts = name.split('/').slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth += 1) directories.add(parts.slice(0, depth).join('/'));
  }
  const entries: Entry[] = [
    ...[...directories].map((name) => ({ name, mode: DIRECTORY })),
    ...[...files].map(([name, data]) => ({ name, mode: EXECUTABLE, data })),
    { name: TRAILER, mode: 0 },
  ];
  return Buffer.concat(entries.map((entry, index) => encoded(entry, index + 1)));
}

function encoded({ name, mode, data = new Uint8Array(0) }: Entry, inode: number): Buffer {
  const links = name === TRAILER ? 0 : 1;
  const fields = [inode, mode, 0, 0, links, 0, data.length, 0, 0, 0, 0, name.length + 1, 0];
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}${name}\0`;
  return Buffer.concat([padded(Buffer.from(header, 'latin1')), padded(data)]);
}

function padded(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
