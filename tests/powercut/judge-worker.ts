import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { seeded } from '../simulation/seeded.ts';
import type { Image } from './disk-model.ts';
import { judge } from './judge.ts';
import type { Move } from './moves.ts';
import type { Truth } from './world-at-cut.ts';

/** What every image of a run is judged by. */
export interface JudgeData {
  readonly moves: readonly Move[];
  readonly truth: Truth;
  /** Where this worker alone lays its images. */
  readonly directory: string;
}

export interface JudgeRequest {
  readonly image: Image;
  readonly acknowledged: number;
  readonly seed: number;
}

if (!isMainThread && parentPort !== null) serve(parentPort, workerData as JudgeData);

/** SQLite waits for the disk while it syncs; several workers wait together. One image after the other. */
function serve(port: NonNullable<typeof parentPort>, { moves, truth, directory }: JudgeData): void {
  port.on('message', ({ image, acknowledged, seed }: JudgeRequest) => {
    // A Buffer arrives as the bytes it stands on.
    const whole = new Map(Array.from(image, ([name, bytes]) => [name, Buffer.from(bytes)]));
    void judge(whole, directory, { moves, truth, acknowledged }, seeded(seed)).then((verdict) => {
      port.postMessage(verdict);
      return undefined;
    });
  });
}
