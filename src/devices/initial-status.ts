import type { IdCardReaderStatus, QrScannerStatus, ReceiptPrinterStatus } from './status.ts';

/** What is known of each device before it has answered: nothing. */
export const initialStatus: {
  readonly idCardReader: IdCardReaderStatus;
  readonly qrScanner: QrScannerStatus;
  readonly receiptPrinter: ReceiptPrinterStatus;
} = {
  idCardReader: { device: 'starting', faults: [], media: 'unknown' },
  qrScanner: { device: 'starting', faults: [], scanner: 'unknown' },
  receiptPrinter: {
    device: 'starting',
    faults: [],
    paper: 'unknown',
    cover: 'unknown',
    cutter: 'unknown',
    media: 'unknown',
  },
};
