/**
 * Runs in the virtual machine, as the kiosk's user: the whole agent, with reader, scanner and printer on USB and HID, serves two
 * people. The printer's cable is pulled while the first one's slip is being printed, and put back. What the second person holds
 * in the hand afterwards must be the second person's alone.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Recognition } from '../../../drivers/discovery/recognition.ts';
import type { Citizen } from '../../../sandbox/citizens/citizen.ts';
import { cardOf } from '../../../sandbox/citizens/card.ts';
import { citizens } from '../../../sandbox/citizens/citizens.ts';
import { makeSandboxKeys, privateKeyFile } from '../../../sandbox/launcher/keys.ts';
import { startProgram } from '../../../sandbox/launcher/child-process.ts';
import { createCentralClient } from '../../../src/central-api/client.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { systemRandom } from '../../../src/platform/random.ts';
import {
  serialNumberOf,
  usbFlags,
  usbNumbersOf,
  type PluggedIn,
} from '../../device-conformance/device-host.ts';
import { attachShell, type ShellWithoutAScreen } from '../../live-kiosk/shell-without-a-screen.ts';
import { hostLab } from './host-lab.ts';
import { isWanted, judge } from './results.ts';

const run = promisify(execFile);
const PROGRAMS = process.env['LAB_PROGRAMS'] ?? '';
const SUITE = 'issuance with all devices on USB and HID';
const PORT = 7_300;
/** An emulated processor. */
const LIMIT_MS = 60_000;

async function main(): Promise<void> {
  const directory = mkdtempSync('/tmp/kiosk-');
  const slips = '/run/lab-out/slips';
  const [reader, scanner, printer] = await Promise.all([
    hostLab.start('id-card-reader', 'usb-split', 1, [
      ...usbFlags('id-card-reader', 'usb-split', 1),
      '--usb-role',
      'bulk-split',
    ]),
    hostLab.start('qr-scanner', 'hid', 1, [
      ...usbFlags('qr-scanner', 'hid', 1),
      '--hid',
      '--layout',
      'newland',
    ]),
    hostLab.start('receipt-printer', 'usb', 1, [
      ...usbFlags('receipt-printer', 'usb', 1),
      '--usb-role',
      'printer',
      '--out',
      slips,
    ]),
  ]);
  const centre = await startCentre(directory);
  const configuration = writeConfiguration(directory, centre);
  const agent = await startProgram({
    name: 'agent',
    args: [path.join(PROGRAMS, 'agent.mjs'), '--config', configuration],
    isReady: (line) => line['event'] === 'agent.ready',
    // To the machine's console; there is no personal data in it.
    onLine: (line) => process.stderr.write(`${line}\n`),
  });
  await untilBothMethods();
  const shell = await attachShell(`http://127.0.0.1:${PORT}`, path.join(directory, 'run/shell-code'));
  await test('kioskctl devices finds each of them where it is configured, with nothing to mend', async () => {
    const survey = await surveyOf(configuration);
    const found = survey.configured.map(({ kind, found }) => `${kind} ${found}`).join();
    if (found !== 'idCardReader plugged-in,qrScanner plugged-in,receiptPrinter plugged-in')
      throw new Error(found);
    const troubles = survey.configured.flatMap(({ device = -1 }) => survey.devices[device]?.troubles ?? []);
    if (troubles.length > 0) throw new Error(JSON.stringify(troubles));
  });
  const [first, second] = citizens(new Date().toISOString().slice(0, 10)).filter(
    (one) => one.case === 'ordinary',
  );
  if (first === undefined || second === undefined) throw new Error('there are no citizens');

  await test('a slip whose printer was unplugged in the middle is not called printed', async () => {
    await signIn(shell, reader, first);
    await printer.tell('hold-at', { what: 600 });
    await shell.choose('confirm');
    await held(printer);
    await printer.tell('unplug');
    await printer.tell('release');
    const screen = await shell.until(['error', 'take-slip'], LIMIT_MS);
    if (screen.name !== 'error') throw new Error('the person was told to take a slip');
    await leave(shell, reader);
  });
  await test('after the printer is plugged in again the unfinished slip is marked void and cut', async () => {
    await printer.tell('replug');
    const cut = await slipsOf(printer, 1);
    if (cut.length !== 1) throw new Error(`${cut.length} slips were cut`);
  });
  await test("the second person's slip is the second person's alone, and valid", async () => {
    const before = (await slipsOf(printer, 1)).length;
    await signIn(shell, reader, second);
    await shell.choose('confirm');
    await shell.until(['take-slip'], LIMIT_MS);
    const [slip, ...others] = (await slipsOf(printer, before + 1)).slice(before);
    if (slip === undefined || others.length > 0) throw new Error('there is not exactly one new slip');
    const texts = await qrTextsOf(path.join(slips, slip.file));
    if (texts.length !== 2 || texts[0] !== texts[1])
      throw new Error(`${texts.length} symbols were read from the slip`);
    const verified = await centre.verifier.verify(texts[0] ?? '');
    if (!verified.ok) throw new Error('the slip cannot be verified');
    const { status, maskedName = '' } = verified.value as { status: string; maskedName?: string };
    if (status !== 'valid' || !maskedName.startsWith(second.name.slice(0, 1)))
      throw new Error(`the slip is ${status}, of ${maskedName}`);
    await leave(shell, reader);
  });
  await test('nothing of the first slip is on any paper behind the void mark', async () => {
    const all = await slipsOf(printer, 2);
    const [voided, ...rest] = await Promise.all(all.map(({ file }) => qrTextsOf(path.join(slips, file))));
    const leaked = (voided ?? []).some((text) => rest.flat().includes(text));
    if (leaked) throw new Error("the first person's code came out again");
  });

  await shell.close();
  await agent.stop();
  await centre.stop();
  await Promise.all([reader, scanner, printer].map((device) => device.stop()));
}

