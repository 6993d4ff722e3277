import { afterEach, describe, expect, test } from 'vitest';
import type { MaintenancePort } from '../src/bridge/ports.ts';
import { kioskctl } from './fixtures/kioskctl-program.ts';
import { startMaintenance } from './fixtures/maintenance.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function agentPrinting(printTestPage: MaintenancePort['printTestPage']) {
  const agent = await startMaintenance({ printTestPage });
  closers.push(() => agent.close());
  return agent;
}

describe('kioskctl printer test-page', () => {
  test('says how sure it is that the page was printed, and what to look at', async () => {
    const { socketPath } = await agentPrinting(() => Promise.resolve({ kind: 'printed', grade: 'E2' }));
    const zh = await kioskctl(['--socket', socketPath, 'printer', 'test-page']);
    expect(zh.code).toBe(0);
    expect(zh.err).toContain('正在打印测试页');
    expect(zh.out).toContain('打印机回送了这一单的编号');
    const en = await kioskctl(['--socket', socketPath, '--lang', 'en', 'printer', 'test-page']);
    expect(en.out).toContain('echoed the number of this job');
  });

  test('explains why nothing was printed, or why nobody knows', async () => {
    const { socketPath } = await agentPrinting(() =>
      Promise.resolve({ kind: 'notPrinted', fault: 'printer.paper-out' }),
    );
    const none = await kioskctl(['--socket', socketPath, 'printer', 'test-page']);
    expect(none.code).toBe(1);
    expect(none.out).toContain('没有打印：打印机没有纸  [printer.paper-out]');
    expect(none.out).toContain('换一卷热敏纸');
    const doubtful = await agentPrinting(() =>
      Promise.resolve({ kind: 'unknown', fault: 'printer.no-proof' }),
    );
    const unknown = await kioskctl(['--socket', doubtful.socketPath, 'printer', 'test-page', '--json']);
    expect(unknown.code).toBe(1);
    expect(JSON.parse(unknown.out)).toEqual({ kind: 'unknown', fault: 'printer.no-proof' });
    expect(unknown.err).toBe('');
  });

  test('does not disturb somebody who is being served', async () => {
    const { socketPath } = await agentPrinting(() => Promise.resolve({ kind: 'busy' }));
    const { code, out } = await kioskctl(['--socket', socketPath, 'printer', 'test-page']);
    expect(code).toBe(1);
    expect(out).toContain('有人在办');
  });
});
