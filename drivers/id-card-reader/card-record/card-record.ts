import type { IdCard } from '../../../src/devices/id-card.ts';
import { err, ok } from '../../../src/platform/result.ts';
import type { Result } from '../../../src/platform/result.ts';
import { TEXT_BLOCK_BYTES } from './card-blocks.ts';
import { hasForeignCheckDigit } from './check-digits.ts';
import { readForeign2017 } from './foreign-record-2017.ts';
import { readForeign2023 } from './foreign-record-2023.ts';
import { endsBeforeItBegins } from './record-fields.ts';
import type { CardField } from './record-fields.ts';
import { fieldText } from './record-text.ts';
import { readResidencePermit } from './residence-permit-record.ts';
import { readResident } from './resident-record.ts';

/**
 * What is odd about a record and no reason to refuse it. `type-flag`: the number looks like that of another kind of card than the
 * flag says. `check-digit`: the number of a foreigner's card of 2017 fails a rule that only one source knows.
 */
export type RecordWarning = 'type-flag' | 'check-digit';

/** A card that was understood. */
export interface ParsedCard {
  readonly card: IdCard;
  readonly warnings: readonly RecordWarning[];
}

/** Why a record was not understood: never with a value in it. */
export type RecordError =
  | { readonly kind: 'wrong-length' }
  | {
      readonly kind: 'bad-field';
      readonly field: CardField;
      readonly warnings: readonly RecordWarning[];
    };

const FLAG_OFFSET = 248;
const NUMBER_PLACE = [122, 36] as const;

/**
 * Reads the 256-byte text record of a card. Its kind is told by the letter at 248 alone (`I`, `J`, `Y`; anything else, a space as
 * a rule, is a resident's). Strict: what is not well-formed is an error with the field's name, never a guess. Birth date and
 * number are not compared: the centre knows the person, the chip only claims to.
 */
export function parseCardRecord(
  record: Uint8Array,
  wanted: { readonly address: boolean } = { address: false },
): Result<ParsedCard, RecordError> {
  if (record.length !== TEXT_BLOCK_BYTES) return err({ kind: 'wrong-length' });
  const kind = flaggedKind(record);
  const warnings: RecordWarning[] = [];
  if (isOfAnotherKind(record, kind)) warnings.push('type-flag');
  const read = readRecordOf(kind, record, wanted.address);
  if (!read.ok) return err({ kind: 'bad-field', field: read.error, warnings });
  const card = read.value;
  if (endsBeforeItBegins(card)) return err({ kind: 'bad-field', field: 'validTo', warnings });
  if (kind === 'foreign-resident-2017' && !hasForeignCheckDigit(card.idNumber)) warnings.push('check-digit');
  return ok({ card, warnings });
}

function readRecordOf(kind: IdCard['kind'], record: Uint8Array, address: boolean): Result<IdCard, CardField> {
  switch (kind) {
    case 'resident':
      return readResident(record, address);
    case 'residence-permit':
      return readResidencePermit(record, address);
    case 'foreign-resident-2017':
      return readForeign2017(record);
    case 'foreign-resident-2023':
      return readForeign2023(record);
  }
}

function flaggedKind(record: Uint8Array): IdCard['kind'] {
  if (record[FLAG_OFFSET + 1] !== 0) return 'resident';
  switch (record[FLAG_OFFSET]) {
    case 0x49:
      return 'foreign-resident-2017';
    case 0x4a:
      return 'residence-permit';
    case 0x59:
      return 'foreign-resident-2023';
    default:
      return 'resident';
  }
}

/** Numbers do not decide, they only raise a doubt. One that looks like a resident's raises none: regions come and go. */
function isOfAnotherKind(record: Uint8Array, flagged: IdCard['kind']): boolean {
  const suggested = kindSuggestedBy(fieldText(record, NUMBER_PLACE) ?? '');
  return suggested !== undefined && suggested !== flagged;
}

function kindSuggestedBy(number: string): IdCard['kind'] | undefined {
  if (/^9\d{16}[\dX]$/.test(number)) return 'foreign-resident-2023';
  if (/^8[123]0{4}\d{11}[\dX]$/.test(number)) return 'residence-permit';
  // 15 characters, with the nationality right behind them.
  if (/^[A-Z]{3}\d{12}/.test(number)) return 'foreign-resident-2017';
  return undefined;
}
