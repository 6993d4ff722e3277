import { faultText, wordFor } from '../copy/technician-text.ts';
import type { TechnicianEvent } from '../maintenance/technician-events.ts';
import type { connectMaintenance } from '../bridge/maintenance-client.ts';
import { followAgent } from './ask-agent.ts';
import type { Texts } from './diagnosis.ts';
import { EXIT } from './exit-codes.ts';
import { explainUnreachable } from './explain-unreachable.ts';
import { showHealthStep } from './health-step.ts';
import { progressOn, type Progress } from './progress.ts';
import { indented, remedyLines, type Terminal } from './terminal.ts';
import { askYesOrNo, canAsk, type Asker } from './yes-or-no.ts';

/** Where and how a technician's program speaks. */
export interface Speaking {
  readonly socketPath: string;
  readonly json: boolean;
  readonly texts: Texts;
  readonly out: Terminal;
  readonly errors: Terminal;
  readonly asker: Asker;
}

type Agent = ReturnType<typeof connectMaintenance>;

/** Something the agent does and tells of. */
export interface TechnicianTask<Outcome> {
  readonly ask: (agent: Agent, signal: AbortSignal) => Promise<AsyncIterable<TechnicianEvent<Outcome>>>;
  /** What is being done, while nothing is told. */
  readonly working: string;
  /** Says what it came to; returns the exit code. */
  readonly showOutcome: (outcome: Outcome) => number;
  /** The exit code for programs that read JSON. */
  readonly codeOf: (outcome: Outcome) => number;
}

/**
 * Has the agent do something, shows each step as it comes, lets a person do and answer what is asked for. Ctrl-C ends it here and in
 * the agent. Returns the exit code.
 */
export async function runTask<Outcome>(speaking: Speaking, task: TechnicianTask<Outcome>): Promise<number> {
  const { texts, socketPath, json, errors, asker } = speaking;
  const stop = new AbortController();
  const interrupt = () => {
    stop.abort();
  };
  process.once('SIGINT', interrupt);
  const progress = progressOn(asker.output, texts.kioskctl.duration.second);
  const conversation = new Conversation(speaking, task, progress, stop);
  if (!json) progress.begin(task.working);
  const followed = await followAgent(socketPath, stop.signal, task.ask, async (event, agent) => {
    progress.end();
    await conversation.take(event, agent);
    if (json || conversation.over) return;
    progress.begin(conversation.waits ? texts.kioskctl.run.waiting : task.working);
  });
  progress.end();
  process.off('SIGINT', interrupt);
  if (!followed.ok) return explainUnreachable(socketPath, followed.error, texts.kioskctl, errors);
  return conversation.exitCode(stop.signal.aborted);
}

/** What was told so far, and what follows from it. */
class Conversation<Outcome> {
  readonly #speaking: Speaking;
  readonly #task: TechnicianTask<Outcome>;
  readonly #progress: Progress;
  readonly #stop: AbortController;
  readonly #explained = new Set<string>();
  #run = '';
  #code: number | undefined;
  /** A person was told to do something, and has not done it yet. */
  waits = false;

  constructor(speaking: Speaking, task: TechnicianTask<Outcome>, progress: Progress, stop: AbortController) {
    this.#speaking = speaking;
    this.#task = task;
    this.#progress = progress;
    this.#stop = stop;
  }

  get over(): boolean {
    return this.#code !== undefined;
  }

  exitCode(stopped: boolean): number {
    const { json, texts, errors } = this.#speaking;
    if (this.#code !== undefined) return this.#code;
    // Neither an outcome nor a reason: it was stopped here, or the agent ended.
    if (!json && stopped) errors.line(`${errors.mark('watch')} ${texts.kioskctl.run.stopped}`);
    return stopped ? EXIT.trouble : EXIT.unreachable;
  }

  async take(event: TechnicianEvent<Outcome>, agent: Agent): Promise<void> {
    if (this.#speaking.json) await this.#pass(event, agent);
    else await this.#show(event, agent);
  }

  /** For programs: each event as a line. They answer nothing. */
  async #pass(event: TechnicianEvent<Outcome>, agent: Agent): Promise<void> {
    this.#speaking.out.line(JSON.stringify(event));
    if (event.kind === 'begun') this.#run = event.run;
    else if (event.kind === 'question') await this.#answer(agent, event.question, null);
    else if (event.kind === 'ended') this.#code = this.#task.codeOf(event.outcome);
    else if (event.kind === 'refused' || event.kind === 'cutShort') this.#code = EXIT.trouble;
  }

  async #show(event: TechnicianEvent<Outcome>, agent: Agent): Promise<void> {
    const { texts, out } = this.#speaking;
    const { run } = texts.kioskctl;
    switch (event.kind) {
      case 'begun':
        this.#run = event.run;
        return;
      case 'step':
        this.waits = false;
        showHealthStep(event.step, texts, out, this.#explained);
        return;
      case 'prompt':
        this.waits = true;
        indented('', 0, wordFor(texts.technician.checks.prompts, event.what), '  → ', out);
        return;
      case 'question':
        await this.#ask(event.what, event.question, agent);
        return;
      case 'ended':
        this.#code = this.#task.showOutcome(event.outcome);
        return;
      case 'cutShort':
        out.line(`${out.mark('watch')} ${run.cutShort[event.because]}`);
        this.#code = EXIT.trouble;
        return;
      case 'refused':
        this.#showRefusal(event);
        this.#code = EXIT.trouble;
    }
  }

  #showRefusal({ because, fault }: Extract<TechnicianEvent<Outcome>, { kind: 'refused' }>): void {
    const { texts, out } = this.#speaking;
    const sentence = texts.kioskctl.run.refused[because];
    if (fault === undefined) {
      out.line(`${out.mark('watch')} ${sentence}`);
      return;
    }
    const { what, why, remedy } = faultText(texts.technician, fault);
    const title = texts.kioskctl.about(sentence, what);
    out.line(`${out.mark('bad')} ${out.strong(title)}  ${out.faint(`[${fault}]`)}`);
    remedyLines({ why, remedy }, texts.kioskctl.label, out);
  }

  async #ask(what: string, question: number, agent: Agent): Promise<void> {
    const { texts, asker, out } = this.#speaking;
    const { run } = texts.kioskctl;
    const sentence = wordFor(texts.technician.checks.questions, what);
    if (!canAsk(asker)) {
      out.line(`  ? ${sentence}  ${run.unanswered}`);
      await this.#answer(agent, question, null);
      return;
    }
    const answer = await askYesOrNo(`  ? ${sentence} ${run.answerKeys} `, asker, this.#stop.signal, () => {
      this.#stop.abort();
    });
    if (!this.#stop.signal.aborted) await this.#answer(agent, question, answer ?? null);
  }

  /** An agent that is gone is noticed by the stream. */
  async #answer(agent: Agent, question: number, answer: boolean | null): Promise<void> {
    this.#progress.end();
    await agent.answer({ run: this.#run, question, answer }).catch(() => undefined);
  }
}
