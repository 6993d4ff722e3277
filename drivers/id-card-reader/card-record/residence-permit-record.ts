import type { ResidencePermit } from '../../../src/devices/id-card.ts';
import { ok } from '../../../src/platform/result.ts';
import type { Result } from '../../../src/platform/result.ts';
import { printableOrEmpty, twoDigitsOrEmpty } from './field-rules.ts';
import { readFields } from './record-fields.ts';
import type { CardField } from './record-fields.ts';
import { readAddress, RESIDENTS_FIELDS } from './resident-record.ts';

const LAYOUT = {
  ...RESIDENTS_FIELDS,
  // Nothing is decided by these two, so a blank one does not make a broken card.
  travelPermitNumber: { at: [220, 18], rule: printableOrEmpty },
  issueCount: { at: [238, 4], rule: twoDigitsOrEmpty },
} as const;

/** 港澳台居民居住证 (2018), flag `J`. */
export function readResidencePermit(
  record: Uint8Array,
  wantsAddress: boolean,
): Result<ResidencePermit, CardField> {
  const fields = readFields(record, LAYOUT);
  if (!fields.ok) return fields;
  const address = readAddress(record, wantsAddress);
  return address.ok ? ok({ kind: 'residence-permit', ...fields.value, ...address.value }) : address;
}
