import { z } from 'zod';
import { problemNames, problemType } from './problems.ts';

/**
 * Everything that crosses the wire between a kiosk and the central service. This is the one source: `openapi.json` is
 * generated from it. Requests are strict (an unknown member is a mistake, and personal data nobody asked for is refused);
 * answers are open (a newer centre may say more).
 */

/** The header that carries the subject token; never in a URL, always part of the signature when present. */
export const SUBJECT_TOKEN_HEADER = 'Subject-Token';
/** What the text of a paper offline code begins with. */
export const PAPER_CODE_PREFIX = 'OC1';
/** What the text of a living 随申码 begins with. */
export const SUISHEN_CODE_PREFIX = 'SS1';
/** A living 随申码 can be used for so long, seconds. */
export const SUISHEN_CODE_SECONDS = 60;
/** A pending operation is void after so many seconds. */
export const LEASE_SECONDS = 600;
/** A subject token is good for so many seconds. */
export const SUBJECT_TOKEN_SECONDS = 600;
/** A code is valid for so many days, the day of issue included. */
export const VALID_DAYS = 180;
/** A person can have so many codes activated in one day, Asia/Shanghai. */
export const DAILY_LIMIT = 3;
/** Difference between a signature's `created` and the time of the centre, either way, seconds. */
export const SIGNATURE_SKEW_SECONDS = 60;

/** A day in Asia/Shanghai. */
export const calendarDate = z.iso.date().meta({
  id: 'CalendarDate',
  description: 'YYYY-MM-DD, a day in Asia/Shanghai, decided by the centre',
});
/** A moment in UTC. */
export const instant = z.iso.datetime().meta({ id: 'Instant', description: 'RFC 3339, UTC' });
const operationId = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  .meta({
    id: 'OperationId',
    description: 'UUID version 4, lower case, made by the kiosk before the first send',
  });
/** An id the centre made. */
export const opaqueId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/)
  .meta({ id: 'OpaqueId' });
/**
 * The number on an identity card: 18 characters of a resident (GB 11643), of a residence permit (81, 82, 83) or of a foreigner
 * (9, GA 2102-2023), or the 15 of a foreigner's card of 2017. Its check digit is the reader's matter.
 */
export const idNumber = z
  .string()
  .regex(/^(?:[0-9]{17}[0-9X]|[A-Z]{3}[0-9]{12})$/)
  .meta({
    id: 'IdNumber',
    description:
      "18 characters: residents (GB 11643), residence permits (81, 82, 83), foreigners (9…, GA 2102-2023); or the 15 of a foreigner's card of 2017: three letters, twelve digits",
  });
/** UTF-16 code units of the longest name on a card: the English one of a foreigner's card of 2017. */
const LONGEST_NAME = 60;

// --- identification ---------------------------------------------------------------------------------------------------

/** Proof of who stands there: what the reader read from the card, or the living code the scanner read. */
export const identificationRequest = z
  .discriminatedUnion('method', [
    z
      .strictObject({
        method: z.literal('id-card'),
        name: z
          .string()
          .min(1)
          .max(LONGEST_NAME)
          .meta({ description: 'As on the card; of a foreigner the Chinese one where there is one' }),
        idNumber,
        validFrom: z.iso.date(),
        validTo: z.union([z.iso.date(), z.literal('long-term')]),
        readerId: z.string().min(1).max(64).meta({ description: "The reader's security module number" }),
      })
      .meta({ id: 'IdCardProof' }),
    z
      .strictObject({
        method: z.literal('suishen-code'),
        code: z.string().min(1).max(512).meta({ description: 'The scanned text as it is' }),
      })
      .meta({ id: 'SuishenCodeProof' }),
  ])
  .meta({ id: 'IdentificationRequest' });

/** Why a person who was found cannot have a code now. */
const ineligibility = z.enum(['under-age', 'no-photo', 'card-expired', 'daily-limit']).meta({
  id: 'Ineligibility',
});

/** The code somebody holds. `unconfirmed`: active, but nobody saw the slip come out. Void and pending ones do not count. */
const currentCode = z
  .discriminatedUnion('status', [
    z.object({ status: z.literal('none') }),
    z.object({
      status: z.enum(['active', 'unconfirmed', 'expired', 'revoked']),
      issuedOn: calendarDate,
      validUntil: calendarDate,
      daysLeft: z
        .int()
        .min(0)
        .meta({ description: 'Days still to go, today and the last one included; 0 unless it is valid' }),
    }),
  ])
  .meta({ id: 'CurrentCode' });

