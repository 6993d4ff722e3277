import type { SignInMethod } from '../view/kiosk-view.ts';
import type { SessionSetup } from './session-setup.ts';

/** Signing in one way, from anywhere inside a session. What stands in the way of the errand is said there before anything is read. */
export const signInBy = (method: SignInMethod, condition: 'works' | 'otherWay' = 'works') =>
  ({
    guard: { type: condition, params: { method } },
    target: '#signing-in',
    reenter: true,
    actions: { type: 'useMethod', params: { method } },
  }) as const;

/** Somebody signs in: reader or scanner armed, the centre asked, what went wrong said. */
export function signInStates(vocabulary: SessionSetup) {
  return vocabulary.createStateConfig({
    id: 'signing-in',
    entry: ['recordMethod', 'startPhase'],
    invoke: { src: 'signIn', input: ({ context }) => ({ method: context.method }) },
    initial: 'presenting',
    on: {
      'sign-in.reading': { target: '.identifying', actions: 'noteCard' },
      'sign-in.identifying': '.identifying',
      'sign-in.unreadable': [
        { guard: 'lastMisread', target: '#error', actions: ['noteMisread', 'touch'] },
        { target: '.misread', actions: ['noteMisread', 'touch'] },
      ],
      'sign-in.not-an-id-card': [
        { guard: 'lastMisread', target: '#error', actions: ['noteMisread', 'touch'] },
        { target: '.misread', actions: ['noteMisread', 'touch'] },
      ],
      'sign-in.illegible': [
        { guard: 'lastMisread', target: '#error', actions: ['noteMisread', 'touch'] },
        { target: '.misread', actions: ['noteMisread', 'touch'] },
      ],
      'sign-in.device-lost': { target: '#error', actions: 'failLostDevice' },
      'sign-in.refused': { target: '#error', actions: 'failSignIn' },
      'sign-in.unreachable': { target: '#error', actions: 'failUnreachable' },
      'sign-in.over': { target: '#error', actions: 'failSilentSignIn' },
      'sign-in.identified': { target: '#identified', actions: 'notePerson' },
    },
    states: {
      presenting: {
        id: 'presenting',
        on: {
          'choice.use-suishen-code': signInBy('suishen-code', 'otherWay'),
          'choice.use-id-card': signInBy('id-card', 'otherWay'),
          'choice.teach-suishen-code': { guard: 'byCode', target: '#suishen-code-help' },
          'choice.back': '#choose-method',
        },
        always: { guard: 'blocked', target: '#error', actions: 'failBlocked' },
      },
      identifying: {
        id: 'identifying',
        initial: 'short',
        on: {
          'choice.cancel': { target: '#ending', actions: { type: 'endInto', params: { next: 'home' } } },
        },
        after: { identifyCeiling: { target: '#error', actions: 'failUnreachable' } },
        states: {
          short: { after: { longWait: 'long' } },
          long: { id: 'identifying-long', on: { 'choice.keep-waiting': 'short' } },
        },
      },
      /** The card or code told nothing, and reader or scanner goes on looking: laying it again is enough. */
      misread: {
        id: 'misread',
        on: {
          'choice.retry': 'presenting',
          'choice.use-suishen-code': signInBy('suishen-code', 'otherWay'),
          'choice.use-id-card': signInBy('id-card', 'otherWay'),
          'choice.have-neither': { guard: 'byCard', target: '#bring-id-card' },
          'choice.home': { target: '#ending', actions: { type: 'endInto', params: { next: 'home' } } },
        },
        // Nothing is read that cannot be used: a card that is laid again would be.
        always: { guard: 'blocked', target: '#error', actions: 'failBlocked' },
      },
    },
  });
}
