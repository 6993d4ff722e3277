import { stateIn } from 'xstate';
import type { SessionSetup } from './session-setup.ts';

/**
 * Whether the card that was read is seen lying on the reader, on those that can tell. Goes on beyond the session: a card forgets
 * nobody. Ends where the reader looks for a card again, because then the question is another one.
 */
export function cardRegion(vocabulary: SessionSetup) {
  return vocabulary.createStateConfig({
    initial: 'unwatched',
    states: {
      unwatched: {
        on: { 'sign-in.identifying': { guard: 'seesCards', target: 'watched', actions: 'noteCardSeen' } },
      },
      watched: {
        invoke: { src: 'watchCard' },
        always: { guard: stateIn('#presenting'), target: 'unwatched', actions: 'noteCardUnseen' },
        on: {
          'card.lifted': { target: 'unwatched', actions: 'noteCardLifted' },
          'card.unseen': { target: 'unwatched', actions: 'noteCardUnseen' },
        },
      },
    },
  });
}
