import { readFileSync } from 'node:fs';
import type { Citizen } from '../../sandbox/citizens/citizen.ts';
import { sleep, systemClock } from '../../src/platform/clock.ts';
import type { JournalOnDisk } from '../live-kiosk/kill.ts';
import type { LiveKiosk } from '../live-kiosk/live-kiosk.ts';
import { violations, type CodeAtCentre, type World } from '../live-kiosk/invariants.ts';
import { JOURNAL_STATES } from '../../src/issuance/transitions.ts';
import { offTheTable } from './along-the-table.ts';
import type { KnownWorld } from './world.ts';

const DEVICE = 'kiosk-sandbox-1';
const PAPER_STANDS_WITHIN_MS = 3_000;
const POLL_MS = 20;

/** Left of the point of no return: at boot it is voided, whatever the paper and the centre say. */
const VOIDED_AT_BOOT = new Set<string>([
  ...JOURNAL_STATES.slice(0, JOURNAL_STATES.indexOf('FOOTER')),
  'VOIDING',
]);

interface PrinterState {
  readonly printing: boolean;
  readonly bufferedBytes: number;
}

/** What is known of the operation of one kill. */
export interface Operation {
  readonly citizen: Citizen;
  /** The code that the person came with. */
  readonly earlier: string | undefined;
  /** So many codes of the person were at the centre before. */
  readonly codesBefore: number;
  /** Its row when the agent died last; undefined: the journal was empty. */
  readonly row: JournalOnDisk | undefined;
}

/** Sees to it that what was void stays void (P25), over everything that one kiosk lives through. */
export class Judge {
  readonly #kiosk: LiveKiosk;
  readonly #world: KnownWorld;
  readonly #operators: ReturnType<LiveKiosk['client']>;
  readonly #void = new Set<string>();

  constructor(kiosk: LiveKiosk, world: KnownWorld) {
    this.#operators = kiosk.client('operator-sandbox');
    this.#kiosk = kiosk;
    this.#world = world;
  }

  async close(): Promise<void> {
    await this.#operators.close();
  }

