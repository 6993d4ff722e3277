import type {
  CardReaderEvent,
  IdCardReaderConnection,
  QrScannerConnection,
  ScanEvent,
} from '../../src/devices/contract.ts';
import type { IdCardReaderStatus, QrScannerStatus } from '../../src/devices/status.ts';
import { Link, Plug } from './plug.ts';
import type { Person } from './centre-model.ts';
import type { VirtualClock } from './virtual-clock.ts';

const READ_MS = 400;
const SCAN_MS = 100;

/** How a card is met. */
export type CardFate = 'good' | 'unreadable' | 'not-an-id-card';

/** An ID-card reader and the card on it. */
export class ReaderModel {
  readonly plug = new Plug();
  /** It can tell whether a card that was read still lies there. */
  readonly seesCards: boolean;
  card: Person | null = null;
  fate: () => CardFate = () => 'good';
  readonly #waiting = new Set<() => void>();

  constructor(seesCards: boolean) {
    this.seesCards = seesCards;
  }

  lay(card: Person): void {
    this.card = card;
    this.#changed();
  }

  lift(): void {
    this.card = null;
    this.#changed();
  }

  #changed(): void {
    for (const wake of Array.from(this.#waiting)) wake();
  }

  /** Resolves at the next change of what lies there, or when `signal` aborts. */
  change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}

const READER_GONE: CardReaderEvent = { kind: 'lost', fault: { code: 'link.lost', action: 'suspend' } };

export class ReaderLink extends Link<IdCardReaderStatus> implements IdCardReaderConnection {
  readonly whenCardLifted?: (signal: AbortSignal) => Promise<boolean>;
  readonly #clock: VirtualClock;
  readonly #reader: ReaderModel;

  constructor(clock: VirtualClock, reader: ReaderModel) {
    super(reader.plug);
    this.#clock = clock;
    this.#reader = reader;
    if (reader.seesCards) this.whenCardLifted = (signal) => this.#whenLifted(signal);
  }

  status(): IdCardReaderStatus {
    return { device: 'online', faults: [], samId: '05.03-20261122-0000000001', media: 'unknown' };
  }

  async readCard(signal: AbortSignal, onEvent: (event: CardReaderEvent) => void): Promise<void> {
    const reader = this.#reader;
    const until = AbortSignal.any([signal, this.over.signal]);
    /** What told nothing lies there still: it must be lifted first. */
    let spoilt: Person | null = null;
    while (!until.aborted) {
      const { card } = reader;
      if (card === null || card === spoilt) {
        await reader.change(until);
        if (reader.card === null) spoilt = null;
        continue;
      }
      onEvent({ kind: 'reading' });
      await new Promise<void>((resolve) => {
        this.#clock.schedule(READ_MS, resolve);
      });
      if (until.aborted) break;
      const fate = reader.card === card ? reader.fate() : 'unreadable';
      if (fate === 'good') {
        onEvent({ kind: 'card', card: cardOf(card) });
        return;
      }
      spoilt = card;
      if (fate === 'not-an-id-card') onEvent({ kind: 'notAnIdCard' });
      else onEvent({ kind: 'unreadable', fault: { code: 'reader.card-unreadable', action: 'suspend' } });
    }
    if (!signal.aborted) onEvent(READER_GONE);
  }

  async #whenLifted(signal: AbortSignal): Promise<boolean> {
    const until = AbortSignal.any([signal, this.over.signal]);
    const card = this.#reader.card;
    while (!until.aborted) {
      if (card === null || this.#reader.card !== card) return true;
      await this.#reader.change(until);
    }
    return false;
  }
}

/** A person's card; the number is the key by which the centre finds them. */
function cardOf(person: Person) {
  return {
    kind: 'resident',
    name: person.name,
    idNumber: person.name,
    sex: '9',
    birthDate: '19500101',
    ethnicCode: '01',
    issuer: '',
    validFrom: '20200101',
    validTo: 'long-term',
  } as const;
}

/** A scanner, and what is held under it. */
export class ScannerModel {
  readonly plug = new Plug();
  readonly armed = new Set<(text: string) => void>();

  show(text: string): void {
    for (const see of Array.from(this.armed)) see(text);
  }
}

/** A text that no scanner can read. */
export const SMEARED = '';

export class ScannerLink extends Link<QrScannerStatus> implements QrScannerConnection {
  readonly #clock: VirtualClock;
  readonly #scanner: ScannerModel;

  constructor(clock: VirtualClock, scanner: ScannerModel) {
    super(scanner.plug);
    this.#clock = clock;
    this.#scanner = scanner;
  }

  status(): QrScannerStatus {
    return { device: 'online', faults: [], scanner: 'unknown' };
  }

  scan(signal: AbortSignal, onEvent: (event: ScanEvent) => void): Promise<void> {
    const until = AbortSignal.any([signal, this.over.signal]);
    return new Promise((resolve) => {
      const end = () => {
        this.#scanner.armed.delete(see);
        if (!signal.aborted) onEvent({ kind: 'lost', fault: { code: 'link.lost', action: 'suspend' } });
        resolve();
      };
      const see = (text: string) => {
        this.#clock.schedule(SCAN_MS, () => {
          if (until.aborted) return;
          onEvent(text === SMEARED ? { kind: 'unreadable', reason: 'incomplete' } : { kind: 'code', text });
        });
      };
      this.#scanner.armed.add(see);
      if (until.aborted) end();
      else until.addEventListener('abort', end, { once: true });
    });
  }
}
