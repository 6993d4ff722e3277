import { describe, expect, it } from 'vitest';
import {
  activeCode,
  allReady,
  createSessionWorld,
  endIssue,
  identified,
  issued,
  personalStrings,
} from './fixtures/session-world.ts';

describe('walking away', () => {
  it('from home goes to the attract screen without a question', async () => {
    const world = createSessionWorld();
    world.choose('start');
    await world.clock.advance(89_999);
    expect(world.screen()).toBe('home');
    await world.clock.advance(1);
    expect(world.screen()).toBe('attract');
    expect(world.records).toEqual([]);
  });

  it('before anybody has come is asked of nobody, all day long', async () => {
    const world = createSessionWorld();
    for (let look = 0; look < 24 * 36; look += 1) {
      await world.clock.advance(100_000);
      expect(world.screen()).toBe('attract');
      expect(world.overlay()).toBeUndefined();
    }
    world.choose('start');
    expect(world.screen()).toBe('home');
  });

  it('is asked after 90 s and, on the confirmation, after 120 s; the question stays 60 s and is extended without end', async () => {
    const world = createSessionWorld();
    world.choosing('start', 'apply', 'use-id-card');
    await world.clock.advance(89_999);
    expect(world.overlay()).toBeUndefined();
    await world.clock.advance(1);
    expect(world.overlay()).toBe('still-there');
    expect(world.session.view().remainingMs).toBe(60_000);
    expect(world.session.view().choices).toEqual(['still-here', 'cancel']);
    world.choose('still-here');
    expect(world.screen()).toBe('present-id-card');
    world.signIn(identified());
    for (let extension = 0; extension < 25; extension += 1) {
      await world.clock.advance(119_999);
      expect(world.overlay()).toBeUndefined();
      await world.clock.advance(1);
      expect(world.overlay()).toBe('still-there');
      await world.clock.advance(59_999);
      expect(world.screen()).toBe('confirm-identity');
      world.choose('still-here');
      expect(world.overlay()).toBeUndefined();
    }
    await world.clock.advance(180_000);
    expect(world.session.view()).toMatchObject({ screen: { name: 'take-id-card' }, epoch: 2 });
    expect(world.records.at(-1)).toMatchObject({ row: { outcome: 'timed-out' } });
    await world.clock.advance(15_000);
    expect(world.screen()).toBe('attract');
  });

  it('is not asked while keys of the page are pressed: who listens again or makes the type larger is there', async () => {
    const world = createSessionWorld();
    const listensAgain = () => {
      world.session.pageKeyPressed(world.session.view().epoch);
    };
    world.choose('start');
    await world.clock.advance(80_000);
    listensAgain();
    await world.clock.advance(89_999);
    expect(world.screen()).toBe('home');
    world.choosing('apply', 'use-suishen-code');
    await world.clock.advance(89_999);
    listensAgain();
    await world.clock.advance(89_999);
    expect(world.overlay()).toBeUndefined();
    await world.clock.advance(1);
    expect(world.overlay()).toBe('still-there');

    // To hear the question again is no answer, but it is asked for a whole minute more.
    await world.clock.advance(50_000);
    listensAgain();
    expect(world.overlay()).toBe('still-there');
    expect(world.session.view().remainingMs).toBe(60_000);
    await world.clock.advance(59_999);
    expect(world.overlay()).toBe('still-there');
    await world.clock.advance(1);
    expect(world.screen()).toBe('attract');
  });

  it('is not kept waiting by the keys of a session that is over', async () => {
    const world = createSessionWorld();
    world.choose('start');
    await world.clock.advance(80_000);
    world.session.pageKeyPressed(world.session.view().epoch - 1);
    await world.clock.advance(10_000);
    expect(world.screen()).toBe('attract');
  });

  it('is asked of slow people later, by their own pace, and never later than twice the limit', async () => {
    const world = createSessionWorld();
    const untilAsked = async () => {
      for (let second = 1; second <= 400; second += 1) {
        await world.clock.advance(1_000);
        if (world.overlay() === 'still-there') return second;
      }
      return Number.NaN;
    };
    world.choosing('start', 'apply');
    await world.clock.advance(20_000);
    world.choose('use-suishen-code');
    expect(await untilAsked()).toBe(90);
    await world.clock.advance(10_000);
    world.choose('still-here');
    // 100 s for one touch: twice as much would be more than twice the limit.
    expect(await untilAsked()).toBe(180);
    world.choose('cancel');

    // The next person is not known to be slow.
    await world.clock.settle();
    expect(world.screen()).toBe('attract');
    world.choosing('start', 'apply');
    await world.clock.advance(70_000);
    world.choose('use-suishen-code');
    expect(await untilAsked()).toBe(140);
  });

  it('is not asked later of whoever comes after somebody slow who only looked around', async () => {
    const world = createSessionWorld();
    world.choosing('start', 'how-to');
    world.choosing('back', 'nearby');
    await world.clock.advance(80_000);
    world.choose('back');
    await world.clock.advance(200_000);
    expect(world.screen()).toBe('attract');
    world.choose('start');
    await world.clock.advance(89_999);
    expect(world.screen()).toBe('home');
    await world.clock.advance(1);
    expect(world.screen()).toBe('attract');
  });

  it('is asked on the confirmation page after the same time as ever, for personal data is on it; 办好了 stays longer for the slow', async () => {
    const world = createSessionWorld();
    world.choosing('start', 'apply');
    await world.clock.advance(80_000);
    world.choose('use-suishen-code');
    world.signIn(identified());
    await world.clock.advance(119_999);
    expect(world.overlay()).toBeUndefined();
    await world.clock.advance(1);
    expect(world.overlay()).toBe('still-there');
    world.choose('still-here');
    world.choose('confirm');
    await endIssue(world, issued());
    world.choose('got-everything');
    expect(world.screen()).toBe('finished');
    expect(world.session.view().remainingMs).toBe(20_000);
  });

  it('lets 办好了 stay longer for whoever read the confirmation page for long', async () => {
    const world = createSessionWorld();
    world.choosing('start', 'apply', 'use-suishen-code');
    world.signIn(identified());
    await world.clock.advance(8_000);
    world.choose('confirm');
    await endIssue(world, issued());
    world.choose('got-everything');
    expect(world.session.view().remainingMs).toBe(16_000);
  });

  it('is not suspected while printer or centre are at work', async () => {
    const world = createSessionWorld();
    world.choosing('start', 'apply', 'use-suishen-code');
    world.signIn(identified());
    world.choose('confirm');
    await world.clock.advance(200_000);
    expect(world.overlay()).toBeUndefined();
    expect(world.screen()).toBe('printing');
  });

  it('is taken back by a card that is laid while the question is shown', async () => {
    const world = createSessionWorld();
    world.choosing('start', 'apply', 'use-id-card');
    await world.clock.advance(90_000);
    expect(world.overlay()).toBe('still-there');
    world.signIn({ kind: 'reading' });
    expect(world.overlay()).toBeUndefined();
    expect(world.screen()).toBe('identifying');
  });

  it('with a card that cannot be read left on the reader still ends the session', async () => {
    const world = createSessionWorld();
    world.choosing('start', 'apply', 'use-id-card');
    for (let second = 0; second < 400 && world.screen() !== 'attract'; second += 1) {
      world.signIn({ kind: 'reading' });
      world.signIn({ kind: 'not-an-id-card' });
      await world.clock.advance(1_000);
    }
    expect(world.screen()).toBe('attract');
  });
});

