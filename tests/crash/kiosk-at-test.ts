import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { personalFiles } from '../live-kiosk/kill.ts';
import { Judge } from './judge.ts';
import { Lane } from './lane.ts';
import { Weather } from './weather.ts';
import { KnownWorld } from './world.ts';

/** A kiosk that is killed, and all that is known of it and done to it. After some dozen kills it is exchanged for a new one. */
export class Kiosk {
  readonly lane: Lane;
  readonly world: KnownWorld;
  readonly weather: Weather;
  readonly judge: Judge;
  readonly #scratch: string;

  private constructor(lane: Lane, scratch: string) {
    this.lane = lane;
    this.#scratch = scratch;
    this.world = new KnownWorld(lane.kiosk);
    this.weather = new Weather(lane.kiosk);
    this.judge = new Judge(lane.kiosk, this.world);
  }

  static async start(options: { readonly beside: boolean }): Promise<Kiosk> {
    const scratch = mkdtempSync(path.join(tmpdir(), 'crash-'));
    try {
      return new Kiosk(await Lane.start(scratch, options), scratch);
    } catch (error) {
      rmSync(scratch, { recursive: true, force: true });
      throw error;
    }
  }

  /** What the kiosk's files tell of somebody now. */
  personalNow(texts: readonly string[]): readonly string[] {
    return personalFiles(this.lane.kiosk, texts).map((file) => `P14: ${file} tells who it was`);
  }

  async stop(): Promise<void> {
    await this.judge.close();
    await this.lane.stop();
    rmSync(this.#scratch, { recursive: true, force: true });
  }
}
