import { spellDate } from '../copy/calendar-date.ts';
import { spellDistance } from '../copy/distance.ts';
import { paper } from '../copy/zh-cn/paper.ts';
import { MAP_HEIGHT, MARK_RADIUS, type NearbyTerminal, type TerminalPage } from '../view/directory-view.ts';
import type { PrintDocument, PrintElement } from './print-document.ts';
import { space, text } from './print-elements.ts';
import { printableLine } from './printable-text.ts';

const TITLE_PT = 20;
const NAME_PT = 20;
const TEXT_PT = 17;
const SMALL_PT = 14;

/**
 * 打印这张地址: the machines of one page, to be carried along. Nothing of a person, no code, nothing that is valid for anything.
 *
 * @param printedOn `YYYY-MM-DD`, Asia/Shanghai: opening hours change
 */
export function addressDocument(page: TerminalPage, printedOn: string): PrintDocument {
  const { map } = page;
  return {
    part: 'addresses',
    elements: [
      text(paper.addresses.title, TITLE_PT, 'bold', 'center'),
      space(2),
      ...page.terminals.flatMap((terminal, index) => terminalLines(terminal, index + 1)),
      ...(map === undefined
        ? []
        : ([
            { type: 'rule', style: 'dashed' },
            text(paper.addresses.here, TEXT_PT),
            {
              type: 'map',
              plan: map,
              height: MAP_HEIGHT,
              markRadius: MARK_RADIUS,
              north: paper.addresses.north,
              scale: printableLine(spellDistance(map.scale.metres)),
            },
          ] as const)),
      { type: 'rule', style: 'dashed' },
      text(paper.addresses.bring, TEXT_PT),
      text(paper.addresses.help, TEXT_PT),
      text(`${paper.addresses.printedOn}${spellDate(printedOn)}`, SMALL_PT),
      space(1),
    ],
  };
}

function terminalLines(terminal: NearbyTerminal, number: number): readonly PrintElement[] {
  const way = wayOf(terminal);
  return [
    text(`${number}. ${printableLine(terminal.name)}`, NAME_PT, 'bold'),
    text(printableLine(terminal.address), TEXT_PT),
    text(printableLine(terminal.openingHours), TEXT_PT),
    ...(way === undefined ? [] : [text(printableLine(way), TEXT_PT)]),
    space(2),
  ];
}

function wayOf({ distanceM, walkMinutes }: NearbyTerminal): string | undefined {
  if (distanceM === undefined) return undefined;
  const { walk, far } = paper.addresses;
  const distance = spellDistance(distanceM);
  return walkMinutes === undefined ? far(distance) : walk(walkMinutes, distance);
}
