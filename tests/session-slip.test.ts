import { describe, expect, it } from 'vitest';
import { at, atPrinting, atTrouble, issued } from './fixtures/session-world.ts';

describe('the slip at an exit without a sensor', () => {
  it('counts as cut when nobody answers for thirty seconds', async () => {
    const world = await atTrouble(issued());
    await world.clock.advance(29_999);
    expect(world.issue().answers).toEqual([]);
    await world.clock.advance(1);
    expect(world.issue().answers).toEqual(['in-hand']);
    expect(world.screen()).toBe('finished');
  });

  it('is reported once, by the answer to 请看看出纸口', async () => {
    const world = await atTrouble(issued());
    world.choose('no-paper-came');
    expect(world.screen()).toBe('E19b');
    expect(world.issue().answers).toEqual([]);
    world.choose('got-everything');
    expect(world.issue().answers).toEqual(['in-hand']);
    await world.clock.advance(10_000);
    expect(world.issue().answers).toEqual(['in-hand']);
  });

  it('that is not there is said to be missing, and leads over the warning to a new one', async () => {
    const world = await atTrouble(issued());
    world.choosing('no-paper-came', 'no-paper-came');
    expect(world.issues[0]?.answers).toEqual(['missing']);
    expect(world.session.view().screen).toEqual({
      name: 'confirm-reissue',
      current: { status: 'active', validUntil: '2027-05-20' },
    });
    world.choose('confirm-reissue');
    expect(world.issue().kind).toBe('reissue');
  });

  it('that is not there a second time is said to be missing as well', async () => {
    const world = await atTrouble({ kind: 'voided', reason: 'fault', oldCodeStillValid: true });
    world.choose('retry');
    world.issue().end(issued());
    await world.clock.settle();
    world.choosing('no-paper-came', 'no-paper-came');
    expect(world.issues.at(-1)?.answers).toEqual(['missing']);
    expect(world.screen()).toBe('present-id-card');
  });

  it('of somebody who called for help and left is unanswered', async () => {
    const world = await atTrouble(issued());
    world.choose('call-help');
    await world.clock.advance(60_000);
    expect(world.issue().answers).toEqual([]);
    await world.clock.advance(90_000);
    expect(world.issue().answers).toEqual(['unanswered']);
    expect(world.screen()).toBe('attract');
  });

  it('that comes after the kiosk stopped waiting is unanswered', async () => {
    const world = await atPrinting();
    await world.clock.advance(240_000);
    expect(world.session.view().screen).toMatchObject({ code: 'E20', reference: 'P-03' });
    world.issue().end(issued());
    await world.clock.settle();
    expect(world.issue().answers).toEqual(['unanswered']);
    expect(world.screen()).toBe('E20');
  });

  it('is looked for at the exit when the printer fell silent after the footer', async () => {
    const world = await atPrinting();
    world.issue().progress('finishing');
    world.issue().breakOff();
    await world.clock.settle();
    expect(world.screen()).toBe('E19b');
  });
});

describe('a long wait', () => {
  it.each([
    ['use-suishen-code', 'E13-phone', 'home'],
    ['use-id-card', 'E13', 'take-id-card'],
  ] as const)(
    'for the centre is said after eight seconds and can be kept up or given up: %s',
    async (method, said, then) => {
      const world = at('start', 'apply', method);
      if (method === 'use-id-card') world.signIn({ kind: 'reading' });
      world.signIn({ kind: 'identifying' });
      await world.clock.advance(7_999);
      expect(world.screen()).toBe('identifying');
      await world.clock.advance(1);
      expect(world.screen()).toBe(said);
      expect(world.session.view().choices).toEqual(['cancel', 'keep-waiting', 'call-help']);
      world.choose('keep-waiting');
      expect(world.screen()).toBe('identifying');
      await world.clock.advance(8_000);
      world.choose('cancel');
      await world.clock.settle();
      expect(world.screen()).toBe(then);
      expect(world.signIns[0]?.signal.aborted).toBe(true);
    },
  );

  it('without any answer ends as unreachable', async () => {
    const world = at('start', 'apply', 'use-suishen-code');
    world.signIn({ kind: 'identifying' });
    await world.clock.advance(60_000);
    expect(world.screen()).toBe('E12');
    world.choose('retry');
    expect(world.signIns).toHaveLength(2);
  });

  it('for the reservation can be given up while nothing is on paper', async () => {
    const world = await atPrinting();
    world.issue().progress('reserving');
    world.issue().progress('waiting-long');
    expect(world.screen()).toBe('E13');
    expect(world.session.view().choices).toContain('cancel');
    world.choose('cancel');
    expect(world.screen()).toBe('printing');
    expect(world.issue().cancelled).toBe(true);
    world.issue().end({ kind: 'voided', reason: 'cancelled', oldCodeStillValid: true });
    await world.clock.settle();
    expect(world.screen()).toBe('take-id-card');
    expect(world.records.at(-1)).toMatchObject({ call: 'end', row: { outcome: 'cancelled' } });
  });

  it('for the activation can only be waited out', async () => {
    const world = await atPrinting();
    world.issue().progress('activating');
    world.issue().progress('waiting-long');
    expect(world.session.view().choices).toEqual(['keep-waiting', 'call-help']);
    world.choose('keep-waiting');
    await world.clock.advance(19_999);
    expect(world.screen()).toBe('printing');
    await world.clock.advance(1);
    expect(world.screen()).toBe('E13-paper');
    world.issue().progress('finishing');
    expect(world.screen()).toBe('printing');
  });
});
