import { spellDate } from '../copy/calendar-date.ts';
import { paper } from '../copy/zh-cn/paper.ts';
import { err, ok } from '../platform/result.ts';
import type { Result } from '../platform/result.ts';
import type { PrintDocument, PrintElement, QrSymbol } from './print-document.ts';
import { space, text } from './print-elements.ts';
import { printableLine } from './printable-text.ts';
import { qrSymbol } from './qr-symbol.ts';
import type { QrSymbolError } from './qr-symbol.ts';

/** Why no slip can be made of what the centre said. Never holds personal data. */
export type SlipError = QrSymbolError | 'slip.date' | 'slip.name' | 'slip.short-code';

/** What the body of a slip says. Personal: RAM only. */
export interface SlipBody {
  /** Masked by the centre; the full name and the id number never get here. */
  readonly maskedName: string;
  /** What the QR symbol holds; opaque, QR alphanumeric characters only. */
  readonly token: string;
  /** Typed by staff when the symbol can't be scanned; printed in groups of four. */
  readonly shortCode: string;
  /** Last day of use, `YYYY-MM-DD`, from the centre. */
  readonly validUntil: string;
  /** First day of use, `YYYY-MM-DD`, from the centre. */
  readonly issuedOn: string;
  readonly kind: 'apply' | 'reissue';
}

/** 6 dots at 203 dpi = 0.75 mm: 49 modules and the quiet zone are 43 mm, the width of 58 mm paper. */
const MODULE_DOTS = 6;
const HEADING_PT = 17;
const TEXT_PT = 14;

/** The slip up to the place where 已启用 is to come. Not valid by itself, and says so. */
export function bodyDocument(slip: SlipBody): Result<PrintDocument, SlipError> {
  const symbol = qrSymbol(slip.token);
  if (!symbol.ok) return symbol;
  const validUntil = writtenDate(slip.validUntil);
  const issuedOn = writtenDate(slip.issuedOn);
  if (validUntil === undefined || issuedOn === undefined) return err('slip.date');
  const name = printableLine(slip.maskedName);
  if (name === '') return err('slip.name');
  const shortCode = groupsOfFour(slip.shortCode);
  if (shortCode === '') return err('slip.short-code');
  const elements: readonly PrintElement[] = [
    text(paper.title, 20, 'bold', 'center'),
    space(1),
    text(`${paper.name} ${name}`, 20, 'bold'),
    text(paper.validUntil, HEADING_PT),
    text(validUntil, 24, 'bold'),
    qr(symbol.value),
    text(paper.shortCode, TEXT_PT),
    text(shortCode, 16, 'bold', 'center'),
    space(1),
    { type: 'rule', style: 'dashed', label: paper.foldHere },
    space(1),
    text(paper.showIdCard, HEADING_PT, 'bold'),
    text(paper.staffScan, TEXT_PT),
    qr(symbol.value),
    ...advice(slip.kind, issuedOn),
  ];
  return ok({ part: 'body', elements });
}

/** Printed after activation, on the same piece of paper: only now the slip is valid. */
export function footerDocument(): PrintDocument {
  return {
    part: 'footer',
    elements: [space(1), { type: 'mark', mark: 'valid', text: paper.activated }, space(1)],
  };
}

/** Printed instead of the footer when the slip is not to be used. */
export function voidDocument(): PrintDocument {
  return {
    part: 'void',
    elements: [
      space(2),
      { type: 'mark', mark: 'void', text: paper.void },
      space(1),
      text(paper.voidHint, HEADING_PT, 'bold', 'center'),
    ],
  };
}

/** What the technician's page says. */
export interface TestPageFacts {
  readonly kioskId: string;
  /** `YYYY-MM-DD`. */
  readonly printedOn: string;
}

/** A page for technicians: head pattern, sizes of text, rare characters, a QR symbol. No person, no code. */
export function testPageDocument(facts: TestPageFacts): Result<PrintDocument, SlipError> {
  const copy = paper.testPage;
  const printedOn = writtenDate(facts.printedOn);
  if (printedOn === undefined) return err('slip.date');
  const symbol = qrSymbol('TEST PAGE - NOT A CODE');
  if (!symbol.ok) return symbol;
  const elements: readonly PrintElement[] = [
    text(copy.title, 20, 'bold', 'center'),
    text(copy.notACode, HEADING_PT, 'bold', 'center'),
    space(2),
    text(`${copy.kiosk} ${printableLine(facts.kioskId)}`, TEXT_PT),
    text(`${copy.printedOn} ${printedOn}`, TEXT_PT),
    space(2),
    text(copy.headPattern, TEXT_PT),
    { type: 'headPattern', heightMm: 12 },
    space(2),
    text(copy.textSizes, TEXT_PT),
    ...[14, 16, 17, 20].map((sizePt) => text(`${copy.textSample} ${sizePt}`, sizePt)),
    text(copy.textSample, TEXT_PT, 'bold'),
    text(copy.rareCharacters, HEADING_PT, 'bold'),
    space(2),
    text(copy.symbol, TEXT_PT),
    qr(symbol.value),
  ];
  return ok({ part: 'test-page', elements });
}

function advice(kind: SlipBody['kind'], issuedOn: string): readonly PrintElement[] {
  const reissue = kind === 'reissue';
  return [
    text(paper.care, TEXT_PT),
    text(`${reissue ? paper.reissuedOn : paper.issuedOn}${issuedOn}`, TEXT_PT),
    ...(reissue ? [text(paper.earlierOneEnds, TEXT_PT)] : []),
    text(paper.help, TEXT_PT),
    space(1),
    text(paper.onlyWhenActivated, HEADING_PT, 'bold'),
  ];
}

function qr(symbol: QrSymbol): PrintElement {
  return { type: 'qr', symbol, moduleDots: MODULE_DOTS };
}

/** `ABCDEFGHJKLM` or `ABCD-EFGH-JKLM` → `ABCD EFGH JKLM`. */
function groupsOfFour(shortCode: string): string {
  const characters = shortCode.toUpperCase().replace(/[^0-9A-Z]/g, '');
  return (characters.match(/.{1,4}/g) ?? []).join(' ');
}

/** Undefined when it is not a day of the calendar: a slip with a wrong date is worse than none. */
function writtenDate(isoDate: string): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(isoDate)) return undefined;
  const midnight = new Date(`${isoDate}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime())) return undefined;
  return midnight.toISOString().startsWith(isoDate) ? spellDate(isoDate) : undefined;
}
