import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { RandomSource } from '../platform/random.ts';
import type { Result } from '../platform/result.ts';
import { err, ok } from '../platform/result.ts';

/**
 * What a live session must keep and nobody may find: `proof` card fields or the scanned code · `subjectToken`,
 * `identificationId` from the identification · `token`, `shortCode` from the reservation · names as the centre gave them ·
 * `photoRef` what the page knows the portrait by.
 */
export const SEALED_COLUMNS = [
  'proof',
  'subjectToken',
  'identificationId',
  'token',
  'shortCode',
  'maskedName',
  'fullName',
  'photoRef',
] as const;

export type SealedColumn = (typeof SEALED_COLUMNS)[number];

/** Why there is no value. `ended`: the session is over. `damaged`: the row was changed behind our back. */
type VaultFault = 'absent' | 'ended' | 'damaged';

/** Where the vault keeps what it sealed. */
export interface SealedColumns {
  write(column: SealedColumn, sealed: Uint8Array | null): void;
  read(column: SealedColumn): Uint8Array | null;
  /** Clears every sealed column and takes the old pages out of the write-ahead log. */
  wipe(): void;
}

/** The personal data of one session, sealed under a key that exists only in this process's memory. */
export interface Vault {
  /** Seals `value` and then fills it with zeros: the caller's copy is gone. False after the end. */
  put(column: SealedColumn, value: Uint8Array): boolean;
  /** The value in the clear; the caller fills it with zeros after use. */
  get(column: SealedColumn): Result<Buffer, VaultFault>;
  /** Lends the value to `work` and fills it with zeros afterwards, also when `work` throws. */
  use<T>(column: SealedColumn, work: (value: Buffer) => T): Result<T, VaultFault>;
  /** Forgets one value. */
  drop(column: SealedColumn): void;
  /** Shreds the key, then wipes the rows. A second call does nothing. */
  end(): void;
}

const KEY_BYTES = 32;
/** NIST SP 800-38D: 96 bits, random, a fresh one for each sealing; far below 2^32 sealings per key. */
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A vault for one session: AES-256-GCM, the column's place (`sessionId‖column`) as additional data. */
export function createVault(sessionId: string, columns: SealedColumns, random: RandomSource): Vault {
  const key = Buffer.alloc(KEY_BYTES);
  const fresh = random.bytes(KEY_BYTES);
  key.set(fresh);
  fresh.fill(0);
  let ended = false;

  const place = (column: SealedColumn) => Buffer.from(`${sessionId}\u2016${column}`);

  function seal(column: SealedColumn, value: Uint8Array): Buffer {
    const iv = random.bytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(place(column));
    return Buffer.concat([iv, cipher.update(value), cipher.final(), cipher.getAuthTag()]);
  }

  function unseal(column: SealedColumn, sealed: Uint8Array): Buffer | null {
    if (sealed.length < IV_BYTES + TAG_BYTES) return null;
    const iv = sealed.subarray(0, IV_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(place(column));
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const value = decipher.update(sealed.subarray(IV_BYTES, sealed.length - TAG_BYTES));
    try {
      decipher.final();
      return value;
    } catch {
      // Node's only way to say that the tag is wrong.
      value.fill(0);
      return null;
    }
  }

  function get(column: SealedColumn): Result<Buffer, VaultFault> {
    if (ended) return err('ended');
    const sealed = columns.read(column);
    if (sealed === null) return err('absent');
    const value = unseal(column, sealed);
    return value === null ? err('damaged') : ok(value);
  }

  return {
    put(column, value) {
      if (!ended) columns.write(column, seal(column, value));
      value.fill(0);
      return !ended;
    },
    get,
    use(column, work) {
      const value = get(column);
      if (!value.ok) return value;
      try {
        return ok(work(value.value));
      } finally {
        value.value.fill(0);
      }
    },
    drop(column) {
      if (!ended) columns.write(column, null);
    },
    end() {
      if (ended) return;
      ended = true;
      key.fill(0);
      columns.wipe();
    },
  };
}
