import type { ForeignResidentCard2017 } from '../../../src/devices/id-card.ts';
import { ok } from '../../../src/platform/result.ts';
import type { Result } from '../../../src/platform/result.ts';
import {
  calendarDate,
  expiryDate,
  foreignNumber,
  nationalityCode,
  printable,
  printableOrEmpty,
  sexCode,
} from './field-rules.ts';
import { readFields } from './record-fields.ts';
import type { CardField } from './record-fields.ts';

const LAYOUT = {
  englishName: { at: [0, 120], rule: printable },
  sex: { at: [120, 2], rule: sexCode },
  idNumber: { at: [122, 30], rule: foreignNumber },
  nationality: { at: [152, 6], rule: nationalityCode },
  chineseName: { at: [158, 30], rule: printableOrEmpty },
  validFrom: { at: [188, 16], rule: calendarDate },
  validTo: { at: [204, 16], rule: expiryDate },
  birthDate: { at: [220, 16], rule: calendarDate },
  cardVersion: { at: [236, 4], rule: printableOrEmpty },
  acceptingAuthority: { at: [240, 8], rule: printableOrEmpty },
} as const;

/** 外国人永久居留身份证 of 2017, flag `I`. */
export function readForeign2017(record: Uint8Array): Result<ForeignResidentCard2017, CardField> {
  const fields = readFields(record, LAYOUT);
  return fields.ok ? ok({ kind: 'foreign-resident-2017', ...fields.value }) : fields;
}
