import type { KioskCondition } from '../devices/readiness.ts';
import type { Cancel } from '../platform/clock.ts';
import type { Readiness } from '../view/kiosk-view.ts';
import type { CentreWatch } from './centre-watch.ts';
import type { DeviceKind, KioskDevices } from './kiosk-devices.ts';

/** What devices and centre say; what the site wants of them is known to whoever assesses. */
type SeenCondition = Omit<KioskCondition, 'minimumEvidence'>;

/** What each device says of itself. */
type SeenDevices = { readonly [K in DeviceKind]: Pick<KioskDevices[K], 'status' | 'onStatus'> };

/** What can be finished now, told again whenever it changes. Nothing can before recovery has looked at what the last run left. */
export class ReadinessFeed {
  readonly #devices: SeenDevices;
  readonly #centre: CentreWatch;
  readonly #assess: (condition: SeenCondition) => Readiness;
  readonly #listeners = new Set<(readiness: Readiness) => void>();
  #recovered = false;
  #backlog = false;
  #last: Readiness;

  constructor(devices: SeenDevices, centre: CentreWatch, assess: (condition: SeenCondition) => Readiness) {
    this.#devices = devices;
    this.#centre = centre;
    this.#assess = assess;
    this.#last = this.#now();
    const look = () => {
      this.#look();
    };
    devices.idCardReader.onStatus(look);
    devices.qrScanner.onStatus(look);
    devices.receiptPrinter.onStatus(look);
    centre.onChange(look);
  }

  now(): Readiness {
    return this.#last;
  }

  onChange(listener: (readiness: Readiness) => void): Cancel {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The boot scan is over. */
  recovered(): void {
    this.#recovered = true;
    this.#look();
  }

  /** Whether issuing stops because the centre has not heard the end of too many operations. */
  setBacklog(backlog: boolean): void {
    this.#backlog = backlog;
    this.#look();
  }

  #look(): void {
    const next = this.#now();
    if (JSON.stringify(next) === JSON.stringify(this.#last)) return;
    this.#last = next;
    for (const listener of this.#listeners) listener(next);
  }

  #now(): Readiness {
    const { reachable } = this.#centre;
    const centre = reachable === undefined ? 'unknown' : reachable ? 'reachable' : 'unreachable';
    const readiness = this.#assess({
      idCardReader: this.#devices.idCardReader.status(),
      qrScanner: this.#devices.qrScanner.status(),
      receiptPrinter: this.#devices.receiptPrinter.status(),
      centre,
      backlog: this.#backlog,
    });
    if (this.#recovered || !readiness.issue) return readiness;
    return { ...readiness, issue: false, obstacles: [...readiness.obstacles, 'starting'] };
  }
}
