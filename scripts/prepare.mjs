// Runs on any Node from 20 on, with nothing installed: brings what the project needs, and says what and why.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** The project's own Node 24, which npm installs. */
export const projectNode = path.join(root, 'node_modules/.bin/node');

/** Debian packages, what for, and how to see that they are there. */
const DEBIAN_PACKAGES = {
  'fonts-noto-cjk': 'Chinese type on screen and paper 屏幕和纸上的中文字体',
  'fonts-hanazono': 'rare characters in names 姓名里的生僻字',
  socat: 'virtual serial ports for the simulated devices 模拟设备的虚拟串口',
  chromium: 'the screen, where Electron is not installed 触摸屏页面',
  'zbar-tools': 'reads the QR code off the printed slip 从纸的图片上识读二维码',
  'tesseract-ocr': 'reads the text off the printed slip 从纸的图片上识读文字',
  'tesseract-ocr-chi-sim': 'the same, Chinese 同上，中文',
  'opus-tools': 'listens to the voice 听一听机器的声音',
  xvfb: 'a display for Electron where there is none 没有显示器时运行 Electron',
  'libusb-1.0-0': 'HID devices HID 设备需要的系统库',
  strace: 'watches and disturbs what the agent writes to disk 观察和干扰程序写盘',
  faketime: 'wrong clocks 走错的时钟',
  iproute2: 'networks of the tests own 测试自己的网络',
  'xz-utils': 'unpacks the kernel of the lab 解压实验室的内核',
};

/** The virtual machine of the lab, which not every machine can have: without it the lab is skipped and says so. */
const LAB_PACKAGES = {
  'qemu-system-x86': 'the lab: a machine to plug simulated devices into 实验室：插入模拟设备的虚拟机',
  udev: 'the lab: names and rights of devices 实验室：设备名称和权限',
};

/** A sound card without a loudspeaker: without it nobody listens to the kiosk, which is said. */
const SOUND_PACKAGES = { pulseaudio: 'a virtual sound card, to hear the kiosk speak 虚拟声卡，听机器说话' };

function say(line) {
  process.stdout.write(`${line}\n`);
}

/** True when it went well; says what did not. */
function attempt(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], ...options });
  if (result.status === 0) return true;
  say(`✗ ${command} ${args.join(' ')} → ${result.status ?? result.signal ?? result.error?.message}`);
  return false;
}

function run(command, args, options) {
  if (!attempt(command, args, options)) process.exit(1);
}

function requireNode20() {
  const major = Number.parseInt(process.versions.node, 10);
  if (major >= 20) return;
  say(`需要 Node 20 或更新版本，现在是 ${process.versions.node}。Node 20 or newer is needed.`);
  process.exit(1);
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}

function stampIs(name, value) {
  const file = path.join(root, 'node_modules/.cache/kiosk', name);
  return existsSync(file) && readFileSync(file, 'utf8') === value;
}

function stamp(name, value) {
  mkdirSync(path.join(root, 'node_modules/.cache/kiosk'), { recursive: true });
  writeFileSync(path.join(root, 'node_modules/.cache/kiosk', name), value);
}

function installNodePackages() {
  const wanted = hashOf([path.join(root, 'package-lock.json')]);
  if (existsSync(projectNode) && stampIs('npm', wanted)) return;
  say('· npm packages: missing or changed → npm ci 正在安装依赖（约 1 分钟）');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  stamp('npm', wanted);
}

function isInstalled(debianPackage) {
  const result = spawnSync('dpkg-query', ['-W', '-f=${Status}', debianPackage], { encoding: 'utf8' });
  return result.status === 0 && result.stdout.includes('install ok installed');
}

function canSudo() {
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
}

/** Ends here when they cannot be installed, unless the rest goes without them (`optional`). */
function installDebianPackages(packages, names, { optional = false } = {}) {
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  for (const name of missing) say(`· ${name}: ${packages[name]}`);
  const prefix = process.getuid?.() === 0 ? [] : canSudo() ? ['sudo', '-n'] : undefined;
  if (prefix === undefined) {
    say('这些软件包没有安装，请先运行 These packages are missing, please run first:');
    say(`  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing.join(' ')}`);
    if (optional) return;
    process.exit(1);
  }
  say(`→ apt-get install ${missing.join(' ')} 正在安装（约 1 分钟）`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const quiet = { env: environment, stdio: ['ignore', 'ignore', 'inherit'] };
  const apt = (args) => {
    const [command, ...rest] = [...prefix, 'apt-get', ...args];
    return attempt(command, rest, quiet);
  };
  const installed =
    apt(['update', '-qq']) && apt(['install', '-y', '-qq', '--no-install-recommends', ...missing]);
  if (!installed && !optional) process.exit(1);
}

function filesUnder(directory) {
  return readdirSync(path.join(root, directory), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function build() {
  const sources = [
    'src/screens',
    'src/copy',
    'src/view',
    'src/bridge',
    'src/platform',
    'src/shell-recovery',
    'electron',
    'assets',
  ].filter(
    (directory) =>
      existsSync(path.join(root, directory)) && statSync(path.join(root, directory)).isDirectory(),
  );
  const configs = readdirSync(root).filter((name) => /^vite\..*config.*\.ts$|^vite\.config\.ts$/.test(name));
  const wanted = hashOf([
    ...sources.flatMap(filesUnder),
    ...configs.map((name) => path.join(root, name)),
    path.join(root, 'package-lock.json'),
  ]);
  if (existsSync(path.join(root, 'dist/screens/index.html')) && stampIs('build', wanted)) return;
  say('· screens and shell: not built yet or changed → build 正在构建');
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  stamp('build', wanted);
}

/** Makes the machine ready. `purpose`: `start` for the demonstration, `test` for the proof. */
export function prepare(purpose) {
  requireNode20();
  const packages =
    purpose === 'test'
      ? Object.keys(DEBIAN_PACKAGES)
      : ['fonts-noto-cjk', 'fonts-hanazono', 'socat', 'chromium'];
  installDebianPackages(DEBIAN_PACKAGES, packages);
  if (purpose === 'test') installDebianPackages(LAB_PACKAGES, Object.keys(LAB_PACKAGES), { optional: true });
  if (purpose === 'test')
    installDebianPackages(SOUND_PACKAGES, Object.keys(SOUND_PACKAGES), { optional: true });
  installNodePackages();
  build();
}
