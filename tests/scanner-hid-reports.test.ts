import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { commandReportId, encodeCommandReport } from '../drivers/qr-scanner/commands/hid-commands.ts';
import { decodeHidPosReport } from '../drivers/qr-scanner/framing/hid-pos-report.ts';
import type { HidPosLayout } from '../drivers/qr-scanner/framing/hid-pos-report.ts';
import { createReportAssembler } from '../drivers/qr-scanner/framing/report-assembly.ts';
import { contentOf } from '../drivers/qr-scanner/scan-content.ts';
import type { ScanFrame } from '../drivers/qr-scanner/framing/scan-framing.ts';
import { hex } from './fixtures/simulator-program.ts';

const LAYOUTS = ['standard', 'newland', 'microscan'] as const satisfies readonly HidPosLayout[];

/** A report of 64 bytes with the given bytes at the given places: written down, not made by a codec. */
function report(places: Readonly<Record<number, string>>): Uint8Array {
  const bytes = Buffer.alloc(64);
  for (const [at, part] of Object.entries(places)) hex(part).copy(bytes, Number(at));
  return bytes;
}
const ascii = (text: string) => Buffer.from(text, 'latin1').toString('hex');
const length = (text: string) => text.length.toString(16).padStart(2, '0');

const standard = (text: string, { aim = ']Q1', more = false } = {}) =>
  report({ 0: '02', 1: length(text), 2: ascii(aim), 5: ascii(text), 63: more ? '01' : '00' });
const newland = (text: string, more = false) =>
  report({ 0: '02', 1: length(text), 2: ascii(text), 62: '73', 63: more ? '01' : '00' });
const microscan = (text: string) => report({ 0: '01', 1: length(text), 2: ascii(text) });
const told = (frame: ScanFrame) =>
  frame.kind === 'complete' ? Buffer.from(frame.bytes).toString('latin1') : frame.kind;
const F = 'F'.repeat(56);

test('a report of the standard layout: length, identifier, data, symbology, whether more follows', () => {
  const decoded = decodeHidPosReport('standard', report({ 0: '02 03 5d5131 4f4331', 61: '73' }));
  expect(decoded).toEqual({
    ok: true,
    value: {
      data: hex('4f4331'),
      aim: hex('5d5131'),
      vendorSymbology: 0x73,
      continues: false,
      full: false,
    },
  });
});

test('the captured reports of a Honeywell Voyager are read: the first continued, the last not', () => {
  const first = report({ 0: '02 38 5d5830 50726f64756374204e616d653a', 61: '3f 00 01' });
  const last = report({ 0: '02 09 5d5830 756d3a204e2f410d0a', 61: '3f 00 00' });
  expect(decodeHidPosReport('standard', first)).toMatchObject({
    value: { continues: true, full: true, aim: hex('5d5830') },
  });
  expect(decodeHidPosReport('standard', last)).toMatchObject({
    value: { continues: false, data: hex('756d3a204e2f410d0a') },
  });
});

test.each([
  ['standard', '02 39'],
  ['newland', '02 39'],
  ['microscan', '01 3f'],
] as const)(
  'in the %s layout a length beyond its room, another report and a short one are told apart',
  (layout, head) => {
    expect(decodeHidPosReport(layout, report({ 0: head }))).toEqual({ ok: false, error: 'length' });
    expect(decodeHidPosReport(layout, report({ 0: '07 01 41' }))).toEqual({ ok: false, error: 'report-id' });
    expect(decodeHidPosReport(layout, hex(head))).toEqual({ ok: false, error: 'short' });
    expect(decodeHidPosReport(layout, hex(''))).toEqual({ ok: false, error: 'report-id' });
  },
);

test('any bytes as a report give a result and never a throw', () => {
  fc.assert(
    fc.property(fc.constantFrom(...LAYOUTS), fc.uint8Array({ maxLength: 80 }), (layout, bytes) => {
      const decoded = decodeHidPosReport(layout, bytes);
      if (decoded.ok) expect(decoded.value.data.length).toBe(bytes[1]);
    }),
  );
});

test('QR codes are accepted with every modifier of their identifier, other symbologies are refused', () => {
  const contentWith = (aim: string) => {
    const [frame] = createReportAssembler('standard', 64).push(standard('OC1A', { aim }), 0);
    return frame && contentOf(frame, false);
  };
  for (const modifier of ['0', '1', '2', '3', '4', '5', '6'])
    expect(contentWith(`]Q${modifier}`)).toEqual({ ok: true, value: { text: 'OC1A', symbology: 'qr' } });
  for (const aim of [']E0', ']C1', ']d2', ']X0'])
    expect(contentWith(aim)).toEqual({ ok: false, error: 'symbology' });
  // A maker that leaves the identifier out says nothing about the symbology.
  expect(contentWith('\0\0\0')).toEqual({ ok: true, value: { text: 'OC1A', symbology: 'unknown' } });
});

test('a long code is put together until a report is not marked any more', () => {
  const assembler = createReportAssembler('standard', 1024);
  expect(assembler.push(standard(F, { more: true }), 10)).toEqual([]);
  expect(assembler.waitsMs).toBe(500);
  expect(assembler.push(standard(F, { more: true }), 12)).toEqual([]);
  expect(assembler.push(standard('END'), 14)).toMatchObject([
    { kind: 'complete', startedAtMs: 10, symbology: 'qr', aim: ']Q1' },
  ]);
  expect(assembler.waitsMs).toBeUndefined();
});

