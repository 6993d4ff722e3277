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
  z.strictObject({ fault: z.literal('oversize-length'), ...which }),
  z.strictObject({ fault: z.literal('status'), status: hex(1), ...which }),
  z.strictObject({ fault: z.literal('split'), ...which }),
  z.strictObject({ fault: z.literal('unplug-in-reply'), afterBytes: z.int().nonnegative(), ...which }),
]);

/** One of them. */
export type Fault = z.output<typeof faultSchema>;

/** For people who ask what is allowed. */
export const FAULT_USAGE =
  '{"fault":"silent|late (delayMs)|wrong-checksum|noise (bytes)|oversize-length|status (status: hex)|split|unplug-in-reply (afterBytes)","count":answers,"on":"3001"}';

/** What becomes of an answer on its way out. */
export interface SpoiledAnswer {
  readonly frame: Uint8Array | 'nothing';
  readonly delayMs: number;
  readonly manner: WriteManner;
}

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

  /** A status that the SAM has to give instead of doing what it was asked. */
  forcedStatus(code: number): number | undefined {
    const forced = this.#inForce.find(({ fault }) => fault.fault === 'status' && concerns(fault, code));
    if (forced?.fault.fault !== 'status') return undefined;
    this.#use(forced);
    return forced.fault.status;
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

  #garble(
    fault: Extract<Fault, { fault: 'wrong-checksum' | 'noise' | 'oversize-length' }>,
    frame: Uint8Array,
  ): Uint8Array {
    if (fault.fault === 'noise') return Buffer.concat([this.#random.bytes(fault.bytes), frame]);
    const garbled = Uint8Array.from(frame);
    if (fault.fault === 'wrong-checksum') garbled[garbled.length - 1] = (garbled.at(-1) ?? 0) ^ 0x5a;
    else {
      garbled[5] = 0xff;
      garbled[6] = 0xf0;
    }
    return garbled;
  }
}

/** The frame of a forced status. */
export function forcedFrame(status: number): Uint8Array {
  return sdtReply(status);
}

function concerns(fault: Fault, code: number): boolean {
  return fault.on === undefined || fault.on === code;
}
