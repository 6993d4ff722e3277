import { z } from 'zod';
import { err, ok, type Result } from '../../src/platform/result.ts';
import type { Citizen } from '../citizens/citizen.ts';
import type { BenchCentre } from './centre.ts';
import type { DeviceControl } from './device-control.ts';
import { cardOf } from '../citizens/card.ts';

const device = z.enum(['reader', 'scanner', 'printer']);
const person = z.string();

/** What can be done on the bench. */
export const benchAction = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('lay-card'), person }),
  z.strictObject({ action: z.literal('lay-bus-card') }),
  z.strictObject({ action: z.literal('lift-card') }),
  z.strictObject({
    action: z.literal('show-code'),
    kind: z.enum(['fresh', 'again', 'old', 'foreign', 'paper']),
    person,
  }),
  z.strictObject({ action: z.literal('remove-code') }),
  z.strictObject({ action: z.literal('plug'), device, in: z.boolean() }),
  z.strictObject({ action: z.literal('paper'), state: z.enum(['full', 'low', 'out']) }),
  z.strictObject({ action: z.literal('cover'), open: z.boolean() }),
  z.strictObject({ action: z.literal('jam'), jammed: z.boolean() }),
  z.strictObject({ action: z.literal('take-paper') }),
  z.strictObject({ action: z.literal('power-cycle') }),
  z.strictObject({ action: z.literal('network'), away: z.boolean() }),
  z.strictObject({ action: z.literal('report-loss'), person }),
]);

/** One of them. */
export type BenchAction = z.output<typeof benchAction>;

/** What the actions act on. */
export interface Bench {
  readonly devices: Readonly<Record<z.output<typeof device>, DeviceControl>>;
  readonly centre: BenchCentre;
  readonly citizen: (id: string) => Promise<Citizen | undefined>;
  /** The last living code shown, and one made when the bench started, which is old after a minute. */
  readonly codes: { lastShown: string | undefined; readonly old: () => Result<string, string> };
}

/** A code of some other city, in no format that anybody issues. */
const FOREIGN_CODE = 'https://code.example.cn/other-city/H7K2M9';

/** Does it. The value is a sentence for the page (may be empty), the error one that says why not. */
export async function act(bench: Bench, action: BenchAction): Promise<Result<string, string>> {
  const { reader, scanner, printer } = bench.devices;
  switch (action.action) {
    case 'lay-card': {
      const citizen = await bench.citizen(action.person);
      return citizen ? said(reader.command({ command: 'lay-card', card: cardOf(citizen) })) : nobody();
    }
    case 'lay-bus-card':
      return said(reader.command({ command: 'lay-other' }));
    case 'lift-card':
      return said(reader.command({ command: 'lift-card' }));
    case 'show-code':
      return showCode(bench, action);
    case 'remove-code':
      return said(scanner.command({ command: 'remove-code' }));
    case 'plug':
      return said(bench.devices[action.device].command({ command: action.in ? 'replug' : 'unplug' }));
    case 'paper':
      return said(printer.command({ command: 'paper', state: action.state }));
    case 'cover':
      return said(printer.command({ command: 'cover', open: action.open }));
    case 'jam':
      return said(printer.command({ command: action.jammed ? 'jam' : 'clear-jam' }));
    case 'take-paper':
    case 'power-cycle':
      return said(printer.command({ command: action.action }));
    case 'network':
      return said(bench.centre.takeNetwork(action.away));
    default:
      return reportLoss(bench, action.person);
  }
}

async function showCode(
  bench: Bench,
  { kind, person }: Extract<BenchAction, { action: 'show-code' }>,
): Promise<Result<string, string>> {
  const code = await codeToShow(bench, kind, person);
  if (!code.ok) return code;
  if (kind === 'fresh') bench.codes.lastShown = code.value;
  // It stays under the window for a while, as a hand would hold it.
  const shown = await bench.devices.scanner.command({ command: 'show-code', text: code.value, hold: true });
  return shown.ok ? ok('') : shown;
}

async function codeToShow(
  bench: Bench,
  kind: Extract<BenchAction, { action: 'show-code' }>['kind'],
  person: string,
): Promise<Result<string, string>> {
  if (kind === 'foreign') return ok(FOREIGN_CODE);
  if (kind === 'old') return bench.codes.old();
  if (kind === 'again') {
    return bench.codes.lastShown === undefined ? err('还没有出示过随申码') : ok(bench.codes.lastShown);
  }
  const citizen = await bench.citizen(person);
  if (!citizen) return nobody();
  return kind === 'fresh'
    ? bench.centre.freshCode(citizen.idNumber)
    : bench.centre.newestPaperCode(citizen.idNumber);
}

async function reportLoss(bench: Bench, person: string): Promise<Result<string, string>> {
  const citizen = await bench.citizen(person);
  if (!citizen) return nobody();
  const reported = await bench.centre.reportLoss(citizen.idNumber);
  if (!reported.ok) return reported;
  return ok(
    reported.value === 0 ? '挂失了，没有需要作废的离线码' : `挂失了，${reported.value} 个离线码已作废`,
  );
}

function nobody(): Result<never, string> {
  return err('没有这个人');
}

async function said(done: Promise<Result<void, string>>): Promise<Result<string, string>> {
  const result = await done;
  return result.ok ? ok('') : result;
}
