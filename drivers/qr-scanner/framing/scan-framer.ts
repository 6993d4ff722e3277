import { createGmFramer } from './gm-framing.ts';
import type { ScanFramer, ScanFraming } from './scan-framing.ts';
import { createSuffixFramer } from './suffix-framing.ts';

/** Makes the framer of a plain stream; `maxLength` in bytes, without frame. `gapMs`: the pause that ends a code without suffix. */
export function createScanFramer(
  framing: Exclude<ScanFraming, 'SSI'>,
  maxLength: number,
  gapMs: number,
): ScanFramer {
  return framing === 'GM' ? createGmFramer(maxLength) : createSuffixFramer(framing, maxLength, gapMs);
}