  /** When the agent is dead: P1–P5 and P10, by centre and paper. */
  async atKill({ citizen, earlier, codesBefore }: Operation): Promise<readonly string[]> {
    const world = await this.#world.at(citizen);
    const broken = [...violations(world, DEVICE), ...this.#revived(world)];
    const codes = world.people.get(citizen.id) ?? [];
    const activated = codes.slice(codesBefore).some(({ activatedAt }) => activatedAt !== undefined);
    const before = codes.find(({ operationId }) => operationId === earlier);
    if (before !== undefined && !activated && before.state !== 'active')
      broken.push(`P10: the earlier code is ${before.state}, the new one was never active`);
    return broken;
  }

  /** When nothing is owed any more: the above, and P16, P20–P23. */
  async atRest(operation: Operation): Promise<readonly string[]> {
    await this.#paperStands();
    const world = await this.#world.at(operation.citizen);
    const codes = world.people.get(operation.citizen.id) ?? [];
    return [
      ...violations(world, DEVICE),
      ...this.#revived(world),
      ...atRest(world),
      ...endOf(operation, codes),
      ...(await this.#unlisted(codes)),
    ];
  }

  /** Everybody and all paper, and P8 by all that its agents have told of their journal. */
  async wholeAtRest(): Promise<readonly string[]> {
    await this.#paperStands();
    const world = await this.#world.whole();
    const log = readFileSync(this.#kiosk.stack.agentLog, 'utf8');
    return [...violations(world, DEVICE), ...this.#revived(world), ...atRest(world), ...offTheTable(log)];
  }

  /** A printer that claimed too early to have cut is let do it; one that never does is judged as it is. */
  async #paperStands(): Promise<void> {
    const deadline = systemClock.monotonicMs() + PAPER_STANDS_WITHIN_MS;
    while (systemClock.monotonicMs() < deadline) {
      const { printing, bufferedBytes } = await this.#kiosk.printer.state<PrinterState>();
      if (!printing && bufferedBytes === 0) return;
      await sleep(systemClock, POLL_MS);
    }
  }

  #revived({ people }: World): readonly string[] {
    const broken: string[] = [];
    for (const { operationId, state } of [...people.values()].flat()) {
      if (state === 'void') this.#void.add(operationId);
      else if (this.#void.has(operationId)) broken.push(`P25: ${operationId} was void and is ${state}`);
    }
    return broken;
  }

  /** P21: of what nobody saw delivered the operators know. */
  async #unlisted(codes: readonly CodeAtCentre[]): Promise<readonly string[]> {
    const doubtful = codes.filter(
      ({ state, delivery, deviceId }) =>
        deviceId === DEVICE && state === 'active' && (delivery ?? 'unconfirmed') === 'unconfirmed',
    );
    if (doubtful.length === 0) return [];
    const answer = await this.#operators.unconfirmed();
    if (!answer.ok) return ['P21: the list of unconfirmed codes cannot be had'];
    const listed = new Set(answer.value.unconfirmed.map(({ operationId }) => operationId));
    return doubtful
      .filter(({ operationId }) => !listed.has(operationId))
      .map(({ operationId }) => `P21: ${operationId} is active, undelivered and in no list`);
  }
}

/** What holds of everybody when nothing is under way. */
function atRest({ people, pieces }: World): readonly string[] {
  const broken: string[] = [];
  const hanging = pieces.at(-1);
  if (hanging?.blank !== true) broken.push('rest: something hangs in the printer');
  for (const codes of people.values()) {
    for (const { operationId, state, delivery, deviceId } of codes) {
      if (state === 'pending') broken.push(`P16: ${operationId} is pending`);
      if (deviceId === DEVICE && state === 'active' && delivery === undefined)
        broken.push(`P21: of ${operationId} nobody knows how it was delivered`);
    }
    const held = codes.some(({ state }) => ['active', 'suspended', 'superseded'].includes(state));
    if (held && !codes.some(({ state }) => state === 'active'))
      broken.push('P23: somebody had a code and has none');
  }
  const all = [...people.values()];
  for (const { name, tokens, marks, inside } of pieces) {
    if (inside || tokens.length < 2 || !marks.includes('valid')) continue;
    const codes = all.find((own) => own.some(({ token }) => token === tokens[0])) ?? [];
    const at = codes.findIndex(({ token }) => token === tokens[0]);
    const later = codes
      .slice(at + 1)
      .some(({ activatedAt, state }) => activatedAt !== undefined && state !== 'void');
    if (codes[at]?.state !== 'active' && !later)
      broken.push(`P22: ${name} is whole, its code is ${codes[at]?.state ?? 'unknown'}`);
  }
  return broken;
}

/** The table of boot actions, held against the centre: what the dead agent's disk said decides the end (P20, P23). */
function endOf({ row, earlier }: Operation, codes: readonly CodeAtCentre[]): readonly string[] {
  if (row === undefined) return [];
  const end = codes.find(({ operationId }) => operationId === row.opId);
  const before = codes.find(({ operationId }) => operationId === earlier);
  const broken: string[] = [];
  const expect = (what: string, is: string | undefined, expected: string) => {
    if (is !== expected)
      broken.push(`end: killed in ${row.state}, ${what} is ${is ?? 'none'}, not ${expected}`);
  };
  if (VOIDED_AT_BOOT.has(row.state)) {
    // Of an operation that never arrived there is a tombstone, which is nobody's.
    if (end !== undefined) expect('the code', end.state, 'void');
    if (before !== undefined) expect('the earlier code', before.state, 'active');
    return broken;
  }
  expect('the code', end?.state, 'active');
  expect('the delivery', end?.delivery, row.delivery ?? 'unconfirmed');
  if (before !== undefined)
    expect('the earlier code', before.state, end?.delivery === 'unconfirmed' ? 'suspended' : 'superseded');
  return broken;
}
