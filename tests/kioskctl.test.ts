import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { AgentReport } from '../src/bridge/ports.ts';
import { kioskctl, type Ended } from './fixtures/kioskctl-program.ts';
import { startMaintenance, wellReport } from './fixtures/maintenance.ts';

const root = path.resolve(import.meta.dirname, '..');
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function agentSaying(
  report: AgentReport,
): Promise<{ socketPath: string; directory: string; close(): Promise<void> }> {
  const agent = await startMaintenance({ report: () => report });
  closers.push(() => agent.close());
  return agent;
}

const [reader, scanner, printer] = wellReport.devices;
if (reader === undefined || scanner === undefined || printer === undefined) throw new Error('three devices');

const troubled: AgentReport = {
  ...wellReport,
  readiness: { methods: ['suishen-code'], issue: false, check: true, obstacles: ['cover-open'] },
  devices: [
    { ...reader, device: 'noDevice', faults: [{ code: 'link.port-missing', action: 'maintenance' }] },
    scanner,
    {
      ...printer,
      device: 'userError',
      faults: [
        { code: 'printer.cover-open', action: 'clear' },
        { code: 'printer.on-fire', action: 'maintenance' },
      ],
      parts: { paper: 'low', cover: 'open', cutter: 'ok', media: 'unknown' },
    },
  ],
  centre: { ...wellReport.centre, clockOffsetMs: 75_000 },
  queue: { voiding: 1, confirming: 2, open: 3 },
  database: { ...wellReport.database, movedAside: '/var/lib/suishen-kiosk/damaged.db' },
};

