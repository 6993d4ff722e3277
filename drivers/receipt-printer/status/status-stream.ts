import { isStarHeader, starStatusLength } from './star-status.ts';

/** One thing a printer said. Raw bytes; `status-dialects.ts` gives them meaning. */
export type StatusItem =
  /** Reply to `DLE EOT`: which question it answers is known only by what was asked. */
  | { readonly kind: 'realTime'; readonly byte: number }
  /** Automatic status back, 4 bytes. */
  | { readonly kind: 'automatic'; readonly bytes: readonly [number, number, number, number] }
  /** Custom's full status: `10 mask`, one byte for each bit of the mask. Answer to `DLE EOT 20` with mask 0F, automatic with any. */
  | { readonly kind: 'fullStatus'; readonly mask: number; readonly bytes: readonly number[] }
  /** Star's automatic status, headers and all. */
  | { readonly kind: 'starStatus'; readonly bytes: readonly number[] }
  /** One-byte reply to `GS r` / `GS I`; only while one is expected. */
  | { readonly kind: 'answer'; readonly byte: number }
  /** `37 22 id 00`: everything before this id has been printed. */
  | { readonly kind: 'printed'; readonly id: string }
  /** `37 33 id 00`: not printed, paper out (seen in Caysn firmware). */
  | { readonly kind: 'notPrinted'; readonly id: string }
  /** `37 25 00`: buffers are empty. */
  | { readonly kind: 'cleared' }
  /** Some other block, NUL not included. */
  | { readonly kind: 'block'; readonly bytes: readonly number[] }
  /** A byte that fits nowhere: noise, or a reply nobody waits for any more. */
  | { readonly kind: 'stray'; readonly byte: number };

/** Which kinds of status a stream may hold: `full`: Custom's besides the common ones, `star`: nothing but Star's. */
export type StreamForm = 'common' | 'full' | 'star';

const XON = 0x11;
const XOFF = 0x13;
const BLOCK_HEADERS = new Set([0x5f, 0x37, 0x3d, 0x3b, 0x35, 0x53]);
/** Longest reply that is believed; `GS I` texts are shorter. */
const LONGEST_BLOCK = 96;
const FULL_STATUS = 0x10;
/** Paper, user, recoverable, unrecoverable, and two bytes of information: one bit each. */
const FULL_STATUS_MASK = 0x3f;

const isRealTimeReply = (byte: number) => (byte & 0x93) === 0x12;
const isAutomaticStart = (byte: number) => (byte & 0x93) === 0x10;
const isAutomaticRest = (byte: number) => (byte & 0x90) === 0x00;

/**
 * Tells apart what comes back from a printer, byte by byte and in any split (TM-T88III specification, appendix G; Custom and Star
 * manuals). A status that has begun is completed before anything else is read; XON and XOFF may sit anywhere, are told apart from
 * the rest and leave it whole. Never throws; holds at most one unfinished item.
 */
export class StatusStream {
  readonly #form: StreamForm;
  readonly #onFlow: (mayFlow: boolean) => void;
  #automatic: number[] = [];
  #full: number[] = [];
  #star: number[] = [];
  #block: number[] = [];
  #answersExpected = 0;
  #anyByteExpected = false;

  /** @param onFlow called with false at each XOFF, with true at each XON */
  constructor(form: StreamForm = 'common', onFlow: (mayFlow: boolean) => void = () => undefined) {
    this.#form = form;
    this.#onFlow = onFlow;
  }

  /** A one-byte reply has been asked for. */
  expectAnswer(): void {
    this.#answersExpected++;
  }

  /** One-byte replies that were asked for and have not come: each may still come, late. */
  answersOwed(): number {
    return this.#answersExpected;
  }

  /** A real-time question has been asked whose answer has no fixed pattern (Masung's `DLE EOT 5`), or it is over. */
  expectAnyByte(expected: boolean): void {
    this.#anyByteExpected = expected;
  }

  /** Takes in some bytes; returns what is complete by now. */
  push(bytes: Uint8Array): readonly StatusItem[] {
    const items: StatusItem[] = [];
    for (const byte of bytes) {
      if (byte === XON || byte === XOFF) this.#onFlow(byte === XON);
      else this.#take(byte, items);
    }
    return items;
  }

  /** True when what came last is either an answer without a pattern or the beginning of a status: only time can tell. */
  holdsLoneByte(): boolean {
    return this.#anyByteExpected && this.#automatic.length === 1;
  }

  /**
   * Nothing more came for a while: a lone byte that looked like the beginning of an automatic status was the awaited answer without
   * a pattern.
   */
  pause(): readonly StatusItem[] {
    const [byte] = this.#automatic;
    if (!this.holdsLoneByte() || byte === undefined) return [];
    this.#automatic = [];
    this.#anyByteExpected = false;
    return [{ kind: 'realTime', byte }];
  }

