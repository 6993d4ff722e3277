import { and, not } from 'xstate';
import { signInBy } from './sign-in-states.ts';
import type { SessionSetup } from './session-setup.ts';

const goHome = { target: '#ending', actions: { type: 'endInto', params: { next: 'home' } } } as const;

/** Errors at which the other way to sign in can still lead to the goal. */
const OTHER_WAY_HELPS = ['E02', 'E03', 'E05', 'E06', 'E06-paper', 'E17', 'E18'] as const;

/** E01 … E21: what happened, what can be done. Nothing runs here; which ways out there are depends on the trouble. */
export function errorState(vocabulary: SessionSetup) {
  const troubleIs = (...codes: string[]) => ({ type: 'troubleIs', params: { codes } }) as const;
  const retries = (at: 'sign-in' | 'confirmation' | 'issue') =>
    ({ type: 'retries', params: { at } }) as const;
  const otherWay = (method: 'id-card' | 'suishen-code') => {
    const transition = signInBy(method, 'otherWay');
    return { ...transition, guard: and([troubleIs(...OTHER_WAY_HELPS), transition.guard]) };
  };

  return vocabulary.createStateConfig({
    id: 'error',
    on: {
      'choice.home': goHome,
      'choice.nearby': {
        guard: 'offersTerminals',
        target: '#ending',
        actions: { type: 'endInto', params: { next: 'nearby' } },
      },
      'choice.retry': [
        {
          guard: and([troubleIs('E09'), not('ownMethodLost')]),
          target: '#ending',
          actions: { type: 'endInto', params: { next: 'sign-in-again' } },
        },
        {
          guard: and(['mayRetry', retries('sign-in'), 'blocked']),
          target: '#error',
          actions: 'failBlocked',
        },
        {
          guard: and(['mayRetry', retries('sign-in'), 'ownMethodLost']),
          target: '#error',
          actions: 'failLostDevice',
        },
        { guard: and(['mayRetry', retries('sign-in')]), target: '#signing-in' },
        {
          guard: and(['mayRetry', 'printBlocked']),
          target: '#error',
          actions: 'failPrintBlocked',
        },
        { guard: and(['mayRetry', retries('confirmation')]), target: '#confirm-identity' },
        { guard: and(['mayRetry', retries('issue')]), target: '#printing' },
      ],
      'choice.use-id-card': otherWay('id-card'),
      'choice.use-suishen-code': otherWay('suishen-code'),
      'choice.have-neither': { guard: troubleIs('E03'), target: '#bring-id-card' },
      'choice.confirm-reissue': [
        { guard: troubleIs('E10'), target: '#confirm-reissue', actions: 'reissueInstead' },
        // E21 has said already what becomes of the slip that cannot be read.
        {
          guard: and([troubleIs('E21'), 'printBlocked']),
          target: '#error',
          actions: ['reissueInstead', 'failPrintBlocked'],
        },
        { guard: and([troubleIs('E21'), 'tokenSpent']), target: '#signing-in' },
        { guard: troubleIs('E21'), target: '#printing', actions: 'reissueInstead' },
      ],
      'choice.got-everything': {
        guard: troubleIs('E19b'),
        target: '#slip-settled',
        actions: [
          { type: 'sayOfSlip', params: { answer: 'in-hand' } },
          { type: 'noteOutcome', params: { outcome: 'issued' } },
        ],
      },
      'choice.no-paper-came': [
        {
          guard: and([troubleIs('E19b'), 'tokenSpent']),
          target: '#signing-in',
          actions: { type: 'answerForSlip', params: { answer: 'missing' } },
        },
        {
          guard: troubleIs('E19b'),
          target: '#confirm-reissue',
          actions: [{ type: 'answerForSlip', params: { answer: 'missing' } }, 'reissueInstead'],
        },
      ],
    },
  });
}
