import { Command, Option, type CommanderError, type Help } from 'commander';
import stringWidth from 'string-width';
import type { KioskctlText } from '../copy/technician-text.ts';

/** The options that every command has. */
export interface GlobalOptions {
  readonly config?: string;
  readonly socket?: string;
  readonly json?: true;
}

/** The root of the command line, speaking one language. Errors are thrown as CommanderError and said by `usageSentence`. */
export function createCommandLine(text: KioskctlText): Command {
  const { help } = text;
  return new Command('kioskctl')
    .description(help.program)
    .usage(`${help.optionsPlaceholder} ${help.commandPlaceholder}`)
    .configureHelp({ ...inLanguage(help), showGlobalOptions: true })
    .helpOption('-h, --help', help.help)
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .option('--config <FILE>', help.config)
    .option('--socket <PATH>', help.socket)
    .addOption(new Option('--lang <zh|en>', help.lang).choices(['zh', 'en']))
    .option('--json', help.json)
    .addHelpText('after', `\n${help.exitCodes}`);
}

/** The language is needed before the command line is read, because the help of the command line is in it. */
export function languageAskedFor(args: readonly string[]): 'zh-CN' | 'en' {
  const at = args.lastIndexOf('--lang');
  const value = at === -1 ? args.findLast((arg) => arg.startsWith('--lang='))?.slice(7) : args[at + 1];
  return value === 'en' ? 'en' : 'zh-CN';
}

/** What is wrong with a command line; undefined when there was nothing to complain of (help was shown). */
export function usageSentence(error: CommanderError, { usageError }: KioskctlText): string | undefined {
  const words = [...error.message.matchAll(/'([^']*)'/g)].map(([, word]) => word ?? '').join(' ');
  switch (error.code) {
    case 'commander.helpDisplayed':
    case 'commander.help':
      return undefined;
    case 'commander.unknownOption':
      return usageError.unknownOption(words);
    case 'commander.unknownCommand':
      return usageError.unknownCommand(words);
    case 'commander.optionMissingArgument':
    case 'commander.missingArgument':
      return usageError.missingArgument(words);
    case 'commander.excessArguments':
      return usageError.tooMany;
    default:
      return usageError.badValue(words);
  }
}

function inLanguage(help: KioskctlText['help']): Partial<Help> {
  const titles: Readonly<Record<string, string>> = {
    'Usage:': help.usage,
    'Arguments:': help.arguments,
    'Options:': help.options,
    'Global Options:': help.globalOptions,
    'Commands:': help.commands,
  };
  return {
    displayWidth: stringWidth,
    styleTitle: (title) => titles[title] ?? title,
    // Without commander's own English remarks on choices and defaults: the sentences say them.
    optionDescription: (option) => option.description,
    // The commands that can be run, with the words that lead to them, instead of groups to be looked into.
    visibleCommands: leavesOf,
    subcommandTerm: (command) =>
      command.parent?.parent ? `${command.parent.name()} ${command.name()}` : command.name(),
  };
}

function leavesOf(command: Command): Command[] {
  return command.commands.flatMap((sub) => (sub.commands.length === 0 ? [sub] : leavesOf(sub)));
}
