import { describe, expect, it } from 'vitest';
import type { SessionWorld } from './fixtures/session-world.ts';
import { atPrinting, atTrouble, issued } from './fixtures/session-world.ts';

const VALID_UNTIL = '2027-05-20';
const takeSlip = (...toTake: string[]) => ({ name: 'take-slip', validUntil: VALID_UNTIL, toTake });

async function sees(world: SessionWorld, kind: 'taken' | 'jammed' | 'unknown'): Promise<void> {
  world.issue().slipGone({ kind });
  await world.clock.settle();
}

describe('a slip that a sensor sees', () => {
  it('ends S7 by itself when it is taken and nothing else is to be taken; no key says so', async () => {
    const world = await atTrouble(issued('sees'), { method: 'use-suishen-code' });
    expect(world.session.view().screen).toEqual(takeSlip('slip'));
    await sees(world, 'taken');
    expect(world.session.view().screen).toEqual({ name: 'finished', readBack: false });
    expect(world.issue().answers).toEqual(['unanswered']);
    await world.clock.advance(10_000);
    expect(world.records.at(-1)).toMatchObject({ call: 'end', row: { outcome: 'issued' } });
  });

  it('comes first: the card is spoken of when it is taken, and has its own time', async () => {
    const world = await atTrouble(issued('sees'));
    expect(world.session.view().screen).toEqual(takeSlip('slip'));
    await world.clock.advance(20_000);
    await sees(world, 'taken');
    expect(world.session.view().screen).toEqual(takeSlip('id-card'));
    expect(world.session.view().choices).toEqual(['got-everything', 'call-help']);
    await world.clock.advance(29_000);
    expect(world.screen()).toBe('take-slip');
    world.choose('got-everything');
    expect(world.screen()).toBe('finished');
    expect(world.issue().answers).toEqual(['in-hand']);
    world.choose('home');
    await world.clock.settle();
    // S7 has reminded of the card.
    expect(world.screen()).toBe('home');
  });

  it('that still lies there is said again, whoever says otherwise', async () => {
    for (const key of ['got-everything', 'no-paper-came'] as const) {
      const world = await atTrouble(issued('sees'));
      world.choose(key);
      expect(world.screen()).toBe('E16');
      expect(world.session.view().choices).toEqual(['no-paper-came', 'call-help']);
      expect(world.issue().answers).toEqual([]);
      await sees(world, 'taken');
      expect(world.session.view().screen).toEqual(takeSlip('id-card'));
    }
  });

  it('that nobody takes and no machine can pull back stays: the session ends, and the card is still spoken of', async () => {
    const world = await atTrouble(issued('sees'));
    await world.clock.advance(30_000);
    expect(world.screen()).toBe('E16');
    await world.clock.advance(29_999);
    expect(world.screen()).toBe('E16');
    await world.clock.advance(1);
    expect(world.issue().answers).toEqual(['unanswered']);
    expect(world.issue().takeBackCalls).toBe(0);
    expect(world.session.view().screen).toEqual({ name: 'take-id-card', seen: false });
    expect(world.records.at(-1)).toMatchObject({ call: 'end', row: { outcome: 'unconfirmed' } });
    await world.clock.advance(15_000);
    expect(world.screen()).toBe('attract');
  });

  it('that is stuck on its way out leads to 请看看出纸口', async () => {
    const world = await atTrouble(issued('sees'));
    await sees(world, 'jammed');
    expect(world.screen()).toBe('E19b');
    world.choose('got-everything');
    expect(world.issue().answers).toEqual(['in-hand']);
  });

  it('becomes one that nobody sees when the printer is lost', async () => {
    const world = await atTrouble(issued('sees'));
    await sees(world, 'unknown');
    expect(world.session.view().screen).toEqual(takeSlip('slip', 'id-card'));
    world.choose('got-everything');
    expect(world.screen()).toBe('finished');
    expect(world.issue().answers).toEqual(['in-hand']);
  });

  it('is not asked about any more in the moment in which it was taken', async () => {
    const world = await atTrouble(issued('sees'));
    world.choose('got-everything');
    await sees(world, 'unknown');
    expect(world.screen()).toBe('take-slip');
    expect(world.session.view().choices).toContain('no-paper-came');
  });
});

