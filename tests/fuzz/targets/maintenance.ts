import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Agent, fetch } from 'undici';
import { startMaintenanceServer } from '../../../src/bridge/maintenance-server.ts';
import type { MaintenancePort } from '../../../src/bridge/ports.ts';
import type { Chance } from '../chance.ts';
import { whole } from '../fuzz-target.ts';
import { ascii, textOf } from './wire-bytes.ts';

/** As the client asks: streams in a batch of one, the rest alone. */
const PATHS = [
  'checkHealth?batch=1',
  'probePrinter?batch=1',
  'answer',
  'trace?batch=1',
  'toString,answer?batch=1',
  'report',
] as const;
const DEVICES: readonly unknown[] = ['idCardReader', 'qrScanner', 'receiptPrinter'];
const LEVELS: readonly unknown[] = ['internal', 'external', 'interactive'];

/** What came through, to be looked at by the rule. */
const asked: { readonly what: string; readonly input: Readonly<Record<string, unknown>> }[] = [];

async function* nothing(what: string, input: object) {
  asked.push({ what, input: { ...input } });
  yield await Promise.resolve({ kind: 'refused', because: 'serving' } as const);
}

const maintenance: MaintenancePort = {
  report: () => ({}) as ReturnType<MaintenancePort['report']>,
  printTestPage: () => Promise.resolve({ kind: 'busy' }),
  survey: () => Promise.resolve({ user: 'kiosk', devices: [], configured: [] }),
  checkHealth: (wanted) => nothing('checkHealth', wanted),
  probePrinter: (wanted) => nothing('probePrinter', wanted),
  provisionScanner: () => nothing('provisionScanner', {}),
  trace: (wanted) => nothing('trace', wanted),
  answer: (answer) => void asked.push({ what: 'answer', input: { ...answer } }),
};

let opening: Promise<Agent> | undefined;

async function openServer(): Promise<Agent> {
  const socketPath = path.join(mkdtempSync(path.join(tmpdir(), 'fuzz-maintenance-')), 'agent.sock');
  await startMaintenanceServer({ socketPath, maintenance });
  return new Agent({ connect: { socketPath } });
}

interface Answered {
  readonly status: number;
  readonly text: string;
  readonly asked: typeof asked;
}

const BY_RULE: Readonly<Record<string, (input: Readonly<Record<string, unknown>>) => boolean>> = {
  checkHealth: ({ device, level }) => DEVICES.includes(device) && LEVELS.includes(level),
  probePrinter: ({ printLine }) => typeof printLine === 'boolean',
  trace: ({ device, seconds, reopen }) =>
    DEVICES.includes(device) &&
    Number.isInteger(seconds) &&
    Number(seconds) >= 1 &&
    Number(seconds) <= 3600 &&
    typeof reopen === 'boolean',
  answer: ({ run, question, answer }) =>
    typeof run === 'string' &&
    /^[-0-9a-f]{36}$/i.test(run) &&
    Number.isSafeInteger(question) &&
    Number(question) > 0 &&
    (answer === null || typeof answer === 'boolean'),
};

/** What programs send to the agent's socket; a form for each thing they may ask. */
export const maintenanceRequests = whole<Answered>({
  name: 'maintenance-requests',
  maxBytes: 300,
  forms: PATHS.length,
  async decode(input, form) {
    opening ??= openServer();
    asked.length = 0;
    const wanted = PATHS[form] ?? 'report';
    const streams = wanted.includes('batch') ? { 'trpc-accept': 'application/jsonl' } : {};
    const question = `?input=${encodeURIComponent(Buffer.from(input).toString('latin1'))}`;
    const answer = await fetch(`http://agent/maintenance/${wanted}${wanted === 'report' ? question : ''}`, {
      ...(wanted === 'report' ? {} : { method: 'POST', body: input }),
      headers: { 'content-type': 'application/json', ...streams },
      dispatcher: await opening,
    });
    return { status: answer.status, text: await answer.text(), asked: [...asked] };
  },
  check(_input, { status, text, asked: done }) {
    if (status >= 500 && !text.includes('"code"')) return 'a server that does not know what to say';
    if (/\bat .*\.[jt]s:\d+/.test(text) || text.includes('node_modules')) return 'a stack in an answer';
    return done.every(({ what, input }) => BY_RULE[what]?.(input) === true)
      ? undefined
      : 'work that nobody may ask for';
  },
  bucket: ({ status, text, asked: done }) =>
    `${status} ${/"code":"?([-\w]+)/.exec(text)?.[1] ?? ''} ${done.map(({ what }) => what).join()}`,
  grammar: request,
  tokens: ['"device":"qrScanner"', '"seconds":1e3', '"__proto__":{}', 'null', '[', '\\ud800'].map(ascii),
});

function request(chance: Chance, form: number): Uint8Array {
  const device = chance.pick([...DEVICES, 'x', null]);
  const good: Readonly<Record<string, unknown>>[] = [
    { device, level: chance.pick([...LEVELS, 1]) },
    { printLine: chance.pick([true, false, 'true']) },
    {
      run: '6f1ab7a2-6f0f-4c5d-9a53-0d6f2f4f8c11',
      question: chance.pick([1, 0, 1.5, 2 ** 53]),
      answer: chance.pick([true, null, 1]),
    },
    { device, seconds: chance.pick([1, 3600, 3601, -1, 1.5, '1']), reopen: chance.pick([true, 0]) },
  ];
  const input = good[form] ?? {};
  const told = chance.once(4) ? { ...input, [textOf(chance, 3, 'abc')]: 1 } : input;
  return ascii(JSON.stringify(PATHS[form]?.includes('batch') === true ? { 0: told, 1: told } : told));
}
