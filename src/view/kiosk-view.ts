/**
 * What the person sees, as facts and not as sentences: session makes it, the bridge carries it, screens draw it.
 * Screen names in comments (S0 … S16, E01 … E20) are those of the copy table, `docs/glossary.md`.
 */

import type {
  AddressSlipOutcome,
  MapPlan,
  NearbyTerminal,
  NoticePage,
  NoticeText,
  PagePosition,
} from './directory-view.ts';

/** How somebody signs in: 身份证登录 or 随申办登录. */
export type SignInMethod = 'id-card' | 'suishen-code';

/** What somebody came for: 领取, 补领, 查看. */
export type Errand = 'apply' | 'reissue' | 'check';

/** A calendar date at the centre, `YYYY-MM-DD`, Asia/Shanghai. */
export type CalendarDate = string;

/** Why a service cannot be finished now; the home screen says it in one sentence. */
export type Obstacle =
  | 'centre-unreachable'
  | 'no-paper'
  | 'cover-open'
  | 'slip-at-exit' // somebody's slip lies there, and only a hand can take it away
  | 'printer-fault'
  | 'no-sign-in-device'
  | 'backlog' // too many operations of which the centre has not heard the end
  | 'starting'
  | 'out-of-service';

/** What can be finished now, from the devices and the centre. */
export interface Readiness {
  /** Ways to sign in that work at this moment. */
  readonly methods: readonly SignInMethod[];
  /** 领取 and 补领 can be finished. */
  readonly issue: boolean;
  /** 查看 can be finished (needs no printer). */
  readonly check: boolean;
  readonly obstacles: readonly Obstacle[];
}

/** Masked by the centre; the full name is fetched apart, when asked for, and never part of a view. */
export interface PersonView {
  /** 张*三 */
  readonly maskedName: string;
  /** 310***********1234 */
  readonly maskedIdNumber: string;
  /** Opaque; the page asks the agent for the picture by it, once. Absent: no photo on file. */
  readonly photoRef?: string;
  /** The full name is to be shown now (10 s). */
  readonly fullNameShown: boolean;
}

/** What the centre says of the code somebody holds; `none`: never had one. */
export interface CurrentCodeView {
  readonly status: 'none' | 'active' | 'expiring' | 'expired' | 'revoked' | 'superseded' | 'unconfirmed';
  readonly validUntil?: CalendarDate;
  /** Days still to go, the last one included. */
  readonly daysLeft?: number;
}

/** The errors of the copy table that this flow can reach. */
export type ErrorCode =
  | 'E01' // card not read, lay it again
  | 'E02' // card unreadable three times
  | 'E03' // not an ID card
  | 'E04' // ID card expired
  | 'E05' // code not legible
  | 'E06' // code expired, used or foreign
  | 'E06-paper' // the paper offline code was held under the scanner to sign in
  | 'E07' // under 60
  | 'E07-photo' // no photo on file
  | 'E08' // unknown person
  | 'E09' // 不是我
  | 'E10' // already has an active code (a 409 at reserve)
  | 'E11' // daily limit
  | 'E12' // centre unreachable
  | 'E13' // long wait
  | 'E13-phone' // the same for somebody who signed in by phone
  | 'E13-paper' // the same while an unfinished slip hangs in the exit
  | 'E14' // no paper
  | 'E14-cover' // cover open
  | 'E14-slip' // somebody's slip lies at the exit
  | 'E15' // paper jam, slip void
  | 'E16' // the own slip still lies at the exit
  | 'E16-retracts' // the same, and it will be pulled back
  | 'E16-retracting' // it is being pulled back
  | 'E17' // reader broken
  | 'E18' // scanner broken
  | 'E19a' // unsure before activation: void, do it again
  | 'E19a-pending' // the same, and the centre has not said yet that the earlier code is valid again
  | 'E19a-retracted' // nobody took the slip, it was pulled back and is void
  | 'E19a-retracted-pending' // the same, and the centre has not said yet that the earlier code is valid again
  | 'E19b' // unsure after activation: look at the exit
  | 'E20' // anything else
  | 'E21'; // the slip cannot be read back: a new one is offered

/** Something of the person's that is to be taken away. */
export type TakeAway = 'slip' | 'id-card';