/** The answer to an identification. `active` and `unconfirmed` lead to `reissue`, everything else to `apply`. */
export const identification = z
  .object({
    identificationId: opaqueId,
    subjectToken: z.string().min(20).max(200),
    subjectTokenExpiresAt: instant,
    person: z.object({
      maskedName: z.string().min(1).meta({ description: '张*三, M***, ***N' }),
      maskedIdNumber: z
        .string()
        .min(1)
        .meta({ description: '310***********1234; XXA********1204 of fifteen' }),
      photoRef: opaqueId.optional().meta({
        description: 'The {identificationId} to ask the portrait by; absent: no photo on file',
      }),
    }),
    eligibility: z.object({ eligible: z.boolean(), reasons: z.array(ineligibility) }),
    currentCode,
  })
  .meta({ id: 'Identification' });

/** The full name, when the person asks to see it. */
export const fullName = z.object({ fullName: z.string().min(1) }).meta({ id: 'FullName' });

// --- operations -------------------------------------------------------------------------------------------------------

/** `apply`: no active code; `reissue`: there is one, and it gives way. */
const operationKind = z.enum(['apply', 'reissue']).meta({ id: 'OperationKind' });

/** State of an operation and of its code. `suspended`: a later operation took over, but its slip is not delivered yet. */
const operationState = z
  .enum(['pending', 'active', 'suspended', 'superseded', 'void', 'revoked', 'expired'])
  .meta({ id: 'OperationState' });

/** How a slip was delivered, from the weakest to the strongest. From `cut` on it is final. */
export const DELIVERIES = ['unconfirmed', 'cut', 'taken', 'scanned'] as const;
/** How a slip was delivered. */
const delivery = z.enum(DELIVERIES).meta({ id: 'Delivery' });

export const reserveRequest = z.strictObject({ kind: operationKind }).meta({ id: 'ReserveRequest' });

/** A code that is not valid yet. The only answer that carries the token. */
export const reservation = z
  .object({
    operationId,
    kind: operationKind,
    token: z
      .string()
      .regex(/^OC1[A-Z2-7]{26}[A-Z2-7]{1,5}$/)
      .meta({ description: 'Text of the QR code: OC1, 128 random bits in base32, a check' }),
    shortCode: z
      .string()
      .regex(/^[2-9A-HJ-NP-Z]{12}$/)
      .meta({
        description: '12 characters without 0 O 1 I, the last one a check; printed in groups of four',
      }),
    maskedName: z.string().min(1),
    issuedOn: calendarDate,
    validUntil: calendarDate.meta({ description: 'The last day on which the code is valid' }),
    baseEpoch: z.int().min(0),
    leaseSeconds: z.int().positive(),
    leaseExpiresAt: instant,
  })
  .meta({ id: 'Reservation' });

