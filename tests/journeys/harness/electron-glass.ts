import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type BrowserContext } from '@playwright/test';
import { electronRuntime } from '../../../scripts/electron-runtime.ts';
import { processesBelow } from '../../fixtures/process-tree.ts';
import { Glass, type GlassOptions } from './glass.ts';
import { VirtualScreen } from './virtual-screen.ts';

const repository = path.resolve(import.meta.dirname, '../../..');
const STOP_LIMIT_MS = 5_000;

/** The touchscreen as Electron shows it: the built shell on an X display of its own, touched over the debugging port of its Chromium. */
export class ElectronGlass extends Glass {
  readonly #shell: ChildProcess;
  readonly #screen: VirtualScreen;
  readonly #report: readonly string[];
  readonly #addresses: readonly string[];
  readonly #disconnect: () => Promise<void>;

  private constructor(
    context: BrowserContext,
    pictures: string | undefined,
    parts: {
      shell: ChildProcess;
      screen: VirtualScreen;
      report: readonly string[];
      addresses: readonly string[];
      disconnect: () => Promise<void>;
    },
  ) {
    super(context, pictures);
    this.#shell = parts.shell;
    this.#screen = parts.screen;
    this.#report = parts.report;
    this.#addresses = parts.addresses;
    this.#disconnect = parts.disconnect;
  }

  static override async launch(options: GlassOptions): Promise<ElectronGlass> {
    const runtime = await electronRuntime();
    if (typeof runtime === 'string') throw new Error(runtime);
    const screen = await VirtualScreen.start(options.directory);
    const profile = path.join(options.directory, 'electron');
    mkdirSync(profile, { recursive: true });
    const shell = spawn(
      runtime.executable,
      [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-gpu',
        `--user-data-dir=${profile}`,
        '--remote-debugging-port=0',
        repository,
      ],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          DISPLAY: screen.display,
          KIOSK_AGENT_URL: options.kioskUrl,
          KIOSK_SHELL_CODE_FILE: options.shellCodeFile,
        },
      },
    );
    const report: string[] = [];
    createInterface({ input: shell.stdout }).on('line', (line) => report.push(line));
    try {
      const browser = await chromium.connectOverCDP(await debuggingAddress(shell), { noDefaults: true });
      const [context] = browser.contexts();
      if (context === undefined) throw new Error('Electron shows no browser context');
      const addresses: string[] = [];
      const session = await browser.newBrowserCDPSession();
      session.on('Target.targetInfoChanged', ({ targetInfo: { type, url } }) => {
        if (type === 'page' && url !== addresses.at(-1)) addresses.push(url);
      });
      await session.send('Target.setDiscoverTargets', { discover: true });
      return new ElectronGlass(context, options.pictures, {
        shell,
        screen,
        report,
        addresses,
        disconnect: () => browser.close(),
      });
    } catch (error) {
      shell.kill('SIGKILL');
      await screen.stop();
      throw error;
    }
  }

  /** Nothing to do: this shell attaches by itself. */
  override async attach(): Promise<void> {}

  /** Ends the page's process as a crash would. */
  killRenderer(): void {
    const renderers = processesBelow(this.#shell.pid ?? 0, '--type=renderer');
    if (renderers.length === 0) throw new Error('the shell has no renderer to kill');
    for (const pid of renderers) process.kill(pid, 'SIGKILL');
  }

  /** What the shell said of itself until now, a JSON line each. */
  get report(): readonly string[] {
    return this.#report;
  }

  /** Where the shell has led its page until now, as the browser tells it: also where it was too short a time to be looked at. */
  get addresses(): readonly string[] {
    return this.#addresses;
  }

  /** Keeps what is on the X display, whoever drew it; `page.screenshot` only knows the page. */
  override async picture(name: string): Promise<void> {
    await super.picture(name);
    if (this.pictures !== undefined) this.#screen.picture(path.join(this.pictures, `${name}-display.png`));
  }

  override async close(): Promise<void> {
    await this.#disconnect();
    await end(this.#shell);
    await this.#screen.stop();
  }
}

/** Chromium says once where its debugging port is. */
function debuggingAddress(shell: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    shell.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const address = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    });
    shell.once('error', reject);
    shell.once('exit', (code) => {
      reject(new Error(`Electron ended (${code})\n${said}`));
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await ended;
  clearTimeout(killer);
}
