import type { PrintElement, TextElement } from './print-document.ts';

/** A paragraph, from the left in regular weight where nothing else is said. */
export function text(
  content: string,
  sizePt: number,
  weight: TextElement['weight'] = 'regular',
  align: TextElement['align'] = 'left',
): TextElement {
  return { type: 'text', text: content, sizePt, weight, align };
}

/** So much paper without ink, mm. */
export function space(heightMm: number): PrintElement {
  return { type: 'space', heightMm };
}
