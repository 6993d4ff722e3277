import { withTimeLimit } from '../../../src/platform/clock.ts';
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
/** Time for the status that an initialisation brings, ms (receiptio waits 2 s). */
const INITIALISED_LIMIT_MS = 2000;
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
 * that: its own reset request goes beside the data. Says nothing of success.
 */
export async function dropBufferedData({
  protocol,
  language,
  line,
  clock,
  printerClass,
}: PurgeTools): Promise<void> {
  if (line.backPressure === 'nak' && protocol.isHeld() && printerClass !== undefined) {
    await withTimeLimit(clock, SOFT_RESET_LIMIT_MS, printerClass.softReset());
  }
  const cleared = protocol.expect((item) => (item.kind === 'cleared' ? true : undefined));
  for (const command of language.dropBuffer) await protocol.sendAtOnce(command);
  await cleared.within(protocol.outstandingMs() + CLEARED_LIMIT_MS);
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
  if (await initialiseAndProve(tools)) return true;
  // No automatic status in this model? The old paper question is as good a proof.
  return tools.language.initialised === 'status' && (await paperAnswers(tools));
}

/** Modes to default; true when the printer has come to it. */
export async function initialiseAndProve(tools: PurgeTools): Promise<boolean> {
  const { protocol, language } = tools;
  protocol.etbCountBegins(language.etbsInInitialise);
  if (language.initialised === 'asked') {
    await protocol.send(language.initialise);
    return paperAnswers(tools);
  }
  const status = protocol.expect((item) =>
    item.kind === 'automatic' || isEtbStatus(item) ? true : undefined,
  );
  await protocol.send(language.initialise);
  return (await status.within(protocol.outstandingMs() + INITIALISED_LIMIT_MS)) === true;
}

async function paperAnswers({ protocol, language }: PurgeTools): Promise<boolean> {
  const limitMs = protocol.outstandingMs() + INITIALISED_LIMIT_MS;
  const fence = { kind: 'paper-status', id: '', limitMs, signal: protocol.over() } as const;
  return (await waitAtFence(protocol, language, fence)) === 'processed';
}

/** A Star printer tells of changes by itself: only a status that an `ETB` brought proves that it got there. */
function isEtbStatus(item: StatusItem): boolean {
  return item.kind === 'starStatus' && readStarStatus(item.bytes).etbExecuted;
}
