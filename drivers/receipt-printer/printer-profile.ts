import { readFileSync, readdirSync } from 'node:fs';
import { z } from 'zod';
import type { DeviceFault } from '../../src/devices/status.ts';
import { err, ok } from '../../src/platform/result.ts';
import type { Result } from '../../src/platform/result.ts';

/** Dots per mm of a 203 dpi head (8 dots/mm). */
export const DOTS_PER_MM = 8;

/** Dots per inch of the heads we drive; 180 dpi models are not supported. */
export const DOTS_PER_INCH = 203;

/** A few bytes, written as `1d 56 01`. */
const bytes = z
  .string()
  .regex(/^[0-9a-f]{2}( [0-9a-f]{2}){0,15}$/)
  .transform((hex) => Uint8Array.from(hex.split(' ').map((byte) => Number.parseInt(byte, 16))));

const profileSchema = z.strictObject({
  /** The name of the file, and what the configuration calls it. */
  id: z.string().regex(/^[a-z0-9-]+$/),
  /** Maker and models, for people. */
  name: z.string().min(1),
  /** What it rests on, with the marks of device-protocols, and what nobody has confirmed. */
  confidence: z.string().min(1),
  language: z.enum(['esc-pos', 'star-line']),
  /** Dots the head can print side by side: 384 (58 mm paper), 576 (80 mm); a multiple of 16. */
  widthDots: z.int().min(384).max(832).multipleOf(16),
  /** Paper speed while printing, mm/s. */
  speedMmPerSecond: z.int().min(30).max(500),
  /** From the head to the cutter, mm: so much is fed before a cut that does not feed by itself. */
  cutterDistanceMm: z.number().min(0).max(60),
  /** Receive buffer: so much may still come out when the line is already silent. */
  bufferBytes: z.int().min(256).max(1_048_576),
  /** Which questions it answers, and what the bits mean (`status-dialects.ts`). */
  statusDialect: z.enum(['epson', 'snbc-kiosk', 'masung', 'citizen', 'custom', 'star-line']),
  /**
   * How it proves that it printed: `process-id` (`GS ( H`), `paper-status` (`GS r`), `etb` (Star), `none`, or `find-out`: the first
   * job tries, a probe knows.
   */
  fence: z.enum(['process-id', 'paper-status', 'etb', 'none', 'find-out']),
  /** Chinese characters in its memory. `find-out`: only a person who reads a sample can tell. */
  chineseRom: z.enum(['gb18030', 'gb2312', 'none', 'find-out']),
  /** What of its sensors is fitted. A bit of one that is not is ignored: clones have it stuck. */
  sensors: z.strictObject({
    nearEnd: z.boolean(),
    cover: z.boolean(),
    /** At the exit. `find-out`: taken as absent until a probe has seen it change. */
    exit: z.union([z.boolean(), z.literal('find-out')]),
  }),
  cut: z.strictObject({
    bytes,
    /** It feeds the paper to the knife by itself. */
    feedsToCutter: z.boolean(),
  }),
  /** What holds the slip out and can pull it back; null: the slip hangs from the cutter. */
  presenter: z
    .strictObject({
      /** Pulls a slip in that nobody took. Absent: it cannot, or no document says how. */
      retract: bytes.optional(),
      /** Switches the printer's own timer off (or sets it). Sent with each initialisation. */
      autoRetract: bytes.optional(),
    })
    .nullable(),
});

/** What a printer model is like. Time limits and bands are derived from it; the line is described apart (`PrinterLine`). */
export type ReceiptPrinterProfile = z.output<typeof profileSchema>;

/** What a site's configuration may say better than the profile. */
export interface ProfileOverrides {
  readonly widthDots?: number | undefined;
  readonly speedMmPerSecond?: number | undefined;
  readonly cutterDistanceMm?: number | undefined;
}

const FOLDER = new URL('profiles/', import.meta.url);

const unknown: DeviceFault = { code: 'printer.profile-unknown', action: 'configuration' };
const broken: DeviceFault = { code: 'printer.profile-broken', action: 'configuration' };

/** The names that `loadProfile` knows, in alphabetical order. */
export function profileNames(): readonly string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .toSorted();
}

/**
 * Reads `profiles/<id>.json`. What the overrides say holds instead of what the file says; absent ones change nothing. Faults:
 * `printer.profile-unknown` (no such file), `printer.profile-broken` (not JSON, or not as the schema has it).
 */
export function loadProfile(
  id: string,
  overrides: ProfileOverrides = {},
): Result<ReceiptPrinterProfile, DeviceFault> {
  if (!profileNames().includes(id)) return err(unknown);
  const profile = parseProfile(readFileSync(new URL(`${id}.json`, FOLDER), 'utf8'));
  if (!profile.ok) return profile;
  return profile.value.id === id ? ok(withOverrides(profile.value, overrides)) : err(broken);
}

/** A profile from the text of its file; `printer.profile-broken` when it is none. Never throws. */
export function parseProfile(text: string): Result<ReceiptPrinterProfile, DeviceFault> {
  try {
    const parsed = profileSchema.safeParse(JSON.parse(text));
    return parsed.success ? ok(parsed.data) : err(broken);
  } catch {
    return err(broken);
  }
}

function withOverrides(profile: ReceiptPrinterProfile, overrides: ProfileOverrides): ReceiptPrinterProfile {
  return {
    ...profile,
    widthDots: overrides.widthDots ?? profile.widthDots,
    speedMmPerSecond: overrides.speedMmPerSecond ?? profile.speedMmPerSecond,
    cutterDistanceMm: overrides.cutterDistanceMm ?? profile.cutterDistanceMm,
  };
}

/** How long so many dots of paper take this printer, ms. */
export function paperMs(profile: ReceiptPrinterProfile, dots: number): number {
  return (dots / DOTS_PER_MM / profile.speedMmPerSecond) * 1000;
}

/** A healthy printer that is full takes something again within this time, ms: it prints what it holds. */
export function stallLimitMs(profile: ReceiptPrinterProfile): number {
  const rows = profile.bufferBytes / (profile.widthDots / 8);
  return STALL_ALLOWANCE_MS + 3 * paperMs(profile, rows);
}

/** Motors that start, a head that cools down for a moment, a slip that is held out, ms. */
const STALL_ALLOWANCE_MS = 5000;
