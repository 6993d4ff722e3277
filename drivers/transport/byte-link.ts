import type { ConnectionEnd } from '../../src/devices/contract.ts';
import type { DeviceIdentity } from '../../src/devices/device-findings.ts';
import type { DeviceFault } from '../../src/devices/status.ts';
import type { Cancel } from '../../src/platform/clock.ts';
import type { Result } from '../../src/platform/result.ts';

/** An open line to a device: bytes out, bytes in, an end. As small as the drivers need, so that a fake stays small. */
export interface ByteLink {
  /**
   * Resolves when the bytes have left this process (serial: drained; TCP: handed to the kernel; USB: taken by the device).
   * Writes keep their order. When the signal aborts, what a device has not taken yet stays here, on lines where that can be known
   * (USB).
   */
  write(bytes: Uint8Array, signal?: AbortSignal): Promise<Result<void, DeviceFault>>;
  /**
   * Called with whatever came in, in any split. The bytes are the listener's for the length of the call only; it may
   * overwrite them (personal data is wiped at once), so a line has one listener that reads.
   */
  onData(listener: (bytes: Uint8Array) => void): Cancel;
  /** Resolves when the line is gone. Never rejects. */
  readonly ended: Promise<ConnectionEnd>;
  /** Ends the line; a second call waits for the same end. */
  close(): Promise<void>;
  /** What the other end says of itself outside of the data (USB descriptors); absent on lines that have no such thing. */
  readonly identity?: DeviceIdentity;
  /** Serial lines: DSR (V.24 circuit 107), by which printers say that they take data. Undefined: this line cannot tell. */
  readonly dataSetReady?: () => Promise<boolean | undefined>;
  /** USB printers: the requests of the printer class beside the data. */
  readonly printerClass?: PrinterClassRequests;
}

/** USB Device Class Definition for Printing Devices 1.1, §4.2. */
export interface PrinterClassRequests {
  /** GET_DEVICE_ID: the IEEE 1284 id, `MFG:…;MDL:…;CMD:…;`, without its length; undefined when it has none. */
  deviceId(): Promise<string | undefined>;
  /** GET_PORT_STATUS. Often frozen at "all well" on clones: informative only. Undefined: not answered. */
  portStatus(): Promise<PortStatus | undefined>;
  /** SOFT_RESET: the device flushes its buffers. False: refused. */
  softReset(): Promise<boolean>;
}

export interface PortStatus {
  readonly paperEmpty: boolean;
  readonly selected: boolean;
  readonly error: boolean;
}

/** A place where a device can be reached: a serial port, a TCP address, a USB device. */
export interface ByteTransport {
  /** For logs and the technician; never personal data. */
  readonly description: string;
  open(signal: AbortSignal): Promise<Result<ByteLink, DeviceFault>>;
}
