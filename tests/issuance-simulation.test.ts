import { expect, test } from 'vitest';
import type { Issuance } from '../src/issuance/issuance.ts';
import type { IssuanceOutcome } from '../src/issuance/outcome.ts';
import type { NetFate } from './issuance-world/world.ts';
import { World } from './issuance-world/world.ts';
import type { ExitFitting, Fate, Pull } from './issuance-world/printer-model.ts';
import { seeded } from './issuance-world/virtual-clock.ts';

const NET: readonly NetFate[] = ['request-lost', 'reply-lost', 'late', 'twice', 'hangs'];
const PRINT: readonly Fate[] = [
  'not-printed',
  'half-unknown',
  'whole-unknown',
  'whole-silent',
  'nothing-silent',
  'weak-proof',
  'cutter-fault',
];
const EXITS: readonly ExitFitting[] = ['sensor', 'presenter'];
const PULLS: readonly Pull[] = ['jams', 'stuck'];

/** Which outcomes the lives came to: a simulation that never meets them proves nothing. */
const seen = new Map<string, number>();

function pick<T>(random: () => number, from: readonly T[], otherwise: T, rate: number): T {
  if (random() >= rate) return otherwise;
  return from[Math.floor(random() * from.length)] ?? otherwise;
}

type Handle = ReturnType<Issuance['runIssuance']>;

/** What hands and keys do about a slip that is out: taken or left lying, spoken of or not. */
function attendSlip(world: World, random: () => number, handle: Handle, outcome: IssuanceOutcome): void {
  if (outcome.kind !== 'issued') return;
  const clock = world.time.view();
  if (outcome.delivery !== 'cut' || outcome.exit === 'blind') {
    world.printer.takePaper();
    if (random() < 0.8) handle.answerForSlip(random() < 0.7 ? 'in-hand' : 'missing');
    return;
  }
  void handle.slipGone().then(({ kind }) => note(`slip ${kind}`));
  if (random() < 0.6) {
    clock.schedule(random() * 40_000, () => {
      world.printer.takePaper();
      const answer = pick(random, ['read-back', 'illegible', 'unanswered'] as const, 'in-hand', 0.5);
      if (random() < 0.8) clock.schedule(random() * 5_000, () => handle.answerForSlip(answer));
    });
    return;
  }
  // Nobody takes it: the session's own limit, or the person is gone without a word.
  clock.schedule(30_000, () => {
    const asks = random();
    if (asks < 0.6) {
      void handle.takeBack().then(({ kind }) => {
        note(`taken back ${kind}`);
        handle.answerForSlip('unanswered');
        return undefined;
      });
    } else if (asks < 0.9) handle.answerForSlip('unanswered');
  });
}

function note(what: string): void {
  seen.set(what, (seen.get(what) ?? 0) + 1);
}

/** One person at one kiosk: what may go wrong goes wrong until it stops, and then everything must be in order again. */
async function live(world: World, random: () => number, visits: number, rivals: boolean): Promise<void> {
  for (let visit = 0; visit < visits; visit += 1) {
    // Whoever comes next may clear the exit, and is told to.
    if (random() < 0.7) world.printer.takePaper();
    // Now and then the wrong wish, which the centre refuses.
    const holds = world.centre.active().length > 0 !== random() < 0.05;
    const kind = holds ? 'reissue' : 'apply';
    const handle = world.issuance.runIssuance({ kind });
    let outcome: string | null = null;
    void handle.outcome.then((value) => {
      outcome = value.kind;
      const detail =
        value.kind === 'issued'
          ? value.delivery
          : value.kind === 'voided' || value.kind === 'not-ready'
            ? value.reason
            : '';
      note(`${value.kind} ${detail}`);
      attendSlip(world, random, handle, value);
      return undefined;
    });
    let over = false;
    const clock = world.time.view(() => !over);
    if (random() < 0.15) clock.schedule(random() * 20_000, () => handle.cancel());
    if (rivals && random() < 0.3) {
      clock.schedule(random() * 20_000, () => world.centre.rival(world.newId()));
    }
    let killed = false;
    if (random() < 0.4) {
      clock.schedule(random() * 40_000, () => {
        killed = true;
        world.kill();
      });
    }
    await world.time.advance(200_000, () => (outcome !== null && random() < 0.3) || killed);
    over = true;
    if (killed || world.fatal !== null || random() < 0.1) await world.boot();
  }
}

async function comeToRest(world: World): Promise<void> {
  world.net = () => 'good';
  world.print = () => 'good';
  world.crashAt = null;
  world.printer.takePaper();
  await world.boot();
  await world.time.advance(1_000);
  world.issuance.centreReachable();
  world.issuance.printerReady();
  await world.time.advance(900_000);
}

