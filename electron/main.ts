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

/** sysexits.h: try again later. */
const EX_TEMPFAIL = 75;
/** A visit that cannot begin by then is given back to the program that wanted it, ms. */
const VISIT_BEGINS_MS = 30_000;

/** One JSON line for the journal: the shell's phase, nothing of a person. */
function report(event: string): void {
  process.stdout.write(`${JSON.stringify({ shell: event })}\n`);
}

async function run(settings: ShellSettings): Promise<void> {
  const { agentOrigin, agentCommand, oneVisit } = settings;
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
    oneVisit,
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
      left: () => {
        report('left');
        app.quit();
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
  if (oneVisit) {
    systemClock.schedule(VISIT_BEGINS_MS, () => {
      if (runner.hasShown) return;
      report('visit-impossible');
      window.release();
      agent?.stop();
      app.exit(EX_TEMPFAIL);
    });
  }
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
