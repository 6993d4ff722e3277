import type { ReceiptPrinterConnection } from '../devices/contract.ts';
import type { Issuance } from '../issuance/issuance.ts';
import type { PrinterCause } from '../issuance/ports.ts';
import { addressDocument } from '../slip/address-slip.ts';
import type { AddressSlipOutcome, TerminalPage } from '../view/directory-view.ts';
import { withTimeLimit, type Clock } from '../platform/clock.ts';
import { causeOfFault, obstacleOf } from './issuance-printer.ts';

const OUTCOMES: Readonly<Record<PrinterCause, AddressSlipOutcome>> = {
  'no-paper': 'no-paper',
  'cover-open': 'cover-open',
  'slip-at-exit': 'slip-at-exit',
  jam: 'fault',
  fault: 'fault',
};

/** Prints addresses for anybody: no operation, no journal, no code; only where nothing of an issuance is on the paper. */
export function createAddressPrinter(parts: {
  issuance: Pick<Issuance, 'otherPaper'>;
  printer: () => ReceiptPrinterConnection | undefined;
  /** `YYYY-MM-DD`, Asia/Shanghai. */
  today: () => string;
  clock: Clock;
  /** One print job, ms: what has not been proven by then may hang out of the machine. */
  printMs: number;
  /** Four characters that this job is told from others by. */
  processId: () => string;
}): (page: TerminalPage) => Promise<AddressSlipOutcome> {
  const print = async (page: TerminalPage): Promise<AddressSlipOutcome> => {
    const printer = parts.printer();
    if (printer === undefined) return 'fault';
    const obstacle = obstacleOf(await printer.refreshStatus());
    if (obstacle !== undefined) return OUTCOMES[obstacle];
    const document = addressDocument(page, parts.today());
    const job = printer.print({ document, cut: true, processId: parts.processId() });
    const outcome = await withTimeLimit(parts.clock, parts.printMs, job);
    if (outcome === 'timed-out') return 'unknown';
    // What nobody saw being cut may hang there still.
    if (outcome.kind === 'printed') return outcome.cut ? 'printed' : 'unknown';
    // What has stopped in the middle may hang out of the machine, whatever stopped it.
    return outcome.kind === 'unknown' ? 'unknown' : OUTCOMES[causeOfFault(outcome.fault)];
  };
  return (page) => parts.issuance.otherPaper(() => print(page));
}
