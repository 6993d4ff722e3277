import { describe, expect, test } from 'vitest';
import type { IssueOutcome } from '../src/session/ports.ts';
import {
  mayRetry,
  troubleOfEligibility,
  troubleOfIssuance,
  troubleOfLostDevice,
  troubleOfMisread,
  troubleOfReadiness,
  troubleOfRetraction,
  troubleOfSignIn,
  troubleOfSilence,
} from '../src/session/trouble.ts';
import type { Trouble } from '../src/session/trouble.ts';
import type { Obstacle } from '../src/view/kiosk-view.ts';
import { allReady, issued, issuedInDoubt } from './fixtures/session-world.ts';

const hindered = (...obstacles: Obstacle[]) => ({ ...allReady, obstacles });

describe('a sign-in', () => {
  test.for([
    ['unreadable', 1, { code: 'E01', retry: 'sign-in' }],
    ['unreadable', 2, { code: 'E01', retry: 'sign-in' }],
    ['unreadable', 3, { code: 'E02' }],
    ['not-an-id-card', 3, { code: 'E03', retry: 'sign-in' }],
    ['illegible', 3, { code: 'E05', retry: 'sign-in' }],
  ] as const)('that reads nothing (%s, %d times)', ([kind, misreads, trouble]) => {
    expect(troubleOfMisread(kind, misreads)).toEqual(trouble);
  });

  test.for([
    ['unknown-person', { code: 'E08' }],
    ['code-expired', { code: 'E06', retry: 'sign-in' }],
    ['code-used', { code: 'E06', retry: 'sign-in' }],
    ['code-foreign', { code: 'E06', retry: 'sign-in' }],
    ['paper-code', { code: 'E06-paper', retry: 'sign-in' }],
    ['other', { code: 'E20', retry: 'sign-in', reference: 'S-01' }],
  ] as const)('that the centre refuses: %s', ([problem, trouble]) => {
    expect(troubleOfSignIn(problem)).toEqual(trouble);
  });

  test('whose device is lost', () => {
    expect(troubleOfLostDevice('id-card')).toEqual({ code: 'E17' });
    expect(troubleOfLostDevice('suishen-code')).toEqual({ code: 'E18' });
  });
});

test('the reason that can least be mended is said first', () => {
  const said = ([...reasons]: readonly Parameters<typeof troubleOfEligibility>[0][number][]) =>
    troubleOfEligibility(reasons);
  expect(said(['daily-limit', 'no-photo', 'card-expired', 'under-age'])).toEqual({ code: 'E07' });
  expect(said(['daily-limit', 'no-photo', 'card-expired'])).toEqual({ code: 'E04' });
  expect(said(['daily-limit', 'no-photo'])).toEqual({ code: 'E07-photo' });
  expect(said(['daily-limit'])).toEqual({ code: 'E11' });
  expect(said([])).toEqual({ code: 'E20', reference: 'S-02' });
});

describe('an obstacle', () => {
  const troubles: readonly (readonly [Obstacle, Trouble])[] = [
    ['out-of-service', { code: 'E20', reference: 'R-02', retry: 'issue' }],
    ['cover-open', { code: 'E14-cover', retry: 'issue' }],
    ['no-paper', { code: 'E14', retry: 'issue' }],
    ['slip-at-exit', { code: 'E14-slip', retry: 'issue' }],
    ['printer-fault', { code: 'E20', reference: 'R-01', retry: 'issue' }],
    ['backlog', { code: 'E20', reference: 'R-03', retry: 'issue' }],
    ['centre-unreachable', { code: 'E12', retry: 'issue' }],
  ];

  test.for(troubles)('%s is said, and mended where it was met', ([obstacle, trouble]) => {
    for (const errand of ['apply', 'reissue'] as const)
      expect(troubleOfReadiness(hindered(obstacle), errand, 'issue')).toEqual(trouble);
  });

  test("of the printer stands in nobody's way who only looks", () => {
    const inTheWay = troubles.filter(
      ([obstacle]) => troubleOfReadiness(hindered(obstacle), 'check', 'sign-in') !== undefined,
    );
    expect(inTheWay.map(([obstacle]) => obstacle)).toEqual(['out-of-service', 'centre-unreachable']);
  });

  test('that is worst is said first', () => {
    const all = troubles.map(([obstacle]) => obstacle).toReversed();
    expect(troubleOfReadiness(hindered(...all), 'apply', 'issue')?.reference).toBe('R-02');
    expect(troubleOfReadiness(hindered('slip-at-exit', 'no-paper'), 'apply', 'issue')?.code).toBe('E14');
  });

  test('is none where there is none, or where a way to sign in is missing', () => {
    expect(troubleOfReadiness(allReady, 'apply', 'issue')).toBeUndefined();
    expect(troubleOfReadiness(hindered('no-sign-in-device', 'starting'), 'apply', 'issue')).toBeUndefined();
  });
});

