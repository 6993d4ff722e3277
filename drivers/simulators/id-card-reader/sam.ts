import type { Card } from './card.ts';
import { cardRecord, newestAddressRecord, opaquePhoto } from './card-record.ts';
import { sdtReply } from './sdt-frames.ts';

/** What lies on the reader. */
export type OnReader =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'card'; readonly card: Card }
  /** Something with a chip that is not an ID card; `answersAt` is the step at which the SAM says so. */
  | { readonly kind: 'other-card'; readonly answersAt: 'find' | 'select' | 'read' };

/** A reply and what it took. */
export interface SamAnswer {
  readonly frame: Uint8Array;
  /** How long the chip card was talked to, in ms, before the reply begins. */
  readonly workMs: number;
  /** Whether this is the record of a card. */
  readonly cardRecord: boolean;
}

/** How a module is when it is switched on: `self-test-failed` until it is reset, the last two for ever. */
export const FIRST_STATUSES = ['ready', 'self-test-failed', 'dead', 'not-authorised'] as const;

/** How this reader differs from others of its kind. */
export interface SamHabits {
  /** Time to read a chip, ms; to find or select a card takes a tenth of it. */
  readonly chipMs: number;
  readonly fingerprintBytes: 0 | 512 | 1024;
  /** Some readers find a card again that was read and never lifted; most answer 80. */
  readonly findsReadCardAgain: boolean;
  /** Some readers answer 30 01 with 21 and want 30 10. */
  readonly knowsReadText: boolean;
  readonly firstStatus: (typeof FIRST_STATUSES)[number];
}

/** Those of an ordinary reader. */
export const ORDINARY_HABITS: SamHabits = {
  chipMs: 100,
  fingerprintBytes: 1024,
  findsReadCardAgain: false,
  knowsReadText: true,
  firstStatus: 'ready',
};

/** Status codes (SW3) of device-protocols 1.4 that this simulator gives by itself; any other comes by a fault. */
const OK = 0x90;
const FOUND = 0x9f;
const NO_SUCH_ITEM = 0x91;
const UNKNOWN_COMMAND = 0x21;
const WRONG_ORDER = 0x23;
const NOTHING_FOUND_YET = 0x34;
const NOT_AN_ID_CARD = 0x40;
const READ_FAILED = 0x41;
const SELF_TEST_FAILED = 0x60;
const NOT_AUTHORISED = 0x66;
const NO_CARD = 0x80;
const SELECT_FAILED = 0x81;

/** 05.03-20120314-000123456-123456789, the invented number of device-protocols 1.3. */
const SAM_ID = [0x05, 0, 0x03, 0, 0xfa, 0x02, 0x33, 0x01, 0x40, 0xe2, 0x01, 0, 0x15, 0xcd, 0x5b, 0x07];

/** The baud rates that 60 00 … 60 04 choose. */
const BAUD_RATES = [115_200, 57_600, 38_400, 19_200, 9_600];

/** The security module of a reader (SAM_V): answers requests by what lies on it and by what was asked before. */
export class Sam {
  #on: OnReader = { kind: 'nothing' };
  #stage: 'idle' | 'found' | 'selected' = 'idle';
  #alreadyRead = false;
  #complaint: number | undefined;
  #habits: SamHabits;
  readonly #setBaud: (baud: number) => void;

  constructor(habits: SamHabits, setBaud: (baud: number) => void) {
    this.#habits = habits;
    this.#setBaud = setBaud;
    this.switchOn();
  }

