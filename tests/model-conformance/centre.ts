import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { executeCall } from '../../sandbox/central-service/execute-call.ts';
import { openCentreDatabase } from '../../sandbox/central-service/database.ts';
import type { CentreDatabase } from '../../sandbox/central-service/database.ts';
import type { OperationRow } from '../../sandbox/central-service/operation-rows.ts';
import type { Call } from '../../sandbox/central-service/call.ts';
import type { Refusal } from '../../sandbox/central-service/refusal.ts';
import type { IssuingCalls } from '../../src/agent/issuance-centre.ts';
import type { CentralError } from '../../src/central-api/client.ts';
import { problems, problemType } from '../../src/central-api/problems.ts';
import type { RouteName } from '../../src/central-api/routes.ts';
import type { RandomSource } from '../../src/platform/random.ts';
import { err } from '../../src/platform/result.ts';
import type { Result } from '../../src/platform/result.ts';
import type { Request } from '../model/centre.ts';
import { EPOCH_MS } from '../simulation/virtual-clock.ts';

/** A request that a kiosk has sent. It can be heard at any time, any number of times. */
export interface Message {
  readonly opId: string;
  readonly request: Request;
  /** What was told, of a confirmation. */
  readonly delivery?: string;
  readonly sentAtMs: number;
  /** The centre hears it; its answer goes to nobody. */
  hear(): void;
  /** It is heard and answered. */
  deliver(): void;
  /** No answer, and the caller knows. */
  lose(): void;
  /** Nobody has answered yet. */
  open: boolean;
}

const PERSON = { idNumber: '310101194803020000', name: '王桂兰', birthDate: '1948-03-02' } as const;
const KIOSK = 'kiosk';
const DAY_MS = 86_400_000;
const EVIDENCE = { grade: 'E2', processId: 'AB12', bodySha256: '0'.repeat(64) } as const;

/** The rules and the database of the sandbox's central service, without sockets; its clock stands still. */
export class CentreAtHand {
  readonly #directory = mkdtempSync(path.join(tmpdir(), 'conformance-centre-'));
  readonly #db: CentreDatabase;

  constructor() {
    this.#db = openCentreDatabase(path.join(this.#directory, 'centre.sqlite'));
    // Nobody cuts the power of this centre.
    this.#db.pragma('synchronous = OFF');
  }

