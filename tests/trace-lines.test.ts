import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatMasked, maskedBytes, parseMasked, plainBytes } from '../drivers/trace/masked-bytes.ts';
import type { MaskedBytes } from '../drivers/trace/masked-bytes.ts';
import { formatTraceEvent, formatTraceHeader, parseTrace } from '../drivers/trace/trace-lines.ts';
import type { TraceEvent } from '../drivers/trace/trace-lines.ts';

const header = { device: 'receiptPrinter', link: 'serial /dev/ttyS0 115200', unit: 'bytes' } as const;

describe('bytes in a trace', () => {
  test.each<[string, MaskedBytes]>([
    ['', plainBytes(new Uint8Array())],
    ['1b40', plainBytes(Uint8Array.of(0x1b, 0x40))],
    ['1b40 00*8 1b4a10', plainBytes(Uint8Array.of(0x1b, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0x1b, 0x4a, 0x10))],
    ['00000000000000', plainBytes(new Uint8Array(7))],
    ['1d xx*2 0a', maskedBytes(Uint8Array.of(0x1d, 0xb4, 0xf2, 0x0a), Uint8Array.of(1, 0, 0, 1))],
    ['xx*1', maskedBytes(Uint8Array.of(0x31), Uint8Array.of(0))],
  ])('are written as %j and read as they were', (text, data) => {
    expect(formatMasked(data)).toBe(text);
    expect(parseMasked(text)).toEqual(data);
  });

  test('that are hidden are nowhere, not even in the value', () => {
    expect(maskedBytes(Uint8Array.of(0x31, 0x32), Uint8Array.of(0, 1)).bytes).toEqual(Uint8Array.of(0, 0x32));
  });

  test.each(['1', 'xx', '1b4', '1b40*0', 'zz', '1B40', 'xx*99999999', '00*1048577', '1b40*2', '-1'])(
    'are not read from %j',
    (text) => {
      expect(parseMasked(text)).toBeUndefined();
    },
  );
});

const masked = fc
  .array(fc.tuple(fc.constantFrom(0, 0, 0, 7, 255), fc.constantFrom(0, 1)), { maxLength: 60 })
  .map((pairs) =>
    maskedBytes(
      Uint8Array.from(pairs, ([byte]) => byte),
      Uint8Array.from(pairs, ([, tells]) => tells),
    ),
  );
const event: fc.Arbitrary<TraceEvent> = fc.oneof(
  fc.record({ atMs: fc.nat(86_400_000), kind: fc.constant('open' as const) }),
  fc.record({ atMs: fc.nat(86_400_000), kind: fc.constantFrom('in' as const, 'out' as const), data: masked }),
  fc.record({ atMs: fc.nat(86_400_000), kind: fc.constant('end' as const), why: fc.constant('link.lost') }),
);

describe('a trace', () => {
  test('is one JSON object a line', () => {
    const lines = [
      formatTraceHeader(header),
      formatTraceEvent({ atMs: 0, kind: 'open' }),
      formatTraceEvent({ atMs: 12, kind: 'out', data: plainBytes(Uint8Array.of(0x10, 0x04, 0x01)) }),
      formatTraceEvent({ atMs: 15, kind: 'in', data: plainBytes(Uint8Array.of(0x16)) }),
      formatTraceEvent({ atMs: 90, kind: 'end', why: 'link.lost' }),
    ];
    expect(lines).toEqual([
      '{"trace":1,"device":"receiptPrinter","link":"serial /dev/ttyS0 115200","unit":"bytes"}',
      '{"t":0,"e":"open"}',
      '{"t":12,"e":"out","hex":"100401"}',
      '{"t":15,"e":"in","hex":"16"}',
      '{"t":90,"e":"end","why":"link.lost"}',
    ]);
    expect(parseTrace(`${lines.join('\n')}\n\n`)).toMatchObject({
      ok: true,
      value: { header, events: [{ kind: 'open' }, {}, {}, { kind: 'end', why: 'link.lost' }] },
    });
  });

  test('is read as it was written', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), (events) => {
        const text = [formatTraceHeader(header), ...events.map(formatTraceEvent)].join('\n');
        expect(parseTrace(text)).toEqual({ ok: true, value: { header, events } });
      }),
    );
  });

  test('names the line that is none', () => {
    const first = formatTraceHeader(header);
    expect(parseTrace('')).toEqual({ ok: false, error: { line: 1 } });
    expect(parseTrace('{"trace":2}')).toEqual({ ok: false, error: { line: 1 } });
    expect(parseTrace(`${first}\n{"t":0,"e":"open"}\n{"t":0,"e":"off"}`)).toEqual({
      ok: false,
      error: { line: 3 },
    });
    expect(parseTrace(`${first}\n\n{"t":0,"e":"in","hex":"0"}`)).toEqual({ ok: false, error: { line: 3 } });
  });

  test('of any text is a value or a line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const parsed = parseTrace(`${formatTraceHeader(header)}\n${text}`);
        if (!parsed.ok) expect(parsed.error.line).toBeGreaterThan(0);
      }),
    );
  });
});
