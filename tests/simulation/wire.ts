import type { CentralClient, CentralError } from '../../src/central-api/client.ts';
import { err, ok } from '../../src/platform/result.ts';
import type { Result } from '../../src/platform/result.ts';
import { dateOf } from './centre-model.ts';
import type { CentreModel, Code, Person, Refusal } from './centre-model.ts';
import type { RequestFault } from './faults.ts';
import type { VirtualClock } from './virtual-clock.ts';

const WAY_MS = 50;
const REQUEST_MS = 8_000;
const PROBE_MS = 3_000;
const SLOW_MS = 6_500;
/** A message may stay on its way so long; every fifth of the late ones outlives the lease of an operation. */
const LATE_MS = { most: 90_000, beyondTheLease: 620_000 };

export type Call = 'identify' | 'reserve' | 'activate' | 'void' | 'confirm' | 'open' | 'probe';

/** The way from one kiosk to the centre. */
export interface Way {
  down: boolean;
  centreDown: boolean;
}

export interface WireParts {
  readonly clock: VirtualClock;
  readonly centre: CentreModel;
  readonly device: string;
  readonly way: Way;
  readonly alive: () => boolean;
  /** What is to happen to a request, and how (a number in [0, 1)). */
  readonly fault: (opId: string | undefined) => { readonly fault: RequestFault; readonly how: number } | null;
  /** A request leaves the kiosk. */
  readonly sent: (call: Call, opId: string | undefined, said?: string) => void;
  /** The centre has done what an arriving request asks: all its consequences are there. */
  readonly served: (call: Call, opId: string | undefined, done: boolean) => void;
  /** What was around its operation after a request was served, and after the same was served again. */
  readonly servedAgain: (call: Call, before: string, after: string) => void;
  /** More (+1) or fewer (−1) messages are under way. */
  readonly underWay: (change: 1 | -1) => void;
  readonly heard: (answered: boolean) => void;
  readonly personOfCard: (idNumber: string) => Person | undefined;
  /** The agent has been told who somebody is. */
  readonly signedIn: (person: Person) => void;
}

/** All that an agent asks of the centre here. */
export type Calls = Pick<
  CentralClient,
  | 'identifyByIdCard'
  | 'identifyBySuishenCode'
  | 'reserve'
  | 'activate'
  | 'voidOperation'
  | 'confirm'
  | 'openOperations'
  | 'probe'
>;

