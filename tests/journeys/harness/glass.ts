import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { attachPageHtml } from '../../../src/shell-recovery/attach-page.ts';
import type { Choice } from '../../../src/view/kiosk-view.ts';

/** The closed network: without these Chromium asks its maker at every start. */
const CLOSED_NETWORK = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];

/** The touchscreen: a real Chromium on the kiosk's page, touched as a finger does. */
export class Glass {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #pictures: string | undefined;
  #touches = 0;

  private constructor(page: Page, context: BrowserContext, pictures: string | undefined) {
    this.page = page;
    this.#context = context;
    this.#pictures = pictures;
  }

  /** Starts Chromium; it shows nothing of the kiosk yet. */
  static async launch(options: { directory: string; pictures?: string }): Promise<Glass> {
    const profile = path.join(options.directory, 'chromium');
    mkdirSync(profile, { recursive: true });
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: '/usr/bin/chromium',
      args: [...CLOSED_NETWORK, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
      viewport: { width: 1080, height: 1920 },
      hasTouch: true,
      locale: 'zh-CN',
    });
    const page = context.pages()[0] ?? (await context.newPage());
    if (options.pictures !== undefined) mkdirSync(options.pictures, { recursive: true });
    return new Glass(page, context, options.pictures);
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
    const key = this.page.locator(`[data-choice="${choice}"]`).first();
    await key.waitFor({ state: 'visible', timeout: 10_000 });
    // Keys are deaf for 400 ms after a screen change, as for a person whose finger is still on the glass.
    await this.page.waitForTimeout(450);
    const box = await key.boundingBox();
    if (box === null) throw new Error(`no place to touch ${choice}`);
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
    if (this.#pictures === undefined) return;
    await this.page.screenshot({ path: path.join(this.#pictures, `${name}.png`) });
  }

  async close(): Promise<void> {
    await this.#context.close();
  }
}
