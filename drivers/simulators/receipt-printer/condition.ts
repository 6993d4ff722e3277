/** What is the matter with the printer, as its sensors feel it. */
export interface Condition {
  readonly paper: 'full' | 'low' | 'out';
  readonly coverOpen: boolean;
  readonly cutterJammed: boolean;
  readonly paperJammed: boolean;
  /** The cover was opened while the head was printing: an error that ends with the cover's closing. */
  readonly openedWhilePrinting: boolean;
}

/** Paper in, cover closed, nothing stuck. */
export const ALL_WELL: Condition = {
  paper: 'full',
  coverOpen: false,
  cutterJammed: false,
  paperJammed: false,
  openedWhilePrinting: false,
};

/** Offline printers take no command from their buffer; what is in it waits. */
export function isOffline(condition: Condition): boolean {
  return condition.paper === 'out' || condition.coverOpen || hasError(condition);
}

function hasError(condition: Condition): boolean {
  return condition.cutterJammed || condition.paperJammed || condition.openedWhilePrinting;
}

/** The answer to DLE EOT n (device-protocols 3.4); undefined for an n that this printer does not know. */
export function statusByte(n: number, condition: Condition, paperAtExit?: boolean): number | undefined {
  const flag = (on: boolean, bit: number) => (on ? bit : 0);
  switch (n) {
    case 1:
      return 0x16 | flag(isOffline(condition), 0x08);
    case 2:
      return (
        0x12 |
        flag(condition.coverOpen, 0x04) |
        flag(condition.paper === 'out', 0x20) |
        flag(hasError(condition), 0x40)
      );
    case 3:
      return (
        0x12 |
        flag(condition.paperJammed, 0x04) |
        flag(condition.cutterJammed, 0x08) |
        flag(condition.openedWhilePrinting, 0x40)
      );
    case 4:
      return 0x12 | flag(condition.paper !== 'full', 0x0c) | flag(condition.paper === 'out', 0x60);
    case 5:
      // Masung's exit sensor; printers without one do not answer.
      return paperAtExit === undefined ? undefined : 0x12 | flag(paperAtExit, 0x04);
    default:
      return undefined;
  }
}

/** The four bytes of automatic status (ASB). */
export function automaticStatus(condition: Condition): Uint8Array {
  const flag = (on: boolean, bit: number) => (on ? bit : 0);
  return Uint8Array.of(
    0x14 | flag(isOffline(condition), 0x08) | flag(condition.coverOpen, 0x20),
    flag(condition.paperJammed, 0x04) |
      flag(condition.cutterJammed, 0x08) |
      flag(condition.openedWhilePrinting, 0x40),
    flag(condition.paper !== 'full', 0x03) | flag(condition.paper === 'out', 0x0c),
    0x0f,
  );
}

/** The bytes of automatic status that a mask of GS a asks for (02 online, 04 error, 08 paper). */
export function watchedBits(status: Uint8Array, mask: number): string {
  const watched = [mask & 0x02 ? status[0] : 0, mask & 0x04 ? status[1] : 0, mask & 0x08 ? status[2] : 0];
  return watched.join();
}

/** The answer to GS r 1. */
export function paperStatus(condition: Condition): number {
  return (condition.paper === 'full' ? 0 : 0x03) | (condition.paper === 'out' ? 0x0c : 0);
}
