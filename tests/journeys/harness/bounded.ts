/**
 * Of journeys that differ by person or place alone, `npm test` makes those that are named here; `npm run journeys` makes all.
 *
 * @returns the details of a Playwright test, with the tag that `scripts/test-layers.ts` leaves out
 */
export function inFullRunOnly(isMore: boolean): { readonly tag: string[] } {
  return { tag: isMore ? ['@more'] : [] };
}
