import { noFlags, readBits } from './printer-flags.ts';
import type { BitTable, PrinterFlags } from './printer-flags.ts';

/**
 * Automatic status of Star printers (Star Line Mode Command Specifications, thermal, §5.2.3): header 1 says how many bytes there
 * are, header 2 is the version, then status 1 to 7. Layout and length rule also in receiptio 5.
 */
const TABLES: readonly BitTable[] = [
  {},
  {},
  { coverOpen: 0x20, offline: 0x08 },
  { recoverableError: 0x40, unrecoverableError: 0x20, cutterError: 0x08, mechanicalError: 0x04 },
  { jamAtExit: 0x04, coverOpen: 0x02 },
  { paperEnd: 0x08, paperNearEnd: 0x06 },
];

/** Status 1 bit 1: an `ETB` was reached since the last status. */
const ETB_EXECUTED = 0x02;

/** Status 7, bits 3–1: where the presenter has the slip. 1 is a slip that is still being made. */
const AT_EXIT = 3;
const RETRACTED = 6;
const TAKEN = 7;

/** What a whole status says. */
export interface StarStatus {
  readonly flags: PrinterFlags;
  readonly etbExecuted: boolean;
  /** 0 to 31, one more with each `ETB`; undefined on models that do not count. */
  readonly etbCount: number | undefined;
}

/** Bytes of a status from its two headers, with the two length bytes that Ethernet models add; 0: these are no headers. */
export function starStatusLength(header1: number, header2: number): number {
  const length = ((header1 >> 2) & 0x18) | ((header1 >> 1) & 0x07);
  return length < 7 ? 0 : length + ((header2 & 0x80) === 0 ? 0 : 2);
}

/** True for header 1: 0xx0xxx1. */
export function isStarHeader(byte: number): boolean {
  return (byte & 0x91) === 0x01;
}

/** Reads a whole status of at least seven bytes. */
export function readStarStatus(bytes: readonly number[]): StarStatus {
  const position = ((bytes[8] ?? 0) >> 1) & 0x07;
  const status8 = bytes[7];
  return {
    flags: {
      ...noFlags,
      ...readBits(TABLES, bytes),
      paperAtExit: position === AT_EXIT,
      slipRetracted: position === RETRACTED,
      slipTaken: position === TAKEN,
    },
    etbExecuted: ((bytes[2] ?? 0) & ETB_EXECUTED) !== 0,
    etbCount: status8 === undefined ? undefined : ((status8 >> 2) & 0x18) | ((status8 >> 1) & 0x07),
  };
}
