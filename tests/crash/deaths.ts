import { systemClock } from '../../src/platform/clock.ts';
import type { JournalOnDisk } from '../live-kiosk/kill.ts';

/** What a dead agent left on its disk, looked at before anybody started it again. */
export interface Death {
  readonly atMs: number;
  /** Exit code or signal. */
  readonly how: string;
  readonly journal: readonly JournalOnDisk[];
  /** Files that know somebody by name, number or code; must be none. */
  readonly personal: readonly string[];
}

/** The deaths of one agent after the other. */
export class Deaths {
  next = Promise.withResolvers<Death>();
  last: Death | undefined;
  personalTexts: readonly string[] = [];
  look: (texts: readonly string[]) => Pick<Death, 'journal' | 'personal'> = () => ({
    journal: [],
    personal: [],
  });

  /** Without giving way to the event loop: nobody has been started again when the disk is read. */
  died(how: string): void {
    const death: Death = { atMs: systemClock.monotonicMs(), how, ...this.look(this.personalTexts) };
    this.last = death;
    this.next.resolve(death);
  }

  begin(): void {
    this.last = undefined;
    this.next = Promise.withResolvers();
  }
}
