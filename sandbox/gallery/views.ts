import {
  type Choice,
  type ErrorCode,
  type KioskView,
  type Obstacle,
  type Readiness,
  type Screen,
  type TakeAway,
} from '../../src/view/kiosk-view.ts';
import { BROWSE_VIEWS, NEAREST, READY } from './browse-views.ts';

const CLOSED: Readiness = { methods: [], issue: false, check: false, obstacles: [] };

function view(
  screen: Screen,
  choices: readonly Choice[],
  more: Partial<Pick<KioskView, 'overlay' | 'readiness' | 'remainingMs' | 'nearest'>> = {},
): KioskView {
  return { epoch: 1, screen, choices, readiness: READY, ...more };
}

const PERSON = {
  maskedName: '张*三',
  maskedIdNumber: '310***********1234',
  photoRef: 'portrait',
  fullNameShown: false,
} as const;

function confirm(
  person: { maskedName: string; fullNameShown?: boolean; photoRef?: string },
  kind: 'apply' | 'reissue' = 'apply',
  errand = kind,
): KioskView {
  return view({ name: 'confirm-identity', errand, kind, person: { ...PERSON, ...person } }, [
    'confirm',
    'not-me',
    ...(person.fullNameShown === true ? [] : (['show-full-name'] as const)),
    'call-help',
  ]);
}

function confirmReissue(current: Extract<Screen, { name: 'confirm-reissue' }>['current']): KioskView {
  return view({ name: 'confirm-reissue', current }, ['confirm-reissue', 'decline-reissue', 'call-help']);
}

/** The home screen while something cannot be finished; 查看 needs no printer. */
function homeWithout(obstacle: Obstacle): KioskView {
  return view({ name: 'home' }, ['check', 'nearby', 'how-to', 'call-help'], {
    readiness: { ...READY, issue: false, obstacles: [obstacle] },
  });
}

function homeClosed(obstacle: Obstacle): KioskView {
  return view({ name: 'home' }, ['nearby', 'how-to', 'call-help'], {
    readiness: { ...CLOSED, obstacles: [obstacle] },
    nearest: NEAREST,
  });
}

function code(current: Extract<Screen, { name: 'code-status' }>['current'], ...choices: Choice[]): KioskView {
  return view({ name: 'code-status', current }, [...choices, 'home', 'call-help']);
}

function takeSlip(toTake: readonly TakeAway[], ...choices: Choice[]): KioskView {
  const screen = { name: 'take-slip', validUntil: '2027-12-20', toTake } as const;
  return view(screen, ['got-everything', ...choices, 'call-help']);
}

function readBack(lastScan?: 'other' | 'illegible'): KioskView {
  return view({ name: 'read-back', ...(lastScan === undefined ? {} : { lastScan }) }, [
    'cannot-scan',
    'skip-read-back',
    'call-help',
  ]);
}

