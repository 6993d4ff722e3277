import { BrowserWindow, screen, type Session, type WebContents } from 'electron';
import { isOurs } from './lockdown.ts';

/** What happens to the page, for ShellRunner. */
export interface PageListener {
  attached(): void;
  attachFailed(): void;
  /** The agent's page is loaded and answered with 200. */
  loaded(): void;
  lost(): void;
  crashed(): void;
  hung(): void;
  /** The visit is over. */
  left(): void;
}

const PAGE_COLOUR = '#f4f6f8';
/**
 * Where no window manager makes the window full-screen it keeps its first size, and Chromium takes a pixel off both sides of one
 * that is exactly as large as an X screen: a dark line on the glass. One row more, DIP, and it leaves the size alone.
 */
const BEYOND_SCREEN = 1;
/** Chromium's code for a load that another one replaced. */
const ABORTED = -3;

/** The one window. `restart` throws its process away and makes another. */
export class KioskWindow {
  readonly #session: Session;
  readonly #agentOrigin: string;
  readonly #coverUrl: string;
  readonly #oneVisit: boolean;
  readonly #listener: PageListener;
  #window: BrowserWindow | undefined;
  #leaving = false;

  constructor(options: {
    session: Session;
    agentOrigin: string;
    coverUrl: string;
    oneVisit: boolean;
    listener: PageListener;
  }) {
    this.#session = options.session;
    this.#agentOrigin = options.agentOrigin;
    this.#coverUrl = options.coverUrl;
    this.#oneVisit = options.oneVisit;
    this.#listener = options.listener;
  }

  /** The calm page of the shell's own. */
  cover(): void {
    this.#load(this.#page(), this.#coverUrl);
  }

  /** Begins with a new process. */
  restart(): void {
    const old = this.#window;
    this.#window = undefined;
    this.cover();
    old?.destroy();
  }

  /** Brings the one-time code: in the body of a request, never in an address. The answer leads to the page. */
  attach(code: string): void {
    const body = new URLSearchParams(this.#oneVisit ? { code, entry: 'visit' } : { code });
    this.#load(this.#page(), `${this.#agentOrigin}/attach`, {
      postData: [{ type: 'rawData', bytes: Buffer.from(body.toString()) }],
      extraHeaders: 'Content-Type: application/x-www-form-urlencoded',
    });
  }

  /** Whether the page shows a screen; false too when it says nothing for `limit`. */
  async showsScreen(limit: Promise<false>): Promise<boolean> {
    if (this.#window === undefined || this.#window.isDestroyed()) return false;
    const page = this.#window.webContents;
    if (page.isCrashed()) return false;
    const asked = page.mainFrame.executeJavaScript("document.querySelector('[data-screen]') !== null").then(
      (answer: unknown) => answer === true,
      () => false,
    );
    return Promise.race([asked, limit]);
  }

  /** Lets the window close; before the shell ends. */
  release(): void {
    this.#leaving = true;
  }

  #load(page: WebContents, url: string, options?: Electron.LoadURLOptions): void {
    page.loadURL(url, options).catch(() => {
      // did-fail-load tells it.
    });
  }

  #page(): WebContents {
    if (this.#window === undefined || this.#window.isDestroyed()) this.#window = this.#open();
    return this.#window.webContents;
  }

  #open(): BrowserWindow {
    const { x, y, width, height } = screen.getPrimaryDisplay().bounds;
    const window = new BrowserWindow({
      x,
      y,
      width,
      height: height + BEYOND_SCREEN,
      kiosk: true,
      frame: false,
      autoHideMenuBar: true,
      backgroundColor: PAGE_COLOUR,
      webPreferences: {
        session: this.#session,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        devTools: false,
        spellcheck: false,
        navigateOnDragDrop: false,
        backgroundThrottling: false,
        // A screen speaks before it is touched.
        autoplayPolicy: 'no-user-gesture-required',
      },
    });
    window.on('close', (event) => {
      if (!this.#leaving) event.preventDefault();
    });
    this.#watch(window);
    return window;
  }

  #watch(window: BrowserWindow): void {
    const page = window.webContents;
    const current = (tell: () => void) => {
      if (this.#window === window) tell();
    };
    // A page that closes itself takes its window with it, and asks nobody.
    window.on('closed', () => {
      if (this.#leaving) return;
      current(() => {
        this.#window = undefined;
        if (this.#oneVisit) this.#listener.left();
        else this.#listener.crashed();
      });
    });
    page.on('did-navigate', (_event, url, status) => {
      if (!isOurs(url, this.#agentOrigin)) return;
      const atDoor = new URL(url).pathname === '/attach';
      current(() => {
        if (atDoor && status >= 400) this.#listener.attachFailed();
        else if (atDoor) this.#listener.attached();
        else if (status >= 400) this.#listener.lost();
      });
    });
    page.on('did-finish-load', () => {
      const url = page.getURL();
      if (isOurs(url, this.#agentOrigin) && new URL(url).pathname === '/') {
        current(() => {
          this.#listener.loaded();
        });
      }
    });
    page.on('did-fail-load', (_event, error, _text, _url, isMainFrame) => {
      if (!isMainFrame || error === ABORTED) return;
      current(() => {
        this.#listener.lost();
      });
    });
    page.on('render-process-gone', () => {
      current(() => {
        this.#listener.crashed();
      });
    });
    page.on('unresponsive', () => {
      current(() => {
        this.#listener.hung();
      });
    });
  }
}
