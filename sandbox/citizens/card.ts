import type { Citizen } from './citizen.ts';
import { UNASSIGNED_NATIONALITY } from './id-number.ts';

/** What is on the chip of a citizen's card, in the words in which a simulated reader takes it (`lay-card`). */
export function cardOf(citizen: Citizen): Readonly<Record<string, string>> {
  const { cardKind: kind, sex, birthDate, idNumber } = citizen;
  const onEveryCard = {
    sex,
    birthDate,
    idNumber,
    validFrom: citizen.cardValidFrom,
    validTo: citizen.cardValidTo,
  };
  const { name, address, issuer, ethnicCode, englishName = '' } = citizen;
  switch (kind) {
    case 'resident':
      return { ...onEveryCard, name, ethnicCode, address, issuer };
    case 'residence-permit':
      return { ...onEveryCard, kind, name, address, issuer };
    default: {
      const chineseName = name === englishName ? '' : name;
      return { ...onEveryCard, kind, englishName, chineseName, nationality: UNASSIGNED_NATIONALITY };
    }
  }
}
