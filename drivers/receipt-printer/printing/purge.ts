import { sleep, withTimeLimit } from '../../../src/platform/clock.ts';
import type { Clock } from '../../../src/platform/clock.ts';
import type { PrinterClassRequests } from '../../transport/byte-link.ts';
import { finishHalfParsedCommand } from '../commands/commands.ts';
import { waitAtFence } from '../protocol/fence.ts';
import { bandBytes } from '../protocol/printer-line.ts';
import type { PrinterLine } from '../protocol/printer-line.ts';
import type { PrinterLanguage } from '../commands/printer-language.ts';
import type { PrinterProtocol } from '../protocol/printer-protocol.ts';
import { readStarStatus } from '../status/star-status.ts';
import type { StatusItem } from '../status/status-stream.ts';

/** Time for `37 25 00`; many models never send it, ms. */
const CLEARED_LIMIT_MS = 250;
/** Time for what an initialisation brings, ms. Twice this and the rest of a purge stay well under the 5 s that a caller gives it. */
const INITIALISED_LIMIT_MS = 1500;
/** So long automatic status is waited for before the paper question is asked as well, ms. */
const AUTOMATIC_LIMIT_MS = 500;
/** A control request beside the data; longer means that nobody is there, ms. */
const SOFT_RESET_LIMIT_MS = 1000;

/** What empties a printer. */
export interface PurgeTools {
  readonly protocol: PrinterProtocol;
  readonly language: PrinterLanguage;
  readonly line: PrinterLine;
  readonly clock: Clock;
  readonly printerClass: PrinterClassRequests | undefined;
}

/**
 * Real-time: drops what the printer has not printed yet, even while it is offline. A USB printer that takes nothing more cannot hear
 * that: its own reset request goes beside the data. True when the printer says that it did; most models say nothing.
 */
export async function dropBufferedData({
  protocol,
  language,
  line,
  clock,
  printerClass,
}: PurgeTools): Promise<boolean> {
  if (line.backPressure === 'nak' && protocol.isHeld() && printerClass !== undefined) {
    await withTimeLimit(clock, SOFT_RESET_LIMIT_MS, printerClass.softReset());
  }
  const cleared = protocol.expect((item) => (item.kind === 'cleared' ? (true as const) : undefined));
  for (const command of language.dropBuffer) await protocol.sendAtOnce(command);
  return (await cleared.within(protocol.outstandingMs() + CLEARED_LIMIT_MS)) === true;
}

/**
 * Empties the printer and proves it: after the real-time clear, the initialisation must be *processed* (it stands in the queue, so
 * nothing of an earlier job is before it any more). A printer in the middle of an unfinished raster would swallow it as dots: then
 * as many NULs as a band holds finish it first.
 */
export async function purge(tools: PurgeTools): Promise<boolean> {
  const { protocol, line } = tools;
  await dropBufferedData(tools);
  if (await initialiseAndProve(tools)) return true;
  await protocol.send(finishHalfParsedCommand(bandBytes(line)));
  return initialiseAndProve(tools);
}

/** Modes to default; true when the printer has come to it. */
export async function initialiseAndProve(tools: PurgeTools): Promise<boolean> {
  const { protocol, language } = tools;
  protocol.etbCountBegins(language.etbsInInitialise);
  if (language.initialised === 'status') return initialiseByStatus(tools);
  if (language.initialised === 'asked') {
    await protocol.send(language.initialise);
    return paperAnswers(tools, INITIALISED_LIMIT_MS, protocol.over());
  }
  const status = protocol.expect((item) => (isEtbStatus(item) ? (true as const) : undefined));
  await protocol.send(language.initialise);
  return (await status.within(protocol.outstandingMs() + INITIALISED_LIMIT_MS)) === true;
}

/** By automatic status; a model without it answers the old paper question, which is as good a proof. Whichever comes first. */
async function initialiseByStatus(tools: PurgeTools): Promise<boolean> {
  const { protocol, language } = tools;
  const settled = new AbortController();
  const status = protocol.expectRepeatedStatus();
  await protocol.send(language.initialise);
  const limitMs = protocol.outstandingMs() + INITIALISED_LIMIT_MS;
  const byStatus = status.within(limitMs, settled.signal).then((told) => told === true);
  const byPaper = askPaperInTime(tools, AbortSignal.any([settled.signal, protocol.over()]));
  // Whichever says no first, the other one may still say yes.
  const proven = (await Promise.race([byStatus, byPaper])) || (await byStatus) || (await byPaper);
  settled.abort();
  return proven;
}

async function askPaperInTime(tools: PurgeTools, signal: AbortSignal): Promise<boolean> {
  const { protocol, clock } = tools;
  const waitMs = protocol.automaticSilent() ? 0 : AUTOMATIC_LIMIT_MS;
  if (!(await sleep(clock, protocol.outstandingMs() + waitMs, signal))) return false;
  protocol.setAutomaticSilent(true);
  return paperAnswers(tools, INITIALISED_LIMIT_MS - waitMs, signal);
}

async function paperAnswers(
  { protocol, language }: PurgeTools,
  withinMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const limitMs = protocol.outstandingMs() + withinMs;
  return (
    (await waitAtFence(protocol, language, { kind: 'paper-status', id: '', limitMs, signal })) === 'processed'
  );
}

/** A Star printer tells of changes by itself: only a status that an `ETB` brought proves that it got there. */
function isEtbStatus(item: StatusItem): boolean {
  return item.kind === 'starStatus' && readStarStatus(item.bytes).etbExecuted;
}
