import { describe, expect, test } from 'vitest';
import type { AddressSlipOutcome } from '../src/view/directory-view.ts';
import { at, createSessionWorld, identified, personalStrings } from './fixtures/session-world.ts';
import { everyDirectory, noDirectory } from './fixtures/directories.ts';

const AT_E14 = ['no-paper', 'cover-open'] as const;

describe('附近的机器', () => {
  test('shows a page at a time and turns no further than there are pages', () => {
    const world = at('start', 'nearby');
    const names = () => {
      const { screen } = world.session.view();
      return screen.name === 'nearby' ? screen.terminals.map(({ name }) => name).join('') : screen.name;
    };
    expect([names(), world.session.view().choices]).toEqual([
      '甲乙丙',
      ['next-page', 'show-map', 'print-addresses', 'back', 'call-help'],
    ]);
    world.choose('next-page');
    expect(names()).toBe('丁戊己');
    world.choose('next-page');
    expect([names(), world.session.view().choices.includes('next-page')]).toEqual(['庚', false]);
    world.choosing('previous-page', 'show-map');
    expect(world.session.view().screen).toMatchObject({
      name: 'nearby-map',
      terminals: [{ name: '丁' }, {}, {}],
    });
    world.choose('back');
    expect(names()).toBe('丁戊己');
  });

  test('needs no session: nothing is recorded, no vault is opened, no code is asked for', async () => {
    const world = at('start', 'nearby', 'next-page', 'print-addresses');
    world.addressSlips.at(-1)?.end('printed');
    await world.clock.settle();
    world.choosing('back', 'back');
    expect([world.records, world.vault.begun, world.issues, world.session.view().epoch]).toEqual([
      [],
      0,
      [],
      1,
    ]);
  });

  test.each<[AddressSlipOutcome, boolean]>([
    ['printed', false],
    ['unknown', false],
    ['no-paper', true],
    ['cover-open', true],
    ['slip-at-exit', true],
    ['fault', true],
    ['busy', true],
  ])('a slip that came to %s is told so; asked for again: %s', async (outcome, again) => {
    const world = at('start', 'nearby', 'next-page', 'print-addresses');
    expect(world.session.view()).toMatchObject({
      screen: { name: 'address-slip', state: 'printing' },
      choices: ['call-help'],
    });
    expect(world.addressSlips.map(({ page }) => page)).toEqual([everyDirectory.terminalPages[1]]);
    world.addressSlips.at(-1)?.end(outcome);
    await world.clock.settle();
    expect(world.session.view().screen).toEqual({ name: 'address-slip', state: outcome });
    expect(world.session.view().choices.includes('print-addresses')).toBe(again);
    world.choose('back');
    expect(world.session.view().screen).toMatchObject({ name: 'nearby', at: { page: 2, pages: 3 } });
  });

  test('nobody is asked whether they are there while their slip is printed; after a minute it is doubted', async () => {
    const world = at('start', 'nearby', 'print-addresses');
    await world.clock.advance(59_999);
    expect(world.session.view().screen).toEqual({ name: 'address-slip', state: 'printing' });
    expect(world.overlay()).toBeUndefined();
    await world.clock.advance(1);
    expect(world.session.view().screen).toEqual({ name: 'address-slip', state: 'unknown' });
    world.addressSlips.at(-1)?.end('printed');
    await world.clock.settle();
    expect(world.session.view().screen).toEqual({ name: 'address-slip', state: 'unknown' });
  });

  test('does not offer paper that cannot come out', () => {
    const world = createSessionWorld();
    world.setReadiness({ issue: false, obstacles: ['no-paper'] });
    world.choosing('start', 'nearby');
    expect(world.session.view().choices).not.toContain('print-addresses');
    world.setReadiness({ issue: true, obstacles: ['centre-unreachable'] });
    expect(world.session.view().choices).toContain('print-addresses');
  });

  test('stays as it was opened, whatever the centre says meanwhile', () => {
    const world = at('start', 'nearby', 'next-page');
    const before = world.session.view();
    world.setDirectory(noDirectory);
    expect(world.session.view()).toEqual(before);
    world.choose('back');
    expect(world.session.view().choices).not.toContain('nearby');
  });

  test.each(AT_E14)(
    'is a way out of an error without paper (%s); nothing of the person goes along',
    async (obstacle) => {
      const world = createSessionWorld();
      world.choosing('start', 'apply', 'use-suishen-code');
      world.signIn({ kind: 'identifying' });
      world.setReadiness({ issue: false, obstacles: [obstacle] });
      world.signIn(identified());
      await world.clock.settle();
      expect(world.screen()).toMatch(/^E14/);
      world.choose('nearby');
      await world.clock.settle();
      expect([world.screen(), world.vault.open, world.session.view().epoch]).toEqual(['nearby', false, 2]);
      for (const personal of personalStrings) expect(world.serialised()).not.toContain(personal);
      world.choose('back');
      expect(world.screen()).toBe('home');
    },
  );

  test('is named by a kiosk that can begin nothing, and by no other', () => {
    const world = createSessionWorld();
    world.choose('start');
    expect(world.session.view().nearest).toBeUndefined();
    world.setReadiness({ issue: false, check: false, obstacles: ['centre-unreachable'] });
    expect(world.session.view().nearest).toMatchObject({ name: '甲', walkMinutes: 8 });
    world.choose('nearby');
    expect(world.session.view().nearest).toBeUndefined();
  });
});

describe('办事指南', () => {
  test('lists three a page and comes back to the page on which a notice stands', () => {
    const world = at('start', 'how-to', 'notices', 'next-page', 'open-second');
    expect(world.session.view().screen).toMatchObject({
      name: 'notice',
      title: '五',
      content: { section: 1 },
      at: { page: 1, pages: 3 },
    });
    world.choosing('next-page', 'next-page');
    expect(world.session.view().choices).toEqual(['previous-page', 'back', 'call-help']);
    world.choose('back');
    expect(world.session.view().screen).toMatchObject({
      name: 'notices',
      notices: [{ title: '四' }, { title: '五' }, { title: '六' }],
      at: { page: 2, pages: 3 },
    });
    world.choose('back');
    expect(world.screen()).toBe('how-to');
  });

  test('is not offered where there is none', () => {
    const world = createSessionWorld({ directory: noDirectory });
    world.choosing('start', 'how-to');
    expect(world.session.view().choices).toEqual(['apply', 'back', 'call-help']);
  });
});
