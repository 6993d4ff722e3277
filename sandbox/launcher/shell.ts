import { existsSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../src/platform/clock.ts';
import { CHROMIUM, ChromiumShell } from './chromium-shell.ts';
import { ElectronShell } from './electron-shell.ts';

const repository = path.resolve(import.meta.dirname, '../..');

export type ShellKind = 'electron' | 'chromium' | 'none';

/** Where the shell shows the kiosk. */
export interface ShellTarget {
  readonly kioskUrl: string;
  readonly shellCodeFile: string;
  /** For the shell's own profile and temporary files. */
  readonly directory: string;
}

/** A shell that shows the kiosk, and keeps showing it until `stop`. */
export interface RunningShell {
  /** Resolves when none of its processes is left. */
  stop(): Promise<void>;
}

/** Electron if its binary is there, else Chromium; nothing without a display. */
export function chooseShell(headless: boolean): ShellKind {
  const { DISPLAY: x11 = '', WAYLAND_DISPLAY: wayland = '' } = process.env;
  if (headless || (x11 === '' && wayland === '')) return 'none';
  if (electronBinary() !== undefined) return 'electron';
  return existsSync(CHROMIUM) ? 'chromium' : 'none';
}

export function startShell(kind: ShellKind, target: ShellTarget): RunningShell | undefined {
  const electron = electronBinary();
  if (kind === 'electron' && electron !== undefined) {
    return new ElectronShell(systemClock, { ...target, executable: electron, application: repository });
  }
  return kind === 'chromium' ? new ChromiumShell(systemClock, target) : undefined;
}

/** The Electron binary: side-loaded, or downloaded by its package. */
function electronBinary(): string | undefined {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? '';
  const candidates = [
    ...(override === '' ? [] : [path.join(override, 'electron')]),
    path.join(repository, 'node_modules/electron/dist/electron'),
  ];
  return candidates.find((file) => existsSync(file));
}
