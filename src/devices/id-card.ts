/**
 * What an identity card says (GA/T 490, GA 2102-2023). Personal data: RAM only, one session only. Dates are YYYYMMDD;
 * `validTo` may be `long-term` (长期). Addresses, portrait and fingerprints are absent unless a reader was asked for them.
 */
export type IdCard = ResidentCard | ResidencePermit | ForeignResidentCard2017 | ForeignResidentCard2023;

interface CardFields {
  /** GB/T 2261.1: `1` male, `2` female, `0` unknown, `9` unstated. */
  readonly sex: string;
  readonly birthDate: string;
  readonly validFrom: string;
  /** YYYYMMDD, or `long-term` (长期). */
  readonly validTo: string;
  /** Only where a `PhotoDecoder` is configured. */
  readonly photo?: CardPhoto;
}

/** 居民身份证. */
export interface ResidentCard extends CardFields {
  readonly kind: 'resident';
  readonly name: string;
  /** GB/T 3304, two digits. */
  readonly ethnicCode: string;
  /** 18 characters, check digit verified (GB 11643, ISO 7064 MOD 11-2). */
  readonly idNumber: string;
  readonly issuer: string;
  /** The address on the chip, when asked for. */
  readonly address?: string;
  /** The newest address (30 03), when asked for and the card has one. */
  readonly newestAddress?: string;
}

/** 港澳台居民居住证 (2018), flag `J`. */
export interface ResidencePermit extends CardFields {
  readonly kind: 'residence-permit';
  readonly name: string;
  /** 18 characters beginning with 81 (Hong Kong), 82 (Macau) or 83 (Taiwan), check digit verified. */
  readonly idNumber: string;
  readonly issuer: string;
  /** Number of the travel permit (通行证), up to 9 characters. */
  readonly travelPermitNumber: string;
  /** How often it was issued, two digits; empty where the chip has none. */
  readonly issueCount: string;
  readonly address?: string;
  readonly newestAddress?: string;
}

/** 外国人永久居留身份证 of 2017, flag `I`. */
export interface ForeignResidentCard2017 extends CardFields {
  readonly kind: 'foreign-resident-2017';
  readonly englishName: string;
  /** Empty when the holder has none. */
  readonly chineseName: string;
  /** 15 characters: three letters and twelve digits. Its check digit rests on one source and is only warned about. */
  readonly idNumber: string;
  /** GB/T 2659, three letters. */
  readonly nationality: string;
  readonly cardVersion: string;
  /** Code of the accepting authority. */
  readonly acceptingAuthority: string;
}

/** 外国人永久居留身份证 of 2023 (GA 2102-2023), flag `Y`. */
export interface ForeignResidentCard2023 extends CardFields {
  readonly kind: 'foreign-resident-2023';
  readonly englishName: string;
  /** Empty when the holder has none. */
  readonly chineseName: string;
  /** 18 characters beginning with 9, check digit verified (MOD 11-2). */
  readonly idNumber: string;
  /** GB/T 2659, three letters. */
  readonly nationality: string;
  /** How often the card was renewed, two digits; empty where the chip has none. */
  readonly renewalCount: string;
  /** Link to the number of the earlier version; empty when there is none. */
  readonly previousVersionLink: string;
}

/** A decoded portrait: 24-bit BGR, row by row from the top. */
export interface CardPhoto {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly bgr: Uint8Array;
}

/** The name by which a centre knows the holder: the Chinese one where there is one. */
export function holderName(card: IdCard): string {
  if (card.kind === 'resident' || card.kind === 'residence-permit') return card.name;
  return card.chineseName === '' ? card.englishName : card.chineseName;
}