  #take(byte: number, items: StatusItem[]): void {
    if (this.#automatic.length > 0) this.#continueAutomatic(byte, items);
    else if (this.#full.length > 0) this.#continueFull(byte, items);
    else if (this.#star.length > 0) this.#continueStar(byte, items);
    else if (this.#block.length > 0) this.#continueBlock(byte, items);
    else this.#begin(byte, items);
  }

  #begin(byte: number, items: StatusItem[]): void {
    if (this.#form === 'star') this.#beginStar(byte, items);
    else if (this.#form === 'full' && byte === FULL_STATUS) this.#full = [byte];
    else if (isAutomaticStart(byte)) this.#automatic = [byte];
    else if (isRealTimeReply(byte)) items.push({ kind: 'realTime', byte });
    // Before the byte without a pattern: no printer's sensors make a block header, and a block may be a proof.
    else if (BLOCK_HEADERS.has(byte)) this.#block = [byte];
    else if (this.#anyByteExpected) {
      this.#anyByteExpected = false;
      items.push({ kind: 'realTime', byte });
    } else if (isAutomaticRest(byte) && this.#answersExpected > 0) {
      this.#answersExpected--;
      items.push({ kind: 'answer', byte });
    } else items.push({ kind: 'stray', byte });
  }

  #beginStar(byte: number, items: StatusItem[]): void {
    if (isStarHeader(byte)) this.#star = [byte];
    else items.push({ kind: 'stray', byte });
  }

  #continueAutomatic(byte: number, items: StatusItem[]): void {
    if (!isAutomaticRest(byte)) {
      // A byte got lost on the line. What we have is no status; the new byte may begin something whole.
      items.push(...this.pause());
      this.#drop(this.#automatic, items);
      this.#automatic = [];
      this.#begin(byte, items);
      return;
    }
    this.#automatic.push(byte);
    const [first, second, third, fourth] = this.#automatic;
    if (first === undefined || second === undefined || third === undefined || fourth === undefined) return;
    items.push({ kind: 'automatic', bytes: [first, second, third, fourth] });
    this.#automatic = [];
  }

  #continueFull(byte: number, items: StatusItem[]): void {
    const [, mask] = this.#full;
    if (mask === undefined && (byte === 0 || byte > FULL_STATUS_MASK)) {
      this.#drop(this.#full, items);
      this.#full = [];
      this.#begin(byte, items);
      return;
    }
    this.#full.push(byte);
    if (mask === undefined || this.#full.length < 2 + bitsIn(mask)) return;
    items.push({ kind: 'fullStatus', mask, bytes: this.#full.slice(2) });
    this.#full = [];
  }

  #continueStar(byte: number, items: StatusItem[]): void {
    this.#star.push(byte);
    const [header1 = 0, header2 = 0] = this.#star;
    const length = starStatusLength(header1, header2);
    if (!this.#fitsStar(byte, length, header2)) {
      this.#star.pop();
      this.#drop(this.#star, items);
      this.#star = [];
      this.#begin(byte, items);
    } else if (this.#star.length === length) {
      items.push({ kind: 'starStatus', bytes: this.#star });
      this.#star = [];
    }
  }

  /** Status bytes are 0xx0xxx0. Bit 7 of header 2 announces two more bytes, a length, which may be anything. */
  #fitsStar(byte: number, length: number, header2: number): boolean {
    if (length === 0) return false;
    if (this.#star.length === 2) return (byte & 0x11) === 0x00;
    const withoutLength = (header2 & 0x80) === 0 ? length : length - 2;
    return this.#star.length > withoutLength || (byte & 0x91) === 0x00;
  }

  #continueBlock(byte: number, items: StatusItem[]): void {
    if (byte === 0x00) {
      items.push(readBlock(this.#block));
      this.#block = [];
    } else if (byte < 0x20 && isRealTimeReply(byte)) {
      // Real-time replies are sent between any two bytes; below 0x20 they can't be part of a block's text.
      items.push({ kind: 'realTime', byte });
    } else if ((byte < 0x20 && isAutomaticStart(byte)) || this.#block.length === LONGEST_BLOCK) {
      this.#drop(this.#block, items);
      this.#block = [];
      this.#begin(byte, items);
    } else {
      this.#block.push(byte);
    }
  }

  #drop(bytes: readonly number[], items: StatusItem[]): void {
    for (const byte of bytes) items.push({ kind: 'stray', byte });
  }
}

function bitsIn(mask: number): number {
  let count = 0;
  for (let rest = mask; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}

function readBlock(bytes: readonly number[]): StatusItem {
  const [header, identifier, ...rest] = bytes;
  if (header === 0x37) {
    if (identifier === 0x22 && isProcessId(rest))
      return { kind: 'printed', id: String.fromCharCode(...rest) };
    if (identifier === 0x33 && isProcessId(rest))
      return { kind: 'notPrinted', id: String.fromCharCode(...rest) };
    if (identifier === 0x25 && rest.length === 0) return { kind: 'cleared' };
  }
  return { kind: 'block', bytes };
}

function isProcessId(bytes: readonly number[]): boolean {
  return bytes.length === 4 && bytes.every((byte) => byte >= 0x20 && byte <= 0x7e);
}
