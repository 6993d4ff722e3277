import { z } from 'zod';

import { err, ok } from '../../platform/result.ts';
import type { Result } from '../../platform/result.ts';
import { idNumber } from '../schemas.ts';

const keyEntry = z.strictObject({
  keyId: z.string().regex(/^[\x21-\x7e]{1,128}$/),
  /** Ed25519 private key, PKCS#8 PEM; a path beside the keys file. */
  keyFile: z.string().min(1),
});

const keysFile = z.strictObject({
  device: keyEntry,
  otherDevice: keyEntry.optional(),
  portal: keyEntry.optional(),
  verifier: keyEntry.optional(),
  operator: keyEntry.optional(),
});

const subject = z.object({
  case: z.string().min(1),
  name: z.string().min(1),
  idNumber,
  validFrom: z.iso.date(),
  validTo: z.union([z.iso.date(), z.literal('long-term')]),
});

const subjectsFile = z.object({ subjects: z.array(subject) });

/** Key files by role: `{"device": {"keyId": …, "keyFile": …}, "portal": …}`; only `device` is needed. */
export type KeysFile = z.infer<typeof keysFile>;

/**
 * A test person at the centre under test. `case` says what for: `ordinary` (may have a code, several of them), `under-60`,
 * `turns-60-today`, `no-photo`, `card-expired`, `card-last-day`, `daily-limit`, `code-expired`, `code-lost`,
 * `code-unconfirmed`, `residence-permit`, `foreign-resident-2017`, `foreign-resident-2023` (each with that kind of card and
 * otherwise as `ordinary`), `stranger` (not known to the centre).
 */
export type TestSubject = z.infer<typeof subject>;

/** Reads the text of a keys file; the error is a sentence for a technician. */
export function readKeysFile(content: string): Result<KeysFile, string> {
  return readFile(keysFile, content);
}

/** Reads the text of a subjects file; the error names members, never a person. */
export function readSubjectsFile(content: string): Result<readonly TestSubject[], string> {
  const read = readFile(subjectsFile, content);
  return read.ok ? ok(read.value.subjects) : read;
}

function readFile<T>(schema: z.ZodType<T>, content: string): Result<T, string> {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch {
    return err('not JSON');
  }
  const parsed = schema.safeParse(json);
  return parsed.success ? ok(parsed.data) : err(z.prettifyError(parsed.error));
}
