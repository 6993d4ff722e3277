import { CommanderError, type Command } from 'commander';
import { loadConfiguration } from '../configuration/load-configuration.ts';
import { technicianTexts } from '../copy/technician-text.ts';
import { err, ok, type Result } from '../platform/result.ts';
import { createCommandLine, languageAskedFor, usageSentence, type GlobalOptions } from './command-line.ts';
import { checkConfiguration, showProblems } from './config-check.ts';
import { EXIT } from './exit-codes.ts';
import { showStatus } from './status.ts';
import { terminalOn } from './terminal.ts';
import { printTestPage } from './test-page.ts';

/** Runs one command line; returns the exit code. */
export async function runKioskctl(args: readonly string[]): Promise<number> {
  const language = languageAskedFor(args);
  const texts = technicianTexts(language);
  const text = texts.kioskctl;
  const out = terminalOn(process.stdout);
  const errors = terminalOn(process.stderr);
  const program = createCommandLine(text);
  let exitCode: number = EXIT.well;

  const configFile = () =>
    program.opts<GlobalOptions>().config ?? process.env['KIOSK_CONFIG'] ?? 'kiosk.toml';
  const socketPath = (): Result<string, number> => {
    const { socket } = program.opts<GlobalOptions>();
    if (socket !== undefined) return ok(socket);
    const loaded = loadConfiguration(configFile());
    if (loaded.ok) return ok(loaded.value.bridge.socketPath);
    errors.line(`${errors.mark('bad')} ${errors.strong(text.unreachable.configuration)} (${configFile()})`);
    showProblems(loaded.error, language, text, errors);
    errors.line(`    ${text.label.remedy}  ${text.unreachable.configurationRemedy}`);
    return err(EXIT.unreachable);
  };
  const withAgent = async (ask: (socket: string, json: boolean) => Promise<number>) => {
    const socket = socketPath();
    const json = program.opts<GlobalOptions>().json === true;
    exitCode = socket.ok ? await ask(socket.value, json) : socket.error;
  };
  const onlyOptions = (command: Command) => command.usage(text.help.optionsPlaceholder);
  const group = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .usage(`${text.help.commandPlaceholder} ${text.help.optionsPlaceholder}`);

  onlyOptions(program.command('status'))
    .description(text.help.status)
    .action(() => withAgent((socket, json) => showStatus({ socketPath: socket, json, texts, out, errors })));
  group('config', text.help.configGroup)
    .command('check')
    .description(text.help.configCheck)
    .usage(`${text.help.optionsPlaceholder} [FILE]`)
    .argument('[FILE]', text.help.configFile)
    .action((file: string | undefined) => {
      const json = program.opts<GlobalOptions>().json === true;
      exitCode = checkConfiguration({ file: file ?? configFile(), json, language, text, out });
    });
  onlyOptions(group('printer', text.help.printerGroup).command('test-page'))
    .description(text.help.testPage)
    .action(() =>
      withAgent((socket, json) =>
        printTestPage({ socketPath: socket, json, texts, out, errors, progress: process.stderr }),
      ),
    );

  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const sentence = usageSentence(error, text);
    if (sentence !== undefined)
      errors.line(`${errors.mark('bad')} ${sentence}\n  ${text.usageError.seeHelp}`);
    return error.exitCode === 0 ? EXIT.well : EXIT.usage;
  }
}
