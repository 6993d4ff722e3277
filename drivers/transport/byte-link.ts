import type { ConnectionEnd } from '../../src/devices/contract.ts';
import type { DeviceFault } from '../../src/devices/status.ts';
import type { Cancel } from '../../src/platform/clock.ts';
import type { Result } from '../../src/platform/result.ts';

/** An open line to a device: bytes out, bytes in, an end. As small as the drivers need, so that a fake stays small. */
export interface ByteLink {
  /** Resolves when the bytes have left this process (serial: drained; TCP: handed to the kernel). Writes keep their order. */
  write(bytes: Uint8Array): Promise<Result<void, DeviceFault>>;
  /**
   * Called with whatever came in, in any split. The bytes are the listener's for the length of the call only; it may
   * overwrite them (personal data is wiped at once), so a line has one listener that reads.
   */
  onData(listener: (bytes: Uint8Array) => void): Cancel;
  /** Resolves when the line is gone. Never rejects. */
  readonly ended: Promise<ConnectionEnd>;
  /** Ends the line; a second call waits for the same end. */
  close(): Promise<void>;
}

/** A place where a device can be reached: a serial port, a TCP address. */
export interface ByteTransport {
  /** For logs and the technician; never personal data. */
  readonly description: string;
  open(signal: AbortSignal): Promise<Result<ByteLink, DeviceFault>>;
}
