import type { Answer, Behaviour } from './families/family.ts';

/** A code as it is read from a symbol. */
export interface ReadCode {
  readonly data: Uint8Array;
  /** AIM identifier of the symbol, e.g. `]Q1`. */
  readonly aim: string;
}

/** What can be done to a code on its way. */
export interface SendManner {
  /** Another suffix than the scanner is set to (streams). */
  readonly suffix?: string;
  /** In pieces with pauses: bytes split at random places, reports 5 to 20 ms apart. */
  readonly split?: boolean;
  /** The cable is pulled after so many bytes. */
  readonly unplugAfterBytes?: number;
  /** The last part never comes: the last report, or the last packet. */
  readonly withoutLastPart?: boolean;
  /** The first packet comes with a wrong check sum (SSI). */
  readonly damaged?: boolean;
}

/** The cable of a scanner: a stream of bytes, or HID reports. The scanner behind it cannot tell which. */
export interface WayOut {
  readonly address: string;
  readonly pluggedIn: () => boolean;
  readonly connected: () => boolean;
  readonly carried: () => { readonly in: number; readonly out: number };
  /** Sends one code as the scanner is set to. `lost`: nobody took it. */
  sendCode(code: ReadCode, behaviour: Behaviour, manner: SendManner): Promise<'sent' | 'lost'>;
  sendAnswer(answer: Answer): Promise<void>;
  /** Bytes as they are; as a report of its own where there are reports. */
  sendRaw(bytes: Uint8Array): Promise<void>;
  /** What the computer says to a packet (SSI). */
  packetHeard(taken: boolean): void;
  readonly pullOut: () => Promise<void>;
  readonly plugIn: () => Promise<void>;
}
