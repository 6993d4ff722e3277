import type { DeviceFault } from '../../src/devices/status.ts';
import { sleep } from '../../src/platform/clock.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { err, ok } from '../../src/platform/result.ts';
import type { Result } from '../../src/platform/result.ts';
import type { ByteLink } from '../transport/byte-link.ts';
import { linkFaults } from '../transport/link-faults.ts';
import { createSilenceWatch } from '../transport/silence-watch.ts';
import { createSdtFrameDecoder, encodeSdtCommand } from './sdt-frame.ts';
import type { SdtDecoded, SdtReply } from './sdt-frame.ts';
import { sdtStatusOf } from './sdt-status.ts';

/** How long to wait for what, ms. */
export interface SdtTimings {
  /** Answer to status, reset, SAM number, find, select. */
  readonly shortReplyMs: number;
  /** Answer to read: 1295 bytes take 112 ms at 115200 and 1.35 s at 9600 baud, and the chip needs its time. */
  readonly readReplyMs: number;
  /** Silence inside a frame after which it is given up. */
  readonly interByteMs: number;
}

/** One command of the SAM_V module. */
export interface SdtCommand {
  readonly bytes: Uint8Array;
  readonly slow: boolean;
  /**
   * Whether a reply can be the answer to this command. Replies carry no number, so one that came too late for the
   * command before is told apart by its shape only.
   */
  readonly answeredBy: (reply: SdtReply) => boolean;
}

const only = (codes: readonly number[]) => (reply: SdtReply) =>
  codes.includes(reply.sw3) || ![0x90, 0x9f, 0x80, 0x81].includes(reply.sw3);

/** The commands this driver uses. `60 xx` is not among them: it changes the line speed under us. */
export const sdtCommands = {
  reset: command(0x10, 0xff, (reply) => only([0x90])(reply) && reply.data.length === 0),
  status: command(0x11, 0xff, (reply) => only([0x90])(reply) && reply.data.length === 0),
  samId: command(0x12, 0xff, (reply) => (reply.sw3 === 0x90 ? reply.data.length === 16 : only([])(reply))),
  findCard: command(0x20, 0x01, only([0x9f, 0x80])),
  selectCard: command(0x20, 0x02, (reply) =>
    reply.sw3 === 0x90 ? reply.data.length === 8 : only([0x81])(reply),
  ),
  readCard: {
    ...command(0x30, 0x01, (reply) => (reply.sw3 === 0x90 ? reply.data.length > 16 : only([])(reply))),
    slow: true,
  },
} as const satisfies Record<string, SdtCommand>;

function command(code: number, parameter: number, answeredBy: (reply: SdtReply) => boolean): SdtCommand {
  return { bytes: encodeSdtCommand(code, parameter), slow: false, answeredBy };
}

/** Why a command has no usable answer. */
export type SdtFailure =
  | { readonly kind: 'no-answer' }
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

/** After something went wrong the line must be silent this long before it is used again, so that a late answer has passed. */
const QUIET_MS = 100;
const LONGEST_QUIET_WAIT_MS = 1000;

type Answer = Result<SdtReply, SdtFailure>;

/** Speaks SDT on a line. It reads everything from it and overwrites what it has read: replies carry personal data. */
export function createSdtChannel(link: ByteLink, clock: Clock, timings: SdtTimings): SdtChannel {
  const decoder = createSdtFrameDecoder();
  let pending: { readonly command: SdtCommand; damaged: boolean; finish(answer: Answer): void } | undefined;
  let endFault: DeviceFault | undefined;
  let lastHeardMs = Number.NEGATIVE_INFINITY;
  let troubled = false;
  let queue: Promise<unknown> = Promise.resolve();

  const take = (found: readonly SdtDecoded[]) => {
    for (const item of found) {
      if (item.kind === 'damaged') {
        if (pending) pending.damaged = true;
      } else if (pending?.command.answeredBy(item.reply)) {
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
      const cancelTimer = clock.schedule(sent.slow ? timings.readReplyMs : timings.shortReplyMs, () => {
        pending?.finish(err({ kind: pending.damaged ? 'damaged' : 'no-answer' }));
      });
      pending = {
        command: sent,
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
