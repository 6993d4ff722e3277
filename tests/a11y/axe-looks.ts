import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import { CITIZEN_LANGUAGES } from '../../src/copy/citizen-languages.ts';
import {
  openGallery,
  PANEL_SETTINGS,
  type GalleryOptions,
  type GalleryPage,
} from '../fixtures/open-gallery.ts';
import { lookAt, LOOKS } from '../fixtures/own-dialogs.ts';

/** One way in which the touchscreen is set up. */
export type Setting = Required<Pick<GalleryOptions, 'language' | 'orientation' | 'size'>>;

export const SETTINGS: readonly Setting[] = CITIZEN_LANGUAGES.flatMap((language) =>
  PANEL_SETTINGS.map((setting) => ({ language, ...setting })),
);

/** What axe finds, one line for each element. */
export interface AxeFindings {
  readonly violations: readonly string[];
  /** What axe could not judge and nobody has reviewed ({@link REVIEWED}). */
  readonly incomplete: readonly string[];
}

/** The least width and height of a target, and of the circle around it that nothing else reaches into, CSS px (elderly-ux §7, 4). */
const TARGET_PX = 104;

/** axe's own options of a contrast check, but for the length: the number of a step is a text of one character. */
function contrastOf(normal: number, large: number): object {
  return {
    ignoreUnicode: true,
    ignoreLength: true,
    ignorePseudo: false,
    boldValue: 700,
    boldTextPt: 14,
    largeTextPt: 18,
    contrastRatio: { normal: { expected: normal }, large: { expected: large } },
    pseudoSizeThreshold: 0.25,
  };
}

/** axe at its strictest (elderly-ux §5.1): contrast of AAA whatever the length of a text, targets as large as ours. */
const STRICT: axe.Spec = {
  checks: [
    { id: 'target-size', options: { minSize: TARGET_PX } },
    { id: 'target-offset', options: { minOffset: TARGET_PX } },
    { id: 'color-contrast', options: contrastOf(4.5, 3) },
    { id: 'color-contrast-enhanced', options: contrastOf(7, 4.5) },
  ],
};
const RUN: axe.RunOptions = {
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
  rules: {
    'target-size': { enabled: true },
    'color-contrast-enhanced': { enabled: true },
    'identical-links-same-purpose': { enabled: true },
  },
  resultTypes: ['violations', 'incomplete'],
};

/** What axe cannot judge by itself, and why it is well: what its line is like, and the reason. */
const REVIEWED: readonly (readonly [line: RegExp, reason: string])[] = [
  [
    /^color-contrast\S* .*(?:\.place-|\.big-button-(?:label|sub)).*partially obscured/,
    'the box of a line is higher than its letters and stands some px out of its card or key where these are as low as they may be; letters stay inside (screens-geometry), their colours are held apart (screens-contrast)',
  ],
  [
    /^color-contrast\S* text\[x="/,
    'digits and words of the map are drawn in ink on its white ground (screens-contrast holds both colours); axe does not look into drawings',
  ],
];

const source = `${readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')}
axe.configure(${JSON.stringify(STRICT)});`;

/**
 * Looks at screens of the gallery with axe.
 *
 * @param names of views and dialogs; default: all
 */
export async function axeLooks(setting: Setting, names: readonly string[] = LOOKS): Promise<AxeFindings> {
  const gallery = await openGallery(setting);
  try {
    await gallery.page.evaluate(source);
    const violations: string[] = [];
    const incomplete: string[] = [];
    for (const name of names) {
      const found = await lookAt(gallery, name, () => runAxe(gallery));
      const where = `${setting.language} ${setting.orientation} ${setting.size} ${name}`;
      violations.push(...found.violations.map((what) => `${where}: ${what}`));
      incomplete.push(...found.incomplete.map((what) => `${where}: ${what}`));
    }
    return { violations, incomplete };
  } finally {
    await gallery.close();
  }
}

async function runAxe({ page }: GalleryPage): Promise<AxeFindings> {
  const { violations, incomplete } = await page.evaluate(
    (options) => (globalThis as unknown as { axe: typeof axe }).axe.run(document, options),
    RUN,
  );
  return { violations: linesOf(violations), incomplete: linesOf(incomplete).filter(isOpen) };
}

function linesOf(results: readonly axe.Result[]): readonly string[] {
  return results.flatMap(({ id, nodes }) =>
    nodes.map(({ target, any, all }) => {
      const said = [...any, ...all].map(({ message }) => message).join('; ');
      return `${id} ${target.join(' ')}: ${said}`;
    }),
  );
}

function isOpen(line: string): boolean {
  return !REVIEWED.some(([pattern]) => pattern.test(line));
}
