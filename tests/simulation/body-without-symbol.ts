import { ok } from '../../src/platform/result.ts';
import type { bodyDocument } from '../../src/slip/slip-document.ts';

/** A body that says whose and which it is, without its QR symbol: drawing one takes longer than a simulated session. */
export const bodyWithoutSymbol: typeof bodyDocument = ({ maskedName, shortCode }) =>
  ok({
    part: 'body',
    elements: [
      { type: 'text', text: maskedName, sizePt: 20, weight: 'bold', align: 'left' },
      {
        type: 'text',
        text: (shortCode.match(/.{1,4}/g) ?? []).join(' '),
        sizePt: 16,
        weight: 'bold',
        align: 'center',
      },
    ],
  });
