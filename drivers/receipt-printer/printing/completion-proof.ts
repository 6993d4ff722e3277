import type { ReceiptPrinterStatus } from '../../../src/devices/status.ts';
import type { FenceKind } from '../commands/printer-language.ts';

/**
 * How a unit proves that it printed, as far as is known. `unknown`: the process id is tried first, then `GS r`. `none`: it proves
 * nothing, and time has to do.
 */
export type CompletionProof = 'unknown' | 'none' | FenceKind;

const EVIDENCE = {
  'process-id': 'E2',
  etb: 'E2',
  'paper-status': 'E1',
  none: 'E0',
} as const satisfies Record<Exclude<CompletionProof, 'unknown'>, ReceiptPrinterStatus['evidence']>;

/** The evidence that such a proof gives, as the status says it: nothing while it is unknown. */
export function evidenceOf(proof: CompletionProof): Pick<ReceiptPrinterStatus, 'evidence'> {
  return proof === 'unknown' ? {} : { evidence: EVIDENCE[proof] };
}

/** Faster than any receipt printer there is (TM-T88VII: 500 mm/s), mm/s. */
const FASTEST_HEAD_MM_PER_S = 500;

/** True when so much paper cannot have moved in so short a time: whoever says it was printed is lying. */
export function impossiblyFast(paperMm: number, elapsedMs: number): boolean {
  return elapsedMs < (paperMm / FASTEST_HEAD_MM_PER_S) * 1000;
}
