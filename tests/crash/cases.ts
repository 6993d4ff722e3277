import type { RouteName } from '../../src/central-api/routes.ts';
import { CRASH_POINTS, type CrashPoint } from './points.ts';

/** What becomes of one request to the centre. `late`: it is held, and happens when its caller is long dead. */
export const NETWORK_OUTCOMES = ['good', 'request-lost', 'reply-lost', 'late'] as const;
export type NetworkOutcome = (typeof NETWORK_OUTCOMES)[number];

/** What becomes of one print job. `not-printed`: no paper before its first dot. `answer-lost`: all on paper, nothing said of it. */
export const PRINTER_OUTCOMES = [
  'good',
  'not-printed',
  'half-printed',
  'answer-lost',
  'cutter-jam',
  'weak-proof',
] as const;
export type PrinterOutcome = (typeof PRINTER_OUTCOMES)[number];

export type Kind = 'apply' | 'reissue';

/**
 * Which job the printer's outcome meets. `body`, `footer`: of the operation itself, on its way to the point. `next-life`: the first
 * one after the restart (a mark, a cut, or a mere purge). `between`: the same where two kills are needed, between the two.
 */
export type Job = 'body' | 'footer' | 'between' | 'next-life';

/** How a point is come to, so that the outcomes meet something and the point is still reached. */
export interface Way {
  /** Killed there first: the point lies in the recovery from that. */
  readonly first?: CrashPoint;
  /** The request that the network's outcome meets. */
  readonly call: Extract<RouteName, 'reserve' | 'activate' | 'void' | 'confirm' | 'listOpenOperations'>;
  /** On the way to the point, or after the restart. `until-killed`: on the way, and every repetition likewise. */
  readonly met: 'on-the-way' | 'until-killed' | 'next-life';
  readonly job: Job;
  /** Somebody mends the printer on the way to the point, not only after the restart. */
  readonly mendedOnTheWay?: true;
  /** 都拿好了 unless it is 纸没出来. */
  readonly missesSlip?: true;
}

export interface CrashCase {
  /** Unique, nothing personal. */
  readonly name: string;
  readonly point: CrashPoint;
  readonly network: NetworkOutcome;
  readonly printer: PrinterOutcome;
  readonly kind: Kind;
  readonly way: Way;
}

/** Left of the point of no return, and past it: the operation goes straight on, and the printer's trouble is met after the restart. */
const STRAIGHT: Readonly<Partial<Record<CrashPoint, Pick<Way, 'call' | 'met'>>>> = {
  'INTENT.before': { call: 'listOpenOperations', met: 'next-life' },
  'INTENT.after': { call: 'void', met: 'next-life' },
  'RESERVED.before': { call: 'reserve', met: 'on-the-way' },
  'RESERVED.after': { call: 'reserve', met: 'on-the-way' },
  'PRINTING.before': { call: 'reserve', met: 'on-the-way' },
  'PRINTING.after': { call: 'void', met: 'next-life' },
  'PRINTED.before': { call: 'void', met: 'next-life' },
  'PRINTED.after': { call: 'reserve', met: 'on-the-way' },
  'ACTIVATING.before': { call: 'void', met: 'next-life' },
  'ACTIVATING.after': { call: 'void', met: 'next-life' },
  'ACTIVE.before': { call: 'activate', met: 'on-the-way' },
  'ACTIVE.after': { call: 'activate', met: 'on-the-way' },
  'FOOTER.before': { call: 'activate', met: 'on-the-way' },
  'FOOTER.after': { call: 'confirm', met: 'next-life' },
  'DONE.before': { call: 'activate', met: 'on-the-way' },
  'DONE.after': { call: 'confirm', met: 'next-life' },
  'delivered.before': { call: 'activate', met: 'on-the-way' },
  'delivered.after': { call: 'confirm', met: 'next-life' },
};

type TroubledWrite = 'VOIDING' | 'DONE_U' | 'settled' | 'paper-cleared' | 'CLOSED';
type Trouble = Omit<Way, 'met'>;