async function startCentre(directory: string) {
  const keys = path.join(directory, 'keys');
  const program = await startProgram({
    name: 'central-service',
    args: [
      path.join(PROGRAMS, 'central-service.mjs'),
      '--port',
      '0',
      '--data',
      path.join(directory, 'central'),
      '--keys',
      makeSandboxKeys(keys),
      '--control',
      '0',
    ],
    isReady: (line) => line['ready'] === true,
  });
  const [url, caFile] = [String(program.ready['url']), String(program.ready['caFile'])];
  return {
    url,
    caFile,
    keyFile: privateKeyFile(keys, 'kiosk-sandbox-1'),
    verifier: createCentralClient({
      url,
      caPem: readFileSync(caFile, 'utf8'),
      keyId: 'verifier-sandbox',
      privateKeyPem: readFileSync(privateKeyFile(keys, 'verifier-sandbox'), 'utf8'),
      clock: systemClock,
      random: systemRandom,
    }),
    stop: () => program.stop(),
  };
}

/** As a technician writes it: devices by their numbers. */
function writeConfiguration(
  directory: string,
  centre: { readonly url: string; readonly caFile: string; readonly keyFile: string },
): string {
  const file = path.join(directory, 'kiosk.toml');
  const numbers = (
    driver: 'id-card-reader' | 'qr-scanner' | 'receipt-printer',
    cable: 'usb-split' | 'hid' | 'usb',
  ) => {
    const [vendor, product] = usbNumbersOf(driver, cable).map((id) => id.toString(16).padStart(4, '0'));
    return `vendorId = "${vendor}"\nproductId = "${product}"\nserialNumber = "${serialNumberOf(driver, cable, 1)}"`;
  };
  mkdirSync(directory, { recursive: true });
  writeFileSync(
    file,
    `[kiosk]
id = "kiosk-sandbox-1"
production = false

[central]
url = "${centre.url}"
caFile = "${centre.caFile}"
keyId = "kiosk-sandbox-1"
keyFile = "${centre.keyFile}"

[idCardReader]
transport = "usb"
${numbers('id-card-reader', 'usb-split')}

[qrScanner]
transport = "hid"
layout = "newland"
${numbers('qr-scanner', 'hid')}

[receiptPrinter]
transport = "usb"
${numbers('receipt-printer', 'usb')}

[bridge]
port = ${PORT}
shellCodeFile = "${directory}/run/shell-code"
socketPath = "${directory}/run/kioskctl.sock"

[store]
dataDir = "${directory}/data"
`,
  );
  return file;
}

