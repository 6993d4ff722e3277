import type { ForeignResidentCard2023 } from '../../../src/devices/id-card.ts';
import { ok } from '../../../src/platform/result.ts';
import type { Result } from '../../../src/platform/result.ts';
import {
  calendarDate,
  citizenNumber,
  expiryDate,
  nationalityCode,
  printable,
  printableOrEmpty,
  sexCode,
  twoDigitsOrEmpty,
} from './field-rules.ts';
import { readFields } from './record-fields.ts';
import type { CardField } from './record-fields.ts';

/** Rests on vendors' code, not on the text of GA 2102-2023. */
const LAYOUT = {
  chineseName: { at: [0, 30], rule: printableOrEmpty },
  sex: { at: [30, 2], rule: sexCode },
  // Nothing is decided by it.
  renewalCount: { at: [32, 4], rule: twoDigitsOrEmpty },
  birthDate: { at: [36, 16], rule: calendarDate },
  englishName: { at: [52, 70], overflow: [220, 22], rule: printable },
  idNumber: { at: [122, 36], rule: citizenNumber },
  validFrom: { at: [188, 16], rule: calendarDate },
  validTo: { at: [204, 16], rule: expiryDate },
  nationality: { at: [242, 6], rule: nationalityCode },
  previousVersionLink: { at: [250, 6], rule: printableOrEmpty },
} as const;

/** 外国人永久居留身份证 of 2023 (GA 2102-2023), flag `Y`. */
export function readForeign2023(record: Uint8Array): Result<ForeignResidentCard2023, CardField> {
  const fields = readFields(record, LAYOUT);
  return fields.ok ? ok({ kind: 'foreign-resident-2023', ...fields.value }) : fields;
}
