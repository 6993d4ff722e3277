import type { Citizen } from './citizen.ts';
import { citizens, strangers } from './citizens.ts';

/** A test person as `npm run conformance -- --subjects` reads it; dates are YYYY-MM-DD. */
interface ConformanceSubject {
  readonly case: string;
  readonly name: string;
  readonly idNumber: string;
  readonly validFrom: string;
  readonly validTo: string;
}

/** The sandbox's citizens as test persons of the conformance suite, on the centre's date `today` (YYYY-MM-DD). */
export function conformanceSubjects(today: string): { readonly subjects: readonly ConformanceSubject[] } {
  return { subjects: [...citizens(today), ...strangers(today)].map(toSubject) };
}

function toSubject({
  name,
  idNumber,
  cardValidFrom,
  cardValidTo,
  case: stands,
}: Citizen): ConformanceSubject {
  return {
    case: stands,
    name,
    idNumber,
    validFrom: isoDate(cardValidFrom),
    validTo: cardValidTo === 'long-term' ? cardValidTo : isoDate(cardValidTo),
  };
}

function isoDate(compact: string): string {
  return `${compact.slice(0, 4)}-${compact.slice(4, 6)}-${compact.slice(6)}`;
}