/** Why the kiosk believes that the body is on paper (grades of evidence: E1 status answer, E2 completion echo, E3 read back). */
export const activateRequest = z
  .strictObject({
    evidence: z.strictObject({
      grade: z.enum(['E1', 'E2', 'E3']),
      processId: z.string().max(16).optional(),
      bodySha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  })
  .meta({ id: 'ActivateRequest' });

export const activation = z
  .object({
    operationId,
    state: z.literal('active'),
    activatedAt: instant,
    validUntil: calendarDate,
    epoch: z.int().positive(),
  })
  .meta({ id: 'Activation' });

const voidReason = z
  .enum([
    'print-failed',
    'print-uncertain',
    'activation-uncertain',
    'reservation-uncertain',
    'retracted',
    'cancelled',
    'interrupted',
  ])
  .meta({ id: 'VoidReason' });

export const voidRequest = z.strictObject({ reason: voidReason }).meta({ id: 'VoidRequest' });

/** The operation is not active and never will be (again). */
export const voiding = z
  .object({
    operationId,
    state: z.enum(['void', 'revoked', 'expired', 'superseded']),
    restored: z.boolean().meta({ description: 'The code that had given way is active again' }),
  })
  .meta({ id: 'Voiding' });

export const confirmRequest = z.strictObject({ delivery }).meta({ id: 'ConfirmRequest' });

export const confirmation = z
  .object({ operationId, state: operationState, delivery: delivery.optional() })
  .meta({
    id: 'Confirmation',
    description: 'What is recorded now; a weaker delivery than the recorded one changes nothing',
  });

/** What recovery needs of an operation; never the token. A tombstone (voided before it was reserved) has no kind. */
export const operationStatus = z
  .object({
    operationId,
    state: operationState,
    kind: operationKind.optional(),
    issuedOn: calendarDate.optional(),
    validUntil: calendarDate.optional(),
    baseEpoch: z.int().min(0).optional(),
    leaseExpiresAt: instant.optional(),
    activatedAt: instant.optional(),
    delivery: delivery.optional(),
  })
  .meta({ id: 'OperationStatus' });

export const operationList = z.object({ operations: z.array(operationStatus) }).meta({ id: 'OperationList' });

// --- verifier, portal, operator ---------------------------------------------------------------------------------------

export const verificationRequest = z
  .strictObject({
    code: z.string().min(1).max(512).meta({ description: 'The scanned token, or the short code as typed' }),
  })
  .meta({ id: 'VerificationRequest' });

/** Verification status → what the verifier reads: 未启用 有效 已换新 作废 已挂失 已过期. */
export const VERIFICATION_TEXTS = {
  'not-activated': '未启用',
  valid: '有效',
  replaced: '已换新',
  void: '作废',
  revoked: '已挂失',
  expired: '已过期',
} as const;

export const verification = z
  .object({
    status: z.enum(['not-activated', 'valid', 'replaced', 'void', 'revoked', 'expired']),
    statusText: z.string().min(1).meta({ description: '未启用 · 有效 · 已换新 · 作废 · 已挂失 · 已过期' }),
    colour: z.enum(['green', 'yellow', 'red']).optional().meta({ description: 'Only of a valid code' }),
    maskedName: z.string().min(1),
    maskedIdNumber: z.string().min(1),
    issuedOn: calendarDate,
    validUntil: calendarDate,
    watermark: z.object({
      verifierId: z.string().min(1),
      verifiedAt: instant,
      text: z.string().min(1).meta({ description: 'To be drawn over the whole page' }),
    }),
  })
  .meta({ id: 'Verification' });

export const lossReportRequest = z.strictObject({ idNumber }).meta({ id: 'LossReportRequest' });

export const lossReport = z
  .object({
    reportedAt: instant,
    revoked: z.int().min(0).meta({ description: 'Codes that were active, suspended or pending until now' }),
  })
  .meta({ id: 'LossReport' });

export const suishenCodeRequest = z.strictObject({ idNumber }).meta({ id: 'SuishenCodeRequest' });

export const suishenCode = z
  .object({
    code: z.string().regex(/^SS1[A-Z2-7]{27,31}$/),
    expiresAt: instant,
  })
  .meta({ id: 'SuishenCode', description: 'A living code: 60 s, single use' });

/** Active codes whose delivery nobody saw, or nobody reported yet. */
export const unconfirmedList = z
  .object({
    unconfirmed: z.array(
      z.object({
        operationId,
        deviceId: z.string().min(1),
        kind: operationKind,
        activatedAt: instant,
        delivery: z.literal('unconfirmed').optional().meta({ description: 'Absent: not reported yet' }),
        overdue: z.boolean().meta({ description: 'Activated more than 15 minutes ago' }),
      }),
    ),
  })
  .meta({ id: 'UnconfirmedList' });

// --- parameters and problems ------------------------------------------------------------------------------------------

export const operationParams = z.object({ operationId });
export const identificationParams = z.object({ identificationId: opaqueId });
export const openOperationsQuery = z.object({ open: z.literal('true') });

/** A refusal (RFC 9457), with the members this contract adds. Its texts never hold personal data. */
export const problem = z
  .object({
    type: z.enum(problemNames.map(problemType)),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().optional(),
    reasons: z.array(ineligibility).optional().meta({ description: 'Of not-eligible' }),
    state: operationState
      .optional()
      .meta({ description: 'Of operation-void, operation-not-pending, delivered-final' }),
    validUntil: calendarDate
      .optional()
      .meta({ description: 'Of already-active: the last day of the active code' }),
    retryAfterSeconds: z.int().positive().optional().meta({ description: 'Of rate-limited' }),
  })
  .meta({ id: 'Problem' });

export type IdentificationRequest = z.infer<typeof identificationRequest>;
export type Identification = z.infer<typeof identification>;
export type Ineligibility = z.infer<typeof ineligibility>;
export type CurrentCode = z.infer<typeof currentCode>;
export type OperationKind = z.infer<typeof operationKind>;
export type OperationState = z.infer<typeof operationState>;
export type Delivery = z.infer<typeof delivery>;
export type Reservation = z.infer<typeof reservation>;
export type ActivateRequest = z.infer<typeof activateRequest>;
export type Activation = z.infer<typeof activation>;
export type VoidRequest = z.infer<typeof voidRequest>;
export type Voiding = z.infer<typeof voiding>;
export type OperationStatus = z.infer<typeof operationStatus>;
export type Verification = z.infer<typeof verification>;
export type Problem = z.infer<typeof problem>;
