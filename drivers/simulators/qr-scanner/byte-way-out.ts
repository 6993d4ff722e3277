import { type Clock, sleep } from '../../../src/platform/clock.ts';
import type { RandomSource } from '../../../src/platform/random.ts';
import { type DeviceLine, openLine, type WriteManner } from '../line.ts';
import type { SimulatorOptions } from '../program.ts';
import type { Answer, Behaviour } from './families/family.ts';
import { ssiPacket } from './families/ssi.ts';
import type { ReadCode, SendManner, WayOut } from './way-out.ts';

/** What a scanner sends after each code (device-protocols 2.3). */
export const SUFFIXES = { CR: '\r', CRLF: '\r\n', TAB: '\t', none: '' } as const;
/** Its name, as in the kiosk's configuration. */
export type SuffixName = keyof typeof SUFFIXES;

/** A scanner waits so long for the host's word on a packet, and sends it so often again. */
const HOST_WORD_MS = 2000;
const RESENDINGS = 2;
const MOST_IN_PACKET = 249;
const RETRANSMISSION = 0x01;
const CONTINUED = 0x02;
/** Code types of SSI by the letter of the AIM identifier. */
const CODE_TYPES: Readonly<Record<string, number>> = { Q: 0x1c, E: 0x0b, C: 0x03, A: 0x01, d: 0x1b, L: 0x11 };

export interface ByteWayOptions extends SimulatorOptions {
  readonly suffix: SuffixName;
  readonly onBytes: (bytes: Uint8Array) => void;
}

/** A scanner on a serial line, CDC or TCP, and the line under it. */
export async function byteWayOut(
  options: ByteWayOptions,
  clock: Clock,
  random: RandomSource,
): Promise<{ readonly way: WayOut; readonly line: DeviceLine }> {
  const line = await openLine({ ...options, clock, random });
  const word = hostWord(clock);
  let lastCode: Promise<unknown> = Promise.resolve();

  const sendPacket = async (status: number, data: Uint8Array, damaged: boolean): Promise<boolean> => {
    for (let sending = 0; sending <= RESENDINGS; sending += 1) {
      const packet = ssiPacket(0xf3, status | (sending > 0 ? RETRANSMISSION : 0), data);
      if (damaged && sending === 0) packet[packet.length - 1] = (packet.at(-1) ?? 0) ^ 0x5a;
      const heard = word.next();
      if ((await line.write(packet)) === 'lost') return false;
      if ((await heard) === 'taken') return true;
    }
    return false;
  };
  const sendPackets = async (code: ReadCode, manner: SendManner): Promise<'sent' | 'lost'> => {
    const parts = Math.max(1, Math.ceil(code.data.length / MOST_IN_PACKET));
    const last = manner.withoutLastPart === true ? parts - 1 : parts;
    for (let part = 0; part < last; part += 1) {
      const data = code.data.subarray(part * MOST_IN_PACKET, (part + 1) * MOST_IN_PACKET);
      const typed = Uint8Array.of(CODE_TYPES[code.aim[1] ?? ''] ?? 0, ...data);
      const damaged = manner.damaged === true && part === 0;
      if (!(await sendPacket(part < parts - 1 ? CONTINUED : 0, typed, damaged))) return 'lost';
    }
    return 'sent';
  };
  const sendFramed = async (bytes: Uint8Array, manner: SendManner): Promise<'sent' | 'lost'> => {
    const write: WriteManner = {
      ...(manner.split === undefined ? {} : { split: manner.split }),
      ...(manner.unplugAfterBytes === undefined ? {} : { pullOutAfterBytes: manner.unplugAfterBytes }),
    };
    return (await line.write(bytes, write)) === 'lost' ? 'lost' : 'sent';
  };

  const way: WayOut = {
    address: line.address,
    pluggedIn: line.pluggedIn,
    connected: line.connected,
    carried: line.carried,
    sendCode(code, behaviour, manner) {
      if (behaviour.framing === 'SSI') {
        // One code after the other: the host's word is for the packet that was sent last.
        const sent = lastCode.then(() => sendPackets(code, manner));
        lastCode = sent;
        return sent;
      }
      return sendFramed(framed(code, behaviour, manner.suffix ?? SUFFIXES[options.suffix]), manner);
    },
    async sendAnswer({ text, bytes }: Answer) {
      await line.write(Uint8Array.of(...(text ?? []), ...bytes));
    },
    async sendRaw(bytes) {
      await line.write(bytes);
    },
    packetHeard(taken) {
      word.heard(taken);
    },
    pullOut: line.pullOut,
    plugIn: line.plugIn,
  };
  return { way, line };
}

function framed(code: ReadCode, behaviour: Behaviour, suffix: string): Uint8Array {
  const prefix = behaviour.aimPrefix ? Buffer.from(code.aim, 'latin1') : [];
  const data = Uint8Array.of(...prefix, ...code.data);
  if (behaviour.framing === 'GM') return Uint8Array.of(0x03, data.length >> 8, data.length & 0xff, ...data);
  return Uint8Array.of(...data, ...Buffer.from(suffix, 'latin1'));
}

/** What the host says to the packet that was just sent. */
function hostWord(clock: Clock) {
  let hear: (word: 'taken' | 'again') => void = () => undefined;
  return {
    heard(taken: boolean): void {
      hear(taken ? 'taken' : 'again');
    },
    async next(): Promise<'taken' | 'again' | 'silence'> {
      const quiet = new AbortController();
      const word = new Promise<'taken' | 'again'>((resolve) => {
        hear = resolve;
      });
      const silence = sleep(clock, HOST_WORD_MS, quiet.signal).then(() => 'silence' as const);
      const heard = await Promise.race([word, silence]);
      quiet.abort();
      return heard;
    },
  };
}
