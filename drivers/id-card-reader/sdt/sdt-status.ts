import type { DeviceFault } from '../../../src/devices/status.ts';

/**
 * What a reader's status byte SW3 asks of us.
 * `ok` done · `cardFound` answer to find · `noSuchItem` done, the card has no such item · `repeat` our command arrived damaged ·
 * `unknownCommand` this reader has no such command · `wrongOrder` not now, a step before is missing · `transient` unclear, try again · `replaceCard` lift the
 * card and lay it again · `notAuthenticated` the same, and if it stays so, the card is counterfeit or damaged · `notAnIdCard` · `noCard` none there, or one that was read and not lifted since · `readerDead`.
 */
type SdtStatusClass =
  | 'ok'
  | 'cardFound'
  | 'noSuchItem'
  | 'repeat'
  | 'unknownCommand'
  | 'wrongOrder'
  | 'transient'
  | 'replaceCard'
  | 'notAuthenticated'
  | 'notAnIdCard'
  | 'noCard'
  | 'readerDead';

/** The meaning of SW3 and, where it is one, the fault it stands for. */
export interface SdtStatus {
  readonly class: SdtStatusClass;
  readonly fault: DeviceFault;
}

const status = (statusClass: SdtStatusClass, code: string, action: DeviceFault['action']): SdtStatus => ({
  class: statusClass,
  fault: { code: `reader.${code}`, action },
});

/** SW3 codes on which six or more public sources agree; 0x50 appears in none and is unknown like any other. */
const STATUSES: ReadonlyMap<number, SdtStatus> = new Map([
  [0x90, status('ok', 'ok', 'suspend')],
  [0x9f, status('cardFound', 'ok', 'suspend')],
  [0x91, status('noSuchItem', 'no-such-item', 'suspend')],
  [0x10, status('repeat', 'command-damaged', 'suspend')],
  [0x11, status('repeat', 'command-damaged', 'suspend')],
  [0x21, status('unknownCommand', 'command-unknown', 'maintenance')],
  [0x23, status('wrongOrder', 'command-not-allowed', 'suspend')],
  [0x34, status('wrongOrder', 'command-not-allowed', 'suspend')],
  [0x24, status('transient', 'unclear-error', 'suspend')],
  [0x31, status('notAuthenticated', 'card-authentication', 'suspend')],
  [0x32, status('notAuthenticated', 'card-authentication', 'suspend')],
  [0x33, status('replaceCard', 'card-verification', 'suspend')],
  [0x37, status('replaceCard', 'card-data', 'suspend')],
  [0x3f, status('replaceCard', 'card-data', 'suspend')],
  [0x40, status('notAnIdCard', 'not-an-id-card', 'suspend')],
  [0x41, status('replaceCard', 'card-read', 'suspend')],
  [0x47, status('replaceCard', 'card-read', 'suspend')],
  [0x60, status('readerDead', 'self-test', 'maintenance')],
  [0x66, status('readerDead', 'not-authorised', 'maintenance')],
  [0x80, status('noCard', 'no-card', 'suspend')],
  [0x81, status('replaceCard', 'card-select', 'suspend')],
]);

/** Whether any source explains this status byte. */
export function isPublishedStatus(sw3: number): boolean {
  return STATUSES.has(sw3);
}

/** The class of a status byte. An unknown one is transient: tried again, and its number is kept for the technician. */
export function sdtStatusOf(sw3: number): SdtStatus {
  const known = STATUSES.get(sw3);
  if (known) return known;
  return status('transient', `status-${sw3.toString(16).padStart(2, '0')}`, 'suspend');
}
