import { describe, expect, it } from 'vitest';
import type { IssueOutcome, SignInEvent } from '../src/session/ports.ts';
import type { Choice } from '../src/view/kiosk-view.ts';
import {
  activeCode,
  at,
  atTrouble,
  identified,
  issued,
  issuedInDoubt,
  person,
} from './fixtures/session-world.ts';

describe('the way to a code', () => {
  it('leads from the home screen to a slip in three touches', async () => {
    const world = at('start');
    const touches: Choice[] = ['apply', 'use-id-card'];
    world.choosing(...touches);
    expect(world.screen()).toBe('present-id-card');
    world.signIn({ kind: 'reading' });
    expect(world.screen()).toBe('identifying');
    world.signIn({ kind: 'identifying' });
    world.signIn(identified());
    expect(world.session.view().screen).toEqual({
      name: 'confirm-identity',
      errand: 'apply',
      kind: 'apply',
      person: { ...person, fullNameShown: false },
    });
    world.choose('confirm');
    expect(touches.length + 1).toBe(3);
    expect(world.screen()).toBe('printing');
    expect(world.issue().kind).toBe('apply');
    world.issue().progress('reserving');
    world.issue().progress('finishing');
    world.issue().end(issued());
    await world.clock.settle();
    expect(world.session.view().screen).toEqual({
      name: 'take-slip',
      validUntil: '2027-05-20',
      toTake: ['slip', 'id-card'],
    });
    world.choose('got-everything');
    expect(world.issue().answers).toEqual(['in-hand']);
    expect(world.screen()).toBe('finished');
    expect(world.session.view().remainingMs).toBe(10_000);
    await world.clock.advance(10_000);
    expect(world.screen()).toBe('attract');
    expect(world.vault.open).toBe(false);
    expect(world.records.at(-1)).toMatchObject({ call: 'end', epoch: 1, row: { outcome: 'issued' } });
    expect(world.session.view().epoch).toBe(2);
  });

  it('asks the holder of an active code who chose 领取 for 是我，补领 and warns before anything is done', async () => {
    const world = at('start', 'apply', 'use-suishen-code');
    world.signIn(identified(activeCode));
    expect(world.session.view().screen).toMatchObject({
      name: 'confirm-identity',
      errand: 'apply',
      kind: 'reissue',
    });
    world.choose('confirm');
    expect(world.session.view().screen).toEqual({ name: 'confirm-reissue', current: activeCode });
    expect(world.issues).toHaveLength(0);
    world.choose('confirm-reissue');
    expect(world.issue().kind).toBe('reissue');
    world.issue().end(issued());
    await world.clock.settle();
    expect(world.session.view().screen).toMatchObject({ name: 'take-slip', toTake: ['slip'] });
  });

  it('leads to a reissue in four touches', () => {
    const world = at('start');
    const touches: Choice[] = ['reissue', 'use-id-card'];
    world.choosing(...touches);
    world.signIn(identified(activeCode));
    world.choosing('confirm', 'confirm-reissue');
    expect(touches.length + 2).toBe(4);
    expect(world.issue().kind).toBe('reissue');
  });

  it('offers somebody without an active code who chose 补领 to apply', () => {
    for (const status of ['none', 'expired', 'revoked', 'superseded'] as const) {
      const world = at('start', 'reissue', 'use-id-card');
      world.signIn(identified({ status }));
      expect(world.session.view().screen).toMatchObject({ name: 'confirm-identity', kind: 'apply' });
      world.choose('confirm');
      expect(world.issue().kind).toBe('apply');
    }
  });

  it('does not print after 先不补', async () => {
    const world = at('start', 'reissue', 'use-suishen-code');
    world.signIn(identified(activeCode));
    world.choosing('confirm', 'decline-reissue');
    await world.clock.settle();
    expect(world.screen()).toBe('home');
    expect(world.issues).toHaveLength(0);
  });

  it('shows the full name for ten seconds', async () => {
    const world = at('start', 'apply', 'use-id-card');
    world.signIn(identified());
    world.choose('show-full-name');
    const shown = () => {
      const { screen } = world.session.view();
      return screen.name === 'confirm-identity' && screen.person.fullNameShown;
    };
    expect(shown()).toBe(true);
    expect(world.session.view().choices).not.toContain('show-full-name');
    await world.clock.advance(9_999);
    expect(shown()).toBe(true);
    await world.clock.advance(1);
    expect(shown()).toBe(false);
  });

  it.each([
    ['active', ['home', 'call-help']],
    ['expiring', ['home', 'confirm-reissue', 'call-help']],
    ['unconfirmed', ['home', 'confirm-reissue', 'call-help']],
    ['expired', ['home', 'apply-now', 'call-help']],
    ['revoked', ['home', 'apply-now', 'call-help']],
    ['none', ['home', 'apply-now', 'call-help']],
  ] as const)('answers 查看 for a code that is %s with what can be done about it', (status, choices) => {
    const world = at('start', 'check', 'use-id-card');
    world.signIn(identified({ status }));
    expect(world.screen()).toBe('code-status');
    expect(world.session.view().choices).toEqual(choices);
  });

  it('leads from 查看 to a new code over the confirmation page', () => {
    const world = at('start', 'check', 'use-id-card');
    world.signIn(identified({ status: 'expiring', validUntil: '2026-11-25', daysLeft: 4 }));
    world.choose('confirm-reissue');
    expect(world.session.view().screen).toMatchObject({ name: 'confirm-identity', kind: 'reissue' });
    world.choose('confirm');
    expect(world.screen()).toBe('confirm-reissue');
  });

  it('says why somebody who may not have a code gets none, also from 查看', () => {
    const world = at('start', 'check', 'use-id-card');
    world.signIn(identified({ status: 'none' }, ['under-age']));
    expect(world.screen()).toBe('code-status');
    world.choose('apply-now');
    expect(world.screen()).toBe('E07');
  });
});

