import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { zstdDecompressSync } from 'node:zlib';

const run = promisify(execFile);

/** A Debian kernel and busybox, unpacked and never installed. */
export interface UnpackedKernel {
  /** `6.1.0-56-amd64`. */
  readonly release: string;
  /** The uncompressed kernel: booted without its own unpacking, which takes seconds under emulation. */
  readonly vmlinux: string;
  /** `lib/modules/<release>/kernel`. */
  readonly modules: string;
  readonly busybox: string;
}

/** The newest full kernel of this Debian; the cloud flavour has no USB. Cached by its version. */
export async function unpackKernel(cache: string): Promise<UnpackedKernel> {
  const kernelPackage = await newestKernelPackage();
  const release = kernelPackage.replace('linux-image-', '');
  const home = path.join(cache, release);
  const kernel: UnpackedKernel = {
    release,
    vmlinux: path.join(home, 'vmlinux'),
    modules: path.join(home, 'root/lib/modules', release, 'kernel'),
    busybox: path.join(home, 'root/bin/busybox'),
  };
  if (existsSync(path.join(home, 'complete'))) return kernel;
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(path.join(cache, 'unpacking-'));
  try {
    await run('apt-get', ['download', '-qq', kernelPackage, 'busybox-static'], { cwd: work });
    for (const name of (await readdir(work)).filter((file) => file.endsWith('.deb'))) {
      await run('dpkg-deb', ['-x', name, 'root'], { cwd: work });
      await rm(path.join(work, name));
    }
    const image = await readFile(path.join(work, `root/boot/vmlinuz-${release}`));
    await writeFile(path.join(work, 'vmlinux'), await payloadOf(image, work));
    await writeFile(path.join(work, 'complete'), '');
    await rm(home, { recursive: true, force: true });
    await rename(work, home);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return kernel;
}

/** A machine may have forgotten what packages there are: then they are listed anew, once. */
async function newestKernelPackage(): Promise<string> {
  const known = await kernelPackage();
  if (known !== undefined) return known;
  const [command, ...args] =
    process.getuid?.() === 0 ? ['apt-get', 'update'] : ['sudo', '-n', 'apt-get', 'update'];
  if (command !== undefined) await run(command, args);
  const name = await kernelPackage();
  if (name === undefined) throw new Error('apt knows no linux-image-amd64');
  return name;
}

async function kernelPackage(): Promise<string | undefined> {
  const { stdout } = await run('apt-cache', ['depends', 'linux-image-amd64']).catch(() => ({ stdout: '' }));
  return /Depends: (linux-image-\S+)/.exec(stdout)?.[1];
}

const XZ = [0xfd, 0x37, 0x7a, 0x58];
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd];

/** The kernel inside a bzImage (Linux boot protocol: setup_sects at 1F1, payload_offset at 248, payload_length at 24C). */
async function payloadOf(image: Buffer, work: string): Promise<Buffer> {
  const start = (image.readUInt8(0x1f1) + 1) * 512 + image.readUInt32LE(0x248);
  const payload = image.subarray(start, start + image.readUInt32LE(0x24c));
  if (startsWith(payload, ZSTD)) return zstdDecompressSync(payload);
  if (!startsWith(payload, XZ)) throw new Error('this kernel is packed neither with xz nor with zstd');
  const file = path.join(work, 'payload.xz');
  // The size of the unpacked kernel follows the stream; xz would call that garbage.
  await writeFile(file, payload.subarray(0, payload.length - 4));
  const { stdout } = await run('xz', ['-dc', file], {
    encoding: 'buffer',
    maxBuffer: 512 * 1024 * 1024,
  });
  return stdout;
}

function startsWith(bytes: Buffer, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}
