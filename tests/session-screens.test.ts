import { expect, it } from 'vitest';
import type { Choice } from '../src/view/kiosk-view.ts';
import { take } from './fixtures/session-walk.ts';
import type { Step } from './fixtures/session-walk.ts';
import { createSessionWorld } from './fixtures/session-world.ts';

const ALL_SCREENS =
  'E01 E02 E03 E05 E06 E07-photo E08 E09 E10 E12 E13 E14 E14-slip E15 E16 E16-retracting E16-retracts E17 E18 E19a ' +
  'E19a-retracted E19b E20 E21 attract bring-id-card choose-method code-status confirm-identity confirm-reissue finished ' +
  'home identifying present-id-card present-suishen-code printing read-back suishen-code-help take-id-card take-slip';

/** What can happen on a screen apart from choices and time. */
function happeningsOn(screen: string): readonly string[] {
  if (screen === 'printing')
    return [
      'waitingLong',
      'issued',
      'issuedUnderSensor',
      'issuedIntoPresenter',
      'issuedOnWeakProof',
      'issuedInDoubt',
      'jammed',
      'voided',
      'alreadyActive',
      'broken',
    ];
  if (screen === 'take-slip' || screen.startsWith('E16'))
    return ['slipTaken', 'slipJammed', 'exitLost', 'pulledBack', 'pullFailed'];
  if (screen === 'read-back') return ['scanMatches', 'scanOther', 'scanIllegible', 'scannerLost'];
  if (screen === 'E01') return ['unreadable'];
  if (screen.startsWith('present'))
    return [
      'identified',
      'reading',
      'unreadable',
      'notAnIdCard',
      'illegible',
      'deviceLost',
      'paperOut',
      'slipAtExit',
    ];
  if (screen !== 'identifying') return [];
  return ['unreadable', 'identified', 'identifiedHolder', 'ineligible', 'unknown', 'usedCode', 'unreachable'];
}

it('every screen and overlay is reached by choices, devices and time, and each offers a way on', async () => {
  const known = new Map<string, readonly Choice[]>();
  const screens = new Set<string>();
  const overlays = new Set<string>();
  const waited = new Set<string>();
  const queue: (readonly Step[])[] = [[]];
  for (let path = queue.shift(); path; path = queue.shift()) {
    const world = createSessionWorld();
    for (const next of path) await take(world, next);
    const { choices, overlay } = world.session.view();
    const key = JSON.stringify([world.screen(), choices, world.stateKey()]);
    if (known.has(key)) continue;
    known.set(key, choices);
    screens.add(world.screen());
    if (overlay) overlays.add(overlay.name);
    if (overlay || path.length >= 8) continue;
    const further: Step[] = [];
    if (!waited.has(world.screen())) further.push({ waitMs: 9_000 }, { waitMs: 121_000 });
    waited.add(world.screen());
    for (const choice of choices.filter((choice) => choice !== 'call-help' || path.length < 3))
      further.push({ choice });
    for (const happening of happeningsOn(world.screen())) further.push({ happening });
    for (const next of further) queue.push([...path, next]);
  }
  expect([...screens].sort().join(' ')).toBe(ALL_SCREENS);
  expect([...overlays].sort()).toEqual(['help', 'still-there']);
  for (const [key, choices] of known) expect(choices, key).not.toEqual([]);
}, 120_000);
