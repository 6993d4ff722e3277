import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sleep, systemClock } from '../../src/platform/clock.ts';
import { attachPageHtml } from '../../src/shell-recovery/attach-page.ts';

const repository = path.resolve(import.meta.dirname, '../..');

/** A closed kiosk: no first-run pages, no pinch or swipe, and no talk to the browser's maker. */
const CHROMIUM_FLAGS = [
  '--incognito',
  '--no-first-run',
  '--noerrdialogs',
  '--disable-pinch',
  '--overscroll-history-navigation=0',
  '--window-size=1080,1920',
  '--touch-events=enabled',
  '--disable-features=Translate',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--password-store=basic',
];

export type ShellKind = 'electron' | 'chromium' | 'none';

/** Where the shell shows the kiosk. */
export interface ShellTarget {
  readonly kioskUrl: string;
  readonly shellCodeFile: string;
  /** The shell's own profile and temporary files. */
  readonly directory: string;
}

/** Electron if its binary is there, else Chromium; nothing without a display. */
export function chooseShell(headless: boolean): ShellKind {
  if (headless || (process.env['DISPLAY'] === undefined && process.env['WAYLAND_DISPLAY'] === undefined))
    return 'none';
  if (electronBinary() !== undefined) return 'electron';
  return existsSync('/usr/bin/chromium') ? 'chromium' : 'none';
}

/** The Electron binary: side-loaded, or downloaded by its package. */
export function electronBinary(): string | undefined {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const candidates = [
    ...(override === undefined ? [] : [path.join(override, 'electron')]),
    path.join(repository, 'node_modules/electron/dist/electron'),
  ];
  return candidates.find((file) => existsSync(file));
}

/** Shows the kiosk and keeps showing it: a shell that ends is started again until `stop`. */
export class Shell {
  readonly #kind: Exclude<ShellKind, 'none'>;
  readonly #target: ShellTarget;
  #child: ChildProcess | undefined;
  #wanted = true;

  constructor(kind: Exclude<ShellKind, 'none'>, target: ShellTarget) {
    this.#kind = kind;
    this.#target = target;
    void this.#keepRunning();
  }

  stop(): void {
    this.#wanted = false;
    this.#child?.kill('SIGTERM');
  }

  async #keepRunning(): Promise<void> {
    while (this.#wanted) {
      this.#child = this.#kind === 'electron' ? spawnElectron(this.#target) : spawnChromium(this.#target);
      await new Promise<void>((resolve) => {
        this.#child?.once('exit', () => {
          resolve();
        });
        this.#child?.once('error', () => {
          resolve();
        });
      });
      await sleep(systemClock, 1_000);
    }
  }
}

function asRoot(): string[] {
  return process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}

function spawnElectron(target: ShellTarget): ChildProcess {
  return spawn(electronBinary() ?? 'electron', [...asRoot(), repository], {
    stdio: 'ignore',
    env: {
      ...process.env,
      KIOSK_AGENT_URL: target.kioskUrl,
      KIOSK_SHELL_CODE_FILE: target.shellCodeFile,
    },
  });
}

function spawnChromium(target: ShellTarget): ChildProcess {
  const profile = path.join(target.directory, 'chromium-profile');
  rmSync(profile, { recursive: true, force: true });
  mkdirSync(profile, { recursive: true, mode: 0o700 });
  // The code travels in a page that only this user can read, never on the command line.
  const page = path.join(profile, 'attach.html');
  writeFileSync(page, attachPageHtml(target.kioskUrl, readFileSync(target.shellCodeFile, 'utf8')), {
    mode: 0o600,
  });
  return spawn(
    '/usr/bin/chromium',
    [...asRoot(), '--kiosk', `--app=file://${page}`, `--user-data-dir=${profile}`, ...CHROMIUM_FLAGS],
    { stdio: 'ignore' },
  );
}
