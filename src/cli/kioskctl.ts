import { CommanderError, type Command } from 'commander';
import { technicianTexts } from '../copy/technician-languages.ts';
import { createCommandLine, languageAskedFor, usageSentence } from './command-line.ts';
import { checkConfiguration } from './config-check.ts';
import { addDeviceCommands, addProbe, addProvision } from './device-commands.ts';
import { showDevices } from './devices.ts';
import { EXIT } from './exit-codes.ts';
import { Invocation } from './invocation.ts';
import { showStatus } from './status.ts';
import { printTestPage } from './test-page.ts';

/** Runs one command line; returns the exit code. */
export async function runKioskctl(args: readonly string[]): Promise<number> {
  const language = languageAskedFor(args);
  const text = technicianTexts(language).kioskctl;
  const program = createCommandLine(text);
  const invocation = new Invocation(program, language);
  addGeneralCommands(program, invocation);
  addCommandsOfDevices(program, invocation);
  try {
    await program.parseAsync(args, { from: 'user' });
    return invocation.exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const { errors } = invocation;
    const sentence = usageSentence(error, text);
    if (sentence !== undefined)
      errors.line(`${errors.mark('bad')} ${sentence}\n  ${text.usageError.seeHelp}`);
    return error.exitCode === 0 ? EXIT.well : EXIT.usage;
  }
}

function addGeneralCommands(program: Command, invocation: Invocation): void {
  const { texts, out, errors, language } = invocation;
  const { help } = texts.kioskctl;
  program
    .command('status')
    .usage(help.optionsPlaceholder)
    .description(help.status)
    .action(() => invocation.withAgent(showStatus));
  program
    .command('devices')
    .usage(help.optionsPlaceholder)
    .description(help.devices)
    .option('--local', help.local, false)
    .action(async ({ local }: { local: boolean }) => {
      const { configFile, json } = invocation;
      const socket = local ? undefined : invocation.socketPath();
      const socketPath = socket?.ok === true ? socket.value : undefined;
      invocation.exitCode = await showDevices({ configFile, socketPath, json, texts, out, errors });
    });
  groupOf(program, 'config', help.configGroup, help)
    .command('check')
    .description(help.configCheck)
    .usage(`${help.optionsPlaceholder} [FILE]`)
    .argument('[FILE]', help.configFile)
    .action((named: string | undefined) => {
      const { configFile, json } = invocation;
      const file = named ?? configFile;
      invocation.exitCode = checkConfiguration({ file, json, language, text: texts.kioskctl, out });
    });
}

function addCommandsOfDevices(program: Command, invocation: Invocation): void {
  const { help } = invocation.texts.kioskctl;
  const withAgent: Invocation['withAgent'] = (work) => invocation.withAgent(work);
  const reader = groupOf(program, 'reader', help.readerGroup, help);
  addDeviceCommands(reader, 'idCardReader', help, withAgent);
  const scanner = groupOf(program, 'scanner', help.scannerGroup, help);
  addDeviceCommands(scanner, 'qrScanner', help, withAgent);
  addProvision(scanner, help, withAgent);
  const printer = groupOf(program, 'printer', help.printerGroup, help);
  addDeviceCommands(printer, 'receiptPrinter', help, withAgent);
  addProbe(printer, help, withAgent);
  printer
    .command('test-page')
    .usage(help.optionsPlaceholder)
    .description(help.testPage)
    .action(() => withAgent((speaking) => printTestPage({ ...speaking, progress: process.stderr })));
}

type Help = Invocation['texts']['kioskctl']['help'];

function groupOf(program: Command, name: string, description: string, help: Help): Command {
  return program
    .command(name)
    .description(description)
    .usage(`${help.commandPlaceholder} ${help.optionsPlaceholder}`);
}
