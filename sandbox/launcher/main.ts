/**
 * `npm start`: the demonstration. Central service, simulated devices, device bench, agent and a shell, with their
 * addresses printed; Ctrl-C ends everything.
 *
 *   npm start -- --headless         no window, even where there is a display
 *   npm start -- --data DIR         where everything is kept (default: var/sandbox)
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { requireNodeVersion } from '../../src/platform/node-version.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { holdOrAsk } from './only-one.ts';
import { chooseShell, Shell } from './shell.ts';
import { startStack, type Stack } from './stack.ts';

const PORTS = { bridge: 8420, bench: 8430, central: 8440 };

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function addresses(stack: Stack, shellKind: string): string {
  return [
    '',
    `  自助终端 kiosk          ${stack.kioskUrl}   (${shellKind === 'none' ? '没有窗口 headless' : shellKind})`,
    `  设备台 device bench     ${stack.benchUrl ?? '—'}   放身份证、扫码、看纸`,
    `  中心服务 central        ${stack.centralUrl}`,
    `  数据 data               ${stack.directory}`,
    `  状态 status             npm run kioskctl -- --config ${stack.configFile} status`,
    '',
    '  Ctrl-C 结束全部 ends everything',
    '',
  ].join('\n');
}

async function main(): Promise<void> {
  requireNodeVersion();
  const options = new Command('npm start')
    .option('--headless', 'no window 不开窗口', false)
    .option('--data <dir>', 'data directory 数据目录', path.resolve(import.meta.dirname, '../../var/sandbox'))
    .parse()
    .opts<{ headless: boolean; data: string }>();
  const directory = path.resolve(options.data);
  mkdirSync(directory, { recursive: true, mode: 0o700 });

  let stack: Stack | undefined;
  const shellKind = chooseShell(options.headless);
  const running = await holdOrAsk(path.join(directory, 'launcher.sock'), () =>
    stack === undefined ? '正在启动 starting…' : addresses(stack, shellKind),
  );
  if (running !== undefined) {
    say(`已经有一个在运行 one runs already:\n${running}`);
    process.exit(1);
  }

  const started = systemClock.monotonicMs();
  stack = await startStack({
    directory,
    ports: PORTS,
    bench: true,
    onProgress: (what) => {
      say(`→ ${what}`);
    },
    onAgentRestart: (code) => {
      say(`! agent 结束了 ended (${code})，正在重新启动 restarting`);
    },
  });
  const shell =
    shellKind === 'none'
      ? undefined
      : new Shell(shellKind, {
          kioskUrl: stack.kioskUrl,
          shellCodeFile: stack.shellCodeFile,
          directory,
        });
  say(`✓ ${((systemClock.monotonicMs() - started) / 1000).toFixed(1)} s`);
  say(addresses(stack, shellKind));

  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    say('正在结束 ending…');
    shell?.stop();
    void stack?.stop().then(() => process.exit(0));
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
}

try {
  await main();
} catch (error) {
  say(`✗ ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