  /** What lies there, without whose it is. */
  get onReader(): string {
    if (this.#on.kind !== 'card') return this.#on.kind;
    const { kind = 'resident' } = this.#on.card;
    return kind === 'resident' ? 'resident-card' : kind;
  }

  get stage(): string {
    return this.#alreadyRead ? 'read' : this.#stage;
  }

  /** Lays something on the reader, or lifts it (`nothing`). */
  lay(on: OnReader): void {
    this.#on = on;
    this.#alreadyRead = false;
    // A stage reached with the earlier card is kept: the computer's next step then fails as it does in the field.
  }

  /** A new first status holds from now on, as if the module had just been switched on with it. */
  setHabits(habits: Partial<SamHabits>): void {
    this.#habits = { ...this.#habits, ...habits };
    if (habits.firstStatus !== undefined) this.switchOn();
  }

  switchOn(): void {
    this.#forgetCard();
    const { firstStatus } = this.#habits;
    this.#complaint = undefined;
    if (firstStatus === 'self-test-failed' || firstStatus === 'dead') this.#complaint = SELF_TEST_FAILED;
    if (firstStatus === 'not-authorised') this.#complaint = NOT_AUTHORISED;
  }

  /** The answer to a command and parameter, e.g. 0x2001. */
  answer(code: number): SamAnswer {
    if (code === 0x10ff) this.#reset();
    if (this.#complaint !== undefined) return plain(this.#complaint);
    const { chipMs } = this.#habits;
    switch (code) {
      case 0x10ff:
      case 0x11ff:
        return plain(OK);
      case 0x12ff:
        return plain(OK, 0, Uint8Array.from(SAM_ID));
      case 0x2001:
        return this.#find(chipMs / 10);
      case 0x2002:
        return this.#select(chipMs / 10);
      case 0x3001:
        return this.#habits.knowsReadText ? this.#read(false, chipMs) : plain(UNKNOWN_COMMAND);
      case 0x3010:
        return this.#read(true, chipMs);
      case 0x3003:
        return this.#newestAddress(chipMs / 10);
      default:
        return this.#housekeeping(code);
    }
  }

  /** The field goes off and on: a card on it counts as new. */
  #reset(): void {
    this.#forgetCard();
    if (this.#habits.firstStatus === 'self-test-failed') this.#complaint = undefined;
  }

  #forgetCard(): void {
    this.#stage = 'idle';
    this.#alreadyRead = false;
  }

  #housekeeping(code: number): SamAnswer {
    const baud = code >> 8 === 0x60 ? BAUD_RATES[code & 0xff] : undefined;
    if (baud !== undefined) {
      this.#setBaud(baud);
      return plain(OK);
    }
    return plain(code === 0x61ff ? OK : UNKNOWN_COMMAND);
  }

  #find(workMs: number): SamAnswer {
    const readBefore = this.#alreadyRead && !this.#habits.findsReadCardAgain;
    if (this.#on.kind === 'nothing' || readBefore) {
      if (!readBefore) this.#stage = 'idle';
      return plain(NO_CARD, workMs);
    }
    if (refusesAt(this.#on, 'find')) return plain(NOT_AN_ID_CARD, workMs);
    this.#stage = 'found';
    return plain(FOUND, workMs, new Uint8Array(4));
  }

  #select(workMs: number): SamAnswer {
    if (this.#stage === 'idle') return plain(NOTHING_FOUND_YET);
    if (this.#on.kind === 'nothing') {
      this.#stage = 'idle';
      return plain(SELECT_FAILED, workMs);
    }
    if (refusesAt(this.#on, 'select')) return plain(NOT_AN_ID_CARD, workMs);
    this.#stage = 'selected';
    return plain(OK, workMs, new Uint8Array(8));
  }

  #read(withFingerprint: boolean, workMs: number): SamAnswer {
    if (this.#stage === 'idle') return plain(NOTHING_FOUND_YET);
    if (this.#stage === 'found') return plain(WRONG_ORDER);
    if (this.#on.kind === 'nothing') {
      this.#stage = 'idle';
      return plain(READ_FAILED, workMs);
    }
    if (this.#on.kind === 'other-card') return plain(NOT_AN_ID_CARD, workMs);
    this.#alreadyRead = true;
    const data = this.#recordData(this.#on.card, withFingerprint);
    return { frame: sdtReply(OK, data), workMs, cardRecord: true };
  }

  #recordData(card: Card, withFingerprint: boolean): Uint8Array {
    const blocks = [cardRecord(card), opaquePhoto()];
    if (withFingerprint) blocks.push(new Uint8Array(this.#habits.fingerprintBytes));
    const lengths = blocks.flatMap((block) => [block.length >> 8, block.length & 0xff]);
    return new Uint8Array(Buffer.concat([Uint8Array.from(lengths), ...blocks]));
  }

  #newestAddress(workMs: number): SamAnswer {
    if (this.#stage !== 'selected') return plain(this.#stage === 'idle' ? NOTHING_FOUND_YET : WRONG_ORDER);
    if (this.#on.kind !== 'card') return plain(READ_FAILED, workMs);
    const { card } = this.#on;
    const address = 'newestAddress' in card ? card.newestAddress : undefined;
    return address === undefined
      ? plain(NO_SUCH_ITEM, workMs)
      : plain(OK, workMs, newestAddressRecord(address));
  }
}

function refusesAt(on: OnReader, step: 'find' | 'select'): boolean {
  return on.kind === 'other-card' && on.answersAt === step;
}

function plain(sw3: number, workMs = 0, data?: Uint8Array): SamAnswer {
  return { frame: sdtReply(sw3, data), workMs, cardRecord: false };
}
