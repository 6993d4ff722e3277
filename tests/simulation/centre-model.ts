import type { CurrentCode } from '../../src/central-api/schemas.ts';
import type { Delivery, IssueKind } from '../../src/issuance/ports.ts';
import { SignIns } from './sign-ins.ts';
import { EPOCH_MS } from './virtual-clock.ts';

export type CodeState = 'pending' | 'active' | 'suspended' | 'superseded' | 'void' | 'revoked' | 'expired';

export interface Code {
  readonly opId: string;
  readonly person: Person;
  readonly kind: IssueKind;
  readonly device: string;
  readonly token: string;
  readonly shortCode: string;
  readonly baseEpoch: number;
  readonly leaseUntilMs: number;
  readonly issuedOnDay: number;
  /** The last day on which it is valid. */
  readonly lastDay: number;
  state: CodeState;
  delivery: Delivery | null;
  activatedAtMs: number | null;
  /** Serial number of its activation, over all persons; 0 before. */
  activation: number;
  suspendedBy: string | null;
}

export interface Person {
  readonly name: string;
  readonly maskedName: string;
  readonly codes: Code[];
  /** Counts changes of the person's codes. */
  epoch: number;
  activations: number;
  lossReports: number;
}

/** Why a code changed. */
export type Cause =
  | 'reserve'
  | 'activate'
  | 'give-way'
  | 'void'
  | 'give-back'
  | 'confirm'
  | 'loss'
  | 'expiry'
  | 'lease';

/** A refusal by the name of its problem type. */
export interface Refusal {
  readonly kind: 'refused';
  readonly problem: string;
}

const DELIVERIES: readonly (Delivery | null)[] = [null, 'unconfirmed', 'cut', 'taken', 'scanned'];
const LEASE_MS = 600_000;
const OVERDUE_MS = 15 * 60_000;
const DAILY_LIMIT = 3;
const VALID_DAYS = 180;
const DAY_MS = 24 * 3_600_000;
const SHANGHAI_MS = 8 * 3_600_000;

function rank(delivery: Delivery | null): number {
  return DELIVERIES.indexOf(delivery);
}

/** From `cut` on nothing takes it back. */
function isDelivered({ delivery }: Code): boolean {
  return rank(delivery) >= rank('cut');
}

