import type { SessionSetup } from './session-setup.ts';
import { readBackState, takeSlipState } from './slip-states.ts';

const goHome = { target: '#ending', actions: { type: 'endInto', params: { next: 'home' } } } as const;

/** From the known person to the slip in the hand: 核对, 补领说明, 打印, 取纸, 扫一扫, 结束; and 查看. */
export function serviceStates(vocabulary: SessionSetup) {
  return vocabulary.createStateConfig({
    id: 'service',
    initial: 'identified',
    states: {
      identified: {
        id: 'identified',
        always: [
          {
            guard: 'checks',
            target: 'codeStatus',
            actions: ['chooseKind', { type: 'noteOutcome', params: { outcome: 'checked' } }],
          },
          { guard: 'ineligible', target: '#error', actions: ['failIneligible', 'forgetPerson'] },
          { guard: 'printBlocked', target: '#error', actions: ['chooseKind', 'failPrintBlocked'] },
          { target: 'confirmIdentity', actions: 'chooseKind' },
        ],
      },
      codeStatus: {
        id: 'code-status',
        on: {
          'choice.home': goHome,
          'choice.confirm-reissue': { guard: 'mayReplace', target: 'wanted' },
          'choice.apply-now': { guard: 'mayApply', target: 'wanted' },
        },
      },
      wanted: {
        always: [
          { guard: 'ineligible', target: '#error', actions: ['failIneligible', 'forgetPerson'] },
          { target: 'confirmIdentity' },
        ],
      },
      confirmIdentity: {
        id: 'confirm-identity',
        initial: 'masked',
        on: {
          'choice.confirm': [
            { guard: 'printBlocked', target: '#error', actions: 'failPrintBlocked' },
            { guard: 'reissues', target: 'confirmReissue' },
            { target: 'printing' },
          ],
          'choice.not-me': { target: '#error', actions: ['failNotMe', 'forgetPerson'] },
        },
        states: {
          masked: { on: { 'choice.show-full-name': 'fullName' } },
          fullName: { id: 'full-name', after: { fullName: 'masked' } },
        },
      },
      confirmReissue: {
        id: 'confirm-reissue',
        on: {
          'choice.confirm-reissue': [
            { guard: 'printBlocked', target: '#error', actions: 'failPrintBlocked' },
            { target: 'printing', actions: 'reissueInstead' },
          ],
          'choice.decline-reissue': goHome,
        },
      },
      printing: {
        id: 'printing',
        entry: 'startIssue',
        invoke: {
          id: 'issue',
          src: 'issue',
          input: ({ context }) => ({ epoch: context.epoch, kind: context.kind }),
        },
        on: {
          'issue.ended': { target: 'judged', actions: 'noteIssued' },
          'issue.broken': { target: '#error', actions: 'failSilentIssue' },
        },
        after: { issueCeiling: { target: '#error', actions: 'failSilentIssue' } },
        initial: 'working',
        states: {
          working: {
            on: {
              'issue.progress': [
                { guard: 'waitsLong', target: 'waitingLong' },
                { guard: 'isStep', actions: 'noteProgress' },
              ],
            },
          },
          /** E13. What the person answers only changes what is shown, except 不办了 before anything is on paper. */
          waitingLong: {
            id: 'printing-long',
            on: {
              'issue.progress': { guard: 'isStep', target: 'working', actions: 'noteProgress' },
              'choice.keep-waiting': 'waitingOn',
              'choice.cancel': { guard: 'nothingOnPaper', target: 'givingUp', actions: 'giveUpIssue' },
            },
          },
          waitingOn: {
            on: { 'issue.progress': { guard: 'isStep', target: 'working', actions: 'noteProgress' } },
            after: { waitAgain: 'waitingLong' },
          },
          givingUp: {
            on: { 'issue.progress': { guard: 'isStep', target: 'working', actions: 'noteProgress' } },
          },
        },
      },
      judged: {
        always: [
          { guard: 'gaveUp', ...goHome },
          { guard: 'troubled', target: '#error' },
          { target: 'takeSlip' },
        ],
      },
      takeSlip: takeSlipState(vocabulary),
      slipSettled: {
        id: 'slip-settled',
        always: [{ guard: 'wantsReadBack', target: 'readBack' }, { target: 'finished' }],
      },
      readBack: readBackState(vocabulary),
      finished: {
        id: 'finished',
        entry: 'endOfSlip',
        on: {
          'choice.home': goHome,
          'screen-over': { target: '#ending', actions: { type: 'endInto', params: { next: 'attract' } } },
        },
      },
    },
  });
}
