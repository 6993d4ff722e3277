/**
 * `npm start`: the demonstration. Central service, simulated devices, device bench, agent and a shell, with their
 * addresses printed; Ctrl-C ends everything.
 *
 *   npm start -- --headless         no window, even where there is a display
 *   npm start -- --data DIR         where everything is kept (default: var/sandbox)
 *   npm start -- --ports K,B,C      ports of kiosk, device bench and central service (0: any free one)
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { requireNodeVersion } from '../../src/platform/node-version.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { holdOrAsk } from './only-one.ts';
import { DEFAULT_PORTS, parsePorts, takenPorts, type LauncherPorts } from './ports.ts';
import { chooseShell, startShell, type RunningShell } from './shell.ts';
import { startStack, type Stack } from './stack.ts';

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

interface Options {
  readonly headless: boolean;
  readonly data: string;
  readonly ports: LauncherPorts;
}

function readOptions(): Options {
  return new Command('npm start')
    .option('--headless', 'no window 不开窗口', false)
    .option('--data <dir>', 'data directory 数据目录', path.resolve(import.meta.dirname, '../../var/sandbox'))
    .option(
      '--ports <kiosk,bench,centre>',
      'ports on this machine, 0 for any free one 端口',
      (text) => {
        const ports = parsePorts(text);
        if (ports === undefined) throw new InvalidArgumentError('e.g. 例如 8420,8430,8440');
        return ports;
      },
      DEFAULT_PORTS,
    )
    .parse()
    .opts<Options>();
}

async function main(): Promise<void> {
  requireNodeVersion();
  const options = readOptions();
  const directory = path.resolve(options.data);
  mkdirSync(directory, { recursive: true, mode: 0o700 });

  let stack: Stack | undefined;
  let shell: RunningShell | undefined;
  const shellKind = chooseShell(options.headless);
  const running = await holdOrAsk(path.join(directory, 'launcher.sock'), () =>
    stack === undefined ? '正在启动 starting…' : addresses(stack, shellKind),
  );
  if (running !== undefined) {
    say(`已经有一个在运行 one runs already:\n${running}`);
    process.exit(1);
  }
  const [taken] = await takenPorts(options.ports);
  if (taken !== undefined) {
    say(`✗ 端口 ${taken} 被别的程序占用 port ${taken} is taken by another program`);
    say('  换几个端口 choose others: npm start -- --ports 8421,8431,8441');
    process.exit(1);
  }

  let starting: Promise<Stack> | undefined;
  let ending = false;
  const end = async () => {
    if (ending) return;
    ending = true;
    say('正在结束 ending…');
    // One that is just starting has to be there before it can be ended.
    const begun = await starting?.catch(() => undefined);
    await Promise.all([shell?.stop(), begun?.stop()]);
    process.exit(0);
  };
  // Before anything is started: a signal at any later moment ends it all.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end());

  const started = systemClock.monotonicMs();
  starting = startStack({
    directory,
    ports: options.ports,
    bench: true,
    onProgress: (what) => {
      say(`→ ${what}`);
    },
    onAgentRestart: (code) => {
      if (!ending) say(`! agent 结束了 ended (${code})，正在重新启动 restarting`);
    },
  });
  stack = await starting.catch((error: unknown) => {
    if (ending) return undefined;
    throw error;
  });
  if (stack === undefined || ending) return;
  shell = startShell(shellKind, { ...stack, directory });
  say(`✓ ${((systemClock.monotonicMs() - started) / 1000).toFixed(1)} s`);
  say(addresses(stack, shellKind));
}

try {
  await main();
} catch (error) {
  say(`✗ ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
