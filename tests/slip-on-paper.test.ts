import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stripBytes } from '../drivers/receipt-printer/commands/commands.ts';
import { createComposer } from '../drivers/receipt-printer/composer/compose-document.ts';
import { breakLines } from '../drivers/receipt-printer/composer/line-breaking.ts';
import { loadPaperFonts } from '../drivers/receipt-printer/composer/paper-fonts.ts';
import { withoutRealTimeCommands } from '../drivers/receipt-printer/composer/real-time-safety.ts';
import type { PrintDocument, TextElement } from '../src/slip/print-document.ts';
import { printableLine, printableText } from '../src/slip/printable-text.ts';
import { qrSymbol } from '../src/slip/qr-symbol.ts';
import { bodyDocument, footerDocument, testPageDocument, voidDocument } from '../src/slip/slip-document.ts';
import type { SlipBody } from '../src/slip/slip-document.ts';
import { decodedByZbar, paperOf } from './fixtures/paper-of-raster.ts';

const TOKEN = 'OC1ABCDEFGHJKMNPQRSTVWXYZ234567ABCD';
const slip: SlipBody = {
  maskedName: '*小明',
  token: TOKEN,
  shortCode: 'ABCD2345WXYZ',
  validUntil: '2027-05-20',
  issuedOn: '2026-11-22',
  kind: 'apply',
};

function must<T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const fonts = must(loadPaperFonts());

function bytesOf(document: PrintDocument, widthDots: number, bandBytes = 1728): Uint8Array {
  const composer = createComposer(fonts, { widthDots, bandBytes });
  return Buffer.concat(Array.from(composer.compose(document), stripBytes));
}

function textDocument(text: string, weight: TextElement['weight'] = 'bold'): PrintDocument {
  return { part: 'body', elements: [{ type: 'text', text, sizePt: 20, weight, align: 'left' }] };
}

const textsOf = (document: PrintDocument) =>
  document.elements.flatMap((element) => (element.type === 'text' ? [element] : []));

describe('the slip', () => {
  it.each([576, 384])(
    'carries the token twice, readable from the picture of the paper, %i dots wide',
    (widthDots) => {
      const paper = paperOf(bytesOf(must(bodyDocument(slip)), widthDots), widthDots);
      expect(decodedByZbar(paper)).toEqual([TOKEN, TOKEN]);
    },
  );

  it('has its two symbols more than 20 mm apart and is about 200 mm long with the footer on 80 mm paper', () => {
    const body = paperOf(bytesOf(must(bodyDocument(slip)), 576), 576);
    const footer = paperOf(bytesOf(footerDocument(), 576), 576);
    expect((body.rows.length + footer.rows.length) / 8).toBeLessThan(220);
    // 20 mm can be cut out between them.
    const withoutTheirMiddle = body.rows.filter((_, y) => Math.abs(y - body.rows.length / 2) > 80);
    expect(decodedByZbar({ widthDots: 576, rows: withoutTheirMiddle })).toEqual([TOKEN, TOKEN]);
  });

  it('says name, last day, short code in groups, help and care, in sizes that old eyes can read', () => {
    const elements = textsOf(must(bodyDocument(slip)));
    const whole = elements.map((element) => element.text).join('\n');
    for (const part of [
      '随申码离线码',
      '*小明',
      '2027年5月20日',
      'ABCD 2345 WXYZ',
      '12345',
      '没有“已启用”字样无效',
    ]) {
      expect(whole).toContain(part);
    }
    for (const part of ['勿覆膜', '勿放透明胶套', '避免日晒', '勿沾酒精', '身份证', '随申办', '能用到']) {
      expect(whole).toContain(part);
    }
    expect(Math.min(...elements.map((element) => element.sizePt))).toBeGreaterThanOrEqual(14);
    const lastDay = elements.find((element) => element.text === '2027年5月20日');
    expect(lastDay).toMatchObject({ sizePt: 24, weight: 'bold' });
    expect(elements.find((element) => element.text === 'ABCD 2345 WXYZ')?.sizePt).toBe(16);
  });

  it('tells a reissue from a first one, and never claims to be valid in its body', () => {
    const texts = (kind: SlipBody['kind']) =>
      textsOf(must(bodyDocument({ ...slip, kind }))).map((element) => element.text);
    expect(texts('reissue').join()).toContain('补领：2026年11月22日');
    expect(texts('apply').join()).toContain('领取：2026年11月22日');
    expect(must(bodyDocument(slip)).elements.some((element) => element.type === 'mark')).toBe(false);
    expect(footerDocument().elements).toContainEqual({ type: 'mark', mark: 'valid', text: '已启用' });
    expect(voidDocument().elements).toContainEqual({ type: 'mark', mark: 'void', text: '作废' });
  });

  it.each([
    [{ validUntil: '2027-02-30' }, 'slip.date'],
    [{ issuedOn: '22.11.2026' }, 'slip.date'],
    [{ maskedName: '\u0000\u202e' }, 'slip.name'],
    [{ shortCode: '--' }, 'slip.short-code'],
    [{ token: 'lower case' }, 'qr.not-alphanumeric'],
    [{ token: '' }, 'qr.empty'],
    [{ token: 'A'.repeat(123) }, 'qr.too-long'],
  ])('is refused for %j', (change, error) => {
    expect(bodyDocument({ ...slip, ...change })).toEqual({ ok: false, error });
  });

  it('always has a symbol of version 8', () => {
    for (const text of ['A', TOKEN, 'A'.repeat(122)]) expect(must(qrSymbol(text)).size).toBe(49);
  });

  it('has a test page without a code, readable too', () => {
    const page = must(testPageDocument({ kioskId: 'SH-0001', printedOn: '2026-11-22' }));
    expect(decodedByZbar(paperOf(bytesOf(page, 576), 576))).toEqual(['TEST PAGE - NOT A CODE']);
  });
});

