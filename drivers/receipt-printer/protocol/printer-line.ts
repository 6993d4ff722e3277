/** What carries the bytes to a printer. The printer itself is described by its profile, the line is not part of it. */
export interface PrinterLine {
  /** Baud rate / 10 on 8N1; what the printer takes in on TCP and USB. */
  readonly bytesPerSecond: number;
  /**
   * How a serial printer says that it takes no more. `none`: it is never sent faster than it prints, or its buffer is large ·
   * `xon-xoff`: XOFF (13) and XON (11) in what it says · `dsr`: it drops DSR (V.24 circuit 107).
   */
  readonly flowControl: 'none' | 'xon-xoff' | 'dsr';
  /** `nak`: USB, the printer refuses what it has no room for and the write waits. `paced`: every other line. */
  readonly backPressure: 'paced' | 'nak';
}

/** So much may be under way to the printer at once, ms: a status question waits no longer than this for its turn. */
export const LONGEST_BURST_MS = 150;

/**
 * A printer that has said BUSY or XOFF still takes 128 to 256 bytes (TM-T88III; device-protocols §3.3). Where it can say so, no more
 * than this leaves at once: so much may be on the wire, and so much again be handed over before its word has come.
 */
const FLOW_CONTROLLED_BYTES = 64;

/** Bytes of one burst on this line: the size of a band. */
export function burstBytes(line: PrinterLine): number {
  return Math.max(64, Math.floor((line.bytesPerSecond * LONGEST_BURST_MS) / 1000));
}

/** Bytes that may be handed over without looking whether the printer still takes them. */
export function unwatchedBytes(line: PrinterLine): number {
  return line.flowControl === 'none' ? Infinity : FLOW_CONTROLLED_BYTES;
}
