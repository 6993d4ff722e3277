import { isMainThread, parentPort } from 'node:worker_threads';
import type { GreyPicture, SlipPicture } from '../fixtures/slip-picture.ts';
import { wearAndRead, type LevelReport, type WearOptions } from './wear-run.ts';

/** One level of wear of one slip. */
export interface WearTask extends Omit<WearOptions, 'onPhotograph'> {
  readonly width: number;
  readonly height: number;
  /** Row by row, 1 = black. */
  readonly dots: Uint8Array;
  /** Whether the first photographs are wanted. */
  readonly photographs: boolean;
}

export interface WearResult {
  readonly report: LevelReport;
  readonly photographs: readonly { readonly name: string; readonly photograph: GreyPicture }[];
}

if (!isMainThread && parentPort !== null) {
  const port = parentPort;
  port.on('message', (task: WearTask) => {
    void work(task).then((result) => {
      port.postMessage(result);
      return undefined;
    });
  });
}

async function work({ width, height, dots, photographs: wanted, ...options }: WearTask): Promise<WearResult> {
  const picture: SlipPicture = {
    width,
    height,
    black: (x, y) => x >= 0 && x < width && dots[y * width + x] === 1,
  };
  const photographs: { readonly name: string; readonly photograph: GreyPicture }[] = [];
  const onPhotograph = (name: string, photograph: GreyPicture) => {
    if (wanted) photographs.push({ name, photograph });
  };
  return { report: await wearAndRead(picture, { ...options, onPhotograph }), photographs };
}
