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
  | 'stranger';

/** A code that the centre is to know of before anybody comes to the kiosk. */
export interface SeedCode {
  /** `unconfirmed`: active, but nobody saw the slip leave the printer. `revoked`: reported lost (挂失). */
  readonly status: 'active' | 'unconfirmed' | 'expired' | 'revoked';
  /** Whole days between the day of issue and today: 0 is today, 179 is the last valid day, 180 is expired. */
  readonly issuedDaysAgo: number;
}

/** An invented person, with what the ID card says and what the centre has on file. All dates are YYYYMMDD. */
export interface Citizen {
  /** Stable name of this person in tests and tools, such as `wang-guilan`; means nothing to the centre. */
  readonly id: string;
  readonly name: string;
  /** 18 characters, GB 11643 check digit valid, in a region that does not exist. */
  readonly idNumber: string;
  readonly birthDate: string;
  /** GB/T 2261.1: 1 male, 2 female. */
  readonly sex: '1' | '2';
  /** GB/T 3304: 01 Han, 05 Uyghur … */
  readonly ethnicCode: string;
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