describe('the overlays', () => {
  it('give the step back unchanged, and hide its choices while they are open', async () => {
    const world = createSessionWorld();
    world.choosing('start', 'apply', 'use-id-card');
    world.signIn(identified());
    const before = world.session.view();
    world.choose('call-help');
    expect(world.session.view()).toMatchObject({
      overlay: { name: 'help', call: 'calling' },
      choices: ['close-help'],
      screen: before.screen,
    });
    await world.clock.advance(120_000);
    expect(world.overlay()).toBe('still-there');
    world.choose('still-here');
    expect(world.overlay()).toBe('help');
    world.choose('close-help');
    expect(world.session.view()).toEqual(before);
  });

  it('let the printer go on beneath', async () => {
    const world = createSessionWorld();
    world.choosing('start', 'apply', 'use-id-card');
    world.signIn(identified());
    world.choosing('confirm', 'call-help');
    world.issue().end(issued());
    await world.clock.settle();
    expect(world.session.view()).toMatchObject({ screen: { name: 'take-slip' }, overlay: { name: 'help' } });
  });
});

describe('the end of a session', () => {
  it('serves nobody until the vault is empty', async () => {
    const world = createSessionWorld();
    world.choosing('start', 'apply', 'use-suishen-code');
    world.signIn(identified());
    world.vault.behaviour = 'rejects';
    await world.clock.advance(181_000);
    expect(world.session.view()).toMatchObject({ screen: { name: 'attract' }, choices: [] });
    expect(world.session.view().readiness).toEqual({
      methods: [],
      issue: false,
      check: false,
      obstacles: ['out-of-service'],
    });
    expect(world.vault.endCalls).toBeGreaterThan(1);
    world.vault.behaviour = 'ends';
    await world.clock.advance(2_000);
    expect(world.session.view()).toMatchObject({
      screen: { name: 'attract' },
      choices: ['start'],
      readiness: allReady,
    });
  });

  it('by a stop on the way home leads nowhere else', async () => {
    const world = createSessionWorld();
    world.choosing('start', 'apply', 'use-suishen-code');
    world.vault.behaviour = 'rejects';
    world.choosing('back', 'back');
    const stopped = world.session.stop();
    await world.clock.advance(1_500);
    world.vault.behaviour = 'ends';
    await world.clock.advance(1_000);
    await stopped;
    expect(world.actor.getSnapshot().value).toMatchObject({ step: 'attract' });
  });

  it('is over for the screen at once, with a new epoch, even when the vault is slow', async () => {
    const world = createSessionWorld();
    world.choosing('start', 'apply', 'use-suishen-code');
    world.signIn(identified(activeCode));
    world.choosing('confirm');
    world.vault.behaviour = 'hangs';
    world.choose('decline-reissue');
    expect(world.session.view()).toMatchObject({ screen: { name: 'home' }, epoch: 2, choices: [] });
    expect(world.vault.endCalls).toBe(1);
    for (const text of personalStrings) expect(world.serialised()).not.toContain(text);
    await world.clock.advance(1_000);
    expect(world.session.view().readiness.obstacles).toEqual(['out-of-service']);
  });

  it('by a stop aborts the sign-in, empties the vault, and leaves no timer', async () => {
    const world = createSessionWorld();
    world.choosing('start', 'apply', 'use-id-card');
    world.signIn(identified());
    await world.session.stop();
    expect(world.vault.open).toBe(false);
    expect(world.records.at(-1)).toMatchObject({ call: 'end', row: { outcome: 'interrupted' } });
    expect(world.session.view()).toMatchObject({ screen: { name: 'attract' }, choices: [] });
    expect(world.session.choose({ epoch: 2, choice: 'start' })).toBe('not-offered');
    expect(world.clock.pendingTasks()).toBe(0);
    for (const text of personalStrings) expect(world.serialised()).not.toContain(text);
  });
});
