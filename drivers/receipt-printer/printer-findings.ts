import { z } from 'zod';
import type { CompletionProof } from './printing/completion-proof.ts';
import type { ReceiptPrinterProfile } from './printer-profile.ts';

/** What came back for one question: the bytes as they were, and how long the first took, ms; null: silence. */
const answer = z.object({ bytes: z.string(), ms: z.number() }).nullable();

const findingsSchema = z.object({
  version: z.literal(1),
  /** By the name of the question (`DLE EOT 1`, `GS I 67`, …). */
  answers: z.record(z.string(), answer),
  /** Automatic status comes when it is switched on. */
  automaticStatus: z.boolean(),
  /** Each question is answered with the answer to the one before it. `undetermined`: all answers were alike. */
  answersLate: z.union([z.boolean(), z.literal('undetermined')]),
  /** XON or XOFF was among what it said. */
  flowBytesSeen: z.boolean(),
  /** Questions whose answers may hold an exit sensor, of those that the profile's dialect reads it from. */
  exitSensorCandidates: z.array(z.string()),
  /** The sensor was seen to notice a slip and its going; absent: nobody looked. */
  exitSensorSeen: z.boolean().optional(),
  /** The dialect by which it was looked for: another reads other answers, and may see what this one did not. */
  exitSensorDialect: z.string().optional(),
  /** What it answered when everything before it was done. */
  proofs: z.object({ processId: z.boolean(), paperStatus: z.boolean(), etb: z.boolean() }),
  /** The echo came sooner than any paper can move: it proves nothing. Absent: nothing was printed to see. */
  echoesTooEarly: z.boolean().optional(),
  /** From the first byte of the printed line to its proof, ms. */
  proofMs: z.number().optional(),
  /** What a person read on the printed line; absent: nobody was asked. */
  chineseRom: z.enum(['gb18030', 'gb2312', 'none']).optional(),
});

/** What a probe found out about one unit. JSON, no personal data. */
export type PrinterFindings = z.output<typeof findingsSchema>;

/** Findings as they lie in a store; undefined when they are none, or of another version of this program. */
export function readFindings(stored: unknown): PrinterFindings | undefined {
  const parsed = findingsSchema.safeParse(stored);
  return parsed.success ? parsed.data : undefined;
}

/** How a job on this unit begins to prove itself: what was found out holds before what the profile says. */
export function startingProof(
  profile: ReceiptPrinterProfile,
  findings: PrinterFindings | undefined,
): CompletionProof {
  if (findings === undefined) return profile.fence === 'find-out' ? 'unknown' : profile.fence;
  const { processId, paperStatus, etb } = findings.proofs;
  if (etb) return 'etb';
  if (processId && findings.echoesTooEarly !== true) return 'process-id';
  return paperStatus ? 'paper-status' : 'none';
}

/** Whether a sensor at the exit is to be relied on. */
export function exitSensorFitted(
  profile: ReceiptPrinterProfile,
  findings: PrinterFindings | undefined,
): boolean {
  return exitSensorSeen(profile, findings) ?? profile.sensors.exit === true;
}

/** Whether a sensor at the exit was seen to work; undefined: nobody looked, or by another dialect, which says nothing of this one. */
export function exitSensorSeen(
  { statusDialect }: ReceiptPrinterProfile,
  findings: PrinterFindings | undefined,
): boolean | undefined {
  return findings?.exitSensorDialect === statusDialect ? findings.exitSensorSeen : undefined;
}

/** Chinese characters in this unit's memory; undefined: none, or nobody knows. */
export function knownChineseRom(
  profile: ReceiptPrinterProfile,
  findings: PrinterFindings | undefined,
): 'gb18030' | 'gb2312' | undefined {
  const rom = findings?.chineseRom ?? profile.chineseRom;
  return rom === 'gb18030' || rom === 'gb2312' ? rom : undefined;
}
