import type { DeviceFault } from '../../../src/devices/status.ts';
import { sleep } from '../../../src/platform/clock.ts';
import type { Clock } from '../../../src/platform/clock.ts';
import { err, ok } from '../../../src/platform/result.ts';
import type { Result } from '../../../src/platform/result.ts';
import type { ByteLink } from '../../transport/byte-link.ts';
import { linkFaults } from '../../transport/link-faults.ts';
import { createSilenceWatch } from '../../transport/silence-watch.ts';
import { NEWEST_ADDRESS_BYTES } from '../card-record/newest-address.ts';
import { createSdtFrameDecoder, encodeSdtCommand } from './sdt-frame.ts';
import type { SdtDecoded, SdtReply } from './sdt-frame.ts';
import { isPublishedStatus, sdtStatusOf } from './sdt-status.ts';

/** How long to wait for what, ms. */
export interface SdtTimings {
  /** Answer to status, reset, SAM number, find, select. */
  readonly shortReplyMs: number;
  /** Answer to read: 1295 bytes take 112 ms at 115200 and 1.35 s at 9600 baud, and the chip needs its time. */
  readonly readReplyMs: number;
  /** Answer to read with fingerprints: 2321 bytes take 2.42 s at 9600 baud. */
  readonly longReadReplyMs: number;
  /** Silence inside a frame after which it is given up. */
  readonly interByteMs: number;
}

/** One command of the SAM_V module. */
export interface SdtCommand {
  readonly bytes: Uint8Array;
  /** How long its answer may take. */
  readonly limit: 'shortReplyMs' | 'readReplyMs' | 'longReadReplyMs';
  /**
   * Whether a reply can be the answer to this command. Replies carry no number, so one that came too late for the
   * command before is told apart by its shape only.
   */
  readonly answeredBy: (reply: SdtReply) => boolean;
}

/** Each of these belongs to certain commands; every other status, being a complaint, may answer any. */
const GOOD_ANSWERS = [0x90, 0x91, 0x9f, 0x80, 0x81];

const only = (codes: readonly number[]) => (reply: SdtReply) =>
  codes.includes(reply.sw3) || !GOOD_ANSWERS.includes(reply.sw3);

/** Done (0x90) counts only with as much data as the command brings. */
const done =
  (fits: (bytes: number) => boolean, others: readonly number[] = []) =>
  (reply: SdtReply) =>
    reply.sw3 === 0x90 ? fits(reply.data.length) : only(others)(reply);

const nothing = done((bytes) => bytes === 0);
const record = done((bytes) => bytes > 16, [0x91]);
const address = done((bytes) => bytes === NEWEST_ADDRESS_BYTES, [0x91]);

/** The commands this driver uses. `60 xx` is not among them: it changes the line speed under us. */
export const sdtCommands = {
  reset: command(0x10, 0xff, nothing),
  status: command(0x11, 0xff, nothing),
  samId: command(
    0x12,
    0xff,
    done((bytes) => bytes === 16),
  ),
  findCard: command(0x20, 0x01, only([0x9f, 0x80])),
  selectCard: command(
    0x20,
    0x02,
    done((bytes) => bytes === 8, [0x81]),
  ),
  /** Text and photo. */
  readCard: { ...command(0x30, 0x01, record), limit: 'readReplyMs' },
  /** Text, photo and fingerprints: for readers that do not know the one above. */
  readCardWithFingerprints: { ...command(0x30, 0x10, record), limit: 'longReadReplyMs' },
  /** Works right after a read, while the card stays. */
  newestAddress: { ...command(0x30, 0x03, address), limit: 'readReplyMs' },
} as const satisfies Record<string, SdtCommand>;

function command(code: number, parameter: number, answeredBy: (reply: SdtReply) => boolean): SdtCommand {
  return { bytes: encodeSdtCommand(code, parameter), limit: 'shortReplyMs', answeredBy };
}

/** Why a command has no usable answer. `heard`: something came that was no frame, as from a line at another speed. */
export type SdtFailure =
  | { readonly kind: 'no-answer'; readonly heard: boolean }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'link'; readonly fault: DeviceFault };

/** Commands and answers over one line, one at a time. */
export interface SdtChannel {
  /**
   * Sends a command and waits for its answer. A damaged answer, or one that says our command arrived damaged, is asked for
   * once more; silence is not: the caller knows what it means. Calls wait for each other. Never rejects.
   */
  exchange(command: SdtCommand): Promise<Result<SdtReply, SdtFailure>>;
}

