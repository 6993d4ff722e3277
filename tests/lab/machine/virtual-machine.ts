import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { initialRamDisk } from './initial-ram-disk.ts';
import { moduleFiles } from './kernel-modules.ts';
import type { UnpackedKernel } from './kernel.ts';

/** Drivers for the host's file system, needed before there is a root. */
const EARLY = ['virtio_pci', '9pnet_virtio', '9p', 'overlay'];
/** USB as a kiosk has it, and the ways to plug devices in that are none. */
const LATE = ['usbhid', 'hid_generic', 'uhid', 'vhci_hcd', 'usblp', 'cdc_acm'];

/** What one boot came to. */
export interface MachineRun {
  /** What the command in the guest ended with; undefined when the machine stopped before it did. */
  readonly exitCode: number | undefined;
  /** From the kernel's start to the end of udev's first round, ms by the guest's clock. */
  readonly bootMs: number | undefined;
  /** The kernel's console. */
  readonly console: string;
}

export interface MachineOptions {
  readonly kernel: UnpackedKernel;
  readonly repository: string;
  /** A directory that the guest sees as /run/lab-out. */
  readonly out: string;
  /** What the guest runs as root, in the repository. */
  readonly command: string;
  /** The machine is killed after so long, s. */
  readonly limitSeconds: number;
  readonly memoryMb?: number;
  readonly signal?: AbortSignal;
}

/**
 * Boots the kernel on an emulated machine whose root is this machine's file system, writes going to memory only, and runs one
 * command there. No network, no disk, no access to this machine but reading, and writing into `out`.
 */
export async function runInMachine(options: MachineOptions): Promise<MachineRun> {
  const { out } = options;
  await mkdir(out, { recursive: true });
  for (const stale of ['rc', 'times', 'console.log']) await rm(path.join(out, stale), { force: true });
  const ramDisk = path.join(out, 'initrd.img');
  await writeFile(ramDisk, await ramDiskOf(options));
  await writeFile(path.join(out, 'command'), options.command);
  await runQemu(options, ramDisk);
  await rm(ramDisk, { force: true });
  const times = await textOf(path.join(out, 'times'));
  const udevSeconds = /^udev ([\d.]+)$/m.exec(times)?.[1];
  const rc = await textOf(path.join(out, 'rc'));
  return {
    exitCode: /^\d+$/.test(rc.trim()) ? Number(rc) : undefined,
    bootMs: udevSeconds === undefined ? undefined : Math.round(Number(udevSeconds) * 1000),
    console: await textOf(path.join(out, 'console.log')),
  };
}

async function ramDiskOf({ kernel, repository }: MachineOptions): Promise<Uint8Array> {
  const files = new Map<string, Uint8Array>();
  files.set('init', await readFile(path.join(repository, 'tests/lab/guest/init.sh')));
  files.set('bin/busybox', await readFile(kernel.busybox));
  const early = moduleFiles(kernel.modules, EARLY);
  const late = moduleFiles(kernel.modules, LATE).filter((file) => !early.includes(file));
  for (const [list, modules] of [
    ['early', early],
    ['late', late],
  ] as const) {
    files.set(`modules/${list}.list`, Buffer.from(modules.map((file) => path.basename(file)).join('\n')));
    for (const file of modules) files.set(`modules/${path.basename(file)}`, await readFile(file));
  }
  return initialRamDisk(files);
}

async function runQemu(options: MachineOptions, ramDisk: string): Promise<void> {
  const { kernel, out, repository, memoryMb = 768 } = options;
  const accelerator = (await hardwareHelps()) ? 'kvm' : 'tcg,thread=multi';
  const kernelLine = `console=ttyS0 panic=-1 quiet mitigations=off nokaslr audit=0 apparmor=0 lab.repository=${repository}`;
  const settings: Readonly<Record<string, string>> = {
    accel: accelerator,
    M: 'pc',
    cpu: 'qemu64',
    smp: '2',
    m: String(memoryMb),
    serial: `file:${path.join(out, 'console.log')}`,
    kernel: kernel.vmlinux,
    initrd: ramDisk,
    append: kernelLine,
  };
  const arguments_ = [
    '-nodefaults',
    '-no-user-config',
    '-nographic',
    '-no-reboot',
    ...Object.entries(settings).flatMap(([name, value]) => [`-${name}`, value]),
    ...shared('host', 'hostroot', `path=/,readonly=on,multidevs=remap`),
    ...shared('out', 'out', `path=${out}`),
  ];
  const machine = spawn('qemu-system-x86_64', arguments_, { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  machine.stderr.on('data', (text: Buffer) => {
    complaint += text.toString();
  });
  const kill = () => machine.kill('SIGKILL');
  const limit = AbortSignal.timeout(options.limitSeconds * 1000);
  limit.addEventListener('abort', kill);
  options.signal?.addEventListener('abort', kill);
  await new Promise<void>((resolve, reject) => {
    machine.on('error', reject);
    machine.on('exit', () => {
      resolve();
    });
  });
  if (complaint !== '') await writeFile(path.join(out, 'qemu.log'), complaint);
}

function shared(id: string, tag: string, how: string): string[] {
  const system = `local,id=${id},security_model=none,${how}`;
  return ['-fsdev', system, '-device', `virtio-9p-pci,fsdev=${id},mount_tag=${tag}`];
}

/** KVM without VT-x or AMD-V (a virtual machine of another kind) only pretends: Debian's kernel does not boot on it. */
async function hardwareHelps(): Promise<boolean> {
  if (!existsSync('/dev/kvm')) return false;
  return /\b(?:vmx|svm)\b/.test(await textOf('/proc/cpuinfo'));
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
