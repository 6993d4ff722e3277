import { citizenCharacters } from '../copy/citizen-text.ts';

/**
 * Loads the slices of the font that the texts need, so that no screen comes up without its letters.
 * A slice that cannot be had leaves the system's font in its place. 繁體 is set in the system's own font (styles/languages.css).
 */
export async function loadFonts(): Promise<void> {
  const characters = citizenCharacters('zh-CN') + citizenCharacters('en');
  await document.fonts.load('700 48px "Noto Sans SC Variable"', characters).catch(() => []);
}