/** The centre as one agent reaches it, over a line on which anything can happen to a message. */
export function createWire(parts: WireParts): Calls {
  const { clock, centre, device, alive } = parts;

  function send<T>(
    call: Call,
    opId: string | undefined,
    serve: () => T | Refusal,
    options: { limitMs?: number; signal?: AbortSignal | undefined; said?: string } = {},
  ): Promise<Result<T, CentralError>> {
    const { promise, resolve } = Promise.withResolvers<Result<T, CentralError>>();
    if (!alive()) return promise;
    const limitMs = options.limitMs ?? REQUEST_MS;
    parts.sent(call, opId, options.said);
    const come = (result: Result<T, CentralError>) => {
      if (alive()) resolve(result);
    };
    const answered = (result: Result<T, CentralError>) => {
      come(result);
      if (alive()) parts.heard(true);
    };
    const lost = (kind: 'unreachable' | 'timeout') => {
      come(err({ kind }));
      if (alive()) parts.heard(false);
    };
    options.signal?.addEventListener('abort', () => come(err({ kind: 'timeout' })), { once: true });
    const arrive = (): Result<T, CentralError> => {
      const served = serve();
      const refused = isRefusal(served);
      parts.served(call, opId, !refused);
      return refused ? err(problem(served)) : ok(served);
    };
    const arriveAgain = () => {
      const before = opId === undefined ? '' : centre.stateAround(opId);
      arrive();
      if (opId !== undefined) parts.servedAgain(call, before, centre.stateAround(opId));
    };
    const later = (delayMs: number, task: () => void) => {
      parts.underWay(1);
      clock.schedule(delayMs, () => {
        parts.underWay(-1);
        task();
      });
    };
    if (parts.way.down) {
      clock.schedule(WAY_MS, () => lost('unreachable'));
      return promise;
    }
    if (parts.way.centreDown) {
      clock.schedule(2 * WAY_MS, () => answered(err(SERVER_ERROR)));
      return promise;
    }
    const struck = parts.fault(opId);
    const how = struck?.how ?? 0;
    switch (struck?.fault) {
      case undefined:
        later(WAY_MS, () => {
          const result = arrive();
          clock.schedule(WAY_MS, () => answered(result));
        });
        break;
      case 'doubled':
        later(WAY_MS, () => {
          const result = arrive();
          if (how < 0.5) arriveAgain();
          clock.schedule(WAY_MS, () => answered(result));
        });
        if (how >= 0.5) later(how * 20_000, () => void arrive());
        break;
      case 'slow':
        later(WAY_MS, () => {
          const result = arrive();
          clock.schedule(Math.min(SLOW_MS, limitMs / 2), () => answered(result));
        });
        break;
      case 'late':
        later(how < 0.2 ? LATE_MS.beyondTheLease : how * LATE_MS.most, () => void arrive());
        clock.schedule(limitMs, () => lost('timeout'));
        break;
      case 'reply-lost':
        later(WAY_MS, () => void arrive());
        clock.schedule(how < 0.5 ? 2 * WAY_MS : limitMs, () => lost(how < 0.5 ? 'unreachable' : 'timeout'));
        break;
      case 'request-lost':
        clock.schedule(WAY_MS, () => lost('unreachable'));
        break;
      case 'hangs':
        clock.schedule(limitMs, () => lost('timeout'));
        break;
      case 'centre-error':
        // Nobody knows on which side of its database the centre failed.
        later(WAY_MS, () => {
          if (how < 0.5) arrive();
          clock.schedule(WAY_MS, () => answered(err(SERVER_ERROR)));
        });
        break;
    }
    return promise;
  }

  const identify = async (person: () => Person | string, signal: AbortSignal | undefined) => {
    let first: Person | undefined;
    const answer = await send(
      'identify',
      undefined,
      () => {
        const found = person();
        if (typeof found === 'string') return refusal(found);
        first ??= found;
        const { identificationId, subjectToken } = centre.signIns.signIn(found, device);
        const limited = centre.reachedDailyLimit(found);
        return {
          identificationId,
          subjectToken,
          subjectTokenExpiresAt: '',
          person: { maskedName: found.maskedName, maskedIdNumber: found.maskedName },
          eligibility: { eligible: !limited, reasons: limited ? (['daily-limit'] as const).slice() : [] },
          currentCode: centre.currentCode(found),
        };
      },
      { signal },
    );
    if (answer.ok && first !== undefined) parts.signedIn(first);
    return answer;
  };

  return {
    identifyByIdCard: ({ idNumber }, signal) =>
      identify(() => parts.personOfCard(idNumber) ?? 'unknown-person', signal),
    identifyBySuishenCode: (text, signal) => identify(() => centre.signIns.useLivingCode(text), signal),
    reserve: (opId, kind, subjectToken) =>
      send('reserve', opId, () => {
        const code = centre.reserve(opId, kind, subjectToken, device);
        return isRefusal(code) ? code : reservationOf(code);
      }),
    activate: (opId) =>
      send('activate', opId, () => {
        const code = centre.activate(opId, device);
        if (isRefusal(code)) return code;
        const validUntil = dateOf(code.lastDay);
        return {
          operationId: opId,
          state: 'active',
          activatedAt: '',
          validUntil,
          epoch: code.person.epoch,
        } as const;
      }),
    voidOperation: (opId) =>
      send('void', opId, () => {
        const done = centre.void(opId, device);
        return done === 'ok' ? ({ operationId: opId, state: 'void', restored: false } as const) : done;
      }),
    confirm: (opId, delivery) =>
      send(
        'confirm',
        opId,
        () => {
          const done = centre.confirm(opId, delivery, device);
          return done === 'ok' ? ({ operationId: opId, state: 'active', delivery } as const) : done;
        },
        { said: delivery },
      ),
    openOperations: () =>
      send('open', undefined, () => ({
        operations: centre.open(device).map(({ opId, kind, state, delivery }) => ({
          operationId: opId,
          kind,
          state,
          ...(delivery !== null && { delivery }),
        })),
      })),
    probe: () => send<void>('probe', undefined, () => undefined, { limitMs: PROBE_MS }),
  };
}

const SERVER_ERROR = { kind: 'invalid-answer', status: 503 } as const;

function refusal(name: string): Refusal {
  return { kind: 'refused', problem: name };
}

function isRefusal(served: unknown): served is Refusal {
  return typeof served === 'object' && served !== null && 'kind' in served && served.kind === 'refused';
}

function problem({ problem: name }: Refusal): CentralError {
  // The model's refusals bear names of the contract's problem types.
  return { kind: 'problem', name, type: `urn:${name}`, status: 409 } as unknown as CentralError;
}

function reservationOf({ opId, kind, token, shortCode, person, issuedOnDay, lastDay, baseEpoch }: Code) {
  return {
    operationId: opId,
    kind,
    token,
    shortCode,
    maskedName: person.maskedName,
    issuedOn: dateOf(issuedOnDay),
    validUntil: dateOf(lastDay),
    baseEpoch,
    leaseSeconds: 600,
    leaseExpiresAt: '',
  };
}
