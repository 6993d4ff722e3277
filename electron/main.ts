/**
 * The Electron shell: it owns the window and nothing else (docs/architecture.md). It starts or attaches to the agent, waits
 * for it, loads its one origin, refuses every other, and comes back when page or agent dies.
 */
import { app, powerSaveBlocker, session } from 'electron';
import { systemClock } from '../src/platform/clock.ts';
import { coverPageUrl } from '../src/shell-recovery/cover-page.ts';
import { AgentProcess } from './agent-process.ts';
import { KioskWindow } from './kiosk-window.ts';
import { lockApp, lockSession } from './lockdown.ts';
import { readSettings, type ShellSettings } from './settings.ts';
import { ShellRunner } from './shell-runner.ts';

/** sysexits.h: the settings are wrong, starting again will not help. */
const EX_CONFIG = 78;

/** One JSON line for the journal: the shell's phase, nothing of a person. */
function report(event: string): void {
  process.stdout.write(`${JSON.stringify({ shell: event })}\n`);
}

async function run(settings: ShellSettings): Promise<void> {
  const { agentOrigin, agentCommand } = settings;
  const coverUrl = coverPageUrl();
  lockApp(agentOrigin);
  await app.whenReady();
  // No `persist:` in the name: cookies and caches of this session live in memory.
  const kioskSession = session.fromPartition('kiosk', { cache: false });
  lockSession(kioskSession, agentOrigin, coverUrl);
  powerSaveBlocker.start('prevent-display-sleep');
  const agent = agentCommand === undefined ? undefined : new AgentProcess(systemClock, agentCommand);
  const runner = new ShellRunner({ clock: systemClock, settings, report });
  const window = new KioskWindow({
    session: kioskSession,
    agentOrigin,
    coverUrl,
    listener: {
      attached: () => {
        runner.tell({ kind: 'attached' });
      },
      attachFailed: () => {
        runner.tell({ kind: 'attach-failed' });
      },
      loaded: () => {
        runner.pageLoaded();
      },
      lost: () => {
        runner.tell({ kind: 'page-lost' });
      },
      crashed: () => {
        runner.tell({ kind: 'page-crashed' });
      },
      hung: () => {
        runner.tell({ kind: 'page-silent' });
      },
    },
  });
  app.on('before-quit', () => {
    window.release();
    agent?.stop();
  });
  app.on('window-all-closed', () => {
    // The next window is on its way; the shell ends by a signal only.
  });
  runner.start(window);
}

const settings = readSettings(process.env);
if (typeof settings === 'string') {
  process.stderr.write(`${settings}\n`);
  app.exit(EX_CONFIG);
} else if (app.requestSingleInstanceLock()) {
  void run(settings);
} else {
  report('another-shell-runs');
  app.quit();
}