/** The central service's rules, as the contract words them; written apart from the sandbox. */
export class CentreModel {
  readonly signIns: SignIns;
  readonly persons: Person[] = [];
  readonly codes = new Map<string, Code>();
  /** Void before they were ever reserved. */
  readonly tombstones = new Set<string>();
  /** Told of each change of a code, after it. */
  onChange: (code: Code, from: CodeState | 'none', cause: Cause) => void = () => undefined;
  /** Days that passed while nobody was there. */
  daysOff = 0;
  readonly #nowMs: () => number;
  #serial = 0;
  #activations = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    this.signIns = new SignIns(nowMs);
  }

  /** Days since 1970 in Shanghai. */
  get today(): number {
    return Math.floor((EPOCH_MS + SHANGHAI_MS + this.#nowMs()) / DAY_MS) + this.daysOff;
  }

  addPerson(name: string): Person {
    const maskedName = `测*${name}`;
    const person: Person = { name, maskedName, codes: [], epoch: 0, activations: 0, lossReports: 0 };
    this.persons.push(person);
    return person;
  }

  active(person: Person): Code | undefined {
    return person.codes.find(({ state }) => state === 'active');
  }

  codeOf(shortCode: string): Code | undefined {
    for (const code of this.codes.values()) if (code.shortCode === shortCode) return code;
    return undefined;
  }

  /** All that a request about this operation could change. */
  stateAround(opId: string): string {
    const person = this.codes.get(opId)?.person;
    const codes = person?.codes.map(({ opId: of, state, delivery, suspendedBy }) => [
      of,
      state,
      delivery,
      suspendedBy,
    ]);
    return JSON.stringify([person?.epoch, this.tombstones.has(opId), codes]);
  }

  reserve(opId: string, kind: IssueKind, subjectToken: string, device: string): Code | Refusal {
    this.endWhatIsOver();
    const known = this.codes.get(opId);
    if (this.tombstones.has(opId) || known?.state === 'void' || known?.state === 'revoked')
      return refused('operation-void');
    const person = this.signIns.personOf(subjectToken, device);
    if (person === undefined) return refused('subject-token-invalid');
    if (known !== undefined) return known.state === 'pending' ? known : refused('operation-not-pending');
    if (this.reachedDailyLimit(person)) return refused('daily-limit');
    const holds = this.active(person) !== undefined;
    if (kind === 'apply' && holds) return refused('already-active');
    if (kind === 'reissue' && !holds) return refused('nothing-to-reissue');
    return this.#insert(opId, kind, person, device);
  }

  #insert(opId: string, kind: IssueKind, person: Person, device: string): Code {
    this.#serial += 1;
    const letters = this.#serial.toString(36).toUpperCase();
    const code: Code = {
      opId,
      person,
      kind,
      device,
      token: `OC1${letters.padStart(27, 'A')}`,
      shortCode: letters.padStart(12, 'B'),
      baseEpoch: person.epoch,
      leaseUntilMs: this.#nowMs() + LEASE_MS,
      issuedOnDay: this.today,
      lastDay: this.today + VALID_DAYS - 1,
      state: 'pending',
      delivery: null,
      activatedAtMs: null,
      activation: 0,
      suspendedBy: null,
    };
    person.codes.push(code);
    this.codes.set(opId, code);
    this.onChange(code, 'none', 'reserve');
    return code;
  }

  activate(opId: string, device: string): Code | Refusal {
    this.endWhatIsOver();
    const code = this.codes.get(opId);
    if (code === undefined || code.device !== device)
      return refused(this.tombstones.has(opId) ? 'operation-void' : 'not-found');
    if (code.state === 'active') return code;
    if (code.state === 'void' || code.state === 'revoked') return refused('operation-void');
    if (code.state !== 'pending') return refused('operation-not-pending');
    if (this.isStale(code)) return refused('stale-epoch');
    return this.swap(code);
  }

  /** The person's codes changed since the reservation. */
  isStale(code: Code): boolean {
    return code.baseEpoch !== code.person.epoch;
  }

  /** The earlier code gives way and this one becomes valid, in one step. */
  swap(code: Code): Code {
    const { person } = code;
    const earlier = this.active(person);
    if (earlier !== undefined) {
      earlier.suspendedBy = code.opId;
      this.set(earlier, 'suspended', 'give-way');
    }
    person.epoch += 1;
    person.activations += 1;
    this.#activations += 1;
    code.activation = this.#activations;
    code.activatedAtMs = this.#nowMs();
    this.set(code, 'active', 'activate');
    return code;
  }

  void(opId: string, device: string): 'ok' | Refusal {
    this.endWhatIsOver();
    const code = this.codes.get(opId);
    if (code === undefined) {
      this.leaveTombstone(opId);
      return 'ok';
    }
    if (code.device !== device) return refused('not-found');
    if (code.state !== 'void' && isDelivered(code)) return refused('delivered-final');
    if (code.state === 'pending') this.set(code, 'void', 'void');
    else if (code.state === 'suspended') {
      // What had given way to this code now gives way to the one that this had given way to.
      for (const other of code.person.codes) {
        if (other.suspendedBy === opId) other.suspendedBy = code.suspendedBy;
      }
      code.suspendedBy = null;
      this.set(code, 'void', 'void');
    } else if (code.state === 'active') {
      code.person.epoch += 1;
      this.set(code, 'void', 'void');
      this.giveBack(code);
    }
    return 'ok';
  }

  leaveTombstone(opId: string): void {
    this.tombstones.add(opId);
  }

  /** What had given way to this code is valid again. */
  giveBack(code: Code): void {
    for (const other of code.person.codes) {
      if (other.suspendedBy !== code.opId) continue;
      other.suspendedBy = null;
      this.set(other, 'active', 'give-back');
    }
  }

  confirm(opId: string, delivery: Delivery, device: string): 'ok' | Refusal {
    this.endWhatIsOver();
    const code = this.codes.get(opId);
    if (code === undefined || code.device !== device)
      return refused(this.tombstones.has(opId) ? 'operation-void' : 'not-found');
    if (code.state === 'void') return refused('operation-void');
    if (code.state === 'pending') return refused('operation-not-activated');
    if (code.state === 'active' || code.state === 'suspended') this.#record(code, delivery);
    return 'ok';
  }

  #record(code: Code, delivery: Delivery): void {
    if (rank(delivery) <= rank(code.delivery)) return;
    code.delivery = delivery;
    this.onChange(code, code.state, 'confirm');
    if (isDelivered(code)) this.#supersedeBehind(code);
  }

  #supersedeBehind(code: Code): void {
    for (const other of code.person.codes) {
      if (other.suspendedBy !== code.opId) continue;
      other.suspendedBy = null;
      this.set(other, 'superseded', 'confirm');
      this.#supersedeBehind(other);
    }
  }

  /** Operations of this device that have not ended, as far as it told. */
  open(device: string): readonly Code[] {
    this.endWhatIsOver();
    return [...this.codes.values()].filter(
      ({ device: of, state, delivery }) =>
        of === device &&
        (state === 'pending' || ((state === 'active' || state === 'suspended') && delivery === null)),
    );
  }

  /** 挂失, on the portal: nothing of the person's stays active, suspended or pending. */
  reportLoss(person: Person): void {
    person.lossReports += 1;
    let changed = false;
    for (const code of person.codes) {
      if (code.state !== 'active' && code.state !== 'suspended' && code.state !== 'pending') continue;
      code.suspendedBy = null;
      this.set(code, 'revoked', 'loss');
      changed = true;
    }
    if (changed) person.epoch += 1;
  }

  /** Staff scan a slip: whoever shows it has it. */
  verify(token: string): CodeState | 'unknown' {
    this.endWhatIsOver();
    for (const code of this.codes.values()) {
      if (code.token !== token) continue;
      if (code.state === 'active') this.#record(code, 'scanned');
      return code.state;
    }
    return 'unknown';
  }

  /** Another machine issues a code to the same person, in one go. */
  issueElsewhere(person: Person, opId: string): void {
    this.endWhatIsOver();
    const code = this.#insert(
      opId,
      this.active(person) === undefined ? 'apply' : 'reissue',
      person,
      ELSEWHERE,
    );
    this.swap(code);
    this.#record(code, 'cut');
  }

  /** Leases that ran out, and codes past their last day. */
  endWhatIsOver(): void {
    const nowMs = this.#nowMs();
    for (const person of this.persons) {
      for (const code of person.codes) {
        if (code.state === 'pending' && code.leaseUntilMs <= nowMs) this.set(code, 'void', 'lease');
        if ((code.state === 'active' || code.state === 'suspended') && code.lastDay < this.today) {
          code.suspendedBy = null;
          this.set(code, 'expired', 'expiry');
        }
      }
    }
  }

  /** Every change of a state goes through here. */
  set(code: Code, state: CodeState, cause: Cause): void {
    const from = code.state;
    code.state = state;
    this.onChange(code, from, cause);
  }

  reachedDailyLimit(person: Person): boolean {
    const today = this.today;
    let activated = 0;
    for (const { activatedAtMs, state, issuedOnDay } of person.codes) {
      if (activatedAtMs !== null && state !== 'void' && issuedOnDay === today) activated += 1;
    }
    return activated >= DAILY_LIMIT;
  }

  currentCode(person: Person): CurrentCode {
    this.endWhatIsOver();
    const active = this.active(person);
    if (active !== undefined) {
      const sinceMs = this.#nowMs() - (active.activatedAtMs ?? 0);
      const unseen = active.delivery === 'unconfirmed' || (active.delivery === null && sinceMs > OVERDUE_MS);
      return {
        status: unseen ? 'unconfirmed' : 'active',
        issuedOn: dateOf(active.issuedOnDay),
        validUntil: dateOf(active.lastDay),
        daysLeft: active.lastDay - this.today + 1,
      };
    }
    const ended = person.codes.findLast(
      ({ state, activation }) => activation > 0 && (state === 'expired' || state === 'revoked'),
    );
    if (ended === undefined) return { status: 'none' };
    const status = ended.state === 'expired' ? 'expired' : 'revoked';
    return { status, issuedOn: dateOf(ended.issuedOnDay), validUntil: dateOf(ended.lastDay), daysLeft: 0 };
  }
}

/** A machine that is none of ours. */
export const ELSEWHERE = 'elsewhere';

const dates = new Map<number, string>();

/** `YYYY-MM-DD` of a day since 1970. */
export function dateOf(day: number): string {
  const known = dates.get(day);
  if (known !== undefined) return known;
  const date = new Date(day * DAY_MS).toISOString().slice(0, 10);
  dates.set(day, date);
  return date;
}

function refused(problem: string): Refusal {
  return { kind: 'refused', problem };
}
