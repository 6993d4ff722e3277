import { z } from 'zod';
import { cableCommands } from '../../../drivers/simulators/cable-commands.ts';
import { command, openControl } from '../../../drivers/simulators/control.ts';
import type { ControlSurface } from '../../../drivers/simulators/control.ts';
import { faultSchema, Faults } from '../../../drivers/simulators/id-card-reader/faults.ts';
import type { DeviceLine } from '../../../drivers/simulators/line.ts';
import type { Chance } from '../chance.ts';
import { whole } from '../fuzz-target.ts';
import { ascii, hex, textOf } from './wire-bytes.ts';

/** `find a card`, answered: 9F and no more. */
const ANSWER = hex('aa aa aa 96 69 00 08 00 00 9f 00 00 00 00 97');
const LONGEST_NOISE = 4096;

/** What was done to the cable, as numbers. */
const done: number[] = [];
const line = {
  pullOut: () => Promise.resolve(),
  plugIn: () => Promise.resolve(),
  pullOutAfter: (bytes: object) => void done.push(...(Object.values(bytes) as number[])),
  disturb: ({ delayMs = 0, mergeMs = 0, noiseBytes = 0, count = 0 }) =>
    void done.push(delayMs, mergeMs, noiseBytes, count),
} as unknown as DeviceLine;

const faults = new Faults({ bytes: (count) => new Uint8Array(count), uuid: () => '', fraction: () => 0 });
const surface: ControlSurface = {
  state: () => ({ faults: faults.inForce }),
  commands: {
    ...cableCommands(line),
    fault: command('{"fault":…}', faultSchema, (fault) => faults.add(fault)),
    'clear-faults': command('', z.strictObject({}), () => faults.clear()),
  },
};

let opening: ReturnType<typeof openControl> | undefined;

interface Obeyed {
  readonly status: number;
  readonly answer: unknown;
  readonly cable: readonly number[];
  /** Of an answer that the faults in force have spoilt, bytes. */
  readonly spoilt: number;
}

/** What somebody posts to a simulated device, at its real control interface. */
export const simulatorControl = whole<Obeyed>({
  name: 'simulator-control',
  maxBytes: 200,
  async decode(input) {
    opening ??= openControl(0, surface);
    const { url } = await opening;
    done.length = 0;
    const response = await fetch(`${url}/commands`, { method: 'POST', body: Buffer.from(input) });
    const answer: unknown = await response.json();
    const { frame } = faults.spoil(0x2001, ANSWER);
    faults.clear();
    return {
      status: response.status,
      answer,
      cable: [...done],
      spoilt: frame === 'nothing' ? 0 : frame.length,
    };
  },
  check(_input, { status, answer, cable, spoilt }) {
    if (status !== 200 && status !== 400) return 'neither done nor refused';
    if (status === 400 && typeof (answer as { error?: unknown }).error !== 'string')
      return 'refused without a word';
    if (status === 400 && cable.length > 0) return 'refused, and done';
    if (cable.some((number) => !Number.isSafeInteger(number) || number < 0)) return 'a number that is none';
    return spoilt > LONGEST_NOISE + 2 * ANSWER.length ? 'an answer without an end' : undefined;
  },
  bucket: ({ status, answer }) => `${status} ${JSON.stringify(answer).slice(0, 40)}`,
  grammar: posted,
  tokens: ['"command":"fault"', '"__proto__":{}', '"count":1', '"on":"2001"', '1e99', 'constructor'].map(
    ascii,
  ),
});

function posted(chance: Chance): Uint8Array {
  const number = chance.pick<unknown>([0, 1, 4096, 4097, -1, 1.5, 1e99, '1', null]);
  const fault = chance.pick([
    'silent',
    'late',
    'noise',
    'twice',
    'oversize-length',
    'undersize-length',
    'status',
    'split',
    'x',
  ]);
  const body = chance.pick<object>([
    { command: 'unplug', [chance.pick(['afterBytesIn', 'afterBytesOut'])]: number },
    { command: 'disturb', [chance.pick(['delayMs', 'mergeMs', 'noiseBytes', 'count', 'split'])]: number },
    { command: 'fault', fault, [chance.pick(['bytes', 'by', 'delayMs', 'count', 'status'])]: number },
    { command: 'fault', fault: 'status', status: textOf(chance, 2, '0149gF'), cardStatus: '9000' },
    { command: chance.pick(['replug', 'clear-faults', 'toString', '__proto__']) },
  ]);
  return ascii(JSON.stringify(body));
}
