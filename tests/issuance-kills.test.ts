import { expect, test } from 'vitest';
import type { ExitFitting } from './simulation/printer-model.ts';
import { World } from './issuance-world/world.ts';
import { seeded } from './simulation/seeded.ts';

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

test('a sensor that lies is found out: a slip said to be back that somebody holds is found out', async () => {
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