const bodyFails = { call: 'void', job: 'body' } as const;
const footerFails = { call: 'confirm', job: 'footer' } as const;
const voidedAtBoot = { first: 'ACTIVATING.after', call: 'void', job: 'between' } as const;
const keptAtBoot = { first: 'FOOTER.after', call: 'confirm', job: 'between' } as const;

/** What is only written because something went wrong: each printer outcome has its own way there. */
const TROUBLED: Readonly<Record<TroubledWrite, Readonly<Record<PrinterOutcome, Trouble>>>> = {
  VOIDING: {
    good: voidedAtBoot,
    'not-printed': bodyFails,
    'half-printed': bodyFails,
    'answer-lost': bodyFails,
    'cutter-jam': voidedAtBoot,
    'weak-proof': bodyFails,
  },
  DONE_U: {
    good: { call: 'confirm', job: 'footer', missesSlip: true },
    'not-printed': keptAtBoot,
    'half-printed': footerFails,
    'answer-lost': footerFails,
    'cutter-jam': footerFails,
    // A weak proof is enough for the footer.
    'weak-proof': keptAtBoot,
  },
  settled: {
    good: voidedAtBoot,
    'not-printed': voidedAtBoot,
    'half-printed': bodyFails,
    'answer-lost': bodyFails,
    'cutter-jam': footerFails,
    'weak-proof': bodyFails,
  },
  'paper-cleared': {
    good: voidedAtBoot,
    'not-printed': { ...voidedAtBoot, mendedOnTheWay: true },
    'half-printed': { ...bodyFails, mendedOnTheWay: true },
    'answer-lost': { ...bodyFails, mendedOnTheWay: true },
    'cutter-jam': { ...footerFails, mendedOnTheWay: true },
    'weak-proof': bodyFails,
  },
  CLOSED: {
    good: { call: 'confirm', job: 'footer' },
    'not-printed': { ...bodyFails, mendedOnTheWay: true },
    'half-printed': { ...footerFails, mendedOnTheWay: true },
    'answer-lost': { ...bodyFails, mendedOnTheWay: true },
    'cutter-jam': { ...footerFails, mendedOnTheWay: true },
    'weak-proof': bodyFails,
  },
};

/** When the call of a troubled way meets its outcome. What is settled is asked of the centre no more. */
const MET: Readonly<Record<TroubledWrite, Way['met']>> = {
  VOIDING: 'next-life',
  DONE_U: 'next-life',
  settled: 'next-life',
  'paper-cleared': 'until-killed',
  CLOSED: 'on-the-way',
};

function wayTo(point: CrashPoint, printer: PrinterOutcome): Way {
  const straight = STRAIGHT[point];
  if (straight !== undefined) return { ...straight, job: 'next-life' };
  const write = point.slice(0, point.indexOf('.')) as TroubledWrite;
  const way = { ...TROUBLED[write][printer], met: MET[write] };
  return point === 'settled.after' ? { ...way, call: 'listOpenOperations' } : way;
}

/** Every point with every network outcome and every printer outcome, 领取 and 补领 in turn. */
export const CRASH_CASES: readonly CrashCase[] = CRASH_POINTS.flatMap((point, p) =>
  NETWORK_OUTCOMES.flatMap((network, n) =>
    PRINTER_OUTCOMES.map((printer, q): CrashCase => {
      const kind = (p + n + q) % 2 === 0 ? 'apply' : 'reissue';
      const name = `${point}, network ${network}, printer ${printer}, ${kind}`;
      return { name, point, network, printer, kind, way: wayTo(point, printer) };
    }),
  ),
);

/** So many cases, spread over points and outcomes; all of them when there are no more. */
export function someCases(count: number): readonly CrashCase[] {
  if (count >= CRASH_CASES.length) return CRASH_CASES;
  const points = CRASH_POINTS.length;
  const combinations = CRASH_CASES.length / points;
  return Array.from({ length: count }, (_nothing, at) => {
    const point = at % points;
    // 7 has no divisor in common with 24: every combination has its turn.
    const combination = (point * 7 + Math.floor(at / points) * 11) % combinations;
    return CRASH_CASES[point * combinations + combination];
  }).filter((one) => one !== undefined);
}
