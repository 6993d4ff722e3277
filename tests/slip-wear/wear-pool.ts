import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { SlipPicture } from '../fixtures/slip-picture.ts';
import type { WearResult, WearTask } from './wear-worker.ts';

/** Does tasks on as many processors as there are. The results are in the order of the tasks; rejects when one of them throws. */
export async function doAll<Task extends WearTask>(
  tasks: readonly Task[],
  onResult: (task: Task, result: WearResult) => void,
): Promise<readonly WearResult[]> {
  const results: WearResult[] = [];
  const waiting = Array.from(tasks.entries());
  const workUntilDone = async () => {
    const worker = new Worker(new URL('./wear-worker.ts', import.meta.url));
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [index, task] = next;
        const result = await done(worker, task);
        results[index] = result;
        onResult(task, result);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), tasks.length) }, workUntilDone));
  return results;
}

/** What a picture of a slip has to become to be sent to another thread. */
export function sendable({ width, height, black }: SlipPicture): Pick<WearTask, 'width' | 'height' | 'dots'> {
  const dots = new Uint8Array(width * height);
  for (let at = 0; at < dots.length; at += 1) dots[at] = Number(black(at % width, Math.floor(at / width)));
  return { width, height, dots };
}

function done(worker: Worker, task: WearTask): Promise<WearResult> {
  const { promise, resolve, reject } = Promise.withResolvers<WearResult>();
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.postMessage(task, []);
  return promise.finally(() => {
    worker.removeListener('message', resolve);
    worker.removeListener('error', reject);
  });
}