describe('a slip that can be pulled back', () => {
  it('is, after it was said twice; then it is void, and 再办一次 prints at once', async () => {
    const world = await atTrouble(issued('retracts'));
    await world.clock.advance(30_000);
    expect(world.screen()).toBe('E16-retracts');
    expect(world.issue().takeBackCalls).toBe(0);
    await world.clock.advance(30_000);
    expect(world.screen()).toBe('E16-retracting');
    expect(world.issue().takeBackCalls).toBe(1);
    expect(world.session.view().choices).toEqual(['call-help']);
    world.issue().takenBack({ kind: 'retracted', oldCodeStillValid: false });
    await world.clock.settle();
    expect(world.screen()).toBe('E19a-retracted');
    world.choose('retry');
    expect(world.screen()).toBe('printing');
    expect(world.issues).toHaveLength(2);
  });

  it.each([
    ['apply', false, 'E19a-retracted'],
    ['reissue', true, 'E19a-retracted'],
    ['reissue', false, 'E19a-retracted-pending'],
  ] as const)(
    'says nothing good of the earlier code before the centre has: %s, %s',
    async (kind, old, code) => {
      const world = await atTrouble(issued('retracts'), { kind });
      world.choose('got-everything');
      world.choose('no-paper-came');
      expect(world.screen()).toBe('E16-retracting');
      world.issue().takenBack({ kind: 'retracted', oldCodeStillValid: old });
      await world.clock.settle();
      expect(world.screen()).toBe(code);
      await world.clock.advance(200_000);
      expect(world.records.at(-1)).toMatchObject({ call: 'end', row: { outcome: 'voided' } });
    },
  );

  it('is in the hand when the hand was faster', async () => {
    const world = await atTrouble(issued('retracts'), { method: 'use-suishen-code' });
    await world.clock.advance(60_000);
    world.issue().takenBack({ kind: 'taken' });
    await world.clock.settle();
    expect(world.screen()).toBe('finished');
  });

  it('that does not go back leads to 请看看出纸口, and so does a pull that never ends', async () => {
    for (const ends of [true, false]) {
      const world = await atTrouble(issued('retracts'));
      await world.clock.advance(60_000);
      if (ends) world.issue().takenBack({ kind: 'unknown' });
      else await world.clock.advance(40_000);
      await world.clock.settle();
      expect(world.screen()).toBe('E19b');
    }
  });

  it('that the printer pulls back by itself is said to be back', async () => {
    const world = await atTrouble(issued('retracts'));
    world.issue().slipGone({ kind: 'retracted', oldCodeStillValid: false });
    await world.clock.settle();
    expect(world.screen()).toBe('E19a-retracted');
  });

  it('of somebody who is not there any more is left to the issuance', async () => {
    const world = await atTrouble(issued('retracts'));
    world.choose('call-help');
    await world.clock.advance(150_000);
    expect(world.issue().answers).toEqual(['unanswered']);
    // S7 never came to speak of the card.
    expect(world.screen()).toBe('take-id-card');
  });

  it('of an agent that ends is not spoken of as if somebody had gone', async () => {
    const world = await atTrouble(issued('retracts'));
    await world.session.stop();
    expect(world.issue().answers).toEqual(['interrupted']);
  });

  it('that comes out after the person was told otherwise still has its time to be taken', async () => {
    const world = await atPrinting();
    await world.clock.advance(240_000);
    expect(world.screen()).toBe('E20');
    world.issue().end(issued('retracts'));
    await world.clock.advance(29_000);
    expect(world.issue().answers).toEqual([]);
    await world.clock.advance(1_000);
    expect(world.issue().answers).toEqual(['unanswered']);
  });
});

describe('a card that the reader sees', () => {
  it('is known to be gone: S7 speaks of the slip alone, and S16 does not come', async () => {
    const world = await atTrouble(issued(), { seesCards: true });
    expect(world.session.view().screen).toEqual(takeSlip('slip', 'id-card'));
    world.card.lift(true);
    await world.clock.settle();
    expect(world.session.view().screen).toEqual(takeSlip('slip'));
    world.choosing('got-everything', 'home');
    await world.clock.settle();
    expect(world.screen()).toBe('home');
  });

  it('ends S7 when it was the last thing to be taken', async () => {
    const world = await atTrouble(issued('sees'), { seesCards: true });
    await sees(world, 'taken');
    expect(world.session.view().screen).toEqual(takeSlip('id-card'));
    world.card.lift(true);
    await world.clock.settle();
    expect(world.screen()).toBe('finished');
  });

  it('lifted before the slip is taken leaves the slip as the last thing', async () => {
    const world = await atTrouble(issued('sees'), { seesCards: true });
    world.card.lift(true);
    await world.clock.settle();
    expect(world.session.view().screen).toEqual(takeSlip('slip'));
    await sees(world, 'taken');
    expect(world.screen()).toBe('finished');
  });

  it('is spoken of as a fact until it is lifted, however long that takes', async () => {
    const world = await atTrouble(issued(), { seesCards: true });
    world.choosing('got-everything', 'home');
    await world.clock.settle();
    expect(world.session.view().screen).toEqual({ name: 'take-id-card', seen: true });
    await world.clock.advance(3_600_000);
    expect(world.session.view()).toMatchObject({
      screen: { name: 'take-id-card' },
      choices: ['home', 'call-help'],
    });
    expect(world.overlay()).toBeUndefined();
    world.card.lift(true);
    await world.clock.settle();
    // 回首页 was said: that is where it goes on.
    expect(world.screen()).toBe('home');
  });

  it('of somebody who walked away leaves the attract screen behind when it is lifted', async () => {
    const world = await atTrouble(issued(), { seesCards: true });
    await world.clock.advance(40_000);
    expect(world.screen()).toBe('take-id-card');
    world.card.lift(true);
    await world.clock.settle();
    expect(world.screen()).toBe('attract');
  });

  it('that can no longer be seen is spoken of for a while, as by a reader that sees none', async () => {
    const world = await atTrouble(issued(), { seesCards: true });
    world.choosing('got-everything', 'home');
    await world.clock.settle();
    world.card.lift(false);
    await world.clock.settle();
    expect(world.session.view().screen).toEqual({ name: 'take-id-card', seen: false });
    await world.clock.advance(15_000);
    expect(world.screen()).toBe('attract');
  });

  it('is not watched any more when the reader looks for the next one', async () => {
    const world = await atTrouble(issued(), { seesCards: true });
    world.choosing('got-everything', 'home');
    await world.clock.settle();
    world.choosing('home', 'apply', 'use-id-card');
    await world.clock.settle();
    expect(world.card.watched).toHaveLength(1);
    expect(world.card.watched[0]?.aborted).toBe(true);
  });
});
