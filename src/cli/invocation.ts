import type { Command } from 'commander';
import { loadConfiguration, type ConfigurationResult } from '../configuration/load-configuration.ts';
import type { ConfigurationProblem } from '../configuration/problem.ts';
import { technicianTexts, type TechnicianLanguage } from '../copy/technician-languages.ts';
import { ok, type Result } from '../platform/result.ts';
import type { GlobalOptions } from './command-line.ts';
import { showProblems } from './config-check.ts';
import { EXIT } from './exit-codes.ts';
import type { Speaking } from './technician-run.ts';
import { terminalOn } from './terminal.ts';

/** One call of the program: what it was told about files and language, where it speaks, what it ends with. */
export class Invocation {
  readonly language: TechnicianLanguage;
  readonly texts: Speaking['texts'];
  readonly out = terminalOn(process.stdout);
  readonly errors = terminalOn(process.stderr);
  exitCode: number = EXIT.well;
  readonly #options: () => GlobalOptions;

  /** @param program is asked for its options when a command runs, not before */
  constructor(program: Command, language: TechnicianLanguage) {
    this.language = language;
    this.texts = technicianTexts(language);
    this.#options = () => program.opts<GlobalOptions>();
  }

  get json(): boolean {
    return this.#options().json === true;
  }

  get configFile(): string {
    return this.#options().config ?? process.env['KIOSK_CONFIG'] ?? 'kiosk.toml';
  }

  /** Where the agent listens; the configuration's problems when it should say so and cannot be read. */
  socketPath(): Result<string, readonly ConfigurationProblem[]> {
    const { socket } = this.#options();
    if (socket !== undefined) return ok(socket);
    const loaded: ConfigurationResult = loadConfiguration(this.configFile);
    return loaded.ok ? ok(loaded.value.bridge.socketPath) : loaded;
  }

  /** Runs what needs the agent; says what is wrong when nobody knows where it is. */
  async withAgent(work: (speaking: Speaking) => Promise<number>): Promise<void> {
    const socket = this.socketPath();
    if (!socket.ok) {
      this.#explain(socket.error);
      this.exitCode = EXIT.unreachable;
      return;
    }
    const { texts, out, errors, json } = this;
    const asker = { input: process.stdin, output: process.stderr };
    this.exitCode = await work({ socketPath: socket.value, json, texts, out, errors, asker });
  }

  #explain(problems: readonly ConfigurationProblem[]): void {
    const { errors } = this;
    const text = this.texts.kioskctl;
    const { configuration, configurationRemedy } = text.unreachable;
    errors.line(`${errors.mark('bad')} ${errors.strong(configuration)} (${this.configFile})`);
    showProblems(problems, this.language, text, errors);
    errors.line(`    ${text.label.remedy}  ${configurationRemedy}`);
  }
}
