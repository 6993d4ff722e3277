import { decodeHidPosReport } from './hid-pos-report.ts';
import type { HidPosLayout, HidPosReport } from './hid-pos-report.ts';
import { symbologyOfAim } from '../scan-content.ts';
import { INCOMPLETE_AFTER_MS } from './scan-framing.ts';
import type { ScanFrame } from './scan-framing.ts';

/** Puts the reports of one code together. Never throws, never holds more than the longest code. */
export interface ReportAssembler {
  /** Takes one input report that came at `atMs` (monotonic). Other reports than those of scanned data are passed over. */
  push(report: Uint8Array, atMs: number): ScanFrame[];
  /** To be called after `waitsMs` without a report: ends what has begun. */
  silence(): ScanFrame[];
  /** A code has begun, and so much silence would end it, ms. */
  readonly waitsMs: number | undefined;
}

/**
 * How long a code waits for an unmarked continuation, ms. Full-speed devices send a report every 1 to 10 ms; a person cannot
 * show a second code in this time.
 */
const UNMARKED_CONTINUATION_MS = 50;

/** One code whose reports have begun to come in. */
interface Begun {
  readonly startedAtMs: number;
  /** What every report of the code must agree on. */
  readonly kind: string;
  readonly aim: Uint8Array | undefined;
  readonly expects: 'marked' | 'unmarked';
}

/**
 * Makes an assembler; `maxLength` in bytes.
 *
 * A report that is marked as continued must be followed by another of the same symbology, or the code is `incomplete`. Makers
 * without a mark leave it to the length: a full report may be continued, by a report or by nothing within 50 ms, and then the
 * code is complete. Once a scanner has used the mark, an unmarked report is the last one.
 */
export function createReportAssembler(layout: HidPosLayout, maxLength: number): ReportAssembler {
  const buffer = new Uint8Array(maxLength);
  let filled = 0;
  let overflowed = false;
  let begun: Begun | undefined;
  let marksContinuations = layout === 'standard';

  const restart = () => {
    buffer.fill(0, 0, filled);
    filled = 0;
    overflowed = false;
    begun = undefined;
  };
  const breakOff = (atMs: number): ScanFrame[] => {
    const startedAtMs = begun?.startedAtMs ?? atMs;
    restart();
    return [{ kind: 'incomplete', startedAtMs }];
  };
  const finish = (code: Begun): ScanFrame[] => {
    const { startedAtMs, aim } = code;
    const bytes = overflowed ? undefined : Uint8Array.from(buffer.subarray(0, filled));
    restart();
    if (!bytes) return [{ kind: 'too-long', startedAtMs }];
    if (bytes.length === 0) return [];
    if (!aim) return [{ kind: 'complete', bytes, symbology: 'unknown', startedAtMs }];
    const symbology = symbologyOfAim(aim);
    return [{ kind: 'complete', bytes, symbology, aim: String.fromCharCode(...aim), startedAtMs }];
  };
  const append = (data: Uint8Array) => {
    const room = data.subarray(0, maxLength - filled);
    buffer.set(room, filled);
    filled += room.length;
    overflowed ||= room.length < data.length;
  };

  return {
    push(report, atMs) {
      const decoded = decodeHidPosReport(layout, report);
      if (!decoded.ok) return decoded.error === 'report-id' ? [] : breakOff(atMs);
      const { data, aim, continues, full } = decoded.value;
      const kind = kindOf(decoded.value);
      // The rest of the first code never came, and a second one has begun.
      const before = begun !== undefined && begun.kind !== kind ? breakOff(atMs) : [];
      const first = begun;
      append(data);
      if (continues) marksContinuations = true;
      const code: Begun = {
        startedAtMs: first?.startedAtMs ?? atMs,
        kind,
        aim: first ? first.aim : aim && Uint8Array.from(aim),
        expects: continues ? 'marked' : 'unmarked',
      };
      if (!continues && (marksContinuations || !full)) return [...before, ...finish(code)];
      begun = code;
      return before;
    },
    silence() {
      if (!begun) return [];
      return begun.expects === 'marked' ? breakOff(begun.startedAtMs) : finish(begun);
    },
    get waitsMs() {
      if (!begun) return undefined;
      return begun.expects === 'marked' ? INCOMPLETE_AFTER_MS : UNMARKED_CONTINUATION_MS;
    },
  };
}

function kindOf({ aim, vendorSymbology }: HidPosReport): string {
  return `${aim ? aim.join('.') : ''} ${vendorSymbology}`;
}
