import type { DeviceDriver } from '../../src/devices/contract.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { ok } from '../../src/platform/result.ts';
import type { ByteTransport } from '../transport/byte-link.ts';
import type { ReportTransport } from '../transport/report-link.ts';
import { createByteWay } from './byte-way.ts';
import { gm6x } from './families/gm6x.ts';
import { honeywell } from './families/honeywell.ts';
import { newland } from './families/newland.ts';
import { ssi } from './families/ssi.ts';
import type { HidPosLayout } from './framing/hid-pos-report.ts';
import { createReportWay } from './report-way.ts';
import type { ScanFraming } from './framing/scan-framing.ts';
import { createScannerConnection } from './scanner-connection.ts';
import type { ScannerConnection } from './scanner-connection.ts';
import type { ScannerFamily, ScannerFamilyName } from './families/scanner-family.ts';
import type { ScannerWarning } from './scanner-faults.ts';

/** What is the same for every scanner. */
interface CommonOptions {
  readonly clock: Clock;
  /** Whose commands the scanner knows; `passive`: it is only listened to. Default `passive`. */
  readonly family?: ScannerFamilyName | 'passive';
  /** Longest code in bytes. Default 1024: city codes have 500 and less. */
  readonly maxLength?: number;
  /** The scanner sends AIM identifiers (`]Q1`) before each code. Default false. */
  readonly aimPrefix?: boolean;
  /** How often an idle scanner is asked whether it still has its settings, ms. Default 30 000. */
  readonly keepIntervalMs?: number;
  /** The scanner works, and something about it is not as it should be. Each code once in a connection. */
  readonly onWarning?: (warning: ScannerWarning) => void;
}

export interface QrScannerOptions extends CommonOptions {
  readonly transport: ByteTransport;
  /** How the scanner separates codes; as it is set in the scanner. */
  readonly framing: ScanFraming;
  /** Silence that ends a code when there is no suffix, ms; 30–50 through USB. */
  readonly gapMs: number;
}

export interface HidQrScannerOptions extends CommonOptions {
  readonly transport: ReportTransport;
  /** How the scanner lays out its reports. */
  readonly layout: HidPosLayout;
}

const DEFAULT_MAX_LENGTH = 1024;
const DEFAULT_KEEP_INTERVAL_MS = 30_000;

/** A scanner on a serial line, USB CDC or TCP. */
export function createQrScannerDriver(options: QrScannerOptions): DeviceDriver<ScannerConnection> {
  const { transport, clock, framing, gapMs, maxLength = DEFAULT_MAX_LENGTH } = options;
  return {
    async connect(signal) {
      const opened = await transport.open(signal);
      if (!opened.ok) return opened;
      // An open port is all there is to wait for: a scanner that takes no command may still read codes.
      const way = createByteWay(opened.value, clock, { framing, gapMs, maxLength });
      return ok(createScannerConnection(way, coreOptions(options, framing)));
    },
  };
}

/** A HID POS scanner (usage page 0x8C, usage 0x02). */
export function createHidQrScannerDriver(options: HidQrScannerOptions): DeviceDriver<ScannerConnection> {
  const { transport, clock, layout, maxLength = DEFAULT_MAX_LENGTH } = options;
  return {
    async connect(signal) {
      const opened = await transport.open(signal);
      if (!opened.ok) return opened;
      const core = coreOptions(options, 'none');
      const way = createReportWay(opened.value, clock, { layout, maxLength, family: core.family?.name });
      return ok(createScannerConnection(way, core));
    },
  };
}

function coreOptions(options: CommonOptions, framing: ScanFraming) {
  const { clock, family = 'passive', aimPrefix = false, onWarning = () => undefined } = options;
  const { keepIntervalMs = DEFAULT_KEEP_INTERVAL_MS } = options;
  return { clock, family: familyOf(family, framing), aimPrefix, keepIntervalMs, onWarning };
}

function familyOf(name: ScannerFamilyName | 'passive', framing: ScanFraming): ScannerFamily | undefined {
  switch (name) {
    case 'passive':
      return undefined;
    case 'newland':
      return newland;
    case 'gm6x':
      return gm6x;
    case 'ssi':
      return ssi(framing);
    case 'honeywell':
      return honeywell;
  }
}