async function lifeOf(seed: number, rivals: boolean): Promise<readonly string[]> {
  const random = seeded(seed);
  const netRate = random() < 0.3 ? 0 : random() * 0.6;
  const printRate = random() < 0.3 ? 0 : random() * 0.6;
  // Some lives have one call that never gets through, however often it is repeated.
  const outage = pick(random, ['reserve', 'activate', 'void', 'confirm'], '', 0.3);
  const world = new World({
    random,
    net: (call) => pick(random, NET, 'good', call === outage ? 1 : netRate),
    print: () => pick(random, PRINT, 'good', printRate),
  });
  world.printer.exitFitting = pick(random, EXITS, 'none', 0.7);
  world.printer.pull = () => pick(random, PULLS, 'pulls', 0.4);
  const hadCode = random() < 0.6;
  if (hadCode) world.giveCode();
  await world.boot();
  await live(world, random, 4, rivals);
  await comeToRest(world);
  world.checkAtRest(hadCode);
  return world.broken;
}

test('1,500 lives with faults, kills and cancellations keep P1, P3, P4, P5, P8, P10 and come to rest with P16, P20–P23', async () => {
  for (let seed = 1; seed <= 1_500; seed += 1) {
    expect(await lifeOf(seed, false), `seed ${seed}`).toEqual([]);
  }
}, 60_000);

test('700 lives with a rival kiosk issuing to the same person keep the same invariants', async () => {
  for (let seed = 10_001; seed <= 10_700; seed += 1) {
    expect(await lifeOf(seed, true), `seed ${seed}`).toEqual([]);
  }
  const wanted = ['issued cut', 'issued unconfirmed', 'voided jam', 'voided centre', 'voided stale'];
  const ofSlips = [
    'slip taken',
    'slip retracted',
    'slip jammed',
    'taken back unknown',
    'not-ready slip-at-exit',
  ];
  for (const outcome of [...wanted, ...ofSlips, 'voided cancelled', 'unreachable ', 'refused ']) {
    expect(seen.get(outcome), outcome).toBeGreaterThan(10);
  }
}, 60_000);

interface Scene {
  readonly name: string;
  readonly net?: string;
  readonly print?: string;
  readonly exit?: ExitFitting;
}

const SCENES: readonly Scene[] = [
  { name: 'all is well' },
  { name: 'the body is doubtful', print: 'body' },
  { name: 'the footer is doubtful', print: 'footer' },
  { name: 'the void mark is doubtful', print: 'void' },
  { name: 'the reservation gets no answer', net: 'reserve' },
  { name: 'the activation gets no answer', net: 'activate' },
  { name: 'nobody takes the slip, and it is pulled back', exit: 'presenter' },
  { name: 'nobody takes the slip, and the void gets no answer', exit: 'presenter', net: 'void' },
  { name: 'nobody takes the slip, and it stays', exit: 'sensor' },
];

test('killed before and after every journal write of every scene, the kiosk recovers with nothing lost', async () => {
  let kills = 0;
  for (const scene of SCENES) {
    for (const when of ['before', 'after'] as const) {
      for (let write = 1; ; write += 1) {
        const random = seeded(write);
        const world = new World({
          random,
          net: (call) => (call === scene.net ? 'reply-lost' : 'good'),
          print: (part) => (part === scene.print ? 'half-unknown' : 'good'),
        });
        world.printer.exitFitting = scene.exit ?? 'none';
        world.giveCode();
        await world.boot();
        world.crashAt = { write, when };
        const handle = world.issuance.runIssuance({ kind: 'reissue' });
        const answer = scene.exit === undefined ? 'in-hand' : 'unanswered';
        void handle.outcome.then((value) => value.kind === 'issued' && handle.answerForSlip(answer));
        await world.time.advance(300_000);
        const reached = world.writes >= write;
        await comeToRest(world);
        world.checkAtRest(true);
        expect(world.broken, `${scene.name}, ${when} write ${write}`).toEqual([]);
        if (!reached) break;
        kills += 1;
      }
    }
  }
  expect(kills).toBeGreaterThan(80);
}, 60_000);

test('the simulation notices when the rules are broken: a centre that forgets to restore is found out', async () => {
  const random = seeded(7);
  const world = new World({ random, print: (part) => (part === 'footer' ? 'not-printed' : 'good') });
  world.giveCode();
  await world.boot();
  world.centre.void = (opId) => {
    const code = world.centre.codes.get(opId);
    if (code !== undefined) code.state = 'void';
    return { kind: 'ok' };
  };
  void world.issuance.runIssuance({ kind: 'reissue' });
  await world.time.advance(120_000);
  await comeToRest(world);
  world.checkAtRest(true);
  expect(world.broken.some((name) => name.startsWith('P23'))).toBe(true);
});

test('the simulation notices when a sensor lies: a slip said to be back that somebody holds is found out', async () => {
  const world = new World({ random: seeded(7) });
  world.printer.exitFitting = 'presenter';
  await world.boot();
  const exit = world.printer.slipExit();
  const lying = {
    whenGone: () => new Promise<never>(() => undefined),
    retract: async () => 'retracted' as const,
  };
  expect(exit).toBeDefined();
  world.printer.slipExit = () => lying;
  const handle = world.issuance.runIssuance({ kind: 'apply' });
  void handle.outcome.then(() => handle.answerForSlip('unanswered'));
  await world.time.advance(120_000);
  await comeToRest(world);
  world.checkAtRest(false);
  expect(world.broken.some((name) => name.startsWith('P22'))).toBe(true);
});
