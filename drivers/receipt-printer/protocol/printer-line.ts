import { DOTS_PER_MM } from '../printer-profile.ts';
import type { ReceiptPrinterProfile } from '../printer-profile.ts';

/** What carries the bytes to a printer. The printer itself is described by its profile, the line is not part of it. */
export interface PrinterLine {
  /** Baud rate / 10 on 8N1; what the printer takes in on TCP and USB. */
  readonly bytesPerSecond: number;
  /**
   * How a serial printer says that it takes no more. `none`: it is never sent faster than it prints, or its buffer is large ·
   * `xon-xoff`: XOFF (13) and XON (11) in what it says · `dsr`: it drops DSR (V.24 circuit 107).
   */
  readonly flowControl: 'none' | 'xon-xoff' | 'dsr';
  /**
   * `nak`: USB, the printer refuses what it has no room for and the write waits · `window`: TCP, the same waits out of sight in the
   * buffers of two network stacks, and what is asked waits behind it · `paced`: serial lines, which carry it or lose it.
   */
  readonly backPressure: 'paced' | 'nak' | 'window';
  /** So many bytes may be on their way before the printer has shown that it took them; absent: no limit. See `lineTo`. */
  readonly mostUnproven?: number;
}

/** So much may be under way to the printer at once, ms: a status question waits no longer than this for its turn. */
const LONGEST_BURST_MS = 150;

/**
 * A printer that has said BUSY or XOFF still takes 128 to 256 bytes (TM-T88III; device-protocols §3.3). Where it can say so, no more
 * than this leaves at once: so much may be on the wire, and so much again be handed over before its word has come.
 */
const FLOW_CONTROLLED_BYTES = 64;

/** Two bands fit under way: while one is on the wire the next is handed over, and the line is never idle, ms. */
const BAND_MS = LONGEST_BURST_MS / 2;

/** Two rows of 576 dots: on a slow line the heads of shorter bands would cost a tenth of its time. */
const SHORTEST_BAND_BYTES = 144;

/** Head of a band and a status question between two. */
const BAND_HEAD_BYTES = 16;

/**
 * The line to one printer. Where too much would wait out of sight (`window`), it carries no more than the head prints, and no more
 * under way than half of the printer's buffer: what is asked or cleared then finds room in the other half.
 */
export function lineTo(line: PrinterLine, profile: ReceiptPrinterProfile): PrinterLine {
  if (line.backPressure !== 'window') return line;
  const headBytesPerSecond = profile.speedMmPerSecond * DOTS_PER_MM * (profile.widthDots / 8);
  return {
    ...line,
    bytesPerSecond: Math.min(line.bytesPerSecond, headBytesPerSecond),
    mostUnproven: profile.bufferBytes / 2,
  };
}

/** Bytes of one band of a picture on this line. */
export function bandBytes(line: PrinterLine): number {
  const carried = (line.bytesPerSecond * BAND_MS) / 1000;
  const unproven = (line.mostUnproven ?? Infinity) / 2 - BAND_HEAD_BYTES;
  return Math.max(SHORTEST_BAND_BYTES, Math.floor(Math.min(carried, unproven)));
}

/** So much may be under way at once on this line, ms: where it would wait out of sight, no more than the printer has room for. */
export function longestBurstMs(line: PrinterLine): number {
  return Math.min(LONGEST_BURST_MS, ((line.mostUnproven ?? Infinity) / line.bytesPerSecond) * 1000);
}

/** Bytes that may be handed over without looking whether the printer still takes them. */
export function unwatchedBytes(line: PrinterLine): number {
  return line.flowControl === 'none' ? Infinity : FLOW_CONTROLLED_BYTES;
}
