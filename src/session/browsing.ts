import type {
  AddressSlipOutcome,
  Directory,
  NoticeText,
  PagePosition,
  TerminalPage,
} from '../view/directory-view.ts';
import type { Readiness, Screen } from '../view/kiosk-view.ts';

/** What somebody looks at who is not signed in. */
export interface BrowsingFacts {
  /** As it was when the screen was opened. */
  readonly directory: Directory;
  /** Which of the two is open. */
  readonly browsing: 'nearby' | 'notices';
  /** Which page of the list, or of the notice that is open; from 0. */
  readonly page: number;
  /** Which notice is open; undefined: the list. */
  readonly noticeAt: number | undefined;
  readonly addresses: AddressSlipOutcome | undefined;
}

/** Nothing is known, nothing is open. */
export const noBrowsing: BrowsingFacts = {
  directory: { terminalPages: [], notices: [] },
  browsing: 'nearby',
  page: 0,
  noticeAt: undefined,
  addresses: undefined,
};

/** As many keys for notices as there is room beside the one that turns the page. */
const NOTICES_A_PAGE = 3;

/** What stands in the way of paper that has nothing to do with a code. */
const PAPER_OBSTACLES: readonly Readiness['obstacles'][number][] = [
  'no-paper',
  'cover-open',
  'slip-at-exit',
  'printer-fault',
  'starting',
  'out-of-service',
];

/** True when an address slip can come out now, as far as anybody knows. */
export function canPrintAddresses(readiness: Readiness): boolean {
  return !readiness.obstacles.some((obstacle) => PAPER_OBSTACLES.includes(obstacle));
}

/** How many pages the open list or notice has. */
export function pageCount(facts: BrowsingFacts): number {
  if (facts.browsing === 'nearby') return facts.directory.terminalPages.length;
  const notice = openNotice(facts);
  return notice?.pages.length ?? Math.ceil(facts.directory.notices.length / NOTICES_A_PAGE);
}

/** The terminals that are on the glass. */
export function terminalPage({ directory, page }: BrowsingFacts): TerminalPage {
  return directory.terminalPages[page] ?? { terminals: [] };
}

/** The notices that are on the glass. */
export function noticesOnPage({ directory, page }: BrowsingFacts): readonly NoticeText[] {
  return directory.notices.slice(page * NOTICES_A_PAGE, (page + 1) * NOTICES_A_PAGE);
}

/** Where the nth notice of the page stands among all. */
export function placeOfNotice({ page }: BrowsingFacts, nth: number): number {
  return page * NOTICES_A_PAGE + nth;
}

/** On which page of the list a notice stands. */
export function pageOfNotice(noticeAt: number): number {
  return Math.floor(noticeAt / NOTICES_A_PAGE);
}

function openNotice({ directory, noticeAt }: BrowsingFacts): NoticeText | undefined {
  return noticeAt === undefined ? undefined : directory.notices[noticeAt];
}

function position(facts: BrowsingFacts): PagePosition {
  return { page: facts.page + 1, pages: pageCount(facts) };
}

/** S11 in its forms. */
export function nearbyScreen(facts: BrowsingFacts, at: 'list' | 'map' | 'printing' | 'told'): Screen {
  const { terminals, map } = terminalPage(facts);
  if (at === 'printing') return { name: 'address-slip', state: 'printing' };
  if (at === 'told') return { name: 'address-slip', state: facts.addresses ?? 'fault' };
  if (at === 'map' && map !== undefined) return { name: 'nearby-map', terminals, map };
  return { name: 'nearby', terminals, at: position(facts) };
}

/** The list of notices, or the page of the one that is open. */
export function noticesScreen(facts: BrowsingFacts): Screen {
  const notice = openNotice(facts);
  const content = notice?.pages[facts.page];
  const at = position(facts);
  if (notice !== undefined && content !== undefined)
    return { name: 'notice', title: notice.title, content, at };
  return { name: 'notices', notices: noticesOnPage(facts).map(({ kind, title }) => ({ kind, title })), at };
}