describe('a refusal', () => {
  it.each([
    [identified(undefined, ['under-age', 'no-photo']), 'E07'],
    [identified(undefined, ['no-photo']), 'E07-photo'],
    [identified(undefined, ['card-expired', 'daily-limit']), 'E04'],
    [identified(undefined, ['daily-limit']), 'E11'],
    [{ kind: 'refused', problem: 'unknown-person' }, 'E08'],
    [{ kind: 'refused', problem: 'code-expired' }, 'E06'],
    [{ kind: 'refused', problem: 'code-used' }, 'E06'],
    [{ kind: 'refused', problem: 'code-foreign' }, 'E06'],
    [{ kind: 'refused', problem: 'paper-code' }, 'E06-paper'],
    [{ kind: 'refused', problem: 'other' }, 'E20'],
    [{ kind: 'unreadable' }, 'E01'],
    [{ kind: 'not-an-id-card' }, 'E03'],
    [{ kind: 'illegible' }, 'E05'],
    [{ kind: 'device-lost' }, 'E17'],
    [{ kind: 'unreachable' }, 'E12'],
  ] as [SignInEvent, string][])(
    'at sign-in (%j) is said as %s, with a way home and to help',
    (event, code) => {
      const world = at('start', 'apply', 'use-id-card');
      world.signIn(event);
      expect(world.screen()).toBe(code);
      expect(world.session.view().choices).toEqual(expect.arrayContaining(['home', 'call-help']));
      expect(world.serialised()).not.toContain(person.maskedIdNumber);
    },
  );

  it.each([
    [{ kind: 'refused', problem: 'already-active', validUntil: '2027-01-01' }, 'E10'],
    [{ kind: 'refused', problem: 'daily-limit' }, 'E11'],
    [{ kind: 'refused', problem: 'nothing-to-reissue' }, 'E20'],
    [{ kind: 'refused', problem: 'something-new' }, 'E20'],
    [{ kind: 'unreachable' }, 'E12'],
    [{ kind: 'not-ready', reason: 'no-paper' }, 'E14'],
    [{ kind: 'not-ready', reason: 'cover-open' }, 'E14-cover'],
    [{ kind: 'not-ready', reason: 'busy' }, 'E20'],
    [{ kind: 'voided', reason: 'jam', oldCodeStillValid: true }, 'E15'],
    [{ kind: 'voided', reason: 'fault', oldCodeStillValid: true }, 'E19a'],
    [{ kind: 'voided', reason: 'centre', oldCodeStillValid: false }, 'E19a'],
    [issuedInDoubt, 'E19b'],
    [{ kind: 'not-ready', reason: 'slip-at-exit' }, 'E14-slip'],
    [{ kind: 'stopped' }, 'E20'],
  ] as [IssueOutcome, string][])('of the issuance (%j) is said as %s', async (outcome, code) => {
    const world = await atTrouble(outcome);
    expect(world.screen()).toBe(code);
    expect(world.session.view().choices).toEqual(expect.arrayContaining(['home', 'call-help']));
  });

  it('calls a card unreadable at the third try, and offers the other way', () => {
    const world = at('start', 'apply', 'use-id-card');
    world.signIn({ kind: 'unreadable' });
    world.choose('retry');
    world.signIn({ kind: 'reading' });
    world.signIn({ kind: 'unreadable' });
    expect(world.screen()).toBe('E01');
    expect(world.signIns).toHaveLength(1);
    world.signIn({ kind: 'unreadable' });
    expect(world.screen()).toBe('E02');
    expect(world.session.view().choices).toEqual(['use-suishen-code', 'home', 'call-help']);
    expect(world.signIns[0]?.signal.aborted).toBe(true);
  });

  it('does not hear a sign-in that was given up', () => {
    const world = at('start', 'apply', 'use-id-card', 'back');
    world.signIn(identified());
    expect(world.screen()).toBe('choose-method');
    expect(world.signIns[0]?.signal.aborted).toBe(true);
  });

  it('names a sign-in that ended without a word', async () => {
    const world = at('start', 'apply', 'use-id-card');
    world.signIns[0]?.finish();
    await world.clock.settle();
    expect(world.session.view().screen).toEqual({ name: 'error', code: 'E20', reference: 'S-03' });
  });

  it('of 不是我 prints nothing, forgets the person, and starts anew with an empty vault', async () => {
    const world = at('start', 'apply', 'use-id-card');
    world.signIn(identified());
    world.choose('not-me');
    expect(world.screen()).toBe('E09');
    expect(world.serialised()).not.toContain(person.maskedName);
    world.choose('retry');
    await world.clock.settle();
    expect(world.screen()).toBe('present-id-card');
    expect(world.session.view().epoch).toBe(2);
    expect(world.vault).toMatchObject({ begun: 2, endCalls: 1, open: true });
    world.signIn(identified());
    expect(world.screen()).toBe('confirm-identity');
  });

  it('of the printer comes before anything is reserved, and goes on when a hand has mended it', () => {
    const world = at('start', 'apply', 'use-id-card');
    world.signIn(identified());
    world.setReadiness({ issue: false, obstacles: ['no-paper'] });
    world.choose('confirm');
    expect(world.screen()).toBe('E14');
    expect(world.issues).toHaveLength(0);
    expect(world.session.view().choices).not.toContain('retry');
    world.setReadiness({ issue: true, obstacles: [] });
    world.choose('retry');
    expect(world.screen()).toBe('confirm-identity');
  });

  it('comes before the card is read when paper, cover or centre fail after the choice', () => {
    for (const [obstacle, code] of [
      ['no-paper', 'E14'],
      ['cover-open', 'E14-cover'],
      ['printer-fault', 'E20'],
      ['slip-at-exit', 'E14-slip'],
      ['centre-unreachable', 'E12'],
    ] as const) {
      const world = at('start', 'apply', 'use-id-card');
      world.setReadiness({ issue: false, obstacles: [obstacle] });
      expect(world.screen()).toBe(code);
      expect(world.signIns[0]?.signal.aborted).toBe(true);
    }
  });

  it('comes before a card is read again that told nothing the first time', () => {
    const world = at('start', 'apply', 'use-id-card');
    world.signIn({ kind: 'unreadable' });
    expect(world.signIns[0]?.signal.aborted).toBe(false);
    world.setReadiness({ issue: false, check: false, obstacles: ['centre-unreachable'] });
    expect(world.screen()).toBe('E12');
    expect(world.signIns[0]?.signal.aborted).toBe(true);
  });

  it('does not stop 查看 for want of paper', () => {
    const world = at('start');
    world.setReadiness({ issue: false, obstacles: ['no-paper'] });
    expect(world.session.view().choices).toEqual(['check', 'nearby', 'how-to', 'call-help']);
    world.choosing('check', 'use-id-card');
    world.signIn(identified({ status: 'expired' }));
    expect(world.session.view().choices).toEqual(['home', 'call-help']);
  });

  it('offers only ways to sign in that work', () => {
    const world = at('start');
    world.setReadiness({ methods: ['suishen-code'] });
    world.choose('apply');
    expect(world.session.view().choices).toEqual(['use-suishen-code', 'have-neither', 'back', 'call-help']);
    world.choose('use-suishen-code');
    expect(world.session.view().choices).toEqual(['teach-suishen-code', 'back', 'call-help']);
    world.signIn({ kind: 'device-lost' });
    expect(world.screen()).toBe('E18');
    expect(world.session.view().choices).toEqual(['home', 'call-help']);
    world.setReadiness({ methods: ['id-card'] });
    expect(world.session.view().choices).toEqual(['use-id-card', 'home', 'call-help']);
  });

  it('E10 leads over the warning to a reissue', async () => {
    const world = await atTrouble({ kind: 'refused', problem: 'already-active', validUntil: '2027-01-01' });
    expect(world.session.view().screen).toEqual({ name: 'error', code: 'E10', validUntil: '2027-01-01' });
    world.choose('confirm-reissue');
    expect(world.session.view().screen).toEqual({
      name: 'confirm-reissue',
      current: { status: 'active', validUntil: '2027-01-01' },
    });
    world.choose('confirm-reissue');
    expect(world.issue().kind).toBe('reissue');
  });

  it('says nothing good of the earlier code until the centre has heard of the void', async () => {
    const world = at('start', 'reissue', 'use-id-card');
    world.signIn(identified(activeCode));
    world.choosing('confirm', 'confirm-reissue');
    await world.clock.settle();
    world.issue().end({ kind: 'voided', reason: 'centre', oldCodeStillValid: false });
    await world.clock.settle();
    expect(world.screen()).toBe('E19a-pending');
    world.choose('retry');
    expect(world.issues).toHaveLength(2);
  });

  it('E19a prints again at once, and after two operations asks for the card again', async () => {
    const world = await atTrouble({ kind: 'voided', reason: 'fault', oldCodeStillValid: true });
    world.choose('retry');
    expect(world.screen()).toBe('printing');
    expect(world.issues).toHaveLength(2);
    world.issue().end({ kind: 'voided', reason: 'fault', oldCodeStillValid: true });
    await world.clock.settle();
    world.choose('retry');
    expect(world.screen()).toBe('present-id-card');
  });
});
