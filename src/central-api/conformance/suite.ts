import { createPrivateKey } from 'node:crypto';

import type { Clock } from '../../platform/clock.ts';
import type { RandomSource } from '../../platform/random.ts';
import { Caller } from './caller.ts';
import type { Party } from './caller.ts';
import { Mismatch, NotRun, text } from './check.ts';
import type { Check, PartyName, Text } from './check.ts';
import { codeChecks } from './checks-code.ts';
import { deliveryChecks } from './checks-delivery.ts';
import { identificationChecks } from './checks-identification.ts';
import { operationChecks } from './checks-operation.ts';
import { signatureChecks } from './checks-signature.ts';
import type { TestSubject } from './parties.ts';
import { Scene } from './scene.ts';

/** Which centre to check, as whom, and with whom. */
export interface ConformanceOptions {
  readonly url: string;
  /** Authority of the centre's certificate, PEM; absent: those Node knows. */
  readonly caPem?: string;
  readonly clientCertPem?: string;
  readonly clientKeyPem?: string;
  readonly keys: Readonly<
    Partial<Record<PartyName, { readonly keyId: string; readonly privateKeyPem: string }>>
  >;
  readonly subjects: readonly TestSubject[];
  /** Beginnings of check ids; only those are run. Empty: all. */
  readonly only: readonly string[];
  /** The longest time that may be passed for one check, ms; checks that need more are not run. */
  readonly longestPassMs: number;
  /** Lets the centre's time go on. */
  readonly passTime: (ms: number) => Promise<void>;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Told each result as it comes. */
  readonly onResult?: (result: CheckResult) => void;
}

/** What became of one check. `why` is there unless it passed. */
export interface CheckResult {
  readonly id: string;
  readonly title: Text;
  readonly outcome: 'passed' | 'failed' | 'not-run';
  readonly why?: Text;
}

/** The results in the order of the suite, and how many of each. */
export interface ConformanceReport {
  readonly results: readonly CheckResult[];
  readonly passed: number;
  readonly failed: number;
  readonly notRun: number;
}

/** Those that let time pass come last: a centre whose clock was moved is another one for what follows. */
const ALL_CHECKS: readonly Check[] = [
  ...signatureChecks,
  ...identificationChecks,
  ...operationChecks,
  ...codeChecks,
  ...deliveryChecks,
].toSorted((one, other) => (one.passesMs ?? 0) - (other.passesMs ?? 0));

/**
 * Checks a central service against the contract's behaviour, one check after the other, through its public calls alone.
 * Never rejects; a centre that is not there fails every check.
 *
 * @throws TypeError when the address or a key is unusable.
 */
export async function runConformance(options: ConformanceOptions): Promise<ConformanceReport> {
  const parties = readKeys(options.keys);
  const caller = new Caller({ ...options, parties });
  const scene = new Scene({
    ...options,
    caller,
    has: (party) => parties[party] !== undefined,
  });
  const results: CheckResult[] = [];
  try {
    for (const check of ALL_CHECKS) {
      if (options.only.length > 0 && !options.only.some((start) => check.id.startsWith(start))) continue;
      const { id, title } = check;
      const result = { id, title, ...(await outcomeOf(check, scene, options)) };
      results.push(result);
      options.onResult?.(result);
    }
  } finally {
    await caller.close();
  }
  const count = (outcome: CheckResult['outcome']) =>
    results.filter((result) => result.outcome === outcome).length;
  return { results, passed: count('passed'), failed: count('failed'), notRun: count('not-run') };
}

function readKeys(keys: ConformanceOptions['keys']): Partial<Record<PartyName, Party>> {
  const parties: Partial<Record<PartyName, Party>> = {};
  for (const [name, { keyId, privateKeyPem }] of Object.entries(keys)) {
    const privateKey = createPrivateKey(privateKeyPem);
    if (privateKey.asymmetricKeyType !== 'ed25519') throw new TypeError(`the key of ${name} is not Ed25519`);
    parties[name as PartyName] = { keyId, privateKey };
  }
  return parties;
}

async function outcomeOf(
  check: Check,
  scene: Scene,
  options: ConformanceOptions,
): Promise<Pick<CheckResult, 'outcome' | 'why'>> {
  const missing = whatIsMissing(check, options);
  if (missing) return { outcome: 'not-run', why: missing };
  try {
    await check.run(scene);
    return { outcome: 'passed' };
  } catch (thrown) {
    if (thrown instanceof Mismatch) return { outcome: 'failed', why: thrown.text };
    if (thrown instanceof NotRun) return { outcome: 'not-run', why: thrown.text };
    throw thrown;
  }
}

function whatIsMissing(check: Check, options: ConformanceOptions): Text | undefined {
  const party = check.parties.find((one) => options.keys[one] === undefined);
  if (party) return text(`没有 ${party} 的密钥`, `no key of ${party} was given`);
  const wanted = check.subjects.find((one) => !options.subjects.some((subject) => subject.case === one));
  if (wanted) return text(`没有“${wanted}”的测试人员`, `no test person “${wanted}” was given`);
  const passesMs = check.passesMs ?? 0;
  if (passesMs <= options.longestPassMs) return undefined;
  const seconds = Math.ceil(passesMs / 1000);
  return text(`需要等 ${seconds} 秒`, `takes ${seconds} s of waiting`);
}
