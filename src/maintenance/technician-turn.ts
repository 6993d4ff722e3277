import type { HealthDialogue } from '../devices/health-check.ts';
import type { Cancel, Clock } from '../platform/clock.ts';
import type { RandomSource } from '../platform/random.ts';
import { EventQueue } from './event-queue.ts';
import type { TechnicianAnswer, TechnicianEvent } from './technician-events.ts';

/** So long a question waits for its answer, ms. */
const ANSWER_LIMIT_MS = 120_000;
/** Longer than a check with every step at its limit, and every question at its own, ms. */
const RUN_LIMIT_MS = 15 * 60_000;
/** More than any run tells. */
const MOST_EVENTS = 1_000;

/** Something a technician wants done. Ends when `signal` aborts, within the limits of the device. */
type Work<Outcome> = (dialogue: HealthDialogue, signal: AbortSignal) => Promise<Outcome>;

export interface TechnicianTurnParts {
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Nobody is served, and nothing of an earlier service is open. */
  readonly mayBegin: () => boolean;
  /** Called when somebody comes to be served. */
  readonly onPeople: (listener: () => void) => Cancel;
}

interface Run {
  readonly id: string;
  readonly answers: Map<number, (answer: boolean | undefined) => void>;
}

/**
 * The one turn that technicians have at the devices: one work at a time, none while somebody is served, and it ends when somebody
 * comes. A turn is over when its work is, not when nobody listens to it any more.
 */
export class TechnicianTurn {
  readonly #parts: TechnicianTurnParts;
  #run: Run | undefined;

  constructor(parts: TechnicianTurnParts) {
    this.#parts = parts;
  }

  /** Does something that tells nothing on its way and cannot be cut short. */
  async alone<T>(work: () => Promise<T>): Promise<T | 'serving' | 'occupied'> {
    const obstacle = this.obstacle();
    if (obstacle !== undefined) return obstacle;
    const run = this.#begin();
    try {
      return await work();
    } finally {
      this.#end(run);
    }
  }

  /** Does something and tells how it goes. It ends when `signal` aborts: whoever asked has gone. */
  async *run<Outcome>(
    work: Work<Outcome>,
    signal: AbortSignal,
  ): AsyncGenerator<TechnicianEvent<Outcome>, void, undefined> {
    const obstacle = this.obstacle();
    if (obstacle !== undefined) {
      yield { kind: 'refused', because: obstacle };
      return;
    }
    const { clock, onPeople } = this.#parts;
    const run = this.#begin();
    const events = new EventQueue<TechnicianEvent<Outcome>>(MOST_EVENTS);
    const ending = new AbortController();
    const cutShort = (because: 'people' | 'time') => () => {
      ending.abort();
      events.push({ kind: 'cutShort', because });
      events.end();
    };
    const cancels = [onPeople(cutShort('people')), clock.schedule(RUN_LIMIT_MS, cutShort('time'))];
    const leave = () => {
      ending.abort();
      events.end();
    };
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    events.push({ kind: 'begun', run: run.id });
    const working = this.#work(run, work, events, ending.signal).finally(() => {
      for (const cancel of cancels) cancel();
      signal.removeEventListener('abort', leave);
      this.#end(run);
    });
    // It is waited for below, unless nobody is there any more to be told.
    working.catch(() => undefined);
    try {
      yield* events.read();
      if (!ending.signal.aborted) await working;
    } finally {
      ending.abort();
    }
  }

  /** Answers a question that is open; any other is passed over. */
  answer({ run, question, answer }: TechnicianAnswer): void {
    if (this.#run?.id === run) this.#run.answers.get(question)?.(answer ?? undefined);
  }

  /** Why nothing can be begun now; undefined: it can. For what takes no turn and must not break into one. */
  obstacle(): 'serving' | 'occupied' | undefined {
    if (this.#run !== undefined) return 'occupied';
    return this.#parts.mayBegin() ? undefined : 'serving';
  }

  #begin(): Run {
    const run: Run = { id: this.#parts.random.uuid(), answers: new Map() };
    this.#run = run;
    return run;
  }

  #end(run: Run): void {
    if (this.#run === run) this.#run = undefined;
  }

  async #work<Outcome>(
    run: Run,
    work: Work<Outcome>,
    events: EventQueue<TechnicianEvent<Outcome>>,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const outcome = await work(this.#dialogue(run, events, signal), signal);
      if (!signal.aborted) events.push({ kind: 'ended', outcome });
    } finally {
      events.end();
    }
  }

  #dialogue<Outcome>(
    run: Run,
    events: EventQueue<TechnicianEvent<Outcome>>,
    signal: AbortSignal,
  ): HealthDialogue {
    let asked = 0;
    return {
      onStep: (step) => {
        events.push({ kind: 'step', step });
      },
      prompt: (what) => {
        events.push({ kind: 'prompt', what });
      },
      question: (what) => {
        asked += 1;
        const question = asked;
        const answered = this.#answerTo(run, question, signal);
        events.push({ kind: 'question', question, what });
        return answered;
      },
    };
  }

  /** Undefined when nobody answers in time, or any more. */
  #answerTo(run: Run, question: number, signal: AbortSignal): Promise<boolean | undefined> {
    return new Promise((resolve) => {
      const settle = (answer: boolean | undefined) => {
        cancel();
        signal.removeEventListener('abort', giveUp);
        run.answers.delete(question);
        resolve(answer);
      };
      const giveUp = () => {
        settle(undefined);
      };
      const cancel = this.#parts.clock.schedule(ANSWER_LIMIT_MS, giveUp);
      signal.addEventListener('abort', giveUp, { once: true });
      run.answers.set(question, settle);
      if (signal.aborted) giveUp();
    });
  }
}
