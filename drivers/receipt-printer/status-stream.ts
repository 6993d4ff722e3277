/** One thing a printer said. Raw bytes; `status.ts` gives them meaning. */
export type StatusItem =
  /** Reply to `DLE EOT`: which question it answers is known only by what was asked. */
  | { readonly kind: 'realTime'; readonly byte: number }
  /** Automatic status back, 4 bytes. */
  | { readonly kind: 'automatic'; readonly bytes: readonly [number, number, number, number] }
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

const XON = 0x11;
const XOFF = 0x13;
const BLOCK_HEADERS = new Set([0x5f, 0x37, 0x3d, 0x3b, 0x35, 0x53]);
/** Longest reply that is believed; `GS I` texts are shorter. */
const LONGEST_BLOCK = 96;

const isRealTimeReply = (byte: number) => (byte & 0x93) === 0x12;
const isAutomaticStart = (byte: number) => (byte & 0x93) === 0x10;
const isAutomaticRest = (byte: number) => (byte & 0x90) === 0x00;

/**
 * Tells apart what comes back from an ESC/POS printer, byte by byte and in any split (TM-T88III specification, appendix G). An
 * automatic status that has begun is completed before anything else is read; XON and XOFF may sit anywhere and are skipped.
 * Never throws; holds at most one unfinished item.
 */
export class StatusStream {
  #automatic: number[] = [];
  #block: number[] = [];
  #answersExpected = 0;

  /** A one-byte reply has been asked for. */
  expectAnswer(): void {
    this.#answersExpected++;
  }

  /** Nobody waits for one-byte replies any more. */
  forgetAnswers(): void {
    this.#answersExpected = 0;
  }

  /** Takes in some bytes; returns what is complete by now. */
  push(bytes: Uint8Array): readonly StatusItem[] {
    const items: StatusItem[] = [];
    for (const byte of bytes) {
      if (byte !== XON && byte !== XOFF) this.#take(byte, items);
    }
    return items;
  }

  #take(byte: number, items: StatusItem[]): void {
    if (this.#automatic.length > 0) this.#continueAutomatic(byte, items);
    else if (this.#block.length > 0) this.#continueBlock(byte, items);
    else this.#begin(byte, items);
  }

  #begin(byte: number, items: StatusItem[]): void {
    if (isAutomaticStart(byte)) this.#automatic = [byte];
    else if (isRealTimeReply(byte)) items.push({ kind: 'realTime', byte });
    else if (BLOCK_HEADERS.has(byte)) this.#block = [byte];
    else if (isAutomaticRest(byte) && this.#answersExpected > 0) {
      this.#answersExpected--;
      items.push({ kind: 'answer', byte });
    } else items.push({ kind: 'stray', byte });
  }

  #continueAutomatic(byte: number, items: StatusItem[]): void {
    if (!isAutomaticRest(byte)) {
      // A byte got lost on the line. What we have is no status; the new byte may begin something whole.
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
