import type { GalleryPage } from '../fixtures/open-gallery.ts';

/**
 * Whose eyes look at the screen: everybody's, those of 70 years with and without glasses, those to whom all is pale, and
 * those who tell colours badly.
 */
export const EYES = [
  'plain',
  'aged',
  'blurred',
  'reducedContrast',
  'achromatopsia',
  'deuteranopia',
  'tritanopia',
] as const;
export type Eyes = (typeof EYES)[number];

/** How far a point of light is spread, CSS px: 2 a typical eye of 70, 3.5 one that sees poorly (elderly-ux §5.4). */
const BLUR_PX = { aged: 2, blurred: 3.5 } as const;
/** An aged lens takes blue first, and what a lit hall throws back lies over everything (elderly-ux §5.4). */
const LENS_AND_GLARE = '.96 0 0 0 .10  0 .86 0 0 .09  0 0 .52 0 .055  0 0 0 1 0';

/** From now on the page is seen through these eyes. */
export async function lookThrough({ page, cdp }: GalleryPage, eyes: Eyes): Promise<void> {
  const own = eyes === 'plain' || eyes === 'aged' || eyes === 'blurred';
  await cdp.send('Emulation.setEmulatedVisionDeficiency', { type: own ? 'none' : eyes });
  const blurPx = own && eyes !== 'plain' ? BLUR_PX[eyes] : undefined;
  await page.evaluate(
    ({ blur, matrix }) => {
      document.querySelector('#eyes')?.remove();
      document.documentElement.style.filter = '';
      if (blur === undefined) return;
      const svg = (name: string) => document.createElementNS('http://www.w3.org/2000/svg', name);
      const holder = svg('svg');
      holder.id = 'eyes';
      holder.setAttribute('width', '0');
      holder.setAttribute('height', '0');
      const filter = svg('filter');
      filter.id = 'lens';
      filter.setAttribute('color-interpolation-filters', 'linearRGB');
      const colour = svg('feColorMatrix');
      colour.setAttribute('values', matrix);
      const spread = svg('feGaussianBlur');
      spread.setAttribute('stdDeviation', String(blur));
      filter.append(colour, spread);
      holder.append(filter);
      document.documentElement.append(holder);
      document.documentElement.style.filter = 'url(#lens)';
    },
    { blur: blurPx, matrix: LENS_AND_GLARE },
  );
}
