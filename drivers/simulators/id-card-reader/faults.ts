import { z } from 'zod';
import type { RandomSource } from '../../../src/platform/random.ts';
import type { WriteManner } from '../line.ts';
import { sdtReply } from './sdt-frames.ts';

const hex = (bytes: number) =>
  z
    .string()
    .regex(new RegExp(`^[0-9a-fA-F]{${bytes * 2}}$`), `${bytes} byte(s) in hexadecimal`)
    .transform((digits) => Number.parseInt(digits, 16));

const which = {
  /** For how many answers; without it until `clear-faults`. */
  count: z.int().positive().optional(),
  /** Only answers to this command and parameter, e.g. `3001`. */
  on: hex(2).optional(),
};

/** What can be made to go wrong with the next answers. */
export const faultSchema = z.discriminatedUnion('fault', [
  z.strictObject({ fault: z.literal('silent'), ...which }),
  z.strictObject({ fault: z.literal('late'), delayMs: z.int().positive(), ...which }),
  z.strictObject({ fault: z.literal('wrong-checksum'), ...which }),
  z.strictObject({ fault: z.literal('noise'), bytes: z.int().positive().max(4096).default(16), ...which }),
  /** The envelope that a Bluetooth module puts before the frame. */
  z.strictObject({ fault: z.literal('envelope'), ...which }),
  z.strictObject({ fault: z.literal('twice'), ...which }),
  /** Beyond any frame, or by so many bytes. */
  z.strictObject({
    fault: z.literal('oversize-length'),
    by: z.int().positive().max(512).optional(),
    ...which,
  }),
  z.strictObject({
    fault: z.literal('undersize-length'),
    by: z.int().positive().max(512).default(1),
    ...which,
  }),
  /** What one platform's library makes up for its own time-out: a length of 5, and 3 bytes. */
  z.strictObject({ fault: z.literal('fabricated-timeout'), ...which }),
  z.strictObject({ fault: z.literal('status'), status: hex(1), cardStatus: hex(2).default(0), ...which }),
  z.strictObject({ fault: z.literal('split'), ...which }),
  z.strictObject({ fault: z.literal('unplug-in-reply'), afterBytes: z.int().nonnegative(), ...which }),
]);

/** One of them. */
export type Fault = z.output<typeof faultSchema>;

/** For people who ask what is allowed. */
export const FAULT_USAGE =
  '{"fault":"silent|late (delayMs)|wrong-checksum|noise (bytes)|envelope|twice|oversize-length (by?)|undersize-length (by?)|fabricated-timeout|' +
  'status (status: hex, cardStatus?: SW1 SW2 in hex)|split|unplug-in-reply (afterBytes)","count":answers,"on":"3001"}';

/** What becomes of an answer on its way out. */
export interface SpoiledAnswer {
  readonly frame: Uint8Array | 'nothing';
  readonly delayMs: number;
  readonly manner: WriteManner;
}

type Garbling = Exclude<Fault, { fault: 'silent' | 'late' | 'split' | 'unplug-in-reply' | 'status' }>;

const ENVELOPE = Uint8Array.of(0xaa, 0x05, 0x12, 0xa0, 0x10);
const FABRICATED = Uint8Array.of(0xaa, 0xaa, 0xaa, 0x96, 0x69, 0x00, 0x05, 0x05, 0x05, 0x05);
const LENGTH_BEYOND_ANY_FRAME = 0xfff0;

/** The faults in force, oldest first; several can spoil the same answer. */
export class Faults {
  #inForce: { fault: Fault; left: number }[] = [];
  readonly #random: RandomSource;

  constructor(random: RandomSource) {
    this.#random = random;
  }

  get inForce(): readonly string[] {
    return this.#inForce.map(({ fault }) => fault.fault);
  }

  add(fault: Fault): void {
    this.#inForce.push({ fault, left: fault.count ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#inForce = [];
  }

  /** The answer that the SAM has to give instead of doing what it was asked. */
  forcedFrame(code: number): Uint8Array | undefined {
    const forced = this.#inForce.find(({ fault }) => fault.fault === 'status' && concerns(fault, code));
    if (forced?.fault.fault !== 'status') return undefined;
    this.#use(forced);
    return sdtReply(forced.fault.status, undefined, forced.fault.cardStatus);
  }

  spoil(code: number, frame: Uint8Array): SpoiledAnswer {
    let answer: SpoiledAnswer = { frame, delayMs: 0, manner: {} };
    for (const entry of this.#inForce.slice()) {
      if (entry.fault.fault === 'status' || !concerns(entry.fault, code)) continue;
      this.#use(entry);
      answer = this.#spoilBy(entry.fault, answer);
    }
    return answer;
  }

  #use(entry: { fault: Fault; left: number }): void {
    entry.left -= 1;
    if (entry.left <= 0) this.#inForce = this.#inForce.filter((other) => other !== entry);
  }

  #spoilBy(fault: Fault, answer: SpoiledAnswer): SpoiledAnswer {
    const { frame } = answer;
    switch (fault.fault) {
      case 'silent':
        return { ...answer, frame: 'nothing' };
      case 'late':
        return { ...answer, delayMs: answer.delayMs + fault.delayMs };
      case 'split':
        return { ...answer, manner: { ...answer.manner, split: true } };
      case 'unplug-in-reply':
        return { ...answer, manner: { ...answer.manner, pullOutAfterBytes: fault.afterBytes } };
      case 'status':
        return answer;
      default:
        return frame === 'nothing' ? answer : { ...answer, frame: this.#garble(fault, frame) };
    }
  }

  #garble(fault: Garbling, frame: Uint8Array): Uint8Array {
    const length = ((frame[5] ?? 0) << 8) | (frame[6] ?? 0);
    switch (fault.fault) {
      case 'noise':
        return Buffer.concat([this.#random.bytes(fault.bytes), frame]);
      case 'envelope':
        return Buffer.concat([ENVELOPE, frame]);
      case 'twice':
        return Buffer.concat([frame, frame]);
      case 'fabricated-timeout':
        return FABRICATED;
      case 'oversize-length':
        return withLength(frame, fault.by === undefined ? LENGTH_BEYOND_ANY_FRAME : length + fault.by);
      case 'undersize-length':
        return withLength(frame, Math.max(0, length - fault.by));
      case 'wrong-checksum': {
        const garbled = Uint8Array.from(frame);
        garbled[garbled.length - 1] = (garbled.at(-1) ?? 0) ^ 0x5a;
        return garbled;
      }
    }
  }
}

function withLength(frame: Uint8Array, length: number): Uint8Array {
  const garbled = Uint8Array.from(frame);
  garbled[5] = length >> 8;
  garbled[6] = length & 0xff;
  return garbled;
}

function concerns(fault: Fault, code: number): boolean {
  return fault.on === undefined || fault.on === code;
}
