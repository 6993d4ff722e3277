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
import type { LiveSession } from './live-session.ts';
import type { SlipFacts } from './slip-facts.ts';

const UNKNOWN: Unknown = { kind: 'unknown' };

const VOID_REASONS: Readonly<Record<VoidReason, VoidRequest['reason']>> = {
  'reserve-unknown': 'reservation-uncertain',
  'print-failed': 'print-failed',
  'print-unknown': 'print-uncertain',
  'evidence-too-weak': 'print-uncertain',
  'activation-refused': 'activation-uncertain',
  'activation-unknown': 'activation-uncertain',
  'footer-not-printed': 'print-failed',
  cancelled: 'cancelled',
  interrupted: 'interrupted',
  orphan: 'interrupted',
};

/** After these nobody waits for a confirmation any more. */
const CONFIRM_IS_OVER = new Set(['operation-void', 'not-found', 'operation-not-activated']);

/** The central service as issuance asks it; what is personal in its answers goes into the vault on the way. */
export function createCentrePort(parts: {
  central: CentralClient;
  live: LiveSession;
  slips: SlipFacts;
  /** Key of the token's hash in the journal. */
  hashKey: Uint8Array;
}): CentrePort {
  const { central, live, slips } = parts;
  return {
    reserve: async ({ opId, kind }) => {
      const subjectToken = live.get('subjectToken');
      if (subjectToken === undefined) return { kind: 'refused', problem: 'subject-token-invalid' };
      live.row?.setOperation(opId);
      const answer = await central.reserve(opId, kind, subjectToken);
      if (!answer.ok) return refusedOr(answer.error);
      const { token, shortCode, maskedName, issuedOn, validUntil, baseEpoch } = answer.value;
      const kept =
        live.put('token', token) && live.put('shortCode', shortCode) && live.put('maskedName', maskedName);
      // The session ended while the centre thought: nobody could print this slip.
      if (!kept) return UNKNOWN;
      slips.remember(opId, { kind, issuedOn, validUntil });
      return {
        kind: 'ok',
        baseEpoch,
        validUntil,
        tokenHash: createHmac('sha256', parts.hashKey).update(token).digest('hex'),
      };
    },
    activate: async ({ opId, evidence }) => {
      const sent = evidenceOf(evidence, slips.bodySha256(opId));
      if (sent === undefined) return { kind: 'refused', problem: 'other' };
      const answer = await central.activate(opId, sent);
      return answer.ok ? { kind: 'ok' } : activationRefused(answer.error);
    },
    void: async ({ opId, reason }) => {
      const answer = await central.voidOperation(opId, VOID_REASONS[reason]);
      if (answer.ok) {
        slips.forget(opId);
        return { kind: 'ok' };
      }
      return isProblem(answer.error, 'delivered-final')
        ? { kind: 'final', problem: 'delivered-final' }
        : UNKNOWN;
    },
    confirm: async ({ opId, delivery }): Promise<ConfirmAnswer> => {
      const answer = await central.confirm(opId, delivery);
      slips.forget(opId);
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
          kind !== undefined && (state === 'pending' || state === 'active')
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

/** A refusal of the contract is an answer; everything else leaves open what happened. */
function refusedOr(error: CentralError): Refused | Unknown {
  if (error.kind !== 'problem' || error.status >= 500) return UNKNOWN;
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

/** `E0` proves nothing and is not sent. */
function evidenceOf(evidence: ActivationEvidence, bodySha256: string) {
  const { grade, processId } = evidence;
  return grade === 'E0' ? undefined : { grade, processId, bodySha256 };
}
