import { z } from 'zod';
import { err, ok } from '../../src/platform/result.ts';
import type { Result } from '../../src/platform/result.ts';
import { formatMasked, parseMasked } from './masked-bytes.ts';
import type { MaskedBytes } from './masked-bytes.ts';

/** What a trace is of. */
export interface TraceHeader {
  readonly device: 'idCardReader' | 'qrScanner' | 'receiptPrinter';
  /** The line, as technicians know it: `serial /dev/ttyS0 115200`. */
  readonly link: string;
  /** `reports`: each event is one HID report · `bytes`: pieces of a stream, in any split. */
  readonly unit: 'bytes' | 'reports';
}

/**
 * One thing that happened on a line. `out`: to the device · `in`: from it, never hidden, because what was personal is replaced by
 * something harmless that can be decoded.
 */
export type TraceEvent = {
  /** Since the trace began, ms. */
  readonly atMs: number;
} & (
  | { readonly kind: 'open' }
  | { readonly kind: 'out' | 'in'; readonly data: MaskedBytes }
  /** The code of the fault, or `closed`. */
  | { readonly kind: 'end'; readonly why: string }
);

/** A whole trace. */
export interface Trace {
  readonly header: TraceHeader;
  readonly events: readonly TraceEvent[];
}

/** The first line of a trace. */
export function formatTraceHeader({ device, link, unit }: TraceHeader): string {
  return JSON.stringify({ trace: 1, device, link, unit });
}

/** Any other line of a trace: `{"t":12,"e":"out","hex":"1b40 xx*40"}`. */
export function formatTraceEvent(event: TraceEvent): string {
  const { atMs: t, kind: e } = event;
  switch (event.kind) {
    case 'open':
      return JSON.stringify({ t, e });
    case 'end':
      return JSON.stringify({ t, e, why: event.why });
    default:
      return JSON.stringify({ t, e, hex: formatMasked(event.data) });
  }
}

const headerLine = z.object({
  trace: z.literal(1),
  device: z.enum(['idCardReader', 'qrScanner', 'receiptPrinter']),
  link: z.string().max(300),
  unit: z.enum(['bytes', 'reports']),
});
const t = z.number().min(0).max(86_400_000);
const eventLine = z.discriminatedUnion('e', [
  z.object({ t, e: z.literal('open') }),
  z.object({ t, e: z.literal('out'), hex: z.string() }),
  z.object({ t, e: z.literal('in'), hex: z.string() }),
  z.object({ t, e: z.literal('end'), why: z.string().max(80) }),
]);

/** Reads a trace; the number (1-based) of the first line that is none otherwise. Empty lines are passed over. Never throws. */
export function parseTrace(text: string): Result<Trace, { readonly line: number }> {
  let header: TraceHeader | undefined;
  const events: TraceEvent[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const value = jsonIn(line);
    if (header === undefined) {
      const parsed = headerLine.safeParse(value);
      if (!parsed.success) return err({ line: index + 1 });
      const { device, link, unit } = parsed.data;
      header = { device, link, unit };
      continue;
    }
    const event = eventIn(value);
    if (event === undefined) return err({ line: index + 1 });
    events.push(event);
  }
  return header === undefined ? err({ line: 1 }) : ok({ header, events });
}

function eventIn(value: unknown): TraceEvent | undefined {
  const parsed = eventLine.safeParse(value);
  if (!parsed.success) return undefined;
  const { t: atMs, ...event } = parsed.data;
  if (event.e === 'open') return { atMs, kind: 'open' };
  if (event.e === 'end') return { atMs, kind: 'end', why: event.why };
  const data = parseMasked(event.hex);
  return data === undefined ? undefined : { atMs, kind: event.e, data };
}

function jsonIn(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
