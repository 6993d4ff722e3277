import { not } from 'xstate';
import type { SessionSetup } from './session-setup.ts';

const endIntoAttract = {
  target: '#ending',
  actions: { type: 'endInto', params: { next: 'attract' } },
} as const;

/**
 * S7, from the cut slip until it is known where it is. Where a sensor sees the exit, the sensor says that the slip was taken;
 * whoever says so while it lies there, or says nothing, is reminded of it (E16), and then it is pulled back where that can be done.
 */
export function takeSlipState(vocabulary: SessionSetup) {
  const takeBackOr = <T extends object>(otherwise: T) =>
    [{ guard: 'exitRetracts', target: 'takingBack' }, otherwise] as const;

  return vocabulary.createStateConfig({
    id: 'take-slip',
    exit: 'cardReminded',
    invoke: { src: 'watchSlip' },
    initial: 'asking',
    on: {
      'slip.taken': [
        { guard: 'cardMayLie', target: '.asking', actions: ['noteSlipTaken', 'touch'] },
        { target: '#slip-settled', actions: 'noteSlipTaken' },
      ],
      'slip.jammed': { target: '#error', actions: 'failSlipMissing' },
      'slip.retracted': { target: '#error', actions: 'failRetracted' },
      'slip.unknown': { actions: 'noteBlindExit' },
      'card.lifted': { guard: 'slipTaken', target: '#slip-settled' },
    },
    states: {
      asking: {
        on: {
          'choice.got-everything': [
            { guard: 'slipAtExit', target: 'reminding' },
            { target: '#slip-settled', actions: { type: 'sayOfSlip', params: { answer: 'in-hand' } } },
          ],
          'screen-over': [
            { guard: 'slipAtExit', target: 'reminding' },
            { target: '#slip-settled', actions: { type: 'sayOfSlip', params: { answer: 'in-hand' } } },
          ],
          'choice.no-paper-came': [
            { guard: 'slipAtExit', target: 'reminding' },
            { guard: not('slipTaken'), target: '#error', actions: 'failSlipMissing' },
          ],
        },
      },
      /** E16 */
      reminding: {
        id: 'slip-reminding',
        on: {
          'slip.unknown': { target: 'asking', actions: 'noteBlindExit' },
          'choice.no-paper-came': takeBackOr({ target: '#error', actions: 'failSlipMissing' } as const),
          'screen-over': takeBackOr({
            ...endIntoAttract,
            actions: [endIntoAttract.actions, { type: 'noteOutcome', params: { outcome: 'unconfirmed' } }],
          } as const),
        },
      },
      /** Nobody grasps at a slip that is being pulled. */
      takingBack: {
        id: 'slip-retracting',
        invoke: { src: 'takeBack' },
        on: { 'slip.unknown': { target: '#error', actions: 'failSlipMissing' } },
        after: { retractCeiling: { target: '#error', actions: 'failSlipMissing' } },
      },
    },
  });
}

/** S7b: the slip is held under the scanner, and the agent compares. Who does not want to is not kept. */
export function readBackState(vocabulary: SessionSetup) {
  const cannotBeRead = {
    target: '#error',
    actions: [{ type: 'answerForSlip', params: { answer: 'illegible' } }, 'failIllegible'],
  } as const;

  return vocabulary.createStateConfig({
    id: 'read-back',
    entry: 'forgetMisreads',
    invoke: { src: 'readBack' },
    initial: 'asking',
    on: {
      'read-back.matches': {
        target: '#finished',
        actions: { type: 'sayOfSlip', params: { answer: 'read-back' } },
      },
      'read-back.other': { target: '.anotherCode', actions: 'touch' },
      'read-back.illegible': [
        { guard: 'lastMisread', ...cannotBeRead },
        { target: '.illegible', actions: ['countMisread', 'touch'] },
      ],
      'read-back.lost': '#finished',
      'choice.cannot-scan': cannotBeRead,
      'choice.skip-read-back': '#finished',
      'screen-over': '#finished',
    },
    states: { asking: {}, anotherCode: {}, illegible: {} },
  });
}