describe('再试一次', () => {
  test.for([
    [{ code: 'E02' }, 'no-paper', false],
    [{ code: 'E12', retry: 'sign-in' }, 'no-paper', true],
    [{ code: 'E14', retry: 'sign-in' }, 'no-paper', false],
    [{ code: 'E14', retry: 'sign-in' }, undefined, true],
    [{ code: 'E14-slip', retry: 'sign-in' }, 'slip-at-exit', false],
    [{ code: 'E20', retry: 'sign-in', reference: 'R-01' }, 'printer-fault', false],
    [{ code: 'E20', retry: 'sign-in', reference: 'R-01' }, undefined, true],
    [{ code: 'E20', retry: 'sign-in', reference: 'P-01' }, 'printer-fault', true],
  ] as const)('after %j with %s: %s', ([trouble, obstacle, offered]) => {
    const readiness = obstacle === undefined ? allReady : hindered(obstacle);
    expect(mayRetry(trouble, readiness, 'apply')).toBe(offered);
  });

  test('is asked of the errand', () => {
    expect(mayRetry({ code: 'E14', retry: 'sign-in' }, hindered('no-paper'), 'check')).toBe(true);
  });
});

describe('an issuance', () => {
  test.for([
    [{ kind: 'voided', reason: 'jam', oldCodeStillValid: true }, { code: 'E15' }],
    [
      { kind: 'voided', reason: 'stale', oldCodeStillValid: false },
      { code: 'E19a', retry: 'sign-in' },
    ],
    [
      { kind: 'voided', reason: 'fault', oldCodeStillValid: true },
      { code: 'E19a', retry: 'issue' },
    ],
    [
      { kind: 'voided', reason: 'fault', oldCodeStillValid: false },
      { code: 'E19a-pending', retry: 'issue' },
    ],
    [issuedInDoubt, { code: 'E19b' }],
    [issued(), undefined],
    [{ kind: 'refused', problem: 'already-active' }, { code: 'E10' }],
    [
      { kind: 'refused', problem: 'already-active', validUntil: '2027-01-01' },
      { code: 'E10', validUntil: '2027-01-01' },
    ],
    [
      { kind: 'refused', problem: 'nothing-to-reissue' },
      { code: 'E20', retry: 'sign-in', reference: 'P-02' },
    ],
    [
      { kind: 'refused', problem: 'something-new' },
      { code: 'E20', retry: 'sign-in', reference: 'P-01' },
    ],
    [{ kind: 'refused', problem: 'under-age' }, { code: 'E07' }],
    [{ kind: 'refused', problem: 'no-photo' }, { code: 'E07-photo' }],
    [{ kind: 'refused', problem: 'card-expired' }, { code: 'E04' }],
    [{ kind: 'refused', problem: 'daily-limit' }, { code: 'E11' }],
    [{ kind: 'unreachable' }, { code: 'E12', retry: 'issue' }],
    [
      { kind: 'not-ready', reason: 'no-paper' },
      { code: 'E14', retry: 'confirmation' },
    ],
    [
      { kind: 'not-ready', reason: 'cover-open' },
      { code: 'E14-cover', retry: 'confirmation' },
    ],
    [
      { kind: 'not-ready', reason: 'slip-at-exit' },
      { code: 'E14-slip', retry: 'confirmation' },
    ],
    [
      { kind: 'not-ready', reason: 'jam' },
      { code: 'E20', retry: 'confirmation', reference: 'R-01' },
    ],
    [
      { kind: 'not-ready', reason: 'fault' },
      { code: 'E20', retry: 'confirmation', reference: 'R-01' },
    ],
    [
      { kind: 'not-ready', reason: 'backlog' },
      { code: 'E20', retry: 'confirmation', reference: 'R-03' },
    ],
    [
      { kind: 'not-ready', reason: 'busy' },
      { code: 'E20', retry: 'confirmation', reference: 'P-05' },
    ],
    [{ kind: 'stopped' }, { code: 'E20', reference: 'P-04' }],
  ] as const satisfies readonly (readonly [IssueOutcome, Trouble | undefined])[])(
    '%j: %j',
    ([outcome, trouble]) => {
      expect(troubleOfIssuance(outcome, 'reissue', 'issue')).toStrictEqual(trouble);
    },
  );

  test('of somebody without an earlier code has none to speak of', () => {
    const voided: IssueOutcome = { kind: 'voided', reason: 'fault', oldCodeStillValid: false };
    expect(troubleOfIssuance(voided, 'apply', 'sign-in')).toEqual({ code: 'E19a', retry: 'sign-in' });
  });

  test.for([
    ['apply', false, 'E19a-retracted'],
    ['reissue', true, 'E19a-retracted'],
    ['reissue', false, 'E19a-retracted-pending'],
  ] as const)('whose slip went back: %s, %s', ([kind, holds, code]) => {
    expect(troubleOfRetraction(kind, holds, 'issue')).toEqual({ code, retry: 'issue' });
  });

  test.for([
    [undefined, { code: 'E20', reference: 'P-03' }],
    ['activating', { code: 'E20', reference: 'P-03' }],
    ['finishing', { code: 'E19b' }],
  ] as const)('that never answers, last heard of at %s', ([progress, trouble]) => {
    expect(troubleOfSilence(progress)).toEqual(trouble);
  });
});
