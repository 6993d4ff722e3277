import { describe, expect, test } from 'vitest';
import type { SessionPorts } from '../src/session/ports.ts';
import type { SessionWorld } from './fixtures/session-world.ts';
import {
  at,
  atPrinting,
  atTrouble,
  createSessionWorld,
  identified,
  issued,
  issuedInDoubt,
} from './fixtures/session-world.ts';

/** Puts another adapter in the place of one of the world's. */
function replace(world: SessionWorld, ports: Partial<SessionPorts>): void {
  Object.assign(world.ports, ports);
}

const broken = () => Promise.reject(new Error('a bug in the adapter'));

describe('an adapter that breaks', () => {
  test('while somebody signs in ends the sign-in without a word of its own', async () => {
    const world = createSessionWorld();
    replace(world, { signIn: { byIdCard: broken, bySuishenCode: broken } });
    world.choosing('start', 'apply', 'use-suishen-code');
    await world.clock.settle();
    expect(world.session.view().screen).toEqual({ name: 'error', code: 'E20', reference: 'S-03' });
    expect(world.session.view().choices).toContain('retry');
  });

  test('after it has said who somebody is changes nothing', async () => {
    const world = createSessionWorld();
    replace(world, {
      signIn: {
        ...world.ports.signIn,
        byIdCard: (_signal, tell) => {
          tell(identified());
          return broken();
        },
      },
    });
    world.choosing('start', 'apply', 'use-id-card');
    await world.clock.settle();
    expect(world.screen()).toBe('confirm-identity');
  });

  test.for([() => broken(), () => Promise.resolve()])(
    'or only ends while the slip is read back keeps nobody',
    async (readBack) => {
      const world = await atTrouble(issued('blind', 'E1'), { method: 'use-suishen-code' });
      replace(world, { readBack });
      world.choose('got-everything');
      await world.clock.settle();
      expect(world.session.view().screen).toEqual({ name: 'finished', readBack: false });
      expect(world.issue().answers).toEqual(['in-hand']);
    },
  );

  test('while it watches the card no longer sees it', async () => {
    for (const watch of [broken, () => Promise.resolve(false)]) {
      const world = createSessionWorld();
      replace(world, { cardLifted: () => watch });
      world.choosing('start', 'apply', 'use-id-card');
      world.signIn({ kind: 'reading' });
      world.signIn({ kind: 'identifying' });
      await world.clock.settle();
      world.signIn({ kind: 'unreachable' });
      world.choose('home');
      await world.clock.settle();
      expect(world.session.view().screen).toEqual({ name: 'take-id-card', seen: false });
    }
  });

  test('that is gone when it is to watch the card sees none', async () => {
    const world = createSessionWorld();
    let asked = 0;
    replace(world, {
      cardLifted: () => {
        asked += 1;
        return asked === 1 ? () => new Promise(() => undefined) : undefined;
      },
    });
    world.choosing('start', 'apply', 'use-id-card');
    world.signIn({ kind: 'reading' });
    world.signIn({ kind: 'identifying' });
    await world.clock.settle();
    world.signIn({ kind: 'unreachable' });
    world.choose('home');
    await world.clock.settle();
    expect(asked).toBe(2);
    expect(world.session.view().screen).toEqual({ name: 'take-id-card', seen: false });
  });
});

/** An issuance whose slip is out, whose handle breaks where a test says so. */
async function withHandle(handle: Partial<ReturnType<SessionPorts['issue']>>): Promise<SessionWorld> {
  const world = createSessionWorld();
  const { issue } = world.ports;
  replace(world, { issue: (kind, progress) => ({ ...issue(kind, progress), ...handle }) });
  world.choosing('start', 'apply', 'use-suishen-code');
  world.signIn(identified());
  world.choose('confirm');
  world.issue().end(issued('retracts'));
  await world.clock.settle();
  return world;
}

test('a slip that breaks while it is looked at stays where it is; one that breaks while it is pulled is looked for', async () => {
  const looked = await withHandle({ slipGone: broken });
  expect(looked.screen()).toBe('take-slip');
  expect(looked.session.view().choices).toContain('got-everything');
  const pulled = await withHandle({ takeBack: broken });
  await pulled.clock.advance(60_000);
  expect(pulled.screen()).toBe('E19b');
});

test('only a card is watched, and only once it has told who somebody may be', async () => {
  for (const [method, watches] of [
    ['use-id-card', 1],
    ['use-suishen-code', 0],
  ] as const) {
    const world = createSessionWorld();
    world.card.seen = true;
    world.choosing('start', 'apply', method);
    expect(world.card.watched).toHaveLength(0);
    world.signIn({ kind: 'reading' });
    expect(world.card.watched).toHaveLength(0);
    world.signIn({ kind: 'identifying' });
    expect(world.card.watched).toHaveLength(watches);
  }
});

describe('an issuance that nobody waits for any more', () => {
  async function late(
    outcome: Parameters<ReturnType<SessionWorld['issue']>['end']>[0],
  ): Promise<SessionWorld> {
    const world = await atPrinting();
    await world.clock.advance(240_000);
    world.issue().end(outcome);
    await world.clock.settle();
    return world;
  }

  test.for([
    [issuedInDoubt, ['unanswered']],
    [issued('blind'), ['unanswered']],
    [issued('sees'), []],
    [{ kind: 'voided', reason: 'fault', oldCodeStillValid: true }, []],
  ] as const)('%j is answered at once with %j', async ([outcome, answers]) => {
    const world = await late(outcome);
    expect(world.issue().answers).toEqual(answers);
    expect(world.screen()).toBe('E20');
  });

  test('whose slip is taken after all is answered then', async () => {
    const world = await late(issued('sees'));
    world.issue().slipGone({ kind: 'taken' });
    await world.clock.settle();
    expect(world.issue().answers).toEqual(['unanswered']);
    await world.clock.advance(60_000);
    expect(world.issue().answers).toEqual(['unanswered']);
  });

  test('breaks in silence', async () => {
    const world = await atPrinting();
    await world.clock.advance(240_000);
    world.issue().breakOff();
    await world.clock.settle();
    expect(world.session.view().screen).toMatchObject({ code: 'E20', reference: 'P-03' });
  });
});

test('what a part of an earlier state says nobody hears', async () => {
  const world = at('start', 'apply', 'use-id-card');
  const [first] = world.signIns;
  world.choosing('back', 'use-suishen-code');
  first?.tell(identified());
  first?.finish();
  await world.clock.settle();
  expect(world.screen()).toBe('present-suishen-code');
});

test('不办了 is passed on to the issuance that runs', async () => {
  const world = await atPrinting();
  world.issue().progress('reserving');
  expect(world.issue().cancelled).toBe(false);
  world.issue().progress('waiting-long');
  expect(world.issue().cancelled).toBe(false);
  world.choose('cancel');
  expect(world.issue().cancelled).toBe(true);
});

test('a second slip is answered for by itself', async () => {
  const world = await atTrouble(issued(), { method: 'use-suishen-code' });
  world.choosing('no-paper-came', 'no-paper-came', 'confirm-reissue');
  world.issue().end({ kind: 'voided', reason: 'fault', oldCodeStillValid: true });
  await world.clock.settle();
  world.choose('home');
  await world.clock.settle();
  expect(world.issues.map(({ answers }) => answers)).toEqual([['missing'], []]);
});
