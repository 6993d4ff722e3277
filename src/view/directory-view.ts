/**
 * Nearby terminals and notices as people see them: `directory` makes them of what the centre says, session picks the page, screens
 * and paper draw it. Nothing of it is about a person.
 */

/** Another machine. Distances are absent where this kiosk's own place is not configured. */
export interface NearbyTerminal {
  readonly name: string;
  readonly address: string;
  /** As people read it: `周一至周五 8:30–17:00`. */
  readonly openingHours: string;
  /** As the crow flies, metres. */
  readonly distanceM?: number;
  /** On foot and unhurried; absent where nobody would walk it. */
  readonly walkMinutes?: number;
}

/** A place on a map: shares of the map's width, from its left edge and from its upper one; north is up. */
export interface MapPoint {
  readonly x: number;
  readonly y: number;
}

/** A map of this machine and the terminals of one page, true to scale. The map is `MAP_HEIGHT` as high as it is wide. */
export interface MapPlan {
  readonly here: MapPoint;
  /** In the order of the page: 1, 2, 3. */
  readonly terminals: readonly MapPoint[];
  /** A round length and how much of the map's width it takes. */
  readonly scale: { readonly metres: number; readonly width: number };
}

/** Height of a map, as a share of its width. */
export const MAP_HEIGHT = 0.75;
/** Radius of a mark on a map, as a share of its width. */
export const MARK_RADIUS = 0.06;

/** What fits on one page: at most three, nearest first. */
export interface TerminalPage {
  readonly terminals: readonly NearbyTerminal[];
  readonly map?: MapPlan;
}

/** A paragraph of a notice: what one page of the reader holds. */
export interface NoticePage {
  /** Number of its section, from 1. */
  readonly section: number;
  readonly heading: string;
  readonly text: string;
  /** Where its sound is had from the agent; absent: it is not read aloud. */
  readonly recording?: string;
}

/** 办事指南 or 公告. */
export interface NoticeText {
  readonly kind: 'guide' | 'announcement';
  readonly title: string;
  readonly pages: readonly NoticePage[];
}

/** All that the kiosk can tell for everybody. */
export interface Directory {
  readonly terminalPages: readonly TerminalPage[];
  readonly notices: readonly NoticeText[];
}

/** Where somebody is in something that has pages; both count from 1. */
export interface PagePosition {
  readonly page: number;
  readonly pages: number;
}

/** What became of an address slip. `unknown`: it may have come out. `busy`: the printer has paper of somebody's to finish. */
export type AddressSlipOutcome =
  | 'printed'
  | 'no-paper'
  | 'cover-open'
  | 'slip-at-exit'
  | 'fault'
  | 'unknown'
  | 'busy';
