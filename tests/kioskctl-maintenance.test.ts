import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { parseTrace } from '../drivers/trace/trace-lines.ts';
import type { MaintenancePort } from '../src/bridge/ports.ts';
import type { PrinterProbe } from '../src/maintenance/printer-verdict.ts';
import type { HealthReport, TechnicianEvent } from '../src/maintenance/technician-events.ts';
import { kioskctl, kioskctlOnTerminal, startKioskctl } from './fixtures/kioskctl-program.ts';
import { startMaintenance } from './fixtures/maintenance.ts';

const RUN = '6f1ab7a2-6f0f-4c5d-9a53-0d6f2f4f8c11';
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function agent(port: Partial<MaintenancePort>): Promise<string> {
  const started = await startMaintenance(port);
  closers.push(() => started.close());
  return started.socketPath;
}

const status = { step: 'reader.sam-status', outcome: 'passed', measured: { ms: 12 } } as const;
const dead = {
  step: 'reader.sam-id',
  outcome: 'failed',
  fault: { code: 'reader.self-test', action: 'maintenance' },
} as const;

describe('kioskctl reader|scanner|printer test', () => {
  test('shows a step while the next one still runs', async () => {
    const second = Promise.withResolvers<void>();
    const socket = await agent({
      async *checkHealth() {
        yield { kind: 'begun', run: RUN };
        yield { kind: 'step', step: status };
        await second.promise;
        yield { kind: 'ended', outcome: { level: 'internal', passed: true, steps: [status] } };
      },
    });
    const running = startKioskctl(['--socket', socket, 'reader', 'test']);
    expect(await running.line()).toContain('身份证阅读器体检（internal）');
    expect(await running.line()).toMatch(/✓ 阅读器状态 +12 毫秒/);
    second.resolve();
    expect(await running.line()).toContain('✓ 通过，做了 1 项');
    expect(await running.ended).toBe(0);
  });

  test('says of a failed step why and what to do, in both languages, and ends with 1', async () => {
    const asked: unknown[] = [];
    const socket = await agent({
      async *checkHealth(wanted) {
        asked.push(wanted);
        yield await Promise.resolve({ kind: 'step', step: dead } as const);
        yield { kind: 'step', step: { step: 'reader.levitation', outcome: 'notSupported' } };
        yield { kind: 'ended', outcome: { level: 'external', passed: false, steps: [status, dead] } };
      },
    });
    const zh = await kioskctl(['--socket', socket, 'reader', 'test', 'external']);
    expect(zh.code).toBe(1);
    expect(zh.out).toMatch(/× 安全模块编号 +没通过/);
    expect(zh.out).toContain('阅读器自检没有通过  [reader.self-test]');
    expect(zh.out).toContain('处理  断电 10 秒再打开');
    // A step of a newer agent is shown as it is.
    expect(zh.out).toContain('reader.levitation');
    expect(zh.out).toContain('× 1 项没通过');
    const en = await kioskctl(['--socket', socket, '--lang', 'en', 'scanner', 'test']);
    expect(en.out).not.toMatch(/\p{Script=Han}/u);
    expect(asked).toEqual([
      { device: 'idCardReader', level: 'external' },
      { device: 'qrScanner', level: 'internal' },
    ]);
  });

  test('lets nobody answer where there is nobody, and says so', async () => {
    const answers: unknown[] = [];
    const answered = Promise.withResolvers<void>();
    const socket = await agent({
      async *checkHealth() {
        yield { kind: 'begun', run: RUN };
        yield { kind: 'prompt', what: 'scanner.show-code' };
        yield { kind: 'question', question: 1, what: 'scanner.heard-beep' };
        await answered.promise;
        yield { kind: 'ended', outcome: { level: 'interactive', passed: true, steps: [] } };
      },
      answer: (answer) => {
        answers.push(answer);
        answered.resolve();
      },
    });
    const { code, out } = await kioskctl(['--socket', socket, 'scanner', 'test', 'interactive']);
    expect(code).toBe(0);
    expect(out).toContain('→ 请把任意一个二维码放在扫描窗口前');
    expect(out).toContain('刚才听到“嘀”一声了吗？  没有回答');
    expect(answers).toEqual([{ run: RUN, question: 1, answer: null }]);
  });

  test.each([
    [['y'], true],
    [['perhaps', '否'], false],
    [[''], null],
  ])('asks a person at a terminal until it understands, and takes %j for %j', async (typed, answer) => {
    const answered = Promise.withResolvers<unknown>();
    const socket = await agent({
      async *checkHealth() {
        yield { kind: 'begun', run: RUN };
        yield { kind: 'question', question: 1, what: 'printer.cut-clean' };
        await answered.promise;
        yield { kind: 'ended', outcome: { level: 'interactive', passed: true, steps: [] } };
      },
      answer: answered.resolve,
    });
    const terminal = kioskctlOnTerminal(['--socket', socket, 'printer', 'test', 'interactive']);
    for (const line of typed) {
      await terminal.shows('切口整齐吗？');
      terminal.type(`${line}\r`);
    }
    expect(await answered.promise).toEqual({ run: RUN, question: 1, answer });
    await terminal.shows('通过');
    await terminal.ended;
  });

  test('ends in the agent when somebody types Ctrl-C at a question', async () => {
    const ended = Promise.withResolvers<void>();
    const socket = await agent({
      async *checkHealth(_wanted, signal) {
        yield { kind: 'begun', run: RUN };
        yield { kind: 'question', question: 1, what: 'printer.cut-clean' };
        await new Promise((resolve) => {
          signal.addEventListener('abort', resolve);
        });
        ended.resolve();
      },
    });
    const terminal = kioskctlOnTerminal(['--socket', socket, 'printer', 'test', 'interactive']);
    await terminal.shows('切口整齐吗？');
    terminal.type('\u0003');
    await ended.promise;
    await terminal.shows('停下了');
    await terminal.ended;
  });

  test('ends in the agent, too, when Ctrl-C ends it here', async () => {
    const ended = Promise.withResolvers<void>();
    const socket = await agent({
      async *checkHealth(_wanted, signal) {
        yield { kind: 'prompt', what: 'reader.lay-card' };
        await new Promise((resolve) => {
          signal.addEventListener('abort', resolve);
        });
        ended.resolve();
      },
    });
    const running = startKioskctl(['--socket', socket, 'reader', 'test', 'interactive']);
    await running.line();
    expect(await running.line()).toContain('请把一张证件放在读卡区');
    running.interrupt();
    await ended.promise;
    expect(await running.ended).toBe(1);
  });

  test.each<[TechnicianEvent<HealthReport>, string]>([
    [{ kind: 'refused', because: 'serving' }, '有人在办'],
    [{ kind: 'refused', because: 'occupied' }, '另一个维护操作正在进行'],
    [{ kind: 'refused', because: 'absent', fault: 'link.keyboard-wedge' }, '扫码器现在是键盘方式'],
    [{ kind: 'cutShort', because: 'people' }, '有人来办业务，先停下了'],
  ])('says why it was not done, or not to its end: %j', async (event, sentence) => {
    const socket = await agent({
      async *checkHealth() {
        yield await Promise.resolve(event);
      },
    });
    const { code, out } = await kioskctl(['--socket', socket, 'scanner', 'test']);
    expect(code).toBe(1);
    expect(out).toContain(sentence);
  });

  test('gives programs each event as a line', async () => {
    const socket = await agent({
      async *checkHealth() {
        yield await Promise.resolve({ kind: 'step', step: status } as const);
        yield { kind: 'ended', outcome: { level: 'internal', passed: true, steps: [status] } };
      },
    });
    const { code, out, err } = await kioskctl(['--socket', socket, '--json', 'reader', 'test']);
    expect([code, err]).toEqual([0, '']);
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      { kind: 'step', step: status },
      { kind: 'ended', outcome: { level: 'internal', passed: true, steps: [status] } },
    ]);
  });

  test('ends with 2 where no agent is, and with 64 for a depth there is not', async () => {
    const none = path.join(mkdtempSync(path.join(tmpdir(), 'kioskctl-')), 'none.sock');
    expect((await kioskctl(['--socket', none, 'printer', 'test'])).code).toBe(2);
    expect((await kioskctl(['--socket', none, 'printer', 'test', 'deep'])).code).toBe(64);
    expect((await kioskctl(['--socket', none, 'printer', 'trace', '--seconds', '0'])).code).toBe(64);
  });
});

