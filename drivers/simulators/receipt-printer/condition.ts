/** What is the matter with the printer, as its sensors feel it. */
export interface Condition {
  readonly paper: 'full' | 'low' | 'out';
  readonly coverOpen: boolean;
  readonly cutterJammed: boolean;
  readonly paperJammed: boolean;
  /** The cover was opened while the head was printing: an error that ends with the cover's closing. */
  readonly openedWhilePrinting: boolean;
  /** A slip is stuck where slips come out. */
  readonly exitJammed: boolean;
  /** What holds slips out does not move. */
  readonly presenterBroken: boolean;
}

/** Paper in, cover closed, nothing stuck. */
export const ALL_WELL: Condition = {
  paper: 'full',
  coverOpen: false,
  cutterJammed: false,
  paperJammed: false,
  openedWhilePrinting: false,
  exitJammed: false,
  presenterBroken: false,
};

/** Where the last slip is. `making`: not cut yet, or on its way out. */
export type SlipPlace = 'none' | 'making' | 'present' | 'retracted' | 'taken';

/** All that a printer's status is made of. */
export interface SensorState {
  readonly condition: Condition;
  /** Undefined: no sensor at the exit. */
  readonly slip: SlipPlace | undefined;
}

/** Offline printers take no command from their buffer; what is in it waits. */
export function isOffline(condition: Condition): boolean {
  return condition.paper === 'out' || condition.coverOpen || hasError(condition);
}

/** Something that a person has to mend before it goes on. */
export function hasError(condition: Condition): boolean {
  const { cutterJammed, paperJammed, openedWhilePrinting, exitJammed, presenterBroken } = condition;
  return cutterJammed || paperJammed || openedWhilePrinting || exitJammed || presenterBroken;
}

/** A bit, if it is on. */
export function flag(on: boolean, bit: number): number {
  return on ? bit : 0;
}

/** The bytes of automatic status that a mask of GS a asks for (02 online, 04 error, 08 paper). */
export function watchedBits(status: Uint8Array, mask: number): string {
  const watched = [mask & 0x02 ? status[0] : 0, mask & 0x04 ? status[1] : 0, mask & 0x08 ? status[2] : 0];
  return watched.join();
}

/** The answer to GS r 1. */
export function paperStatus(condition: Condition): number {
  return flag(condition.paper !== 'full', 0x03) | flag(condition.paper === 'out', 0x0c);
}
