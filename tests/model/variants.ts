import type { Invariant } from './invariants.ts';
import { PROTOCOL } from './rules.ts';
import type { Rules } from './rules.ts';
import type { Adversary } from './state.ts';

/** A protocol that is known to be worse, and what must be found in it. */
export interface Variant {
  readonly name: string;
  readonly rules: Rules;
  /** At least this is broken. */
  readonly breaks: Invariant;
  /** How much must go wrong for it. */
  readonly adversary: Adversary;
}

/** One kill and a rival are enough for most. */
const SMALL: Adversary = { crashes: 1, attempts: 1, rival: true, loss: false, diskLoss: false };

const ISSUE_FIRST: Rules = { ...PROTOCOL, order: 'issue-first', restore: false };

/** The alternatives of reliability §1.2. Each must break; one that does not says that the check has become blind. */
export const VARIANTS: readonly Variant[] = [
  {
    name: 'issue, print, void: the earlier code is lost',
    rules: ISSUE_FIRST,
    breaks: 'P23',
    adversary: SMALL,
  },
  {
    name: 'issue, print, void: dead paper that looks complete',
    rules: ISSUE_FIRST,
    breaks: 'P22',
    adversary: SMALL,
  },
  {
    name: 'the same, the earlier code given back',
    rules: { ...ISSUE_FIRST, restore: true },
    breaks: 'P22',
    adversary: SMALL,
  },
  {
    name: 'the same, without a tombstone',
    rules: { ...ISSUE_FIRST, restore: true, tombstone: false },
    breaks: 'P25',
    adversary: SMALL,
  },
  {
    name: 'the same, without intent and boot scan',
    rules: { ...ISSUE_FIRST, restore: true, intent: false, bootScan: 'none' },
    breaks: 'P3',
    adversary: SMALL,
  },
  {
    name: 'sandwich without the fence',
    rules: { ...PROTOCOL, fencing: false },
    breaks: 'P1',
    adversary: SMALL,
  },
  {
    name: 'sandwich without giving back',
    rules: { ...PROTOCOL, restore: false },
    breaks: 'P23',
    adversary: SMALL,
  },
  {
    name: 'sandwich, the same token printed again',
    rules: { ...PROTOCOL, reprint: true },
    breaks: 'P5',
    adversary: SMALL,
  },
  {
    name: 'sandwich, an uncertain footer voided',
    rules: { ...PROTOCOL, voidUncertainFooter: true },
    breaks: 'P22',
    adversary: SMALL,
  },
  {
    name: 'sandwich, the boot scan overlooks suspended codes',
    rules: { ...PROTOCOL, bootScan: 'without-suspended' },
    breaks: 'P20',
    adversary: { ...SMALL, attempts: 2, diskLoss: true },
  },
  {
    name: 'sandwich, what hangs there is left as it is after a lost database',
    rules: { ...PROTOCOL, marksUnknownPaper: false },
    breaks: 'P22',
    adversary: { ...SMALL, attempts: 2, diskLoss: true },
  },
  {
    name: 'sandwich on a disk that loses its last commit',
    rules: { ...PROTOCOL, durable: false },
    breaks: 'P22',
    adversary: SMALL,
  },
];