/** An answer whose status is in no table, or with which the card said something of its own; SW1 SW2 SW3 as six hex digits. */
export type OddStatusListener = (statusHex: string) => void;

/** After something went wrong the line must be silent this long before it is used again, so that a late answer has passed. */
const QUIET_MS = 100;
const LONGEST_QUIET_WAIT_MS = 1000;

type Answer = Result<SdtReply, SdtFailure>;

interface PendingCommand {
  readonly command: SdtCommand;
  heard: boolean;
  damaged: boolean;
  finish(answer: Answer): void;
}

/** Speaks SDT on a line. It reads everything from it and overwrites what it has read: replies carry personal data. */
export function createSdtChannel(
  link: ByteLink,
  clock: Clock,
  timings: SdtTimings,
  onOddStatus: OddStatusListener = () => undefined,
): SdtChannel {
  const decoder = createSdtFrameDecoder();
  let pending: PendingCommand | undefined;
  let endFault: DeviceFault | undefined;
  let lastHeardMs = Number.NEGATIVE_INFINITY;
  let troubled = false;
  let queue: Promise<unknown> = Promise.resolve();

  const take = (found: readonly SdtDecoded[]) => {
    for (const item of found) {
      if (item.kind === 'damaged') {
        if (pending) pending.damaged = true;
      } else if (pending?.command.answeredBy(item.reply)) {
        const { sw1, sw2, sw3 } = item.reply;
        if (sw1 !== 0 || sw2 !== 0 || !isPublishedStatus(sw3)) onOddStatus(hexOf(sw1, sw2, sw3));
        pending.finish(ok(item.reply));
      } else {
        item.reply.data.fill(0);
      }
    }
  };
  const silence = createSilenceWatch(clock, timings.interByteMs, () => {
    take(decoder.abandon());
    if (pending?.damaged) pending.finish(err({ kind: 'damaged' }));
  });

  link.onData((bytes) => {
    lastHeardMs = clock.monotonicMs();
    if (pending) pending.heard = true;
    take(decoder.push(bytes));
    bytes.fill(0);
    if (decoder.midFrame || pending?.damaged) silence.heard();
    else silence.stop();
  });
  void link.ended.then((end) => {
    endFault = end.kind === 'lost' ? end.fault : linkFaults.closed;
    silence.stop();
    decoder.reset();
    return pending?.finish(err({ kind: 'link', fault: endFault }));
  });

  const quiet = async () => {
    const startMs = clock.monotonicMs();
    for (;;) {
      const nowMs = clock.monotonicMs();
      const missingMs = Math.min(lastHeardMs + QUIET_MS, startMs + LONGEST_QUIET_WAIT_MS) - nowMs;
      if (endFault || missingMs <= 0) return;
      await sleep(clock, missingMs);
    }
  };

  const sendOnce = async (sent: SdtCommand): Promise<Answer> => {
    if (troubled) await quiet();
    if (endFault) return err({ kind: 'link', fault: endFault });
    decoder.reset();
    const answer = await new Promise<Answer>((resolve) => {
      const cancelTimer = clock.schedule(timings[sent.limit], () => {
        pending?.finish(
          err(pending.damaged ? { kind: 'damaged' } : { kind: 'no-answer', heard: pending.heard }),
        );
      });
      pending = {
        command: sent,
        heard: false,
        damaged: false,
        finish(result) {
          pending = undefined;
          cancelTimer();
          silence.stop();
          resolve(result);
        },
      };
      // A write that fails ends the link, and that end answers; a write that hangs runs into the time limit.
      void link.write(sent.bytes);
    });
    troubled = !answer.ok;
    if (!answer.ok) decoder.reset();
    return answer;
  };

  const exchange = async (sent: SdtCommand): Promise<Answer> => {
    const first = await sendOnce(sent);
    const again = first.ok ? sdtStatusOf(first.value.sw3).class === 'repeat' : first.error.kind === 'damaged';
    return again ? sendOnce(sent) : first;
  };

  return {
    exchange(sent) {
      const answer = queue.then(() => exchange(sent));
      queue = answer;
      return answer;
    },
  };
}

function hexOf(...bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
