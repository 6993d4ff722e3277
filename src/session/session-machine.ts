import { not, or, stateIn } from 'xstate';
import { browseStates } from './browse-states.ts';
import { cardRegion } from './card-watch.ts';
import { errorState } from './error-state.ts';
import type { SessionLimits } from './limits.ts';
import type { SessionPorts } from './ports.ts';
import { presenceRegion } from './presence.ts';
import { serviceStates } from './service-states.ts';
import { initialContext, setupSession } from './session-setup.ts';
import { signInBy, signInStates } from './sign-in-states.ts';

const goHome = { target: '#ending', actions: { type: 'endInto', params: { next: 'home' } } } as const;

const endIntoAttract = {
  target: '#ending',
  actions: { type: 'endInto', params: { next: 'attract' } },
} as const;

/** What a machine is made for, beside the world and its limits. */
export interface MachineSettings {
  readonly firstEpoch: number;
  /** When a slip is to be held under the scanner: after every print, or only when the printer is not sure. */
  readonly readBack: 'when-needed' | 'always';
}

/**
 * One person at the kiosk, and everything between persons. Four things happen at once: the step, whether somebody is there
 * (`presence`, S13), whether help is open (S14), and whether the card is seen lying on the reader. Presence and help lie over the
 * step and give it back unchanged.
 */
export function createSessionMachine(ports: SessionPorts, limits: SessionLimits, settings: MachineSettings) {
  const vocabulary = setupSession(ports, limits, settings.readBack);
  const errand = (wanted: 'apply' | 'reissue' | 'check') =>
    ({
      guard: { type: 'offers', params: { errand: wanted } },
      target: 'session',
      actions: { type: 'choose', params: { errand: wanted } },
    }) as const;
  const noSession = or([stateIn('#attract'), stateIn('#ending')]);

  const session = vocabulary.createStateConfig({
    id: 'session',
    entry: ['startTimes', 'beginSession'],
    exit: 'endOfSlip',
    initial: 'chooseMethod',
    on: {
      gone: endIntoAttract,
      stop: {
        ...endIntoAttract,
        actions: [endIntoAttract.actions, { type: 'noteOutcome', params: { outcome: 'interrupted' } }],
      },
    },
    states: {
      chooseMethod: {
        id: 'choose-method',
        always: { guard: 'blocked', target: '#error', actions: 'failBlocked' },
        on: {
          'choice.use-id-card': signInBy('id-card'),
          'choice.use-suishen-code': signInBy('suishen-code'),
          'choice.have-neither': 'bringIdCard',
          'choice.back': goHome,
        },
      },
      bringIdCard: {
        id: 'bring-id-card',
        on: { 'choice.home': goHome, 'choice.back': 'chooseMethod' },
      },
      suishenCodeHelp: {
        id: 'suishen-code-help',
        on: {
          'choice.back': '#signing-in',
          'choice.use-suishen-code': signInBy('suishen-code'),
          'choice.use-id-card': signInBy('id-card'),
        },
      },
      signingIn: signInStates(vocabulary),
      service: serviceStates(vocabulary),
      error: errorState(vocabulary),
    },
  });

  const ending = vocabulary.createStateConfig({
    id: 'ending',
    entry: ['recordEnd', 'wipe'],
    initial: 'emptying',
    on: {
      stop: { actions: endIntoAttract.actions },
      'vault.empty': [
        { guard: 'remindOfCard', target: '#take-id-card', actions: 'vaultEmpty' },
        { guard: { type: 'after', params: { next: 'home' } }, target: '#home', actions: 'vaultEmpty' },
        { guard: { type: 'after', params: { next: 'nearby' } }, target: '#nearby', actions: 'vaultEmpty' },
        {
          guard: { type: 'after', params: { next: 'sign-in-again' } },
          target: '#signing-in',
          actions: 'vaultEmpty',
        },
        { target: '#attract', actions: 'vaultEmpty' },
      ],
    },
    states: {
      emptying: {
        invoke: { src: 'emptyVault' },
        on: { 'vault.failed': { target: 'failed', actions: 'vaultStuck' } },
        after: { vaultRetry: { actions: 'vaultStuck' } },
      },
      failed: { after: { vaultRetry: 'emptying' } },
    },
  });

  return vocabulary.createMachine({
    id: 'kiosk',
    type: 'parallel',
    context: initialContext(ports, settings.firstEpoch),
    on: { readiness: { actions: 'rememberReadiness' }, directory: { actions: 'rememberDirectory' } },
    states: {
      step: {
        initial: 'attract',
        states: {
          attract: { id: 'attract', on: { 'choice.start': { target: 'home', actions: 'forgetPace' } } },
          home: {
            id: 'home',
            on: {
              'choice.apply': errand('apply'),
              'choice.reissue': errand('reissue'),
              'choice.check': errand('check'),
              'choice.nearby': { guard: 'hasTerminals', target: '#nearby' },
              'choice.how-to': 'howTo',
              gone: 'attract',
              stop: 'attract',
            },
          },
          /** Nobody's session yet: like home, and from here 领取 begins as well. */
          howTo: {
            id: 'how-to',
            on: {
              'choice.apply': errand('apply'),
              'choice.notices': { guard: 'hasNotices', target: '#notices' },
              'choice.back': 'home',
              gone: 'attract',
              stop: 'attract',
            },
          },
          browsing: browseStates(vocabulary),
          session,
          ending,
          takeIdCard: {
            id: 'take-id-card',
            on: {
              'choice.home': 'home',
              'card.lifted': [
                { guard: { type: 'after', params: { next: 'home' } }, target: 'home' },
                { guard: { type: 'after', params: { next: 'nearby' } }, target: '#nearby' },
                { target: 'attract' },
              ],
              // Whoever asked for 附近的机器 a moment ago is still there.
              'screen-over': [
                { guard: { type: 'after', params: { next: 'nearby' } }, target: '#nearby' },
                { target: 'attract' },
              ],
              gone: 'attract',
              stop: 'attract',
            },
          },
        },
      },
      presence: presenceRegion(vocabulary),
      card: cardRegion(vocabulary),
      help: {
        initial: 'closed',
        states: {
          closed: {
            id: 'help-closed',
            on: { 'choice.call-help': { guard: not(noSession), target: 'open' } },
          },
          open: {
            id: 'help-open',
            always: { guard: noSession, target: 'closed' },
            on: { 'choice.close-help': 'closed' },
            initial: 'calling',
            states: {
              calling: {
                invoke: { src: 'callHelp' },
                on: { 'help.called': 'called', 'help.nobody': 'nobody' },
                after: { helpCeiling: 'nobody' },
              },
              called: {},
              nobody: {},
            },
          },
        },
      },
    },
  });
}