describe('kioskctl status', () => {
  test('says that all is well, and ends with 0', async () => {
    const { socketPath } = await agentSaying(wellReport);
    const zh = await kioskctl(['--socket', socketPath, 'status']);
    expect(zh).toMatchObject({ code: 0, err: '' });
    expect(zh.out).toMatch(/^✓ kiosk-7 {2}一切正常/);
    expect(zh.out).not.toMatch(/[!×]/);
    for (const fact of [
      '可以用身份证、随申码登录',
      '纸 有 · 上盖 合上 · 切刀 正常 · tcp 192.0.2.10:9100',
      '连得上 · https://centre.example.gov.cn',
      '和中心只差 0.3 秒',
      '“待机页”，42 秒前画上',
      '第 3 版 · 1.2 MB',
      '版本 0.1.0 · 已运行 3 天 4 小时 · 内存 123.0 MB',
    ]) {
      expect(zh.out).toContain(fact);
    }
    const en = await kioskctl(['status', '--lang', 'en', '--socket', socketPath]);
    expect(en.code).toBe(0);
    expect(en.out).toMatch(/^✓ kiosk-7 {2}all is well/);
    expect(en.out).toContain('up for 3 d 4 h');
  });

  test('aligns its columns although a Chinese character is two columns wide', async () => {
    const { socketPath } = await agentSaying(wellReport);
    const { out } = await kioskctl(['--socket', socketPath, 'status']);
    const columnOf = (line: string, part: string) => {
      const before = line.slice(0, line.indexOf(part));
      return before.length + (before.match(/[\p{Script=Han}、]/gu)?.length ?? 0);
    };
    const lineWith = (part: string) => out.split('\n').find((line) => line.includes(part)) ?? '';
    const columns = ['可以用身份证', '正常 · serial /dev/kiosk-reader', '连得上', '版本 0.1.0'].map((part) =>
      columnOf(lineWith(part), part),
    );
    expect(new Set(columns).size).toBe(1);
  });

  test('names trouble with cause and remedy, what stops people first, and ends with 1', async () => {
    const { socketPath } = await agentSaying(troubled);
    const zh = await kioskctl(['--socket', socketPath, 'status']);
    expect(zh.code).toBe(1);
    expect(zh.out).toMatch(/^× kiosk-7 {2}有 7 处要处理/);
    const order = [
      '[printer.cover-open]',
      '[printer.on-fire]',
      '[link.port-missing]',
      '数据库坏过',
      '慢 1 分 15 秒',
      '纸快用完了',
    ];
    const places = order.map((part) => zh.out.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(zh.out).toContain('处理  （现场人员可以处理）合上上盖');
    expect(zh.out).toContain('× 领取、补领    办不了：打印机上盖开着');
    expect(zh.out).toContain('✓ 查看');
    expect(zh.out).toContain('damaged.db');
    expect(zh.out).toContain('没了结的 3 笔，其中要作废 1，等中心确认 2');
    const en = await kioskctl(['--socket', socketPath, '--lang=en', 'status']);
    expect(en.code).toBe(1);
    expect(en.out).toContain('Close the cover and press until it clicks.');
    expect(en.out).toContain('this machine is 1 min 15 s behind the centre');
    expect(en.out.replaceAll('随申码', '')).not.toMatch(/\p{Script=Han}/u);
  });

  test.each<[string, Partial<AgentReport>, string]>([
    [
      'an unreachable centre',
      {
        centre: { url: 'https://centre.example.gov.cn', reachable: false, clockOffsetMs: 0 },
        readiness: { methods: [], issue: false, check: false, obstacles: ['centre-unreachable'] },
      },
      '× 中心',
    ],
    [
      'a centre whose certificate is not trusted',
      {
        centre: { url: 'https://centre.example.gov.cn', reachable: false, trouble: 'untrusted' },
        readiness: { methods: [], issue: false, check: false, obstacles: ['centre-unreachable'] },
      },
      '× 中心：证书不可信',
    ],
    ['a clock that is ahead', { centre: { ...wellReport.centre, clockOffsetMs: -5_001 } }, '快 5 秒'],
    ['a page that stands still', { painted: { screen: 'home', agoMs: 25 * 60_000 } }, '停在“首页”已经 25 分'],
    [
      'a kiosk that is still starting',
      { readiness: { methods: ['id-card'], issue: false, check: true, obstacles: ['starting'] } },
      '还在启动',
    ],
    [
      'a printer that can prove too little for any code to be activated',
      {
        devices: [
          reader,
          scanner,
          {
            ...printer,
            printer: { profile: 'generic-80mm', evidence: 'E1', minimumEvidence: 'E2', probed: true },
          },
        ],
      },
      '最多 E1，现在的配置要 E2',
    ],
    [
      'a printer that has shown too little, and was not probed',
      {
        readiness: { ...wellReport.readiness, issue: false, obstacles: ['printer-fault'] },
        devices: [
          reader,
          scanner,
          {
            ...printer,
            printer: { profile: 'generic-80mm', evidence: 'E1', minimumEvidence: 'E2', probed: false },
          },
        ],
      },
      'kioskctl printer probe --print',
    ],
    [
      'a device without a word of its fault',
      { devices: [reader, scanner, { ...printer, device: 'offline', parts: {} }] },
      '打印机：失去联系',
    ],
  ])('finds %s', async (_what, change, sentence) => {
    const { socketPath } = await agentSaying({ ...wellReport, ...change });
    const { code, out } = await kioskctl(['--socket', socketPath, 'status']);
    expect(code).toBe(1);
    expect(out).toContain(sentence);
  });

  test('says who the devices are, what lies at them, and what the printer can prove', async () => {
    const { socketPath } = await agentSaying({
      ...wellReport,
      devices: [
        { ...reader, parts: { samId: '05.03-20120314-000123456-123456789', media: 'present' } },
        { ...scanner, identity: { maker: 'Newland', model: 'FM430', firmware: 'V1.00' } },
        {
          ...printer,
          parts: { paper: 'full', media: 'retracted' },
          identity: { model: 'TM-T88V' },
          printer: { profile: 'generic-80mm', evidence: 'E2', minimumEvidence: 'E2', probed: true },
        },
      ],
    });
    const zh = await kioskctl(['--socket', socketPath, 'status']);
    const said = zh.out.replaceAll(/\s+/g, ' ');
    for (const fact of [
      '安全模块 05.03-20120314-000123456-123456789 · 证件 没拿走',
      'Newland FM430 V1.00',
      '出纸口 已收回 · TM-T88V · 型号 generic-80mm · 能证明打完（E2）',
    ]) {
      expect(said).toContain(fact);
    }
    const en = await kioskctl(['--socket', socketPath, '--lang', 'en', 'status']);
    expect(en.out.replaceAll(/\s+/g, ' ')).toContain(
      'exit taken back · TM-T88V · profile generic-80mm · can prove',
    );
  });

  test('says when no screen is painted', async () => {
    const { painted: _painted, ...unpainted } = wellReport;
    const { socketPath } = await agentSaying(unpainted);
    const { code, out } = await kioskctl(['--socket', socketPath, 'status']);
    expect(code).toBe(1);
    expect(out).toContain('没有画面：屏幕程序没有连上');
  });

  test('does not praise a clock that no answer of the centre was compared with', async () => {
    const { socketPath } = await agentSaying({
      ...wellReport,
      centre: { ...wellReport.centre, reachable: false, clockOffsetMs: 0 },
    });
    const { out } = await kioskctl(['--socket', socketPath, 'status']);
    expect(out).toMatch(/^ +时钟 +没有和中心对过时间$/m);
  });

  test('leaves a clock that is 5 s off alone', async () => {
    const { socketPath } = await agentSaying({
      ...wellReport,
      centre: { ...wellReport.centre, clockOffsetMs: 5_000 },
    });
    expect((await kioskctl(['--socket', socketPath, 'status'])).code).toBe(0);
  });

  test('gives programs the report as it is', async () => {
    const { socketPath } = await agentSaying(troubled);
    const { code, out } = await kioskctl(['--socket', socketPath, '--json', 'status']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual(troubled);
  });

  test('takes the socket from the configuration, named by option or environment', async () => {
    const { directory } = await agentSaying(wellReport);
    const file = path.join(directory, 'kiosk.toml');
    writeFileSync(file, configuration('agent.sock'));
    expect((await kioskctl(['--config', file, 'status'])).code).toBe(0);
    expect((await kioskctl(['status'], { KIOSK_CONFIG: file })).code).toBe(0);
    expect((await kioskctl(['status'], {}, directory)).code).toBe(0);
  });

  test('is coloured on demand only', async () => {
    const { socketPath } = await agentSaying(wellReport);
    const plain = await kioskctl(['--socket', socketPath, 'status']);
    const coloured = await kioskctl(['--socket', socketPath, 'status'], { FORCE_COLOR: '1' });
    const refused = await kioskctl(['--socket', socketPath, 'status'], { NO_COLOR: '1' });
    expect([plain, coloured, refused].map(({ out }) => out.includes('\u001B['))).toEqual([
      false,
      true,
      false,
    ]);
  });
});

describe('kioskctl without an agent', () => {
  test('says that there is no socket, and ends with 2', async () => {
    const socketPath = path.join(mkdtempSync(path.join(tmpdir(), 'kioskctl-')), 'none.sock');
    const zh = await kioskctl(['--socket', socketPath, 'status']);
    expect(zh.code).toBe(2);
    expect(zh.err).toContain(socketPath);
    expect(zh.err).toContain('agent 没有运行');
    const en = await kioskctl(['--socket', socketPath, '--lang', 'en', 'printer', 'test-page']);
    expect(en.code).toBe(2);
    expect(en.err).toContain('The agent does not run');
  });

  test('tells a socket that a dead agent left from one that is missing', async () => {
    const { directory } = await agentSaying(wellReport);
    const left = path.join(directory, 'left.sock');
    const script = `require('node:net').createServer().listen(${JSON.stringify(left)}, () => process.kill(process.pid, 'SIGKILL'))`;
    await new Promise((resolve) => execFile(process.execPath, ['-e', script], resolve));
    const { code, err } = await kioskctl(['--socket', left, 'status']);
    expect(code).toBe(2);
    expect(err).toContain('没有程序在听');
  });

  test('does not wait for ever for an agent that hangs', async () => {
    const socketPath = path.join(mkdtempSync(path.join(tmpdir(), 'kioskctl-')), 'silent.sock');
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(socketPath, resolve));
    closers.push(() => silent.close());
    const { code, err } = await kioskctl(['--socket', socketPath, 'status']);
    expect(code).toBe(2);
    expect(err).toContain('不回答');
  });

  test('says what is no agent', async () => {
    const socketPath = path.join(mkdtempSync(path.join(tmpdir(), 'kioskctl-')), 'other.sock');
    const other = createServer((socket) => socket.end('220 smtp\r\n'));
    await new Promise<void>((resolve) => other.listen(socketPath, resolve));
    closers.push(() => other.close());
    const { code, err } = await kioskctl(['--socket', socketPath, 'status']);
    expect(code).toBe(2);
    expect(err).toContain('出错');
    const long = await kioskctl(['--socket', `/tmp/${'x'.repeat(200)}`, 'status']);
    expect(long.code).toBe(2);
    expect(long.err).toContain('107');
  });

  test('shows what is wrong with the configuration that should name the socket', async () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'kioskctl-'));
    const file = path.join(directory, 'kiosk.toml');
    writeFileSync(file, configuration('agent.sock').replace('[kiosk]', '[kiosks]'));
    const { code, err } = await kioskctl(['--config', file, 'status']);
    expect(code).toBe(2);
    expect(err).toContain('kiosks');
    expect(err).toContain('--socket');
  });
});

