import { exitSensorSeen } from '../../drivers/receipt-printer/printer-findings.ts';
import type { PrinterFindings } from '../../drivers/receipt-printer/printer-findings.ts';
import type { ReceiptPrinterProfile } from '../../drivers/receipt-printer/printer-profile.ts';
import { SLOWEST_TO_DRAW_BAUD } from '../configuration/configuration.ts';

export type { PrinterFindings } from '../../drivers/receipt-printer/printer-findings.ts';

/** What follows from what a printer really answers. Sentences are in `copy`, by code. */
export interface PrinterConclusion {
  readonly code: ConclusionCode;
  readonly mark: 'well' | 'watch' | 'bad';
}

export type ConclusionCode =
  /** It echoes process ids: evidence E2. */
  | 'echoes-process-ids'
  /** Star: it counts, evidence E2. */
  | 'counts-etb'
  /** The echo comes before paper can have moved: it proves nothing. */
  | 'echoes-too-early'
  /** `GS r` at most, and that is too weak for the configuration. */
  | 'e1-at-most'
  /** `GS r` at most, which the configuration accepts. */
  | 'e1-accepted'
  /** It answers nothing that proves anything. */
  | 'proves-nothing'
  | 'answers-late'
  | 'no-automatic-status'
  /** XON and XOFF are in its answers, and the configuration does not know of them. */
  | 'sends-flow-bytes'
  | 'exit-sensor-seen'
  /** It answers a question that may hold an exit sensor; an interactive test finds out. */
  | 'exit-sensor-possible'
  /** It answers where other families tell of their exit, and its profile does not read that. */
  | 'answers-as-masung'
  | 'answers-as-custom'
  | 'rom-gb18030'
  | 'rom-gb2312'
  | 'rom-none'
  /** Nobody has read a printed line. */
  | 'rom-unknown'
  /** Everything is drawn, and the line is too slow for a drawing: no slip would be finished in time. */
  | 'line-too-slow-to-draw'
  /** Questions that the profile relies on stay unanswered. */
  | 'profile-status-unanswered'
  | 'profile-promises-echo'
  | 'profile-promises-paper-status'
  | 'profile-promises-etb'
  | 'profile-promises-rom'
  | 'profile-promises-exit';

/** What a probe has come to. */
export interface PrinterProbe {
  readonly findings: PrinterFindings;
  /** Name of the profile that the kiosk is configured with. */
  readonly profile: string;
  readonly conclusions: readonly PrinterConclusion[];
  /** Stored for this unit: the printer was well all the while. */
  readonly kept: boolean;
}

/** How the kiosk is configured to drive the printer. */
export interface DrivenAs {
  readonly profile: ReceiptPrinterProfile;
  readonly minimumEvidence: 'E1' | 'E2';
  readonly transport: 'serial' | 'usb' | 'usblp' | 'tcp';
  readonly flowControl?: 'none' | 'xon-xoff' | 'dsr';
  /** Of a serial line. */
  readonly baudRate?: number;
  readonly text: 'auto' | 'raster';
}

/** What follows for this kiosk, what is wrong first. Pure. */
export function printerVerdict(findings: PrinterFindings, driven: DrivenAs): readonly PrinterConclusion[] {
  const conclusions = [
    ...proofConclusions(findings, driven),
    ...statusConclusions(findings, driven),
    ...profileConclusions(findings, driven.profile),
    ...exitConclusions(findings, driven.profile),
    ...romConclusions(findings, driven),
  ];
  return conclusions.toSorted((one, other) => RANK[one.mark] - RANK[other.mark]);
}

const RANK = { bad: 0, watch: 1, well: 2 } as const;
const bad = (code: ConclusionCode): PrinterConclusion => ({ code, mark: 'bad' });
const watch = (code: ConclusionCode): PrinterConclusion => ({ code, mark: 'watch' });
const well = (code: ConclusionCode): PrinterConclusion => ({ code, mark: 'well' });