export type Screen =
  | { readonly name: 'attract' } // S0
  | { readonly name: 'home' } // S1
  | { readonly name: 'how-to' } // S12
  | { readonly name: 'nearby'; readonly terminals: readonly NearbyTerminal[]; readonly at: PagePosition } // S11
  | { readonly name: 'nearby-map'; readonly terminals: readonly NearbyTerminal[]; readonly map: MapPlan } // S11 看地图
  | {
      readonly name: 'address-slip';
      /** Whether the addresses of S11 are on paper. */
      readonly state: 'printing' | AddressSlipOutcome;
    } // S11 打印这张地址
  | {
      readonly name: 'notices';
      /** At most three. */
      readonly notices: readonly Pick<NoticeText, 'kind' | 'title'>[];
      readonly at: PagePosition;
    } // S12b
  | {
      readonly name: 'notice';
      readonly title: string;
      readonly content: NoticePage;
      readonly at: PagePosition;
    } // S12c
  | { readonly name: 'choose-method'; readonly errand: Errand } // S2
  | { readonly name: 'bring-id-card' } // S2x
  | { readonly name: 'present-id-card' } // S3a
  | { readonly name: 'present-suishen-code' } // S3b
  | { readonly name: 'suishen-code-help' } // S3b 不会打开，教教我
  | { readonly name: 'identifying'; readonly method: SignInMethod } // S4
  | {
      readonly name: 'confirm-identity';
      readonly errand: Errand;
      readonly kind: 'apply' | 'reissue';
      readonly person: PersonView;
    } // S5
  | { readonly name: 'printing'; readonly kind: 'apply' | 'reissue' } // S6
  | {
      readonly name: 'take-slip';
      readonly validUntil: CalendarDate;
      /** What is still to be taken, in this order; never empty. Where a sensor sees the slip, the card's turn comes after it. */
      readonly toTake: readonly TakeAway[];
    } // S7
  | {
      readonly name: 'read-back';
      /** What was wrong with the last thing under the scanner: another code, or nothing legible. */
      readonly lastScan?: 'other' | 'illegible';
    } // S7b
  | {
      readonly name: 'finished';
      /** The slip was read back: it is seen that it works. */
      readonly readBack: boolean;
    } // S8
  | { readonly name: 'confirm-reissue'; readonly current: CurrentCodeView } // S9
  | { readonly name: 'code-status'; readonly current: CurrentCodeView } // S10
  | {
      readonly name: 'take-id-card';
      /** The reader sees the card lying there; otherwise it only may. */
      readonly seen: boolean;
    } // S16: a card was used and the session is over; no personal data
  | {
      readonly name: 'error';
      readonly code: ErrorCode;
      /** For E20: a short number that staff can look up, e.g. `P-03`. */
      readonly reference?: string;
      /** For E10. */
      readonly validUntil?: CalendarDate;
    };

/** Lies over the screen; closing it returns to the step underneath. */
export type Overlay =
  | { readonly name: 'still-there' } // S13, opaque
  /** `calling`: nobody has answered yet · `called`: staff know · `nobody`: nobody can be called from here. */
  | { readonly name: 'help'; readonly call: 'calling' | 'called' | 'nobody' }; // S14

export interface KioskView {
  /** Counts sessions. A choice that carries another epoch changes nothing; a page that sees a new one reloads itself. */
  readonly epoch: number;
  readonly screen: Screen;
  readonly overlay?: Overlay;
  /**
   * Milliseconds, when this view was sent, until the kiosk moves on by itself (S13: the session ends; S8: home). Only
   * present when the person should see it; the page counts it down by its own monotonic clock.
   */
  readonly remainingMs?: number;
  readonly readiness: Readiness;
  /** While nothing can be begun here: the next machine, where it is known. */
  readonly nearest?: NearbyTerminal;
  /** Exactly the choices that mean something now; screens offer no other. */
  readonly choices: readonly Choice[];
}

/** What a person can choose. Which of them a screen offers is in `KioskView.choices`. */
export const CHOICES = [
  'start', // S0: anywhere
  'apply', // S1 领取离线码, S12 现在就办
  'reissue', // S1 补领离线码
  'check', // S1 查看我的离线码
  'nearby', // S1, E14, E17 附近的机器
  'how-to', // S1 怎么用
  'notices', // S12 办事指南
  'open-first', // S12b the first notice of the page …
  'open-second',
  'open-third',
  'next-page', // S11, S12b, S12c 下一页
  'previous-page', // S11, S12c 上一页
  'first-page', // S12b 回第一页
  'show-map', // S11 看地图
  'print-addresses', // S11 打印这张地址
  'use-id-card',
  'use-suishen-code',
  'have-neither', // S2 都没带
  'teach-suishen-code', // S3b 不会打开，教教我
  'back',
  'home',
  'cancel', // S4 不办了, S13 不办了
  'confirm', // S5 是我，申领 / 是我，补领
  'not-me', // S5 不是我
  'show-full-name', // S5 显示全名
  'confirm-reissue', // S9, S10, E10, E19b 补领新的, E21 补一张新的
  'decline-reissue', // S9 先不补
  'apply-now', // S10 现在领取
  'got-everything', // S7 都拿好了, E19b 有纸，拿好了
  'no-paper-came', // S7 纸没出来, E16 没看到纸, E19b 没有纸，补领
  'cannot-scan', // S7b 扫不出来
  'skip-read-back', // S7b 不扫了，拿走
  'retry', // errors: 再试一次
  'keep-waiting', // E13 接着等
  'still-here', // S13 我还在，接着办
  'call-help', // footer 叫人帮忙
  'close-help', // S14 不用了，接着办
] as const;

export type Choice = (typeof CHOICES)[number];
