import { createHash } from 'node:crypto';

import type { RandomSource } from '../../platform/random.ts';
import type { AnswerOf } from '../client-answers.ts';
import type { ProblemName } from '../problems.ts';
import type { RouteName } from '../routes.ts';
import type { Delivery, Identification, OperationKind, Reservation, Verification } from '../schemas.ts';
import type { Caller, Reply } from './caller.ts';
import { Mismatch, NotRun, expectEqual, text } from './check.ts';
import type { PartyName } from './check.ts';
import type { TestSubject } from './parties.ts';

/** A test person who signed in at the kiosk under test. */
export interface SignedIn {
  readonly subject: TestSubject;
  readonly identification: Identification;
  readonly token: string;
}

/** What a scene is made of. */
export interface SceneParts {
  readonly caller: Caller;
  readonly subjects: readonly TestSubject[];
  readonly has: (party: PartyName) => boolean;
  readonly random: RandomSource;
  /** Lets the centre's time go on by so many ms: waiting, or moving a clock that can be moved. */
  readonly passTime: (ms: number) => Promise<void>;
}

/** The calls that checks are made of, each in the words of the contract. A method without `expect` never judges. */
export class Scene {
  readonly caller: Caller;
  private readonly parts: SceneParts;
  private next = 0;

  constructor(parts: SceneParts) {
    this.parts = parts;
    this.caller = parts.caller;
  }

  /** A new operation id. */
  operationId(): string {
    return this.parts.random.uuid();
  }

  passTime(ms: number): Promise<void> {
    return this.parts.passTime(ms);
  }

  /** The test person of a case; a check names the case in `subjects`, so there is one. */
  subject(wanted: string): TestSubject {
    const found = this.parts.subjects.find((one) => one.case === wanted);
    if (found === undefined) throw new NotRun(text(`没有“${wanted}”的测试人员`, `no test person ${wanted}`));
    return found;
  }

  identify(subject: TestSubject, party: PartyName = 'device'): Promise<Reply<'identify'>> {
    const { name, idNumber, validFrom, validTo } = subject;
    const json = { method: 'id-card', name, idNumber, validFrom, validTo, readerId: 'conformance' };
    return this.caller.call(party, 'identify', { json });
  }

  async signIn(subject: TestSubject, party: PartyName = 'device'): Promise<SignedIn> {
    const identification = expectAccepted(await this.identify(subject, party));
    return { subject, identification, token: identification.subjectToken };
  }

  /**
   * An ordinary person who may have a code, has none, and could have two more activated today. Somebody who still has one
   * from an earlier check reports it lost first, so that the suite can be run again and again.
   */
  async ordinary(): Promise<SignedIn> {
    const all = this.parts.subjects.filter((one) => one.case === 'ordinary');
    for (let tried = 0; tried < all.length; tried += 1) {
      const subject = all[this.next++ % all.length] as TestSubject;
      const person = await this.withoutCode(await this.signIn(subject));
      if (person && (await this.hasRoomForTwo(person))) return this.signIn(subject);
    }
    throw new NotRun(
      text(
        '普通测试人员今天都不能再领码（名额已用完，或没有门户密钥来挂失）',
        'no ordinary test person may have a code today (limit reached, or no portal key to report a loss with)',
      ),
    );
  }

  private async withoutCode(person: SignedIn): Promise<SignedIn | undefined> {
    const { eligibility, currentCode } = person.identification;
    if (!eligibility.eligible) return undefined;
    if (currentCode.status !== 'active' && currentCode.status !== 'unconfirmed') return person;
    if (!this.parts.has('portal')) return undefined;
    expectAccepted(await this.reportLoss(person.subject));
    return this.signIn(person.subject);
  }

  /**
   * No call tells how many codes a person had today, so it is tried: one activated, a second reserved, both voided (which
   * does not count). Any other refusal is for the check itself to find.
   */
  private async hasRoomForTwo(person: SignedIn): Promise<boolean> {
    const [first, second] = [this.operationId(), this.operationId()];
    await this.reserve(person, 'apply', first);
    await this.activate(first);
    const reserved = await this.reserve(person, 'reissue', second);
    await this.void(second);
    await this.void(first);
    return reserved.ok || reserved.name !== 'daily-limit';
  }

  reserve(person: SignedIn, kind: OperationKind, operationId: string): Promise<Reply<'reserve'>> {
    return this.caller.call('device', 'reserve', {
      params: { operationId },
      json: { kind },
      subjectToken: person.token,
    });
  }

  activate(operationId: string): Promise<Reply<'activate'>> {
    const bodySha256 = createHash('sha256').update(operationId).digest('hex');
    return this.caller.call('device', 'activate', {
      params: { operationId },
      json: { evidence: { grade: 'E2', processId: '0001', bodySha256 } },
    });
  }

  void(operationId: string): Promise<Reply<'void'>> {
    return this.caller.call('device', 'void', { params: { operationId }, json: { reason: 'cancelled' } });
  }

  confirm(operationId: string, delivery: Delivery): Promise<Reply<'confirm'>> {
    return this.caller.call('device', 'confirm', { params: { operationId }, json: { delivery } });
  }

  operation(operationId: string): Promise<Reply<'getOperation'>> {
    return this.caller.call('device', 'getOperation', { params: { operationId } });
  }

  reportLoss(subject: TestSubject): Promise<Reply<'reportLoss'>> {
    return this.caller.call('portal', 'reportLoss', { json: { idNumber: subject.idNumber } });
  }

  verify(code: string): Promise<Reply<'verify'>> {
    return this.caller.call('verifier', 'verify', { json: { code } });
  }

  /** Reserves under a new id; must be accepted. */
  async reserved(person: SignedIn, kind: OperationKind): Promise<Reservation> {
    return expectAccepted(await this.reserve(person, kind, this.operationId()));
  }

  /** Reserves and activates; both must be accepted. */
  async activated(person: SignedIn, kind: OperationKind): Promise<Reservation> {
    const reservation = await this.reserved(person, kind);
    expectAccepted(await this.activate(reservation.operationId));
    return reservation;
  }

  async expectState(operationId: string, state: string): Promise<void> {
    const status = expectAccepted(await this.operation(operationId));
    expectEqual(text('操作的状态', 'state of the operation'), status.state, state);
  }

  /** What a verifier reads of a code. Note: the first scan of an active code counts as its delivery. */
  async expectVerifies(reservation: Reservation, status: Verification['status']): Promise<void> {
    const verification = expectAccepted(await this.verify(reservation.token));
    expectEqual(text('核验结果', 'what the verifier reads'), verification.status, status);
  }
}

/** The call must succeed; gives its answer. */
export function expectAccepted<N extends RouteName>(reply: Reply<N>): AnswerOf<N> {
  if (reply.ok) return reply.value;
  throw new Mismatch(
    text(
      `应当接受，却以 ${reply.status} ${reply.name} 拒绝`,
      `should be accepted, was refused with ${reply.status} ${reply.name}`,
    ),
  );
}

/** The call must be refused for this reason. */
export function expectRefused<N extends RouteName>(reply: Reply<N>, name: ProblemName): void {
  const actual = reply.ok ? `${reply.status}` : `${reply.status} ${reply.name}`;
  if (!reply.ok && reply.name === name) return;
  throw new Mismatch(
    text(`应当以 ${name} 拒绝，实际为 ${actual}`, `should be refused with ${name}, got ${actual}`),
  );
}
