import type { ReceiptPrinterConnection } from '../devices/contract.ts';
import type { DeviceFault, ReceiptPrinterStatus } from '../devices/status.ts';
import type { PrinterCause, PrinterPort, PrintResult } from '../issuance/ports.ts';
import { bodyDocument, footerDocument, voidDocument } from '../slip/slip-document.ts';
import type { PrintDocument } from '../slip/print-document.ts';
import type { RunningOperations } from './running-operations.ts';

const NO_PRINTER: PrintResult = { kind: 'notPrinted', cause: 'fault' };
/** Cuts off what hangs there and adds nothing. */
const NOTHING_MORE: PrintDocument = { part: 'void', elements: [] };

/** The printer as issuance uses it: documents are made here, of what the vault holds, and forgotten with the job. */
export function createPrinterPort(parts: {
  printer: () => ReceiptPrinterConnection | undefined;
  operations: RunningOperations;
  /** Sets the body of a slip. Default: as it is to be on paper. */
  makeBody?: typeof bodyDocument;
}): PrinterPort {
  const { makeBody = bodyDocument } = parts;
  const print = async (
    document: PrintDocument | undefined,
    job: { processId: string },
    cut: boolean,
  ): Promise<PrintResult> => {
    const printer = parts.printer();
    if (printer === undefined || document === undefined) return NO_PRINTER;
    const outcome = await printer.print({ document, cut, processId: job.processId });
    if (outcome.kind === 'printed') return outcome;
    return { kind: outcome.kind, cause: causeOfFault(outcome.fault) };
  };

  return {
    preflight: async () => {
      const status = await parts.printer()?.refreshStatus();
      const cause = status === undefined ? 'fault' : obstacleOf(status);
      return cause === undefined ? { kind: 'ready' } : { kind: 'notReady', cause };
    },
    printBody: (job) => {
      const body = bodyOf(job.opId, parts.operations, makeBody);
      if (body !== undefined) parts.operations.printed(job.opId, body);
      return print(body, job, false);
    },
    printFooterAndCut: (job) => print(footerDocument(), job, true),
    printVoidAndCut: (job) => print(voidDocument(), job, true),
    cutOff: (job) => print(NOTHING_MORE, job, true),
    purge: async () => (await parts.printer()?.purge()) ?? false,
    slipExit: () => parts.printer()?.exit,
  };
}

/** Of the vault of the session that started the operation; undefined when that is over: then nothing is printed. */
function bodyOf(
  opId: string,
  operations: RunningOperations,
  makeBody: typeof bodyDocument,
): PrintDocument | undefined {
  const hold = operations.holdOf(opId);
  const slip = operations.slip(opId);
  const token = hold?.get('token');
  const shortCode = hold?.get('shortCode');
  const maskedName = hold?.get('maskedName');
  if (slip === undefined || token === undefined || shortCode === undefined || maskedName === undefined)
    return undefined;
  const body = makeBody({ maskedName, token, shortCode, ...slip });
  return body.ok ? body.value : undefined;
}

/** What keeps this printer from printing a whole slip now; undefined: nothing. */
export function obstacleOf(status: ReceiptPrinterStatus): PrinterCause | undefined {
  // First: with the cover open the paper sensor sees nothing and says "out".
  if (status.cover === 'open') return 'cover-open';
  if (status.paper === 'out') return 'no-paper';
  if (status.paper === 'jammed' || status.media === 'jammed' || status.cutter === 'fault') return 'jam';
  if (status.device !== 'online' && status.device !== 'busy') return 'fault';
  // Somebody's slip is never covered by the next one's.
  return status.media === 'present' ? 'slip-at-exit' : undefined;
}

/** What stopped a printer, in the words of issuance. */
export function causeOfFault(fault: DeviceFault): PrinterCause {
  if (fault.code.includes('paper-out')) return 'no-paper';
  if (fault.code.includes('cover')) return 'cover-open';
  return fault.code.includes('cutter') || fault.code.includes('jam') ? 'jam' : 'fault';
}
