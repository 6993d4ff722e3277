import type { Choice, ErrorCode } from '../view/kiosk-view.ts';
import type { DeviceScene } from './parts/device-scenes.tsx';
import type { Tone } from './parts/status-mark.tsx';

/** The words of keys that read otherwise on one error than elsewhere. */
type OwnLabel =
  | 'layAgain'
  | 'scanAgain'
  | 'doAgain'
  | 'useIdCard'
  | 'usePhoneCode'
  | 'slipIsThere'
  | 'slipIsMissing'
  | 'noSlipSeen'
  | 'newSlip';

/** How an error looks and which keys it has. */
export interface ErrorPlan {
  readonly tone: Tone;
  /** In the order of the copy table: the first that is offered is the main key. */
  readonly keys: readonly (Choice | readonly [Choice, OwnLabel])[];
  readonly picture: DeviceScene;
}

/** Who or what helps, for each error. 叫人帮忙 is in the footer of all of them. */
export const ERROR_PLANS: Readonly<Record<ErrorCode, ErrorPlan>> = {
  E01: { tone: 'attention', keys: ['retry', 'use-suishen-code'], picture: 'lay-card' },
  E02: { tone: 'attention', keys: ['call-help', 'use-suishen-code'], picture: 'service-window' },
  E03: { tone: 'attention', keys: ['retry', 'have-neither'], picture: 'lay-card' },
  E04: { tone: 'attention', keys: ['call-help', 'home'], picture: 'service-window' },
  E05: { tone: 'attention', keys: ['retry', 'use-id-card'], picture: 'hold-code' },
  E06: { tone: 'attention', keys: [['retry', 'scanAgain'], 'use-id-card'], picture: 'hold-code' },
  'E06-paper': {
    tone: 'attention',
    keys: [['retry', 'scanAgain'], 'use-id-card'],
    picture: 'hold-code',
  },
  E07: { tone: 'attention', keys: ['home', 'call-help'], picture: 'service-window' },
  'E07-photo': { tone: 'attention', keys: ['call-help', 'home'], picture: 'service-window' },
  E08: { tone: 'attention', keys: ['call-help', 'home'], picture: 'service-window' },
  E09: { tone: 'attention', keys: ['call-help', ['retry', 'layAgain']], picture: 'service-window' },
  E10: { tone: 'good', keys: ['home', 'confirm-reissue'], picture: 'done' },
  E11: { tone: 'attention', keys: ['home', 'call-help'], picture: 'service-window' },
  E12: { tone: 'attention', keys: ['retry', 'call-help'], picture: 'service-window' },
  E13: { tone: 'attention', keys: ['keep-waiting', 'cancel'], picture: 'read-card' },
  'E13-phone': { tone: 'attention', keys: ['keep-waiting', 'cancel'], picture: 'wait' },
  'E13-paper': { tone: 'attention', keys: ['keep-waiting'], picture: 'slip-comes' },
  E14: {
    tone: 'attention',
    keys: ['call-help', 'retry', 'nearby', 'home'],
    picture: 'service-window',
  },
  'E14-cover': {
    tone: 'attention',
    keys: ['call-help', 'retry', 'nearby', 'home'],
    picture: 'service-window',
  },
  'E14-slip': { tone: 'attention', keys: ['retry', 'call-help', 'home'], picture: 'take-slip' },
  E15: { tone: 'stopped', keys: ['call-help'], picture: 'service-window' },
  E16: { tone: 'attention', keys: ['call-help', ['no-paper-came', 'noSlipSeen']], picture: 'take-slip' },
  'E16-retracts': {
    tone: 'attention',
    keys: ['call-help', ['no-paper-came', 'noSlipSeen']],
    picture: 'take-slip',
  },
  'E16-retracting': { tone: 'attention', keys: ['call-help'], picture: 'slip-goes-back' },
  E17: {
    tone: 'attention',
    keys: [['use-suishen-code', 'usePhoneCode'], 'nearby'],
    picture: 'phone',
  },
  E18: { tone: 'attention', keys: [['use-id-card', 'useIdCard'], 'call-help'], picture: 'id-card' },
  E19a: { tone: 'stopped', keys: [['retry', 'doAgain'], 'call-help'], picture: 'service-window' },
  'E19a-pending': {
    tone: 'stopped',
    keys: ['call-help', ['retry', 'doAgain']],
    picture: 'service-window',
  },
  'E19a-retracted': {
    tone: 'stopped',
    keys: [['retry', 'doAgain'], 'call-help'],
    picture: 'service-window',
  },
  'E19a-retracted-pending': {
    tone: 'stopped',
    keys: [['retry', 'doAgain'], 'call-help'],
    picture: 'service-window',
  },
  E19b: {
    tone: 'attention',
    keys: [['got-everything', 'slipIsThere'], ['no-paper-came', 'slipIsMissing'], 'call-help'],
    picture: 'take-slip',
  },
  E20: { tone: 'stopped', keys: ['retry', 'call-help'], picture: 'service-window' },
  E21: {
    tone: 'attention',
    keys: [['confirm-reissue', 'newSlip'], 'call-help', 'home'],
    picture: 'card-to-slip',
  },
};