test('a missing continuation, a second code in between and a damaged report make the first one incomplete', () => {
  const assembler = createReportAssembler('standard', 1024);
  assembler.push(standard(F, { more: true }), 1);
  expect(assembler.silence()).toEqual([{ kind: 'incomplete', startedAtMs: 1 }]);
  assembler.push(standard(F, { more: true }), 2);
  expect(assembler.push(standard('5901234123457', { aim: ']E0' }), 3).map(told)).toEqual([
    'incomplete',
    '5901234123457',
  ]);
  assembler.push(standard(F, { more: true }), 4);
  expect(assembler.push(report({ 0: '02 39' }), 5)).toEqual([{ kind: 'incomplete', startedAtMs: 4 }]);
  expect(assembler.push(standard('NEXT'), 6).map(told)).toEqual(['NEXT']);
});

test('reports that hold no scanned data are passed over, in the middle of a code too', () => {
  const assembler = createReportAssembler('standard', 1024);
  assembler.push(standard(F, { more: true }), 1);
  expect(assembler.push(report({ 0: '05 ffff' }), 2)).toEqual([]);
  expect(assembler.push(standard('END'), 3).map(told)).toEqual([`${F}END`]);
});

test('a Newland that does not mark its reports: a full one may be continued, and is complete after a short silence', () => {
  const assembler = createReportAssembler('newland', 1024);
  expect(assembler.push(newland('SHORT'), 0).map(told)).toEqual(['SHORT']);
  assembler.push(newland(F), 1);
  expect(assembler.waitsMs).toBe(50);
  expect(assembler.push(newland('END'), 2).map(told)).toEqual([`${F}END`]);
  assembler.push(newland(F), 3);
  expect(assembler.silence().map(told)).toEqual([F]);
  // Exactly as long as two reports, closed by an empty one.
  assembler.push(newland(F), 4);
  assembler.push(newland(F), 5);
  expect(assembler.push(newland(''), 6).map(told)).toEqual([F + F]);
});

test('a Newland that has once marked a report means it: an unmarked full report is the last one', () => {
  const assembler = createReportAssembler('newland', 1024);
  expect(assembler.push(newland(F, true), 0)).toEqual([]);
  expect(assembler.push(newland('END'), 1).map(told)).toEqual([`${F}END`]);
  expect(assembler.push(newland(F), 2).map(told)).toEqual([F]);
  assembler.push(newland(F, true), 3);
  expect(assembler.silence().map(told)).toEqual(['incomplete']);
});

test('a Microscan has 62 bytes in a report and no mark', () => {
  const assembler = createReportAssembler('microscan', 1024);
  const full = 'M'.repeat(62);
  expect(assembler.push(microscan(full), 0)).toEqual([]);
  expect(assembler.push(microscan('END'), 1).map(told)).toEqual([`${full}END`]);
});

test('a code longer than allowed is refused and its bytes are not kept', () => {
  const assembler = createReportAssembler('standard', 100);
  for (let part = 0; part < 60; part += 1)
    expect(assembler.push(standard(F, { more: true }), part)).toEqual([]);
  expect(assembler.push(standard('END'), 60)).toEqual([{ kind: 'too-long', startedAtMs: 0 }]);
  expect(assembler.push(standard('NEXT'), 61).map(told)).toEqual(['NEXT']);
});

test('any reports in any order give frames no longer than allowed, and after a silence the next code is read', () => {
  const anyReport = fc.oneof(
    fc.uint8Array({ maxLength: 70 }),
    fc
      .tuple(fc.constantFrom(1, 2), fc.nat(80), fc.uint8Array({ minLength: 62, maxLength: 62 }))
      .map(([id, length, rest]) => Uint8Array.of(id, length, ...rest)),
  );
  const next = { standard: standard('NEXT'), newland: newland('NEXT'), microscan: microscan('NEXT') };
  fc.assert(
    fc.property(fc.constantFrom(...LAYOUTS), fc.array(anyReport, { maxLength: 12 }), (layout, reports) => {
      const assembler = createReportAssembler(layout, 100);
      for (const frame of reports.flatMap((bytes) => assembler.push(bytes, 0)))
        if (frame.kind === 'complete') expect(frame.bytes.length).toBeLessThanOrEqual(100);
      assembler.silence();
      expect(assembler.push(next[layout], 1).map(told)).toEqual(['NEXT']);
    }),
  );
});

test('commands travel in the output reports of Newland (04) and Honeywell (FD), and only there', () => {
  expect(commandReportId('newland', 'newland')).toBe(0x04);
  expect(commandReportId('newland', 'gm6x')).toBe(0x04);
  expect(commandReportId('standard', 'honeywell')).toBe(0xfd);
  expect(commandReportId('standard', 'ssi')).toBeUndefined();
  expect(commandReportId('microscan', 'newland')).toBeUndefined();
  // As on the wire: trigger on, and the FM30's command mode.
  const trigger = encodeCommandReport(0xfd, hex('16 54 0d'));
  expect(trigger).toEqual({ ok: true, value: new Uint8Array(report({ 0: 'fd 03 16 54 0d' })) });
  const mode = encodeCommandReport(0x04, hex('7e 00 08 01 00 00 d5 ef 41'));
  expect(mode).toEqual({
    ok: true,
    value: new Uint8Array(report({ 0: '04 09 7e 00 08 01 00 00 d5 ef 41' })),
  });
  expect(encodeCommandReport(0x04, new Uint8Array(62)).ok).toBe(true);
  expect(encodeCommandReport(0x04, new Uint8Array(63))).toEqual({ ok: false, error: 'too-long' });
});
