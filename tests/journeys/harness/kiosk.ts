import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Citizen } from '../../../sandbox/citizens/citizen.ts';
import { startStack, type Stack, type StackOptions } from '../../../sandbox/launcher/stack.ts';
import { sleep, systemClock } from '../../../src/platform/clock.ts';
import { KioskOutside } from '../../live-kiosk/kiosk-outside.ts';
import { Glass, type GlassOptions } from './glass.ts';
import { exchangePrinter, type OtherPrinter } from '../../live-kiosk/other-printer.ts';

/** A whole kiosk with its sandbox, every piece a process of its own, and a finger on its glass. */
export class Kiosk extends KioskOutside {
  readonly glass: Glass;
  readonly #directory: string;

  /** From the start of agent and shell until the screen is painted and both ways to sign in work, ms. */
  readonly coldStartMs: number;

  private constructor(stack: Stack, glass: Glass, directory: string, coldStartMs: number) {
    super(stack);
    this.glass = glass;
    this.#directory = directory;
    this.coldStartMs = coldStartMs;
  }

  /** A kiosk from cold, in a directory of its own that goes with it. */
  static async start(
    options: Omit<StackOptions, 'directory' | 'agentLater'> & {
      pictures?: string;
      /** Another printer than the demonstration's. */
      printer?: OtherPrinter;
      /** Another shell than Chromium. */
      launchGlass?: (options: GlassOptions) => Promise<Glass>;
    } = {},
  ): Promise<Kiosk> {
    const directory = mkdtempSync(path.join(tmpdir(), 'kiosk-'));
    const pictures = path.resolve('var/pictures', options.pictures ?? 'journeys');
    let stack = await startStack({ ...options, directory, agentLater: true });
    try {
      if (options.printer !== undefined) stack = await exchangePrinter(stack, options.printer);
      const started = systemClock.monotonicMs();
      const { kioskUrl, shellCodeFile } = stack;
      const launchGlass = options.launchGlass ?? ((where: GlassOptions) => Glass.launch(where));
      const [glass] = await Promise.all([
        launchGlass({ directory, pictures, kioskUrl, shellCodeFile }),
        stack.agent.start(),
      ]);
      await glass.attach(stack);
      await glass.shows('attract', 30_000);
      await untilBothMethods(stack.kioskUrl);
      return new Kiosk(stack, glass, directory, Math.round(systemClock.monotonicMs() - started));
    } catch (error) {
      await stack.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.glass.close();
    await this.stack.stop();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** Waits until nobody is served: the attract screen, or the home screen that follows 回首页. */
  async atRest(): Promise<void> {
    const { glass } = this;
    const over = glass.page.locator(
      '[data-screen="attract"], [data-screen="home"], [data-screen="take-id-card"]',
    );
    await over.waitFor({ state: 'visible', timeout: 40_000 }).catch(async (error: unknown) => {
      throw new Error(`the glass does not come to rest, it shows ${await glass.screen()}`, { cause: error });
    });
    if ((await glass.screen()) !== 'take-id-card') return;
    // Nobody waits here for the reminder to end by itself.
    await glass.touch('home');
    await glass.shows('home');
  }

  /** Waits for the home screen; touches the glass where it is asleep. */
  async wake(): Promise<void> {
    await this.atRest();
    if ((await this.glass.screen()) === 'attract') await this.glass.touch('start');
    await this.glass.shows('home');
  }

  /** 都拿好了, the card back in the hand, and the kiosk at rest again. */
  async leave(): Promise<void> {
    await this.glass.touch('got-everything');
    await this.glass.shows('finished');
    await this.liftCard();
    await this.glass.touch('home');
    await this.atRest();
  }

  /** Signs in by ID card as far as the confirmation page. */
  async identify(citizen: Citizen, errand: 'apply' | 'reissue' = 'apply'): Promise<void> {
    await this.wake();
    await this.glass.touch(errand);
    await this.glass.shows('choose-method');
    await this.glass.touch('use-id-card');
    await this.glass.shows('present-id-card');
    await this.layCard(citizen);
    await this.glass.shows('confirm-identity');
  }
}

async function untilBothMethods(kioskUrl: string): Promise<void> {
  const deadline = systemClock.monotonicMs() + 20_000;
  while (systemClock.monotonicMs() < deadline) {
    const { methods } = (await (await fetch(`${kioskUrl}/health`)).json()) as { methods: string[] };
    if (methods.length === 2) return;
    await sleep(systemClock, 20);
  }
  throw new Error('the kiosk does not offer both ways to sign in');
}