  close(): void {
    this.#db.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** The only one there is: a centre in which nothing has happened yet. */
  newPerson(hadCode: boolean, random: RandomSource): PersonAtCentre {
    this.#db.exec('DELETE FROM operations; DELETE FROM identifications; DELETE FROM persons');
    this.#db
      .prepare(
        `INSERT INTO persons (id_number, citizen_id, name, birth_date, has_photo, colour) VALUES (?, ?, ?, ?, 1, 'green')`,
      )
      .run(PERSON.idNumber, PERSON.idNumber, PERSON.name, PERSON.birthDate);
    const person = new PersonAtCentre(this.#db, random);
    if (hadCode) person.issueEarlier();
    return person;
  }
}

/** One person, and what the centre knows of them. */
export class PersonAtCentre {
  /** Every request that this kiosk has sent, the newest last. */
  readonly sent: Message[] = [];
  /** Operations of which the kiosk was told that they are void. */
  readonly voidAcknowledged = new Set<string>();
  earlier: string | undefined;
  rival: string | undefined;
  /** The person's epoch before anything happens. */
  epochAtStart = 0;
  readonly #db: CentreDatabase;
  readonly #random: RandomSource;

  constructor(db: CentreDatabase, random: RandomSource) {
    this.#db = db;
    this.#random = random;
  }

  /** A code of last month, delivered. */
  issueEarlier(): void {
    this.earlier = this.#issue('earlier', 'apply', EPOCH_MS - 30 * DAY_MS);
    this.epochAtStart = this.epoch();
  }

  /** Another kiosk issues a code and delivers it. */
  rivalIssues(): void {
    this.rival = this.#issue('rival', this.active() ? 'reissue' : 'apply', EPOCH_MS);
  }

  reportLoss(): void {
    this.#must(this.#call('reportLoss', 'portal', { body: { idNumber: PERSON.idNumber } }));
  }

  leaseOver(opId: string): void {
    this.#db.prepare('UPDATE operations SET lease_expires_at = ? WHERE operation_id = ?').run(EPOCH_MS, opId);
    // The rules end what is over at the beginning of every call.
    this.#must(this.#call('listOpenOperations', KIOSK, { query: { open: 'true' } }));
  }

  /** Somebody scans the slip with the verifier's app. */
  scanned(opId: string): void {
    this.#must(
      this.#call('verify', 'verifier', { body: { code: this.operation(opId)?.token ?? '' } }, 'verifier'),
    );
  }

  /** Signs in at this kiosk. */
  signIn(device = KIOSK, nowMs = EPOCH_MS): { identificationId: string; subjectToken: string } {
    const body = {
      method: 'id-card',
      name: PERSON.name,
      idNumber: PERSON.idNumber,
      validFrom: '2010-01-01',
      validTo: 'long-term',
      readerId: 'reader',
    } as const;
    return this.#must(this.#call('identify', device, { body }, 'device', nowMs));
  }

  operation(opId: string): OperationRow | undefined {
    return this.#db
      .prepare<[string], OperationRow>('SELECT * FROM operations WHERE operation_id = ?')
      .get(opId);
  }

  epoch(): number {
    const row = this.#db
      .prepare<[string], { epoch: number }>('SELECT epoch FROM persons WHERE id_number = ?')
      .get(PERSON.idNumber);
    return row?.epoch ?? 0;
  }

  active(): boolean {
    return (
      this.#db
        .prepare("SELECT 1 FROM operations WHERE id_number = ? AND state = 'active'")
        .get(PERSON.idNumber) !== undefined
    );
  }

  /** The calls of this kiosk's agent: each waits until somebody answers. */
  client(nowMs: () => number): IssuingCalls {
    const kiosk = KIOSK;
    return {
      reserve: (opId, kind, subjectToken) =>
        this.#post(nowMs(), opId, 'reserve', () =>
          this.#call('reserve', kiosk, { params: { operationId: opId }, body: { kind }, subjectToken }),
        ),
      activate: (opId, evidence) =>
        this.#post(nowMs(), opId, 'activate', () =>
          this.#call('activate', kiosk, { params: { operationId: opId }, body: { evidence } }),
        ),
      voidOperation: (opId, reason) =>
        this.#post(nowMs(), opId, 'void', () =>
          this.#call('void', kiosk, { params: { operationId: opId }, body: { reason } }),
        ),
      confirm: (opId, delivery) =>
        this.#post(
          nowMs(),
          opId,
          'confirm',
          () => this.#call('confirm', kiosk, { params: { operationId: opId }, body: { delivery } }),
          delivery,
        ),
      // Asked at the start alone, which is one move.
      openOperations: () =>
        Promise.resolve(answerOf(this.#call('listOpenOperations', kiosk, { query: { open: 'true' } }))),
    };
  }

  #post<T>(
    sentAtMs: number,
    opId: string,
    request: Request,
    perform: () => Result<T, Refusal>,
    delivery?: string,
  ): Promise<Result<T, CentralError>> {
    return new Promise((resolve) => {
      const message: Message = {
        opId,
        request,
        ...(delivery !== undefined && { delivery }),
        sentAtMs,
        open: true,
        hear: () => void perform(),
        deliver: () => {
          message.open = false;
          const answer = perform();
          if (request === 'void' && answer.ok) this.voidAcknowledged.add(opId);
          resolve(answerOf(answer));
        },
        lose: () => {
          message.open = false;
          resolve(err({ kind: 'unreachable' }));
        },
      };
      this.sent.push(message);
    });
  }

  #issue(device: string, kind: 'apply' | 'reissue', nowMs: number): string {
    const key = `${KIOSK}-${device}`;
    const { subjectToken } = this.signIn(key, nowMs);
    const params = { operationId: this.#random.uuid() };
    this.#must(this.#call('reserve', key, { params, body: { kind }, subjectToken }, 'device', nowMs));
    this.#must(this.#call('activate', key, { params, body: { evidence: EVIDENCE } }, 'device', nowMs));
    this.#must(this.#call('confirm', key, { params, body: { delivery: 'taken' } }, 'device', nowMs));
    return params.operationId;
  }

  #call<N extends RouteName>(
    name: N,
    keyId: string,
    details: Partial<Call<N>>,
    role: Call<N>['role'] = name === 'reportLoss' ? 'portal' : 'device',
    nowMs = EPOCH_MS,
  ) {
    return executeCall(this.#centre, name, { keyId, role, nowMs, ...details } as Call<N>);
  }

  get #centre() {
    return { db: this.#db, random: this.#random, drawPortrait: () => undefined };
  }

  #must<T>(answer: Result<T, Refusal>): T {
    if (answer.ok) return answer.value;
    throw new Error(`the centre refuses: ${answer.error.problem}`);
  }
}

/** As the client reads it off the wire. */
function answerOf<T>(answer: Result<T, Refusal>): Result<T, CentralError> {
  if (answer.ok) return answer;
  const { problem, reasons, state, validUntil } = answer.error;
  return err({
    kind: 'problem',
    name: problem,
    type: problemType(problem),
    status: problems[problem].status,
    ...(reasons && { reasons }),
    ...(state && { state }),
    ...(validUntil !== undefined && { validUntil }),
  });
}
