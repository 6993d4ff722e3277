import { and, not, or, stateIn } from 'xstate';
import type { SessionSetup } from './session-setup.ts';

/**
 * Whether somebody is there. One state per way of waiting; `deciding` picks it by the step and whether help is open, and
 * every touch goes through `deciding`, which starts the waiting anew; how long a touch took decides how long the next is waited for (`pace.ts`). Reader, printer and centre at work stop the clock.
 */
export function presenceRegion(vocabulary: SessionSetup) {
  const helpClosed = stateIn('#help-closed');
  const noSession = or([stateIn('#attract'), stateIn('#ending')]);
  const atHome = or([stateIn('#home'), stateIn('#how-to')]);
  const busy = or([
    stateIn('#identifying'),
    stateIn('#printing'),
    stateIn('#slip-retracting'),
    stateIn('#printing-addresses'),
  ]);
  const confirming = stateIn('#confirm-identity');
  const taking = and([stateIn('#take-slip'), not(busy), helpClosed]);
  const readingBack = and([stateIn('#read-back'), helpClosed]);
  const finished = and([stateIn('#finished'), helpClosed]);
  const reminding = and([stateIn('#take-id-card'), not('cardSeen'), helpClosed]);
  const cardLies = and([stateIn('#take-id-card'), 'cardSeen', helpClosed]);
  const ownTime = or([confirming, taking, readingBack, finished, reminding, cardLies]);
  const answered = { target: 'deciding', actions: 'noteThought' } as const;
  const ordinary = not(or([noSession, atHome, busy, ownTime]));

  return vocabulary.createStateConfig({
    id: 'presence',
    initial: 'deciding',
    // Whoever listens again or makes the type larger is there, but has not thought about the step.
    on: { 'page-key': '.deciding' },
    states: {
      deciding: {
        id: 'deciding',
        always: [
          { guard: noSession, target: 'nobody' },
          { guard: busy, target: 'machineAtWork' },
          { guard: atHome, target: 'home' },
          { guard: confirming, target: 'confirming' },
          { guard: taking, target: 'taking' },
          { guard: readingBack, target: 'readingBack' },
          { guard: finished, target: 'finished' },
          { guard: reminding, target: 'reminding' },
          { guard: cardLies, target: 'cardLies' },
          { target: 'ordinary' },
        ],
      },
      nobody: { always: { guard: not(noSession), target: 'deciding' } },
      machineAtWork: { always: { guard: not(busy), target: 'deciding' } },
      home: {
        always: { guard: not(atHome), target: 'deciding' },
        on: { touched: 'deciding' },
        after: { idle: { actions: 'sayGone', target: 'deciding' } },
      },
      confirming: {
        entry: 'waits',
        // 是我 sets the machine to work before the touch is told of.
        always: [
          { guard: busy, ...answered },
          { guard: not(confirming), target: 'deciding' },
        ],
        on: { touched: answered },
        after: { confirm: 'warning' },
      },
      taking: {
        always: { guard: not(taking), target: 'deciding' },
        on: { touched: 'deciding' },
        after: { takeSlip: { actions: 'sayScreenOver', target: 'deciding' } },
      },
      readingBack: {
        always: { guard: not(readingBack), target: 'deciding' },
        on: { touched: 'deciding' },
        after: { readBack: { actions: 'sayScreenOver', target: 'deciding' } },
      },
      finished: {
        entry: { type: 'setDeadline', params: { limit: 'finishedMs' } },
        exit: 'clearDeadline',
        always: { guard: not(finished), target: 'deciding' },
        after: { finished: { actions: 'sayScreenOver', target: 'deciding' } },
      },
      reminding: {
        always: { guard: not(reminding), target: 'deciding' },
        after: { takeIdCard: { actions: 'sayScreenOver', target: 'deciding' } },
      },
      /** A card that is seen lying there is spoken of until it is lifted. */
      cardLies: { always: { guard: not(cardLies), target: 'deciding' } },
      ordinary: {
        entry: 'waits',
        always: { guard: not(ordinary), target: 'deciding' },
        on: { touched: answered },
        after: { idle: 'warning' },
      },
      /** S13: lies over the step and hides it. Ends by an answer, by the machine's own work, or by silence. Thought goes on over it. */
      warning: {
        id: 'warning',
        entry: { type: 'setDeadline', params: { limit: 'warningMs' } },
        exit: 'clearDeadline',
        always: { guard: or([busy, noSession]), target: 'deciding' },
        on: {
          touched: answered,
          // To hear the question again is no answer to it.
          'page-key': { target: 'warning', reenter: true },
          'choice.still-here': answered,
          'choice.cancel': { actions: 'sayGone', target: 'deciding' },
        },
        after: { warning: { actions: 'sayGone', target: 'deciding' } },
      },
    },
  });
}
