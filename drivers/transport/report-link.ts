import type { ConnectionEnd } from '../../src/devices/contract.ts';
import type { DeviceIdentity } from '../../src/devices/device-findings.ts';
import type { DeviceFault } from '../../src/devices/status.ts';
import type { Cancel } from '../../src/platform/clock.ts';
import type { Result } from '../../src/platform/result.ts';

/** An open HID device: whole reports out, whole reports in, an end (USB HID 1.11). */
export interface ReportLink {
  /** Sends one output report; its first byte is the report id, 0 where the device uses none. */
  write(report: Uint8Array): Promise<Result<void, DeviceFault>>;
  /**
   * Called with each input report. Its first byte is the report id where the device uses ids. The bytes are the listener's
   * for the length of the call only; it may overwrite them. A link has one listener.
   */
  onReport(listener: (report: Uint8Array) => void): Cancel;
  /** Resolves when the device is gone. Never rejects. */
  readonly ended: Promise<ConnectionEnd>;
  /** Ends the link; a second call waits for the same end. */
  close(): Promise<void>;
  /** What the descriptors say of the device. */
  readonly identity: DeviceIdentity;
}

/** A place where a HID device can be reached. */
export interface ReportTransport {
  /** For logs and the technician; never personal data. */
  readonly description: string;
  open(signal: AbortSignal): Promise<Result<ReportLink, DeviceFault>>;
}