/** Through the agent, whose permissions count. */
async function surveyOf(configuration: string): Promise<Recognition> {
  const kioskctl = path.join(PROGRAMS, 'kioskctl.mjs');
  // It exits with 1 when anything is to be mended.
  const { stdout } = await run(process.execPath, [
    kioskctl,
    '--config',
    configuration,
    '--json',
    'devices',
  ]).catch((error: { stdout: string }) => error);
  return JSON.parse(stdout) as Recognition;
}

async function untilBothMethods(): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (performance.now() < deadline) {
    const health = await fetch(`http://127.0.0.1:${PORT}/health`).then(
      (answer) => answer.json() as Promise<{ methods: readonly string[] }>,
      () => ({ methods: [] }),
    );
    if (health.methods.length === 2) return;
    await pause(100);
  }
  throw new Error('the kiosk does not offer both ways to sign in');
}

async function signIn(shell: ShellWithoutAScreen, reader: PluggedIn, citizen: Citizen): Promise<void> {
  if (shell.view().screen.name === 'attract') await shell.choose('start');
  await shell.until(['home'], LIMIT_MS);
  await untilOffered(shell, 'apply');
  await shell.choose('apply');
  await shell.choose('use-id-card');
  await shell.until(['present-id-card'], LIMIT_MS);
  await reader.tell('lay-card', { card: cardOf(citizen) });
  await shell.until(['confirm-identity'], LIMIT_MS);
}

async function untilOffered(shell: ShellWithoutAScreen, choice: 'apply'): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (!shell.view().readiness.issue) {
    if (performance.now() > deadline)
      throw new Error(`${choice} is not offered: ${JSON.stringify(shell.view())}`);
    await pause(50);
  }
}

/** Back to where the next person begins. */
async function leave(shell: ShellWithoutAScreen, reader: PluggedIn): Promise<void> {
  if (shell.view().choices.includes('got-everything')) await shell.choose('got-everything');
  await reader.tell('lift-card');
  await pause(100);
  if (shell.view().choices.includes('home')) await shell.choose('home');
  const screen = await shell.until(['home', 'attract', 'take-id-card'], LIMIT_MS);
  if (screen.name === 'take-id-card') await shell.choose('home');
}

async function held(printer: PluggedIn): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while ((await printer.state())['held'] === null) {
    if (performance.now() > deadline) throw new Error('nothing is printed');
    await pause(20);
  }
}

async function slipsOf(printer: PluggedIn, least: number) {
  const deadline = performance.now() + LIMIT_MS;
  for (;;) {
    const all = JSON.parse(await printer.read('/slips')) as readonly { file: string; cut: boolean }[];
    const cut = all.filter((slip) => slip.cut);
    if (cut.length >= least || performance.now() > deadline) return cut;
    await pause(100);
  }
}

/** What an independent decoder reads from the picture of a slip. */
async function qrTextsOf(file: string): Promise<readonly string[]> {
  const { stdout } = await run('zbarimg', ['--raw', '-q', '-Sdisable', '-Sqrcode.enable', file]).catch(
    (error: { code?: unknown; stdout: string }) => {
      // 4: the picture holds no code.
      if (error.code === 4) return { stdout: '' };
      throw error;
    },
  );
  return stdout.split('\n').filter((line) => line !== '');
}

const test = (name: string, work: () => Promise<void>) => judge(SUITE, name, work);

if (isWanted(SUITE))
  await main().catch((error: unknown) => test('starts and ends', () => Promise.reject(error)));
process.exit();
