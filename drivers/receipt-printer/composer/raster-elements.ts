import type { PrintElement, TextElement } from '../../../src/slip/print-document.ts';
import { blankBitmap } from './bitmap.ts';
import type { Bitmap } from './bitmap.ts';
import { drawRule, halfSizeQr, headPattern } from './figures.ts';
import { breakLines } from './line-breaking.ts';
import { drawMap } from './map-drawing.ts';
import { drawMark } from './mark-drawing.ts';
import { DOTS_PER_MM } from '../printer-profile.ts';
import type { PaperFonts } from './paper-fonts.ts';
import { LINE_PITCH_EM, pointsToDots } from './paper-strip.ts';
import type { PaperStrip } from './paper-strip.ts';
import type { TextCanvas } from './text-canvas.ts';

/** What drawing needs; one per printer. */
export interface DrawingTools {
  readonly fonts: PaperFonts;
  /** As wide as the paper. */
  readonly canvas: TextCanvas;
  readonly widthDots: number;
}

/** A line across the paper, perhaps with a label in it. */
export type RuleElement = Extract<PrintElement, { type: 'rule' }>;

const LABEL_PT = 14;
/** White on either side of a label, dots. */
const LABEL_AIR_DOTS = 12;

/** An element as dots of our own: any printer prints it, with any character. */
export function* rasterElement(
  element: PrintElement,
  tools: DrawingTools,
): Generator<PaperStrip, void, undefined> {
  const { fonts, canvas, widthDots } = tools;
  switch (element.type) {
    case 'text':
      yield* rasterText(element, tools);
      return;
    case 'qr': {
      const bitmap = halfSizeQr(element.symbol, element.moduleDots, widthDots);
      yield { kind: 'raster', scale: 2, bitmap };
      return;
    }
    case 'space':
      yield { kind: 'feed', dots: Math.round(element.heightMm * DOTS_PER_MM) };
      return;
    case 'rule':
      yield { kind: 'raster', scale: 1, bitmap: ruleAcross(element, tools) };
      return;
    case 'mark': {
      const bitmap = drawMark(element, fonts, canvas, { widthDots, scale: 1, tight: false });
      yield { kind: 'raster', scale: 1, bitmap };
      return;
    }
    case 'map':
      yield { kind: 'raster', scale: 1, bitmap: drawMap(element, tools) };
      return;
    case 'headPattern': {
      const rows = Math.round(element.heightMm * DOTS_PER_MM);
      yield { kind: 'raster', scale: 1, bitmap: headPattern(widthDots, rows) };
    }
  }
}

function* rasterText(
  element: TextElement,
  { fonts, canvas, widthDots }: DrawingTools,
): Generator<PaperStrip, void, undefined> {
  const sizePx = pointsToDots(element.sizePt);
  const line = { set: fonts.set(element.text, element.weight), sizePx };
  const measure = (text: string) => canvas.measure(line, text);
  for (const text of breakLines(line.set.text, widthDots, measure)) {
    const room = widthDots - measure(text);
    const share = { left: 0, center: 0.5, right: 1 }[element.align];
    const bitmap = canvas.draw(line, text, Math.max(0, Math.floor(room * share)));
    yield { kind: 'raster', scale: 1, bitmap };
    const rest = Math.round(sizePx * LINE_PITCH_EM) - bitmap.rows;
    if (rest > 0) yield { kind: 'feed', dots: rest };
  }
}

function ruleAcross(element: RuleElement, { fonts, canvas, widthDots }: DrawingTools): Bitmap {
  if (element.label === undefined) {
    const bitmap = blankBitmap(widthDots, 2);
    drawRule(bitmap, 0, element.style);
    return bitmap;
  }
  const line = { set: fonts.set(element.label, 'regular'), sizePx: pointsToDots(LABEL_PT) };
  const width = canvas.measure(line, line.set.text);
  const left = Math.max(0, Math.floor((widthDots - width) / 2));
  const bitmap = canvas.draw(line, line.set.text, left);
  const gap = { from: left - LABEL_AIR_DOTS, to: left + width + LABEL_AIR_DOTS };
  drawRule(bitmap, bitmap.rows >> 1, element.style, { gap });
  return bitmap;
}