describe('kioskctl', () => {
  test('helps in the language asked for', async () => {
    const zh = await kioskctl(['--help']);
    expect(zh.code).toBe(0);
    for (const part of ['用法：', 'config check', 'printer test-page', '退出码']) {
      expect(zh.out).toContain(part);
    }
    expect(zh.out).not.toMatch(/Usage|Options|Commands|display help|choices/);
    for (const args of [
      ['--lang', 'en', '--help'],
      ['--help', '--lang=en'],
      ['config', 'check', '-h', '--lang', 'en'],
    ]) {
      const en = await kioskctl(args);
      expect(en.code).toBe(0);
      expect(en.out).toContain('Usage:');
      expect(en.out).not.toMatch(/\p{Script=Han}/u);
    }
  });

  test.each([
    [['frobnicate'], '没有这个命令：frobnicate'],
    [['status', '--frob'], '没有这个选项：--frob'],
    [['status', 'twice'], '参数太多'],
    [['--socket'], '缺少：--socket <PATH>'],
    [['--lang', 'fr', 'status'], '不能这样写：--lang'],
  ])('refuses %j with a sentence and 64', async (args, sentence) => {
    const { code, err, out } = await kioskctl(args);
    expect(code).toBe(64);
    expect(err).toContain(sentence);
    expect(err).not.toContain('error:');
    expect(out).toBe('');
  });
});

function configuration(socketPath: string): string {
  return `[kiosk]
id = "kiosk-7"
production = false
[central]
url = "https://127.0.0.1:8443"
keyId = "kiosk-7"
keyFile = "device.pem"
[idCardReader]
transport = "tcp"
host = "127.0.0.1"
port = 4001
[qrScanner]
transport = "tcp"
host = "127.0.0.1"
port = 4002
[receiptPrinter]
transport = "tcp"
host = "127.0.0.1"
port = 4003
[bridge]
socketPath = "${socketPath}"
`;
}

const isRoot = process.getuid?.() === 0;
if (!isRoot) process.stdout.write('kioskctl as another user not run: only root can become one\n');
test.skipIf(!isRoot)('kioskctl says that the socket is not for this user', async () => {
  const { socketPath, directory } = await agentSaying(wellReport);
  chmodSync(directory, 0o755);
  const { code, err } = await new Promise<Ended>((resolve) => {
    execFile(
      process.execPath,
      [path.join(root, 'src/cli/main.ts'), '--socket', socketPath, 'status'],
      { cwd: '/', uid: 65_534, gid: 65_534 },
      (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err });
      },
    );
  });
  expect(code).toBe(2);
  expect(err).toContain('没有权限');
});