function proofConclusions(
  { proofs, echoesTooEarly = false }: PrinterFindings,
  { minimumEvidence }: DrivenAs,
): readonly PrinterConclusion[] {
  if (proofs.etb) return [well('counts-etb')];
  if (proofs.processId && !echoesTooEarly) return [well('echoes-process-ids')];
  const lies = echoesTooEarly ? [watch('echoes-too-early')] : [];
  if (!proofs.paperStatus) return [...lies, bad('proves-nothing')];
  return [...lies, minimumEvidence === 'E2' ? bad('e1-at-most') : watch('e1-accepted')];
}

function statusConclusions(
  { answersLate, automaticStatus, flowBytesSeen }: PrinterFindings,
  { transport, flowControl }: DrivenAs,
): readonly PrinterConclusion[] {
  return [
    ...(answersLate === true ? [watch('answers-late')] : []),
    ...(automaticStatus ? [] : [watch('no-automatic-status')]),
    ...(flowBytesSeen && transport === 'serial' && flowControl !== 'xon-xoff'
      ? [watch('sends-flow-bytes')]
      : []),
  ];
}

const BY_SENSOR: Partial<Record<ReceiptPrinterProfile['statusDialect'], string>> = {
  masung: 'DLE EOT 5',
  custom: 'DLE EOT 20',
};
const EVERYBODYS = ['DLE EOT 1', 'DLE EOT 2', 'DLE EOT 3', 'DLE EOT 4'];

function profileConclusions(
  findings: PrinterFindings,
  profile: ReceiptPrinterProfile,
): readonly PrinterConclusion[] {
  const { answers, proofs, chineseRom, echoesTooEarly } = findings;
  const { fence, statusDialect, language } = profile;
  const asked = [
    ...(language === 'star-line' || statusDialect === 'custom' ? [] : EVERYBODYS),
    ...(BY_SENSOR[statusDialect] === undefined ? [] : [BY_SENSOR[statusDialect]]),
  ];
  const echoes = proofs.processId && echoesTooEarly !== true;
  const promisesRom = profile.chineseRom === 'gb18030' || profile.chineseRom === 'gb2312';
  return [
    ...(asked.some((name) => answers[name] === null) ? [bad('profile-status-unanswered')] : []),
    ...(fence === 'process-id' && !echoes ? [bad('profile-promises-echo')] : []),
    ...(fence === 'paper-status' && !proofs.paperStatus ? [bad('profile-promises-paper-status')] : []),
    ...(fence === 'etb' && !proofs.etb ? [bad('profile-promises-etb')] : []),
    ...(promisesRom && chineseRom === 'none' ? [watch('profile-promises-rom')] : []),
    ...(profile.sensors.exit === true && exitSensorSeen(profile, findings) === false
      ? [bad('profile-promises-exit')]
      : []),
  ];
}

function exitConclusions(
  findings: PrinterFindings,
  profile: ReceiptPrinterProfile,
): readonly PrinterConclusion[] {
  const { exitSensorCandidates, answers } = findings;
  const seen = exitSensorSeen(profile, findings);
  if (seen === true) return [well('exit-sensor-seen')];
  if (READ_NO_EXIT.includes(profile.statusDialect)) {
    if (/^100f.{8}$/.test(answers['DLE EOT 20']?.bytes ?? '')) return [watch('answers-as-custom')];
    return answers['DLE EOT 5'] ? [watch('answers-as-masung')] : [];
  }
  return seen === undefined && exitSensorCandidates.length > 0 ? [watch('exit-sensor-possible')] : [];
}

const READ_NO_EXIT: readonly ReceiptPrinterProfile['statusDialect'][] = ['epson', 'snbc-kiosk'];

/** What is in the printer's memory matters only where it would be used. */
function romConclusions(
  { chineseRom }: PrinterFindings,
  { transport, profile, baudRate = Infinity, text }: DrivenAs,
): readonly PrinterConclusion[] {
  const drawn = text === 'raster' || (chineseRom ?? profile.chineseRom) === 'none';
  if (drawn && baudRate < SLOWEST_TO_DRAW_BAUD) return [bad('line-too-slow-to-draw')];
  if (chineseRom !== undefined) return [well(`rom-${chineseRom}`)];
  const isUsed = transport === 'serial' && profile.chineseRom === 'find-out';
  return isUsed ? [watch('rom-unknown')] : [];
}
