import { createHmac } from 'node:crypto';
import type { CentralClient, CentralError } from '../central-api/client.ts';
import type { VoidRequest } from '../central-api/schemas.ts';
import type {
  ActivateAnswer,
  ActivationEvidence,
  CentrePort,
  ConfirmAnswer,
  OpenOperation,
  Refused,
  Unknown,
  VoidReason,
} from '../issuance/ports.ts';
import type { RunningOperations } from './running-operations.ts';

/** The calls that issuing codes is made of. */
export type IssuingCalls = Pick<
  CentralClient,
  'reserve' | 'activate' | 'voidOperation' | 'confirm' | 'openOperations'
>;

const UNKNOWN: Unknown = { kind: 'unknown' };

const VOID_REASONS: Readonly<Record<VoidReason, VoidRequest['reason']>> = {
  'reserve-unknown': 'reservation-uncertain',
  'print-failed': 'print-failed',
  'print-unknown': 'print-uncertain',
  'evidence-too-weak': 'print-uncertain',
  'activation-refused': 'activation-uncertain',
  'activation-unknown': 'activation-uncertain',
  'footer-not-printed': 'print-failed',
  retracted: 'retracted',
  cancelled: 'cancelled',
  interrupted: 'interrupted',
  orphan: 'interrupted',
};

/** After these nobody waits for a confirmation any more. */
const CONFIRM_IS_OVER = new Set(['operation-void', 'not-found', 'operation-not-activated']);

/** The central service as issuance asks it; what is personal in its answers goes into the vault on the way. */
export function createCentrePort(parts: {
  central: IssuingCalls;
  operations: RunningOperations;
  /** Key of the token's hash in the journal. */
  hashKey: Uint8Array;
}): CentrePort {
  const { central, operations } = parts;
  return {
    reserve: async ({ opId, kind }) => {
      const hold = operations.holdOf(opId);
      const subjectToken = hold?.get('subjectToken');
      if (hold === undefined || subjectToken === undefined)
        return { kind: 'refused', problem: 'subject-token-invalid' };
      hold.setOperation(opId);
      const answer = await central.reserve(opId, kind, subjectToken);
      if (!answer.ok) return refusedOr(answer.error);
      // Given up, or the session ended, while the centre thought: nobody may print this slip.
      if (operations.holdOf(opId) !== hold) return UNKNOWN;
      const { token, shortCode, maskedName, issuedOn, validUntil, baseEpoch } = answer.value;
      const kept =
        hold.put('token', token) && hold.put('shortCode', shortCode) && hold.put('maskedName', maskedName);
      if (!kept) return UNKNOWN;
      operations.reserved(opId, { kind, issuedOn, validUntil });
      return {
        kind: 'ok',
        baseEpoch,
        validUntil,
        tokenHash: createHmac('sha256', parts.hashKey).update(token).digest('hex'),
      };
    },
    activate: async ({ opId, evidence }) => {
      const sent = evidenceOf(evidence, operations.bodySha256(opId));
      if (sent === undefined) return { kind: 'refused', problem: 'other' };
      const answer = await central.activate(opId, sent);
      return answer.ok ? { kind: 'ok' } : activationRefused(answer.error);
    },
    void: async ({ opId, reason }) => {
      const answer = await central.voidOperation(opId, VOID_REASONS[reason]);
      if (answer.ok) return { kind: 'ok' };
      return isProblem(answer.error, 'delivered-final')
        ? { kind: 'final', problem: 'delivered-final' }
        : UNKNOWN;
    },
    confirm: async ({ opId, delivery }): Promise<ConfirmAnswer> => {
      const answer = await central.confirm(opId, delivery);
      if (answer.ok) return { kind: 'ok' };
      return answer.error.kind === 'problem' && CONFIRM_IS_OVER.has(answer.error.name)
        ? { kind: 'final', problem: answer.error.name }
        : UNKNOWN;
    },
    openOperations: async () => {
      const answer = await central.openOperations();
      if (!answer.ok) return UNKNOWN;
      const operations = answer.value.operations.flatMap(
        ({ operationId, kind, state, delivery }): OpenOperation[] =>
          kind !== undefined && (state === 'pending' || state === 'active' || state === 'suspended')
            ? [{ opId: operationId, kind, state, confirmed: delivery !== undefined }]
            : [],
      );
      return { kind: 'ok', operations };
    },
  };
}

function isProblem(error: CentralError, name: string): boolean {
  return error.kind === 'problem' && error.name === name;
}

/** A refusal of the contract is an answer; everything else leaves open what happened, and so does one of a request that came before. */
function refusedOr(error: CentralError): Refused | Unknown {
  if (error.kind !== 'problem' || error.status >= 500 || error.name === 'replayed') return UNKNOWN;
  const problem = error.reasons?.[0] ?? error.name;
  return {
    kind: 'refused',
    problem,
    ...(error.validUntil === undefined ? {} : { validUntil: error.validUntil }),
  };
}

function activationRefused(error: CentralError): ActivateAnswer {
  const answer = refusedOr(error);
  if (answer.kind === 'unknown') return answer;
  if (answer.problem === 'stale-epoch') return { kind: 'refused', problem: 'stale-epoch' };
  return { kind: 'refused', problem: answer.problem === 'operation-void' ? 'gone' : 'other' };
}

/** `E0` proves nothing and is not sent; neither is the proof of a body that nobody remembers. */
function evidenceOf(evidence: ActivationEvidence, bodySha256: string | undefined) {
  const { grade, processId } = evidence;
  return grade === 'E0' || bodySha256 === undefined ? undefined : { grade, processId, bodySha256 };
}
