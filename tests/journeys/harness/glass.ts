import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { attachPageHtml } from '../../../src/shell-recovery/attach-page.ts';
import type { Choice } from '../../../src/view/kiosk-view.ts';
import { settled } from '../../fixtures/settled.ts';

/** The closed network: without these Chromium asks its maker at every start. */
const CLOSED_NETWORK = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];

/** What a touchscreen is started with; the kiosk may not run yet. */
export interface GlassOptions {
  /** For its own files. */
  readonly directory: string;
  /** Where named pictures are kept; absent: nowhere. */
  readonly pictures?: string;
  readonly kioskUrl: string;
  readonly shellCodeFile: string;
}

/** The touchscreen: a real Chromium on the kiosk's page, touched as a finger does. */
export class Glass {
  readonly #context: BrowserContext;
  protected readonly pictures: string | undefined;
  #touches = 0;

  protected constructor(context: BrowserContext, pictures: string | undefined) {
    this.#context = context;
    this.pictures = pictures;
    if (pictures !== undefined) mkdirSync(pictures, { recursive: true });
  }

  /** The page on the glass: the newest, where a shell threw an earlier one away. */
  get page(): Page {
    const page = this.#context.pages().at(-1);
    if (page === undefined) throw new Error('there is no page on the glass');
    return page;
  }

  /** Starts Chromium; it shows nothing of the kiosk yet. */
  static async launch(options: GlassOptions): Promise<Glass> {
    const profile = path.join(options.directory, 'chromium');
    mkdirSync(profile, { recursive: true });
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: '/usr/bin/chromium',
      args: [...CLOSED_NETWORK, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
      viewport: { width: 1080, height: 1920 },
      hasTouch: true,
      locale: 'zh-CN',
    });
    if (context.pages().length === 0) await context.newPage();
    return new Glass(context, options.pictures);
  }

  /** Attaches to the agent as the kiosk's shell does: with the one-time code in a page that only this user can read. */
  async attach(kiosk: { kioskUrl: string; shellCodeFile: string; directory: string }): Promise<void> {
    const attachPage = path.join(kiosk.directory, 'attach.html');
    writeFileSync(attachPage, attachPageHtml(kiosk.kioskUrl, readFileSync(kiosk.shellCodeFile, 'utf8')), {
      mode: 0o600,
    });
    await this.page.goto(`file://${attachPage}`);
  }

  /** Waits until a screen is painted. */
  async shows(screen: string, limitMs = 15_000): Promise<void> {
    await this.page
      .locator(`[data-screen="${screen}"]`)
      .waitFor({ state: 'visible', timeout: limitMs })
      .catch(async (error: unknown) => {
        const shown = await this.screen();
        throw new Error(`waited for ${screen}, the glass shows ${shown}`, { cause: error });
      });
  }

  /** The name of the screen that is painted now. */
  async screen(): Promise<string> {
    const root = this.page.locator('[data-screen]').first();
    return (await root.count()) === 0 ? 'nothing' : ((await root.getAttribute('data-screen')) ?? 'nothing');
  }

  /** Touches a key as a finger does: down, and up a moment later, in its middle. */
  async touch(choice: Choice): Promise<void> {
    await this.touchKey(`[data-choice="${choice}"]`);
  }

  /** The same of a key by its selector: not every one sends a choice to the agent. */
  async touchKey(selector: string): Promise<void> {
    const key = this.page.locator(selector).first();
    await key.waitFor({ state: 'visible', timeout: 10_000 });
    await settled(this.page);
    const box = await key.boundingBox();
    if (box === null) throw new Error(`no place to touch ${selector}`);
    await this.touchAt(box.x + box.width / 2, box.y + box.height / 2);
  }

  /** A touch at a place of the glass, CSS pixels. */
  async touchAt(x: number, y: number): Promise<void> {
    const session = await this.#context.newCDPSession(this.page);
    await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
    await this.page.waitForTimeout(60);
    await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await session.detach();
    this.#touches += 1;
  }

  /** How often the glass was touched since `countTouches`. */
  get touches(): number {
    return this.#touches;
  }

  countTouches(): void {
    this.#touches = 0;
  }

  /** All text on the glass. */
  async text(): Promise<string> {
    return this.page.locator('body').innerText();
  }

  /** Keeps a picture of the glass under a name. */
  async picture(name: string): Promise<void> {
    if (this.pictures === undefined) return;
    await this.page.screenshot({ path: path.join(this.pictures, `${name}.png`) });
  }

  async close(): Promise<void> {
    await this.#context.close();
  }
}
