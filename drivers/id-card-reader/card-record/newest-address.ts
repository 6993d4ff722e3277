import { err, ok } from '../../../src/platform/result.ts';
import type { Result } from '../../../src/platform/result.ts';
import { printableOrEmpty } from './field-rules.ts';
import { fieldText } from './record-text.ts';

/** The answer to 30 03 carries 35 UTF-16 units. */
export const NEWEST_ADDRESS_BYTES = 70;

/** The address that was written to the card after it was issued (30 03). Undefined: the block is blank. */
export function parseNewestAddress(block: Uint8Array): Result<string | undefined, 'malformed-address'> {
  if (block.length !== NEWEST_ADDRESS_BYTES) return err('malformed-address');
  const text = fieldText(block, [0, NEWEST_ADDRESS_BYTES]);
  const address = text === undefined ? undefined : printableOrEmpty(text);
  if (address === undefined) return err('malformed-address');
  return ok(address === '' ? undefined : address);
}
