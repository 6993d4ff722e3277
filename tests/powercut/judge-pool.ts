import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Verdict } from './judge.ts';
import type { JudgeData, JudgeRequest } from './judge-worker.ts';

/** While one syncs another computes. */
const WORKERS = 4;

interface Waiting {
  readonly request: JudgeRequest;
  readonly verdict: PromiseWithResolvers<Verdict>;
}

/** Judges images of one run, several at once. */
export class JudgePool {
  readonly #workers: readonly Worker[];
  readonly #idle: Worker[];
  readonly #waiting: Waiting[] = [];

  /** `scratch`: a directory in which images are laid. */
  constructor({ moves, truth }: Omit<JudgeData, 'directory'>, scratch: string) {
    this.#workers = Array.from({ length: WORKERS }, (_nothing, at) => {
      const workerData: JudgeData = { moves, truth, directory: path.join(scratch, `image-${at}`) };
      return new Worker(new URL('./judge-worker.ts', import.meta.url), { workerData });
    });
    this.#idle = [...this.#workers];
  }

  /** Rejects when the worker fails, which no image may bring about. */
  judge(request: JudgeRequest): Promise<Verdict> {
    const verdict = Promise.withResolvers<Verdict>();
    this.#waiting.push({ request, verdict });
    this.#goOn();
    return verdict.promise;
  }

  /** So many are being judged or wait for it. */
  get busy(): number {
    return this.#workers.length - this.#idle.length + this.#waiting.length;
  }

  /** More than this at once only fills the memory with images. */
  get most(): number {
    return this.#workers.length * 2;
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #goOn(): void {
    const worker = this.#idle.pop();
    if (worker === undefined) return;
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#idle.push(worker);
      return;
    }
    const end = () => {
      worker.removeAllListeners('message');
      worker.removeAllListeners('error');
      this.#idle.push(worker);
      this.#goOn();
    };
    worker.once('message', (verdict: Verdict) => {
      end();
      next.verdict.resolve(verdict);
    });
    worker.once('error', (error) => {
      end();
      next.verdict.reject(error);
    });
    worker.postMessage(next.request, []);
  }
}
