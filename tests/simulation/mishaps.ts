import type { CentreModel, Person } from './centre-model.ts';
import type { Chance, Fates } from './fates.ts';
import { DISK_FAULTS, RARE_STATES, STRIKES, oddsOf } from './faults.ts';
import type { Fault, Rates, Strike, StruckIn } from './faults.ts';
import type { Kiosk } from './kiosk.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { Watch } from './watch.ts';

const DAY_MS = 24 * 3_600_000;
const POWER_CYCLE_MS = 5_000;
/** What a service manager and a boot take. */
const RESTART_MS = { least: 1_500, spread: 4_000 };

export interface MishapParts {
  readonly clock: VirtualClock;
  readonly centre: CentreModel;
  readonly watch: Watch;
  readonly fates: Fates;
  readonly rates: Rates;
  readonly struck: (fault: Fault, kiosk: Kiosk) => void;
  readonly note: (line: string) => void;
  readonly newId: () => string;
}

interface Chances {
  readonly strikes: Chance;
  readonly starts: Chance;
}

/** What happens to kiosks at any instant, and who puts it right again. */
export class Mishaps {
  readonly #parts: MishapParts;
  readonly #mends = new Set<() => void>();
  readonly #chances = new Map<Kiosk, Chances>();

  constructor(parts: MishapParts) {
    this.#parts = parts;
  }

  /** Something may happen while the journal is in the state that it has just entered. */
  lieInWait(kiosk: Kiosk, state: StruckIn): void {
    const { clock, fates, rates } = this.#parts;
    const struck = this.#chancesOf(kiosk).strikes.fault(oddsOf(rates, STRIKES, RARE_STATES[state] ?? 1));
    if (struck === null) return;
    const { fault, how } = struck;
    // Half of them at once, where the states that last for a message's way are.
    const delayMs = state === 'NONE' ? how * 60_000 : how < 0.5 ? how * 200 : (how - 0.5) * 4_000;
    clock.schedule(delayMs, () => {
      if (!fates.quiet) this.#strike(kiosk, fault, how);
    });
  }

  /** A fault that somebody mends after a while, or when all faults end. */
  until(forMs: number, mend: () => void): void {
    const once = () => {
      if (this.#mends.delete(once)) mend();
    };
    this.#mends.add(once);
    this.#parts.clock.schedule(forMs, once);
  }

  /** Everything that waits to be put right is put right now. */
  mendAll(): void {
    for (const mend of Array.from(this.#mends)) mend();
  }

  /** An agent that has ended is started again, on what its disk still holds. */
  startAgain(kiosk: Kiosk): void {
    const { rates, struck: tell, note } = this.#parts;
    const { starts } = this.#chancesOf(kiosk);
    const struck = starts.fault(oddsOf(rates, DISK_FAULTS));
    if (struck !== null) {
      tell(struck.fault, kiosk);
      kiosk.loseDatabase();
    }
    note(`${kiosk.name} is down`);
    this.until(RESTART_MS.least + starts.fraction() * RESTART_MS.spread, () => {
      kiosk.boot();
    });
  }

  #strike(kiosk: Kiosk, strike: Strike, how: number): void {
    const elsewhere = strike === 'loss-report' || strike === 'issued-elsewhere';
    if (!kiosk.up && !elsewhere) return;
    this.#parts.struck(strike, kiosk);
    const { printer, way } = kiosk;
    const forMs = 3_000 + another(how) * 120_000;
    switch (strike) {
      case 'killed':
        this.#end(kiosk);
        break;
      case 'power-cut':
        printer.powerCycle();
        kiosk.disk.powerCut(another(how));
        this.#end(kiosk);
        break;
      case 'restarted':
        void kiosk.stop().then((stopped) => {
          if (stopped) this.startAgain(kiosk);
          return undefined;
        });
        break;
      case 'network-down':
        way.down = true;
        this.until(forMs, () => (way.down = false));
        break;
      case 'centre-down':
        way.centreDown = true;
        this.until(forMs, () => (way.centreDown = false));
        break;
      case 'paper-out':
        printer.runOut();
        this.until(forMs, () => printer.mend());
        break;
      case 'cover-open':
        printer.openCover();
        this.until(forMs, () => printer.mend());
        break;
      case 'printer-power-cycled':
        printer.powerCycle();
        this.#unplug(kiosk.printerPlug, POWER_CYCLE_MS);
        break;
      case 'printer-unplugged':
        this.#unplug(kiosk.printerPlug, forMs);
        break;
      case 'reader-unplugged':
        this.#unplug(kiosk.reader.plug, forMs);
        break;
      case 'scanner-unplugged':
        this.#unplug(kiosk.scanner.plug, forMs);
        break;
      case 'clock-jump':
        kiosk.wallOffsetMs += -DAY_MS + another(how) * 366 * DAY_MS;
        break;
      case 'loss-report':
      case 'issued-elsewhere':
        this.#elsewhere(strike, kiosk.signedIn ?? this.#somebody(how));
        break;
    }
  }

  #end(kiosk: Kiosk): void {
    kiosk.kill();
    this.startAgain(kiosk);
  }

  #unplug(plug: Kiosk['printerPlug'], forMs: number): void {
    plug.pull();
    this.until(forMs, () => plug.putBack());
  }

  #elsewhere(what: 'loss-report' | 'issued-elsewhere', person: Person): void {
    const { centre, watch, newId } = this.#parts;
    if (what === 'issued-elsewhere') centre.issueElsewhere(person, newId());
    else {
      centre.reportLoss(person);
      watch.lossReported(person);
    }
  }

  #somebody(how: number): Person {
    const { persons } = this.#parts.centre;
    const person = persons[Math.floor(how * persons.length)];
    if (person === undefined) throw new Error('a world without persons');
    return person;
  }

  #chancesOf(kiosk: Kiosk): Chances {
    const { fates } = this.#parts;
    const chances = this.#chances.get(kiosk) ?? {
      strikes: fates.chance(`strikes/${kiosk.name}`),
      starts: fates.chance(`starts/${kiosk.name}`),
    };
    this.#chances.set(kiosk, chances);
    return chances;
  }
}

/** Another number in [0, 1) of the same decision. */
function another(how: number): number {
  return (how * 7_919) % 1;
}