describe('text on paper', () => {
  it('holds nothing that a printer would execute or that turns a line around', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const safe = printableText(text);
        expect(safe.isWellFormed()).toBe(true);
        expect(safe).not.toMatch(/[\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069]/u);
        expect(
          Array.from(Buffer.from(safe)).every((byte) => (byte >= 0x20 && byte !== 0x7f) || byte === 0x0a),
        ).toBe(true);
        expect(printableLine(text)).not.toContain('\n');
      }),
    );
  });

  it('loses a lone surrogate and keeps what is rare', () => {
    expect(printableLine('王\ud83d小\n𬱖 ')).toBe('王小 𬱖');
  });

  it('shows rare characters as themselves', () => {
    const drawn = ['䶮', '㛃', '𬱖', '\u{20b9f}', '\u{2a6d6}', '〓'].map((text) =>
      Buffer.from(bytesOf(textDocument(text), 576)).toString('hex'),
    );
    expect(new Set(drawn).size).toBe(drawn.length);
    // U+10FFFF is in no font: the mark for a missing sort stands for it, not a box.
    const missing = Buffer.from(bytesOf(textDocument('\u{10ffff}'), 576)).toString('hex');
    expect(missing).toBe(drawn.at(-1));
  });

  it('sets a whole name in one face when one of its characters is rare', () => {
    expect(fonts.set('王小明', 'bold').cssFont(20)).toBe('20px PaperSansBold');
    expect(fonts.set('王\u{2a6d6}明', 'regular').cssFont(20)).toBe('bold 20px PaperRareA, PaperRareB');
  });

  it('is a fault of the configuration when the fonts are missing', () => {
    const files = { sansRegular: '/nowhere', sansBold: '/nowhere', rareA: '/nowhere', rareB: '/nowhere' };
    expect(loadPaperFonts(files)).toEqual({
      ok: false,
      error: { code: 'printer.fonts-missing', action: 'configuration' },
    });
  });

  const perCharacter = (text: string) => Array.from(text).length * 10;

  it('breaks behind clauses, keeps quotations and numbers with their units whole', () => {
    expect(breakLines('勿覆膜、勿放透明胶套、避免日晒、勿沾酒精。', 140, perCharacter)).toEqual([
      '勿覆膜、勿放透明胶套、',
      '避免日晒、勿沾酒精。',
    ]);
    expect(breakLines('请工作人员用“随申办”扫。', 90, perCharacter)).toEqual([
      '请工作人员用',
      '“随申办”扫。',
    ]);
    expect(breakLines('2027年12月20日', 60, perCharacter)).toEqual(['2027年', '12月20日']);
    // Whichever dot a register has put between the parts of a name, no line begins with it.
    for (const dot of ['·', '•', '‧', '・'])
      for (const line of breakLines(`次仁${dot}卓玛`, 20, perCharacter))
        expect(line.startsWith(dot)).toBe(false);
  });

  it('loses no character and exceeds no line, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('随', '申', '码', '，', '“', '”', ' ', '1', 'a', '。', '\n'),
          maxLength: 60,
        }),
        fc.integer({ min: 20, max: 200 }),
        (text, width) => {
          const lines = breakLines(text, width, perCharacter);
          expect(lines.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
          for (const line of lines) expect(perCharacter(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});

describe('raster bands', () => {
  it('hold no real-time command, whatever is drawn', () => {
    const risky = fc.constantFrom(0x10, 0x04, 0x05, 0x14, 0x00, 0xff, 0x08, 0x20);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.array(risky, { minLength: 6, maxLength: 120 }),
        (widthBytes, dots) => {
          const rows = Math.floor(dots.length / widthBytes);
          const bitmap = { widthBytes, rows, data: Uint8Array.from(dots.slice(0, rows * widthBytes)) };
          const safe = withoutRealTimeCommands(bitmap, 7);
          const hex = Buffer.from(safe.data).toString('hex').replace(/../g, '$& ');
          expect(hex).not.toMatch(/10 (04|05|14)/);
          expect(safe.rows).toBe(rows);
          const black = (data: Uint8Array) =>
            data.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
          expect(black(safe.data)).toBeGreaterThanOrEqual(black(bitmap.data));
        },
      ),
    );
  });

  it.each([64, 1728, 100_000])(
    'of at most %i bytes draw the same paper and stay below 256 rows',
    (bandBytes) => {
      const reference = paperOf(bytesOf(must(bodyDocument(slip)), 576), 576);
      // paperOf throws when the high byte of the height is not 0.
      const paper = paperOf(bytesOf(must(bodyDocument(slip)), 576, bandBytes), 576);
      expect(paper.rows).toEqual(reference.rows);
    },
  );

  it('of a whole slip hold no real-time command', () => {
    for (const document of [must(bodyDocument(slip)), footerDocument(), voidDocument()]) {
      const hex = Buffer.from(bytesOf(document, 576)).toString('hex').replace(/../g, '$& ');
      expect(hex).not.toMatch(/10 (04|05|14)/);
    }
  });
});
