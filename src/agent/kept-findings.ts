import { z } from 'zod';
import type { ReaderFindings } from '../../drivers/id-card-reader/reader-findings.ts';
import { readFindings } from '../../drivers/receipt-printer/printer-findings.ts';
import type { PrinterFindings } from '../../drivers/receipt-printer/printer-findings.ts';
import type { DeviceFindings } from '../devices/device-findings.ts';
import type { DeviceFindingsStore, FindingsByUnit } from '../store/device-findings.ts';

const readerFindings = z.object({ seesCardThatWasRead: z.boolean(), probedAtMs: z.number() });

/** What probes found out, as the drivers know it: what lies in the store and does not fit is as if it were not there. */
export function keptFindings(store: DeviceFindingsStore): {
  readonly idCardReader: DeviceFindings<ReaderFindings>;
  readonly receiptPrinter: DeviceFindings<PrinterFindings>;
} {
  return {
    idCardReader: fitting(store.of('idCardReader'), (stored) => readerFindings.safeParse(stored).data),
    receiptPrinter: fitting(store.of('receiptPrinter'), readFindings),
  };
}

function fitting<T>(kept: FindingsByUnit, read: (stored: unknown) => T | undefined): DeviceFindings<T> {
  return {
    get: (unit) => read(kept.get(unit)),
    put: (unit, findings) => {
      kept.put(unit, findings);
    },
  };
}
