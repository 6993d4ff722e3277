import type { ResidentCard } from '../../../src/devices/id-card.ts';
import { ok } from '../../../src/platform/result.ts';
import type { Result } from '../../../src/platform/result.ts';
import {
  calendarDate,
  citizenNumber,
  expiryDate,
  printable,
  printableOrEmpty,
  sexCode,
  twoDigits,
} from './field-rules.ts';
import { readFields } from './record-fields.ts';
import type { CardField, RecordLayout } from './record-fields.ts';

/** What 居民身份证 and 港澳台居民居住证 have in the same places (GA/T 490; the permit was laid out after the card). */
export const RESIDENTS_FIELDS = {
  name: { at: [0, 30], rule: printable },
  sex: { at: [30, 2], rule: sexCode },
  birthDate: { at: [36, 16], rule: calendarDate },
  idNumber: { at: [122, 36], rule: citizenNumber },
  issuer: { at: [158, 30], rule: printable },
  validFrom: { at: [188, 16], rule: calendarDate },
  validTo: { at: [204, 16], rule: expiryDate },
} as const satisfies Partial<RecordLayout<CardField>>;

const LAYOUT = { ...RESIDENTS_FIELDS, ethnicCode: { at: [32, 4], rule: twoDigits } } as const;

/** Both kinds of card have it; it is read only when somebody asked for it. */
const ADDRESS_LAYOUT = { address: { at: [52, 70], rule: printableOrEmpty } } as const;

/** 居民身份证. */
export function readResident(record: Uint8Array, wantsAddress: boolean): Result<ResidentCard, CardField> {
  const fields = readFields(record, LAYOUT);
  if (!fields.ok) return fields;
  const address = readAddress(record, wantsAddress);
  return address.ok ? ok({ kind: 'resident', ...fields.value, ...address.value }) : address;
}

/** The address on the chip, if it is wanted. */
export function readAddress(
  record: Uint8Array,
  wanted: boolean,
): Result<{ readonly address?: string }, CardField> {
  return wanted ? readFields(record, ADDRESS_LAYOUT) : ok({});
}
