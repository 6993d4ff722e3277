/** Why a citizen is in the collection: the one thing about them that a journey or a test looks for. */
export type CitizenCase =
  | 'ordinary'
  | 'centenarian'
  | 'two-character-name'
  | 'four-character-name'
  | 'name-with-dot'
  | 'rare-character'
  | 'longest-name'
  | 'under-60'
  | 'turns-60-tomorrow'
  | 'turns-60-today'
  | 'no-photo'
  | 'card-expired'
  | 'card-last-day'
  | 'long-term-card'
  | 'active-code'
  | 'code-expiring-soon'
  | 'code-last-day'
  | 'code-expired'
  | 'code-lost'
  | 'code-unconfirmed'
  | 'daily-limit'
  | 'one-below-daily-limit'
  | 'under-60-and-no-photo'
  | 'residence-permit'
  | 'foreign-resident-2017'
  | 'foreign-resident-2023'
  | 'stranger';

/** A code that the centre is to know of before anybody comes to the kiosk. */
export interface SeedCode {
  /** `unconfirmed`: active, but nobody saw the slip leave the printer. `revoked`: reported lost (挂失). */
  readonly status: 'active' | 'unconfirmed' | 'expired' | 'revoked';
  /** Whole days between the day of issue and today: 0 is today, 179 is the last valid day, 180 is expired. */
  readonly issuedDaysAgo: number;
}

/** Which card somebody carries: 居民身份证, 港澳台居民居住证, 外国人永久居留身份证 of 2017 or 2023. */
export type CardKind = 'resident' | 'residence-permit' | 'foreign-resident-2017' | 'foreign-resident-2023';

/** An invented person, with what the ID card says and what the centre has on file. All dates are YYYYMMDD. */
export interface Citizen {
  /** Stable name of this person in tests and tools, such as `wang-guilan`; means nothing to the centre. */
  readonly id: string;
  readonly cardKind: CardKind;
  /** By which the centre knows them: of foreigners the Chinese one where there is one. */
  readonly name: string;
  /** Of foreigners, as on the card. */
  readonly englishName?: string;
  /** With a valid check digit, and of nobody (README.md): 18 characters, or 15 on a foreigner's card of 2017. */
  readonly idNumber: string;
  readonly birthDate: string;
  /** GB/T 2261.1: 1 male, 2 female. */
  readonly sex: '1' | '2';
  /** GB/T 3304: 01 Han, 05 Uyghur …; only on residents' cards. */
  readonly ethnicCode: string;
  /** Empty on foreigners' cards. */
  readonly address: string;
  readonly issuer: string;
  readonly cardValidFrom: string;
  readonly cardValidTo: string;
  readonly case: CitizenCase;
  readonly seedCode?: SeedCode;
  /** How many codes were activated for this person today already, before the seed code is counted. */
  readonly activatedToday?: number;
  readonly hasPhoto: boolean;
}
