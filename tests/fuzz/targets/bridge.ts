import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WebSocket } from 'ws';
import { startKioskServer } from '../../../src/bridge/kiosk-server.ts';
import type { KioskPort } from '../../../src/bridge/ports.ts';
import { SHELL_COOKIE, ShellGuard } from '../../../src/bridge/shell-guard.ts';
import { systemRandom } from '../../../src/platform/random.ts';
import { CHOICES } from '../../../src/view/kiosk-view.ts';
import type { KioskView } from '../../../src/view/kiosk-view.ts';
import type { Chance } from '../chance.ts';
import { whole } from '../fuzz-target.ts';
import { ascii, textOf } from './wire-bytes.ts';

const VIEW: KioskView = {
  epoch: 7,
  screen: { name: 'home' },
  readiness: { methods: ['id-card'], issue: true, check: true, obstacles: [] },
  choices: ['apply'],
};

/** Choices that came through, to be looked at by the rule. */
const chosen: { epoch: number; choice: string }[] = [];
const kiosk: KioskPort = {
  view: () => VIEW,
  onView: () => () => undefined,
  choose: (request) => {
    chosen.push(request);
    return 'accepted';
  },
  pageKeyPressed: () => undefined,
  fullName: () => Promise.resolve('测试一'),
  photo: () => Promise.resolve(undefined),
  machinePictures: new Map(),
  recording: () => Promise.resolve(undefined),
  painted: () => undefined,
};

const folder = mkdtempSync(path.join(tmpdir(), 'fuzz-bridge-'));

async function openServer() {
  const screensDirectory = path.join(folder, 'screens');
  mkdirSync(screensDirectory);
  const shellCodeFile = path.join(folder, 'run', 'shell-code');
  const server = await startKioskServer({
    port: 0,
    screensDirectory,
    shellCodeFile,
    random: systemRandom,
    kiosk,
    health: () => ({ status: 'ok', instance: 'i', version: '0', uptimeMs: 1, methods: [] }),
    onShell: () => undefined,
  });
  const attached = await fetch(`${server.origin}/attach`, {
    method: 'POST',
    headers: { origin: 'null' },
    body: new URLSearchParams({ code: readFileSync(shellCodeFile, 'utf8') }),
  });
  const cookie = (attached.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  return { origin: server.origin, cookie };
}

let opening: ReturnType<typeof openServer> | undefined;
let socket: WebSocket | undefined;

async function openSocket(): Promise<WebSocket> {
  opening ??= openServer();
  const { origin, cookie } = await opening;
  if (socket?.readyState === WebSocket.OPEN) return socket;
  const opened = new WebSocket(`${origin.replace('http', 'ws')}/bridge`, { headers: { cookie, origin } });
  opened.on('error', () => undefined);
  await new Promise((resolve) => opened.once('open', resolve));
  socket = opened;
  return opened;
}

/** What the server says to a message up to the answer to a question behind it, which shows that it still lives. */
async function answersTo(message: Uint8Array, asText: boolean): Promise<readonly string[]> {
  chosen.length = 0;
  const open = await openSocket();
  const answers: string[] = [];
  const done = Promise.withResolvers<void>();
  const onMessage = (data: Buffer) => {
    const text = data.toString();
    if (text.includes('"id":987654')) done.resolve();
    else answers.push(text);
  };
  open.on('message', onMessage);
  const onClose = () => done.resolve();
  open.once('close', onClose);
  open.send(asText ? Buffer.from(message).toString('utf8') : message, { binary: !asText });
  open.send('{"id":987654,"method":"query","params":{"path":"fullName","input":{"epoch":7}}}');
  await done.promise;
  open.off('message', onMessage);
  open.off('close', onClose);
  if (open.readyState !== WebSocket.OPEN) answers.push('closed');
  const { origin } = await (opening ?? openServer());
  if (answers.includes('closed') && (await fetch(`${origin}/health`)).status !== 200) answers.push('dead');
  return answers;
}

const PATHS = ['choose', 'pageKeyPressed', 'fullName', 'painted', 'view', 'toString', '__proto__', ''];

function call(chance: Chance): Uint8Array {
  const input = chance.pick<unknown>([
    { epoch: 7, choice: chance.pick([...CHOICES, 'x', '', null]) },
    { epoch: chance.pick([7, -1, 1.5, 1e99, '7', null]), choice: 'apply' },
    { epoch: 7, screen: textOf(chance, chance.below(60), 'ab\u{0}') },
    null,
    [],
    textOf(chance, 5, '{}[]"'),
  ]);
  const message = {
    id: chance.pick<unknown>([1, 'a', null, -1, {}]),
    jsonrpc: '2.0',
    method: chance.pick(['query', 'mutation', 'subscription', 'subscription.stop', 'connectionParams', 'x']),
    params: { path: chance.pick(PATHS), input },
  };
  return Uint8Array.from(Buffer.from(JSON.stringify(chance.once(8) ? [message, message] : message)));
}

/** Messages of a page at the real server; forms: as text, as bytes. */
export const bridgeMessages = whole<readonly string[]>({
  name: 'bridge-messages',
  maxBytes: 400,
  forms: 2,
  decode: (input, form) => answersTo(input, form === 0),
  check(_input, answers) {
    if (answers.includes('dead')) return 'the server does not answer any more';
    if (answers.some((answer) => /\bat .*\.[jt]s:\d+/.test(answer) || answer.includes('node_modules')))
      return 'a stack in an answer';
    for (const { epoch, choice } of chosen) {
      if (!Number.isSafeInteger(epoch) || epoch < 0) return 'a choice with an epoch that is none';
      if (!(CHOICES as readonly string[]).includes(choice)) return 'a choice that does not exist';
    }
    return undefined;
  },
  bucket: (answers) =>
    answers
      .map((answer) => /"code":"?([-\w]+)/.exec(answer)?.[1] ?? answer.slice(0, 12))
      .slice(0, 3)
      .join(),
  grammar: call,
  tokens: ['"path":"choose"', '"method":"mutation"', '"input":{}', 'PING', 'PONG', '\\u0000'].map(ascii),
});

let guard: ShellGuard | undefined;

function openGuard(): { guard: ShellGuard; cookie: string } {
  const codeFile = path.join(folder, 'guard', 'shell-code');
  guard ??= new ShellGuard({ codeFile, random: systemRandom });
  guard.publish();
  return { guard, cookie: guard.exchange(readFileSync(codeFile, 'utf8')) ?? '' };
}

const opened = openGuard();

/** `Cookie` headers; forms: as they are, and with the right cookie put in where an input says `COOKIE`. */
export const bridgeCookie = whole({
  name: 'bridge-cookie',
  maxBytes: 200,
  forms: 2,
  decode(input, form) {
    const header = Buffer.from(input).toString('latin1');
    return opened.guard.admits(
      form === 0 ? header : header.replace('COOKIE', `${SHELL_COOKIE}=${opened.cookie}`),
    );
  },
  check(input, admitted, form) {
    const header = Buffer.from(input).toString('latin1');
    if (admitted && (form === 0 || !header.includes('COOKIE')))
      return 'somebody was let in without the cookie';
    return form === 1 && header === 'COOKIE' && !admitted ? 'the shell was not let in' : undefined;
  },
  bucket: String,
  grammar: (chance) =>
    ascii(
      Array.from({ length: chance.between(1, 4) }, () =>
        chance.pick(['COOKIE', 'a=b', `${SHELL_COOKIE}=`, '=', `${SHELL_COOKIE}=x`]),
      ).join(chance.pick(['; ', ';', ','])),
    ),
});
