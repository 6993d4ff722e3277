import { flag, isOffline, type SensorState } from './condition.ts';

/** Star's count of the ETB commands that it has come to. */
export interface EtbState {
  /** One was reached since the last status. */
  readonly etbExecuted: boolean;
  /** 0 to 31. */
  readonly etbCount: number;
}

/** Where the presenter has the paper, bits 3 to 1 of status 7. */
const POSITIONS = { none: 0, making: 1, present: 3, retracted: 6, taken: 7 } as const;

/** Nine bytes: two headers and seven of status (Star Line Mode Command Specifications, appendix 2). */
export function starStatus({ condition, slip }: SensorState, etb: EtbState): Uint8Array {
  return Uint8Array.of(
    // Nine bytes: bits 6, 5 and 3, 2, 1 hold 01 001.
    0x23,
    // Version 3.
    0x06,
    flag(condition.coverOpen, 0x20) | flag(isOffline(condition), 0x08) | flag(etb.etbExecuted, 0x02),
    flag(condition.openedWhilePrinting, 0x40) |
      flag(condition.cutterJammed, 0x08) |
      flag(condition.paperJammed, 0x04),
    flag(condition.exitJammed || condition.presenterBroken, 0x04),
    flag(condition.paper === 'out', 0x08) | flag(condition.paper !== 'full', 0x04),
    flag(slip === 'present', 0x02),
    ((etb.etbCount & 0x18) << 2) | ((etb.etbCount & 0x07) << 1),
    POSITIONS[slip ?? 'none'] << 1,
  );
}
