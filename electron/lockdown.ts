import { app, Menu, type Session, type WebContents } from 'electron';

/** Keys that a kiosk's page needs from a keyboard or a five-key pad; all others do nothing. */
const ALLOWED_KEYS = new Set(['Tab', 'Enter', ' ', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']);

/** Whether an address belongs to the one origin, over HTTP or WebSocket. */
export function isOurs(url: string, agentOrigin: string): boolean {
  try {
    const asHttp = url.replace(/^ws:/u, 'http:').replace(/^blob:/u, '');
    return new URL(asHttp).origin === agentOrigin;
  } catch {
    return false;
  }
}

/** Lets a session reach the agent and nothing else: no other address, no permission, no download. */
export function lockSession(session: Session, agentOrigin: string, coverUrl: string): void {
  session.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: details.url !== coverUrl && !isOurs(details.url, agentOrigin) });
  });
  session.setPermissionRequestHandler((_page, _permission, answer) => {
    answer(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => {
    event.preventDefault();
  });
}

/** Keeps a page on the one origin, in its one window, at its own size. */
function lockPage(page: WebContents, agentOrigin: string): void {
  const stay = (event: { preventDefault: () => void }, url: string) => {
    if (!isOurs(url, agentOrigin)) event.preventDefault();
  };
  page.on('will-navigate', stay);
  page.on('will-redirect', stay);
  page.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
  page.setWindowOpenHandler(() => ({ action: 'deny' }));
  page.on('before-input-event', (event, input) => {
    if (input.control || input.alt || input.meta || !ALLOWED_KEYS.has(input.key)) {
      event.preventDefault();
    }
  });
  page.on('zoom-changed', () => {
    page.setZoomLevel(0);
  });
  page.on('devtools-opened', () => {
    page.closeDevTools();
  });
  page.on('dom-ready', () => {
    page.setVisualZoomLevelLimits(1, 1).catch(() => {
      // The page went away meanwhile; the next one gets its limits.
    });
  });
}

/** What holds for every page this process ever makes, and for the browser as a whole. Before `ready`. */
export function lockApp(agentOrigin: string): void {
  // Root cannot have Chromium's sandbox; only a development machine runs the shell as root, and says so with this switch.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  for (const name of ['disable-pinch', 'disable-background-networking', 'disable-sync']) {
    app.commandLine.appendSwitch(name);
  }
  app.commandLine.appendSwitch('overscroll-history-navigation', '0');
  app.commandLine.appendSwitch('touch-events', 'enabled');
  app.commandLine.appendSwitch('password-store', 'basic');
  Menu.setApplicationMenu(null);
  app.on('web-contents-created', (_event, page) => {
    lockPage(page, agentOrigin);
  });
}