const probed: PrinterProbe = {
  findings: {
    version: 1,
    answers: {
      'DLE EOT 1': { bytes: '16', ms: 5 },
      'GS ( H': null,
      'GS I 67': { bytes: Buffer.from('_XP-58\0').toString('hex'), ms: 7 },
    },
    automaticStatus: true,
    answersLate: false,
    flowBytesSeen: false,
    exitSensorCandidates: [],
    proofs: { processId: false, paperStatus: true, etb: false },
  },
  profile: 'clone-80mm',
  conclusions: [{ code: 'e1-at-most', mark: 'bad' }],
  kept: true,
};

describe('kioskctl printer probe', () => {
  const probing = (probe: PrinterProbe, asked: unknown[] = []) =>
    agent({
      async *probePrinter(wanted) {
        asked.push(wanted);
        yield await Promise.resolve({ kind: 'ended', outcome: probe } as const);
      },
    });

  test('shows what the unit answers, what follows, and what to write into the configuration', async () => {
    const asked: unknown[] = [];
    const socket = await probing(probed, asked);
    const { code, out } = await kioskctl(['--socket', socket, 'printer', 'probe', '--print']);
    expect(code).toBe(1);
    expect(out).toContain('打印机的实际能力：XP-58');
    expect(out).toMatch(/DLE EOT 1 +16（5 毫秒）/);
    expect(out).toMatch(/GS \( H +不回答/);
    expect(out).toContain('× 不回送编号：最多 E1');
    expect(out).toContain('把 minimumEvidence 设为 "E1"');
    expect(out).toContain('配置的型号：clone-80mm');
    expect(out).toContain('✓ 已经记下');
    expect(asked).toEqual([{ printLine: true }]);
  });

  test('of a printer that was not well says that nothing is remembered', async () => {
    const socket = await probing({ ...probed, conclusions: [], kept: false });
    const { code, out } = await kioskctl(['--socket', socket, '--lang', 'en', 'printer', 'probe']);
    expect(code).toBe(1);
    expect(out).toContain('not remembered');
  });

  test('is well when nothing is wrong', async () => {
    const socket = await probing({ ...probed, conclusions: [{ code: 'echoes-process-ids', mark: 'well' }] });
    expect((await kioskctl(['--socket', socket, 'printer', 'probe'])).code).toBe(0);
  });
});

describe('kioskctl scanner provision', () => {
  const storing = (begun: unknown[] = []) =>
    agent({
      async *provisionScanner() {
        begun.push('begun');
        const settings = [
          { setting: 'trigger-mode', outcome: 'stored' },
          { setting: 'setup-codes', outcome: 'refused' },
          { setting: 'interface', outcome: 'notSupported' },
        ] as const;
        const configuration = { framing: 'GM', aimPrefix: true };
        yield await Promise.resolve({
          kind: 'ended',
          outcome: { complete: false, settings, configuration },
        } as const);
      },
    });

  test('does nothing without a yes', async () => {
    const begun: unknown[] = [];
    const { code, err } = await kioskctl(['--socket', await storing(begun), 'scanner', 'provision']);
    expect(code).toBe(1);
    expect(err).toContain('永久写进扫码器的闪存');
    expect(err).toContain('--yes');
    expect(begun).toEqual([]);
  });

  test('says what became of each setting, and what the configuration must say now', async () => {
    const { code, out } = await kioskctl(['--socket', await storing(), 'scanner', 'provision', '--yes']);
    expect(code).toBe(1);
    expect(out).toMatch(/✓ 触发读码 +写好了/);
    expect(out).toMatch(/× 设置码已关闭 +扫码器不接受/);
    expect(out).toMatch(/ {4}接口 +没有公开的命令/);
    expect(out).toContain('[qrScanner]\n    framing = "GM"\n    aimPrefix = true');
  });

  test('is not for a scanner without commands', async () => {
    const socket = await agent({
      async *provisionScanner() {
        yield await Promise.resolve({ kind: 'refused', because: 'notSupported' } as const);
      },
    });
    const { code, out } = await kioskctl(['--socket', socket, 'scanner', 'provision', '--yes']);
    expect(code).toBe(1);
    expect(out).toContain('passive');
  });
});

describe('kioskctl reader|scanner|printer trace', () => {
  const lines = [
    '{"trace":1,"device":"receiptPrinter","link":"tcp 192.0.2.10:9100","unit":"bytes"}',
    '{"t":0,"e":"out","hex":"1d76300002000300 xx*6"}',
  ];
  const tracing = (asked: unknown[] = []) =>
    agent({
      async *trace(wanted, signal) {
        asked.push(wanted);
        for (const line of lines) yield await Promise.resolve({ kind: 'line', line } as const);
        if (wanted.seconds < 60) return;
        await new Promise((resolve) => {
          signal.addEventListener('abort', resolve);
        });
      },
    });

  test('gives the lines as they come, and says beside them that nothing personal is in them', async () => {
    const asked: unknown[] = [];
    const { code, out, err } = await kioskctl([
      '--socket',
      await tracing(asked),
      'printer',
      'trace',
      '--seconds',
      '5',
      '--reopen',
    ]);
    expect(code).toBe(0);
    expect(out.trim().split('\n')).toEqual(lines);
    expect(parseTrace(out).ok).toBe(true);
    expect(err).toContain('录了 1 条');
    expect(err).toContain('已经抹掉');
    expect(asked).toEqual([{ device: 'receiptPrinter', seconds: 5, reopen: true }]);
  });

  test('keeps in a file what was recorded until Ctrl-C', async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'kioskctl-')), 'printer.trace');
    const running = startKioskctl(['--socket', await tracing(), 'printer', 'trace', '--out', file]);
    const written = () => {
      try {
        return readFileSync(file, 'utf8').trim().split('\n');
      } catch {
        return [];
      }
    };
    await expect.poll(written, { timeout: 15_000 }).toEqual(lines);
    running.interrupt();
    expect(await running.ended).toBe(0);
    expect(written()).toEqual(lines);
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  test('says when it cannot write, when nothing happened, and when it was too slow', async () => {
    const socket = await tracing();
    const nowhere = ['--socket', socket, 'printer', 'trace', '--out', '/nonexistent/file'];
    expect(await kioskctl(nowhere)).toMatchObject({ code: 1, err: expect.stringContaining('ENOENT') });
    const still = await agent({
      async *trace() {
        yield await Promise.resolve({ kind: 'line', line: lines[0] ?? '' } as const);
      },
    });
    expect((await kioskctl(['--socket', still, 'reader', 'trace'])).err).toContain('没有动静');
    const slow = await agent({
      async *trace() {
        for (const line of lines) yield await Promise.resolve({ kind: 'line', line } as const);
        yield { kind: 'overrun' };
      },
    });
    expect(await kioskctl(['--socket', slow, 'reader', 'trace'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('--out'),
    });
  });
});
