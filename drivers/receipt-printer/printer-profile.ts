/** What a printer model and its line are like. Time limits and bands are derived from it. */
export interface ReceiptPrinterProfile {
  /** Dots the head can print side by side: 384 (58 mm paper), 576 (80 mm); a multiple of 16. */
  readonly widthDots: number;
  /** Paper speed while printing, mm/s. */
  readonly speedMmPerSecond: number;
  /** From the head to the cutter, mm: so much is fed before a cut. */
  readonly cutterDistanceMm: number;
  /** What the line carries: baud rate / 10 on 8N1; what the printer takes in on TCP. */
  readonly bytesPerSecond: number;
}

/** Dots per mm of a 203 dpi head (8 dots/mm). */
export const DOTS_PER_MM = 8;

/** Dots per inch of the heads we drive; 180 dpi models are not supported. */
export const DOTS_PER_INCH = 203;

/** A plain 58 mm printer on a 115200 baud line. */
export const generic58mm: ReceiptPrinterProfile = {
  widthDots: 384,
  speedMmPerSecond: 80,
  cutterDistanceMm: 15,
  bytesPerSecond: 11_520,
};

/** A plain 80 mm printer on a 115200 baud line. */
export const generic80mm: ReceiptPrinterProfile = {
  widthDots: 576,
  speedMmPerSecond: 150,
  cutterDistanceMm: 15,
  bytesPerSecond: 11_520,
};

/** So much may be under way to the printer at once, ms: a status question waits no longer than this for its turn. */
export const LONGEST_BURST_MS = 150;

/** Bytes of one burst on this line. */
export function burstBytes(profile: ReceiptPrinterProfile): number {
  return Math.max(64, Math.floor((profile.bytesPerSecond * LONGEST_BURST_MS) / 1000));
}