const HOME_CHOICES = ['apply', 'reissue', 'check', 'nearby', 'how-to', 'call-help'] as const;
const SCREEN_VIEWS: Readonly<Record<string, KioskView>> = {
  attract: view({ name: 'attract' }, ['start']),
  home: view({ name: 'home' }, HOME_CHOICES),
  'home-no-paper': homeWithout('no-paper'),
  'home-cover-open': homeWithout('cover-open'),
  'home-slip-at-exit': homeWithout('slip-at-exit'),
  'home-printer-fault': homeWithout('printer-fault'),
  'home-backlog': homeWithout('backlog'),
  'home-no-reader': view({ name: 'home' }, HOME_CHOICES, {
    readiness: { ...READY, methods: ['suishen-code'] },
  }),
  'home-no-scanner': view({ name: 'home' }, HOME_CHOICES, { readiness: { ...READY, methods: ['id-card'] } }),
  'home-closed': homeClosed('centre-unreachable'),
  'home-no-devices': homeClosed('no-sign-in-device'),
  'home-starting': homeClosed('starting'),
  'home-out-of-service': homeClosed('out-of-service'),
  'out-of-service': view({ name: 'attract' }, ['start'], {
    readiness: { ...CLOSED, obstacles: ['out-of-service'] },
    nearest: NEAREST,
  }),
  'out-of-service-unknown': view({ name: 'attract' }, ['start'], {
    readiness: { ...CLOSED, obstacles: ['out-of-service'] },
  }),
  'home-nowhere-else': view({ name: 'home' }, ['apply', 'reissue', 'check', 'how-to', 'call-help']),
  'home-no-paper-nowhere-else': view({ name: 'home' }, ['check', 'how-to', 'call-help'], {
    readiness: { ...READY, issue: false, obstacles: ['no-paper'] },
  }),
  'home-closed-nowhere-else': view({ name: 'home' }, ['how-to', 'call-help'], {
    readiness: { ...CLOSED, obstacles: ['centre-unreachable'] },
  }),
  'home-out-of-service-nowhere-else': view({ name: 'home' }, ['how-to', 'call-help'], {
    readiness: { ...CLOSED, obstacles: ['out-of-service'] },
  }),
  'how-to': view({ name: 'how-to' }, ['apply', 'notices', 'back', 'call-help']),
  'how-to-closed': view({ name: 'how-to' }, ['notices', 'back', 'call-help'], { readiness: CLOSED }),
  'how-to-no-notices': view({ name: 'how-to' }, ['apply', 'back', 'call-help']),
  'how-to-closed-no-notices': view({ name: 'how-to' }, ['back', 'call-help'], { readiness: CLOSED }),
  'choose-method': view({ name: 'choose-method', errand: 'apply' }, [
    'use-id-card',
    'use-suishen-code',
    'have-neither',
    'back',
    'call-help',
  ]),
  'choose-method-phone-only': view({ name: 'choose-method', errand: 'apply' }, [
    'use-suishen-code',
    'have-neither',
    'back',
    'call-help',
  ]),
  'choose-method-card-only': view({ name: 'choose-method', errand: 'apply' }, [
    'use-id-card',
    'have-neither',
    'back',
    'call-help',
  ]),
  'bring-id-card': view({ name: 'bring-id-card' }, ['call-help', 'home', 'back']),
  'present-id-card': view({ name: 'present-id-card' }, ['use-suishen-code', 'back', 'call-help']),
  'present-suishen-code': view({ name: 'present-suishen-code' }, [
    'use-id-card',
    'teach-suishen-code',
    'back',
    'call-help',
  ]),
  'suishen-code-help': view({ name: 'suishen-code-help' }, [
    'use-id-card',
    'use-suishen-code',
    'back',
    'call-help',
  ]),
  identifying: view({ name: 'identifying', method: 'id-card' }, ['cancel', 'call-help']),
  'identifying-code': view({ name: 'identifying', method: 'suishen-code' }, ['cancel', 'call-help']),
  'confirm-identity': confirm({ maskedName: '张*三' }),
  'confirm-identity-full-name': confirm({ maskedName: '䶮*𬱖', fullNameShown: true }),
  'confirm-identity-full-name-reissue': confirm({ maskedName: '䶮*𬱖', fullNameShown: true }, 'reissue'),
  'confirm-identity-nothing-to-replace': confirm({ maskedName: '张*三' }, 'apply', 'reissue'),
  'confirm-identity-english': confirm({ maskedName: 'A***-***, *** *** *E' }),
  'confirm-identity-long': confirm({ maskedName: '阿***·买***提' }, 'reissue'),
  printing: view({ name: 'printing', kind: 'apply' }, ['call-help']),
  'printing-reissue': view({ name: 'printing', kind: 'reissue' }, ['call-help']),
  'take-slip': takeSlip(['slip', 'id-card'], 'no-paper-came'),
  'take-slip-no-card': takeSlip(['slip'], 'no-paper-came'),
  'take-slip-card-left': takeSlip(['id-card']),
  'read-back': readBack(),
  'read-back-other': readBack('other'),
  'read-back-illegible': readBack('illegible'),
  finished: view({ name: 'finished', readBack: false }, ['home', 'call-help'], { remainingMs: 10_000 }),
  'finished-read-back': view({ name: 'finished', readBack: true }, ['home', 'call-help'], {
    remainingMs: 10_000,
  }),
  'confirm-reissue': confirmReissue({ status: 'active', validUntil: '2027-05-20' }),
  'confirm-reissue-no-date': confirmReissue({ status: 'active' }),
  'confirm-reissue-unconfirmed': confirmReissue({ status: 'unconfirmed', validUntil: '2027-05-20' }),
  'code-none': code({ status: 'none' }, 'apply-now'),
  'code-active': code({ status: 'active', validUntil: '2027-05-20', daysLeft: 178 }),
  'code-expiring-no-date': code({ status: 'expiring' }, 'confirm-reissue'),
  'code-expiring': code({ status: 'expiring', validUntil: '2026-12-12', daysLeft: 12 }, 'confirm-reissue'),
  'code-last-day': code({ status: 'expiring', validUntil: '2026-12-12', daysLeft: 1 }, 'confirm-reissue'),
  'code-expired': code({ status: 'expired', validUntil: '2026-10-11' }, 'apply-now'),
  'code-revoked': code({ status: 'revoked' }, 'apply-now'),
  'code-superseded': code({ status: 'superseded' }, 'apply-now'),
  'code-unconfirmed': code({ status: 'unconfirmed', validUntil: '2027-05-20' }, 'confirm-reissue'),
  'take-id-card': view({ name: 'take-id-card', seen: false }, ['home', 'call-help']),
  'take-id-card-seen': view({ name: 'take-id-card', seen: true }, ['home', 'call-help']),
  'still-there': view(confirm({ maskedName: '张*三' }).screen, ['still-here', 'cancel'], {
    overlay: { name: 'still-there' },
    remainingMs: 60_000,
  }),
  help: view({ name: 'home' }, ['close-help'], { overlay: { name: 'help', call: 'nobody' } }),
  'help-calling': view({ name: 'home' }, ['close-help'], { overlay: { name: 'help', call: 'calling' } }),
  'help-called': view({ name: 'home' }, ['close-help'], {
    overlay: { name: 'help', call: 'called' },
  }),
};

