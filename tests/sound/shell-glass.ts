import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser } from '@playwright/test';
import { ChromiumShell } from '../../sandbox/launcher/chromium-shell.ts';
import { sleep, systemClock } from '../../src/platform/clock.ts';
import { Glass, type GlassOptions } from '../journeys/harness/glass.ts';
import { VirtualScreen } from '../journeys/harness/virtual-screen.ts';

const OPENS_WITHIN_MS = 30_000;

/**
 * Samples of a buffer between Chromium and the sound card: a kiosk has its processor for itself, a machine that runs tests has not,
 * and tears what goes through small ones.
 */
const BUFFER_SAMPLES = 4_096;

const SWITCHES = ['--remote-debugging-port=0', '--disable-gpu', `--audio-buffer-size=${BUFFER_SAMPLES}`];

/** The touchscreen as the Chromium shell shows it, with its own switches, on an X display of its own. */
export class ShellGlass extends Glass {
  readonly #shell: ChromiumShell;
  readonly #screen: VirtualScreen;
  readonly #browser: Browser;

  private constructor(options: GlassOptions, shell: ChromiumShell, screen: VirtualScreen, browser: Browser) {
    const [context] = browser.contexts();
    if (context === undefined) throw new Error('Chromium shows no browser context');
    super(context, options.pictures);
    this.#shell = shell;
    this.#screen = screen;
    this.#browser = browser;
  }

  /** The environment of this process is Chromium's: its sound card stands there. */
  static override async launch(options: GlassOptions): Promise<ShellGlass> {
    const screen = await VirtualScreen.start(options.directory);
    process.env['DISPLAY'] = screen.display;
    const shell = new ChromiumShell(systemClock, options, SWITCHES);
    try {
      const port = await debuggingPort(path.join(options.directory, 'chromium-profile/DevToolsActivePort'));
      const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true });
      return new ShellGlass(options, shell, screen, browser);
    } catch (error) {
      await shell.stop();
      await screen.stop();
      throw error;
    }
  }

  /** Nothing to do: this shell attaches by itself. */
  override async attach(): Promise<void> {}

  override async close(): Promise<void> {
    await this.#browser.close();
    await this.#shell.stop();
    await this.#screen.stop();
  }
}

/** Chromium says in its profile where it can be looked into. */
async function debuggingPort(file: string): Promise<string> {
  const deadline = systemClock.monotonicMs() + OPENS_WITHIN_MS;
  while (systemClock.monotonicMs() < deadline) {
    const [port = ''] = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    if (port !== '') return port;
    await sleep(systemClock, 100);
  }
  throw new Error('Chromium opens no debugging port');
}
