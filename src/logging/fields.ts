import { getSystemErrorMap } from 'node:util';

/**
 * What a log field may hold. A value that does not fit is dropped, never written: the filter sits here, at the logger, and
 * not at its callers (PIPL Art. 6: no collection without a purpose).
 */
export interface Field<T> {
  /** The value as it may be written, or undefined: it may not. */
  readonly clean: (value: unknown) => T | undefined;
}

const text = (pattern: RegExp): Field<string> => ({
  clean: (value) => (typeof value === 'string' && pattern.test(value) ? value : undefined),
});

/** One of the listed words; anything else does not compile. */
export function oneOf<const T extends readonly string[]>(...words: T): Field<T[number]> {
  return { clean: (value) => words.find((word) => word === value) };
}

/** One of the listed words, for callers that hold it as a string; any other is written as `unlisted`. */
export function listed(...words: readonly string[]): Field<string> {
  return {
    clean: (value) =>
      typeof value === 'string' ? (words.find((word) => word === value) ?? 'unlisted') : undefined,
  };
}

/** A whole number up to `most`. */
function whole(most: number): Field<number> {
  return {
    clean: (value) =>
      Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most
        ? (value as number)
        : undefined,
  };
}

/** Yes or no. */
export const flag: Field<boolean> = { clean: (value) => (typeof value === 'boolean' ? value : undefined) };
/** How many; also attempts, lines, epochs, ports. Too small for anybody's number, telephone or day of birth (19491231). */
export const count = whole(9_999_999);
/** A duration in whole milliseconds, at most 100 days. */
export const milliseconds = whole(8_640_000_000);
/** RFC 9562, lower case: operations, starts of the agent. Made here, so it says nothing about anybody. */
export const uuid = text(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
/** Semantic version. */
export const version = text(/^\d{1,4}\.\d{1,4}\.\d{1,4}(?:-[a-z]{1,8}(?:\.\d{1,4})?)?$/);
/** `DeviceFault.code`: a device or its link, and what is wrong with it. */
export const faultCode = text(
  /^(?:link|device|reader|scanner|printer)\.[a-z]+(?:-[a-z]+){0,4}$|^reader\.status-[0-9a-f]{2}$/,
);
/**
 * A code with which a driver warns: one of the listed words, `status-` and the three status bytes of a reader in hexadecimal, or the
 * fault for a last one that no table has.
 */
export function warningCode(...words: readonly string[]): Field<string> {
  const named = listed(...words);
  return {
    clean: (value) =>
      typeof value === 'string' && /^status-[0-9a-f]{6}$|^reader\.status-[0-9a-f]{2}$/.test(value)
        ? value
        : named.clean(value),
  };
}
/** Number of a reader's security module as its maker prints it (GA 467): `05.03-20120314-000123456-123456789`. */
export const samId = text(/^\d{2}\.\d{2}-\d{1,10}-\d{9,10}-\d{1,10}$/);
/**
 * What a device calls its model or firmware, e.g. `TM-T88V`, `30.12 ESC/POS`, `1.00`. Short, and never so many digits in a row that
 * they could be somebody's number; anything else a device says of itself is not written.
 */
export const deviceName = text(
  /^(?=.*[A-Za-z])(?=.*\d)(?!.*\d{6})[A-Za-z0-9][A-Za-z0-9 ._/()+-]{1,23}$|^\d{1,3}(?:\.\d{1,3}){1,3}$|^SAM_V$/,
);
/** What the system calls its errors; any other word in capitals could be a name. */
const SYSTEM_ERRORS: ReadonlySet<string> = new Set([
  ...Array.from(getSystemErrorMap().values(), ([name]) => name),
  'ENOTFOUND',
  'unknown',
]);
const CODED_ERROR = /^(?:SQLITE_[A-Z_]{2,40}|ERR_[A-Z0-9_]{2,60}|FST_[A-Z_]{2,60})$/;
/** Error code of the system, of Node, of SQLite, or of the web server. */
export const errorCode: Field<string> = {
  clean: (value) =>
    typeof value === 'string' && (SYSTEM_ERRORS.has(value) || CODED_ERROR.test(value)) ? value : undefined,
};
/** A key of the configuration: two names with a dot, as the schema has them; keys that it does not have are not written. */
export const configurationKey = text(
  /^(?:kiosk|central|idCardReader|qrScanner|receiptPrinter|bridge|store|machine|help|directory|limits|issuance)(?:\.[a-z][A-Za-z]{0,30})?$/,
);
