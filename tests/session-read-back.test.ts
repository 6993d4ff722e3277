import { describe, expect, it } from 'vitest';
import type { IssueOutcome, ReadBackEvent } from '../src/session/ports.ts';
import type { SessionWorld } from './fixtures/session-world.ts';
import { atTrouble, issued, issuedInDoubt } from './fixtures/session-world.ts';

const ALWAYS = { settings: { readBack: 'always' }, method: 'use-suishen-code' } as const;

async function scans(world: SessionWorld, ...kinds: ReadBackEvent['kind'][]): Promise<void> {
  for (const kind of kinds) world.readBacks.at(-1)?.tell({ kind });
  await world.clock.settle();
}

async function atReadBack(): Promise<SessionWorld> {
  const world = await atTrouble(issued(), ALWAYS);
  world.choose('got-everything');
  expect(world.screen()).toBe('read-back');
  return world;
}

describe('reading the slip back', () => {
  it.each([
    ['always', 'E2', 'read-back'],
    ['always', 'E1', 'read-back'],
    ['when-needed', 'E1', 'read-back'],
    ['when-needed', 'E2', 'finished'],
  ] as const)('asked for %s and proven by %s: %s', async (readBack, evidence, then) => {
    const world = await atTrouble(issued('blind', evidence), { settings: { readBack } });
    world.choose('got-everything');
    expect(world.screen()).toBe(then);
    expect(world.readBacks).toHaveLength(then === 'read-back' ? 1 : 0);
  });

  it('is asked for when there is no proof at all', async () => {
    const unproven: IssueOutcome = {
      kind: 'issued',
      validUntil: '2027-05-20',
      delivery: 'cut',
      evidence: 'E0',
      exit: 'blind',
    };
    const world = await atTrouble(unproven);
    world.choose('got-everything');
    expect(world.screen()).toBe('read-back');
  });

  it('that an agent ends does not take back what was said of the slip', async () => {
    const world = await atReadBack();
    await world.session.stop();
    expect(world.issue().answers).toEqual(['in-hand']);
  });

  it('is not asked for without a scanner, or of a slip that nobody has seen', async () => {
    const world = await atTrouble(issued(), ALWAYS);
    world.setReadiness({ methods: ['id-card'] });
    world.choose('got-everything');
    expect(world.screen()).toBe('finished');
    const doubtful = await atTrouble(issuedInDoubt, ALWAYS);
    doubtful.choose('got-everything');
    expect(doubtful.screen()).toBe('finished');
  });

  it('that succeeds is said, pictured and told as the best there is', async () => {
    const world = await atReadBack();
    expect(world.issue().answers).toEqual([]);
    await scans(world, 'matches');
    expect(world.session.view().screen).toEqual({ name: 'finished', readBack: true });
    expect(world.issue().answers).toEqual(['read-back']);
    expect(world.readBacks[0]?.signal.aborted).toBe(true);
  });

  it('names another code as another one, as often as it comes', async () => {
    const world = await atReadBack();
    await scans(world, 'other', 'other', 'other', 'other');
    expect(world.session.view().screen).toEqual({ name: 'read-back', lastScan: 'other' });
    await scans(world, 'illegible');
    expect(world.session.view().screen).toEqual({ name: 'read-back', lastScan: 'illegible' });
    await scans(world, 'matches');
    expect(world.screen()).toBe('finished');
  });

  it('that fails three times, or cannot be done, leads to a new slip with a new code', async () => {
    for (const fails of [true, false]) {
      const world = await atReadBack();
      if (fails) await scans(world, 'illegible', 'illegible', 'illegible');
      else world.choose('cannot-scan');
      expect(world.screen()).toBe('E21');
      expect(world.issue().answers).toEqual(['illegible']);
      expect(world.session.view().choices).toEqual(['home', 'confirm-reissue', 'call-help']);
      world.choose('confirm-reissue');
      expect(world.screen()).toBe('printing');
      expect(world.issues.map(({ kind }) => kind)).toEqual(['apply', 'reissue']);
      world.issue().end(issued());
      await world.clock.settle();
      world.choose('got-everything');
      expect(world.screen()).toBe('read-back');
      await scans(world, 'matches');
      expect(world.issues.map(({ answers }) => answers)).toEqual([['illegible'], ['read-back']]);
    }
  });

  it('asks for the card or code again when the sign-in is used up, and for paper where there is none', async () => {
    const world = await atReadBack();
    world.choosing('cannot-scan', 'confirm-reissue');
    world.issue().end(issued());
    await world.clock.settle();
    world.choosing('got-everything', 'cannot-scan', 'confirm-reissue');
    expect(world.screen()).toBe('present-suishen-code');

    const empty = await atReadBack();
    empty.choose('cannot-scan');
    empty.setReadiness({ issue: false, obstacles: ['no-paper'] });
    empty.choose('confirm-reissue');
    expect(empty.screen()).toBe('E14');
    empty.setReadiness({ issue: true, obstacles: [] });
    empty.choose('retry');
    expect(empty.session.view().screen).toMatchObject({ name: 'confirm-identity', kind: 'reissue' });
  });

  it.each(['skip', 'time', 'scanner lost', 'walk away'] as const)(
    'is nobody’s duty: %s leaves the delivery as it was',
    async (how) => {
      const world = await atReadBack();
      if (how === 'skip') world.choose('skip-read-back');
      if (how === 'scanner lost') await scans(world, 'lost');
      if (how === 'time') await world.clock.advance(60_000);
      if (how === 'walk away') {
        world.choose('call-help');
        await world.clock.advance(150_000);
      }
      expect(world.session.view().screen.name).toBe(how === 'walk away' ? 'attract' : 'finished');
      expect(world.issue().answers).toEqual(['in-hand']);
    },
  );

  it('comes after the hand that a sensor saw', async () => {
    const world = await atTrouble(issued('sees'), ALWAYS);
    world.issue().slipGone({ kind: 'taken' });
    await world.clock.settle();
    expect(world.screen()).toBe('read-back');
    world.choose('skip-read-back');
    expect(world.issue().answers).toEqual(['unanswered']);
  });

  it('is not hurried: each try gives its time anew', async () => {
    const world = await atReadBack();
    for (let tries = 0; tries < 5; tries += 1) {
      await world.clock.advance(50_000);
      await scans(world, 'other');
    }
    expect(world.screen()).toBe('read-back');
  });
});
