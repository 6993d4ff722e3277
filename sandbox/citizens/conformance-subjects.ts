import type { Citizen, CitizenCase } from './citizen.ts';
import { citizens, strangers } from './citizens.ts';

/** A test person as `npm run conformance -- --subjects` reads it; dates are YYYY-MM-DD. */
interface ConformanceSubject {
  readonly case: string;
  readonly name: string;
  readonly idNumber: string;
  readonly validFrom: string;
  readonly validTo: string;
}

/** What these have of their own lies in their names; for the contract they are ordinary. */
const ORDINARY: ReadonlySet<CitizenCase> = new Set([
  'ordinary',
  'centenarian',
  'two-character-name',
  'four-character-name',
  'name-with-dot',
  'rare-character',
  'longest-name',
]);

/** The sandbox's citizens as test persons of the conformance suite, on the centre's date `today` (YYYY-MM-DD). */
export function conformanceSubjects(today: string): { readonly subjects: readonly ConformanceSubject[] } {
  return { subjects: [...citizens(today), ...strangers(today)].map(toSubject) };
}

function toSubject(citizen: Citizen): ConformanceSubject {
  return {
    case: ORDINARY.has(citizen.case) ? 'ordinary' : citizen.case,
    name: citizen.name,
    idNumber: citizen.idNumber,
    validFrom: isoDate(citizen.cardValidFrom),
    validTo: citizen.cardValidTo === 'long-term' ? citizen.cardValidTo : isoDate(citizen.cardValidTo),
  };
}

function isoDate(compact: string): string {
  return `${compact.slice(0, 4)}-${compact.slice(4, 6)}-${compact.slice(6)}`;
}
