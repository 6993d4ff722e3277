/**
 * What a machine says of itself, fit to be shown to people: without control characters and marks of direction, which would command
 * a terminal, and without halves of characters.
 */
export function shownText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
    .trim();
}
