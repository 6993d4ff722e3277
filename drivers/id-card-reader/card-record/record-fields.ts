import { err, ok } from '../../../src/platform/result.ts';
import type { Result } from '../../../src/platform/result.ts';
import type { FieldRule } from './field-rules.ts';
import { fieldText, joinedFieldText } from './record-text.ts';
import type { FieldPlace } from './record-text.ts';

/** Everything that an error can name; the value itself is never part of an error. */
export type CardField =
  | 'name'
  | 'sex'
  | 'ethnicCode'
  | 'birthDate'
  | 'address'
  | 'idNumber'
  | 'issuer'
  | 'validFrom'
  | 'validTo'
  | 'travelPermitNumber'
  | 'issueCount'
  | 'englishName'
  | 'chineseName'
  | 'nationality'
  | 'cardVersion'
  | 'acceptingAuthority'
  | 'renewalCount'
  | 'previousVersionLink';

/** One row of a record's table. */
export interface RecordField {
  readonly at: FieldPlace;
  /** Where the text goes on when `at` is full. */
  readonly overflow?: FieldPlace;
  readonly rule: FieldRule;
}

/** The table of a kind of record. Bytes that no row names are not read. */
export type RecordLayout<F extends CardField> = Readonly<Record<F, RecordField>>;

/** Reads every field of a table; the first one that is not as it must be is the error. */
export function readFields<F extends CardField>(
  record: Uint8Array,
  layout: RecordLayout<F>,
): Result<Record<F, string>, F> {
  const fields: Partial<Record<F, string>> = {};
  for (const field of Object.keys(layout) as F[]) {
    const { at, overflow, rule } = layout[field];
    const text = overflow ? joinedFieldText(record, at, overflow) : fieldText(record, at);
    const value = text === undefined ? undefined : rule(text);
    if (value === undefined) return err(field);
    fields[field] = value;
  }
  return ok(fields as Record<F, string>);
}

/** A card cannot end before it begins. `long-term` sorts behind every date. */
export function endsBeforeItBegins(card: { readonly validFrom: string; readonly validTo: string }): boolean {
  return card.validFrom > card.validTo;
}
