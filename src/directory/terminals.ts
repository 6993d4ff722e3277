import { z } from 'zod';
import { shownText } from '../platform/shown-text.ts';
import type { NearbyTerminal, TerminalPage } from '../view/directory-view.ts';
import { planMap } from './map-plan.ts';
import { distanceM, offsetFrom, walkMinutes, type Place } from './places.ts';

/** What one line of the glass takes in the largest type, upright or wide, in em; a hanzi is one, other characters about half. */
const LINE_EM = { name: 13, address: 14, openingHours: 12 };
/** Name, walk, address, hours: three machines whose texts fit one line each. */
const LINES_A_PAGE = 12;
const MOST_A_PAGE = 3;
/** Whoever finds none among so many asks at the window. */
const MOST_TERMINALS = 12;

/** Nothing that a printer would carry out, or that would read otherwise than it stands. */
const line = z
  .string()
  .max(64)
  .transform(shownText)
  .refine((text) => text !== '');
const terminal = z.object({
  terminalId: z.string().min(1).max(64),
  name: line,
  address: line,
  openingHours: line,
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  inService: z.boolean(),
});
const terminalList = z.object({ terminals: z.array(terminal).max(100) });

/** Another terminal, as the centre tells and the cache keeps it. */
export type Terminal = z.output<typeof terminal>;

/** Terminals of a centre's answer or of the cache; undefined when it is anything else. Never throws. */
export function readTerminals(content: unknown): readonly Terminal[] | undefined {
  const parsed = terminalList.safeParse(content);
  return parsed.success ? parsed.data.terminals : undefined;
}

/**
 * The pages of 附近的机器: those that work, without this kiosk, nearest first; in the centre's order where this kiosk's place is
 * not known.
 */
export function terminalPages(
  terminals: readonly Terminal[],
  kiosk: { readonly id: string; readonly place?: Place | undefined },
): readonly TerminalPage[] {
  const { place } = kiosk;
  const others = terminals.filter(({ terminalId, inService }) => inService && terminalId !== kiosk.id);
  const near = place === undefined ? others : nearestFirst(others, place);
  return pagesOf(near.slice(0, MOST_TERMINALS)).map((page) => ({
    terminals: page.map((terminal) => shown(terminal, place)),
    ...(place === undefined ? {} : { map: planMap(page.map((terminal) => offsetFrom(place, terminal))) }),
  }));
}

function nearestFirst(terminals: readonly Terminal[], place: Place): readonly Terminal[] {
  return terminals.toSorted((one, other) => distanceM(place, one) - distanceM(place, other));
}

/** Three a page; fewer where long texts would not fit, because nothing is ever cut off. */
function pagesOf(terminals: readonly Terminal[]): readonly (readonly Terminal[])[] {
  const pages: Terminal[][] = [];
  let lines = Infinity;
  for (const terminal of terminals) {
    const page = pages.at(-1);
    const needed = linesOf(terminal);
    if (page === undefined || page.length === MOST_A_PAGE || lines + needed > LINES_A_PAGE) {
      pages.push([terminal]);
      lines = needed;
    } else {
      page.push(terminal);
      lines += needed;
    }
  }
  return pages;
}

function linesOf({ name, address, openingHours }: Terminal): number {
  const lines = (text: string, lineEm: number) => Math.ceil(widthEm(text) / lineEm);
  return (
    1 +
    lines(name, LINE_EM.name) +
    lines(address, LINE_EM.address) +
    lines(openingHours, LINE_EM.openingHours)
  );
}

function widthEm(text: string): number {
  return Array.from(text).reduce((sum, character) => sum + (/[ -~–]/u.test(character) ? 0.6 : 1), 0);
}

function shown({ name, address, openingHours, ...at }: Terminal, place: Place | undefined): NearbyTerminal {
  const told = { name, address, openingHours };
  if (place === undefined) return told;
  const metres = distanceM(place, at);
  const minutes = walkMinutes(metres);
  return {
    ...told,
    distanceM: Math.round(metres),
    ...(minutes === undefined ? {} : { walkMinutes: minutes }),
  };
}