const RETRY_CARD = ['retry', 'use-suishen-code', 'have-neither', 'home', 'call-help'] as const;
const RETRY_CODE = ['retry', 'use-id-card', 'home', 'call-help'] as const;
const RETRY = ['retry', 'home', 'call-help'] as const;
const HELP = ['home', 'call-help'] as const;
const ELSEWHERE = ['nearby', ...HELP] as const;
const RETRY_OR_ELSEWHERE = ['retry', ...ELSEWHERE] as const;
/** What the session offers on each error; a second row is the same error with other keys. */
const ERROR_CHOICES: Readonly<Record<ErrorCode, readonly (readonly Choice[])[]>> = {
  E01: [RETRY_CARD],
  E02: [['use-suishen-code', ...HELP]],
  E03: [RETRY_CARD],
  E04: [HELP],
  E05: [RETRY_CODE],
  E06: [RETRY_CODE],
  'E06-paper': [RETRY_CODE],
  E07: [HELP],
  'E07-photo': [HELP],
  E08: [HELP],
  E09: [RETRY],
  E10: [['confirm-reissue', ...HELP]],
  E11: [HELP],
  E12: [RETRY],
  E13: [['keep-waiting', 'cancel', 'call-help']],
  'E13-phone': [['keep-waiting', 'cancel', 'call-help']],
  'E13-paper': [['keep-waiting', 'call-help']],
  E14: [ELSEWHERE, RETRY_OR_ELSEWHERE, HELP],
  'E14-cover': [ELSEWHERE, RETRY_OR_ELSEWHERE, HELP],
  'E14-slip': [HELP, RETRY],
  E15: [HELP],
  E16: [['no-paper-came', 'call-help']],
  'E16-retracts': [['no-paper-came', 'call-help']],
  'E16-retracting': [['call-help']],
  E17: [['use-suishen-code', ...ELSEWHERE]],
  E18: [['use-id-card', ...HELP]],
  E19a: [RETRY],
  'E19a-pending': [RETRY],
  'E19a-retracted': [RETRY],
  'E19a-retracted-pending': [RETRY],
  E19b: [['got-everything', 'no-paper-came', ...HELP]],
  E20: [RETRY, HELP],
  E21: [['confirm-reissue', ...HELP]],
};

function errorViews(): Record<string, KioskView> {
  const views: Record<string, KioskView> = {};
  for (const [name, rows] of Object.entries(ERROR_CHOICES)) {
    const code = name as ErrorCode;
    const facts = {
      ...(code === 'E10' ? { validUntil: '2027-05-20' } : {}),
      ...(code === 'E20' ? { reference: 'P-03' } : {}),
    };
    if (code === 'E10') views['E10-no-date'] = view({ name: 'error', code }, rows[0] ?? []);
    for (const [row, choices] of rows.entries())
      views[row === 0 ? code : `${code}-${row + 1}`] = view({ name: 'error', code, ...facts }, choices);
  }
  return views;
}

/** One view for each look that the touchscreen can have, by name (tests/screens-gallery.test.ts holds that none is missing). */
export const GALLERY_VIEWS: Readonly<Record<string, KioskView>> = {
  ...SCREEN_VIEWS,
  ...BROWSE_VIEWS,
  ...errorViews(),
};
