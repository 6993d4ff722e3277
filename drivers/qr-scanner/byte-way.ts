import type { Clock } from '../../src/platform/clock.ts';
import type { ByteLink } from '../transport/byte-link.ts';
import { createFrameSilence } from './framing/frame-silence.ts';
import { createReplySeparator } from './commands/reply-separation.ts';
import { createScanFramer } from './framing/scan-framer.ts';
import type { ScanFrame, ScanFramer, ScanFraming } from './framing/scan-framing.ts';
import type { ReplyExpectation, ScannerWay } from './scanner-way.ts';
import { createSsiFramer } from './framing/ssi-framing.ts';

/** How the stream of a serial, CDC or TCP scanner is read. */
export interface ByteWayOptions {
  readonly framing: ScanFraming;
  /** Silence that ends a code without suffix, ms. */
  readonly gapMs: number;
  /** Longest code in bytes. */
  readonly maxLength: number;
}

/** A scanner at the end of a stream of bytes. What was read is overwritten. */
export function createByteWay(link: ByteLink, clock: Clock, options: ByteWayOptions): ScannerWay {
  const packets = options.framing === 'SSI';
  let listener: (frames: readonly ScanFrame[]) => void = () => undefined;
  let expectation: ReplyExpectation | undefined;

  /** Where everything comes in packets, an answer is a packet of its own. */
  const onPacket = (packet: Uint8Array) => {
    const match = expectation?.match(packet, true);
    if (match === undefined || typeof match === 'string' || match.reply.kind === 'other') return;
    expectation?.take(match.reply);
  };
  const framer: ScanFramer =
    options.framing === 'SSI'
      ? createSsiFramer({
          maxLength: options.maxLength,
          onPacket,
          // What could not be sent is asked for by the scanner itself, or the link ends.
          answer: (packet) => void link.write(packet),
        })
      : createScanFramer(options.framing, options.maxLength, options.gapMs);
  const silence = createFrameSilence(clock, framer, () => {
    listener(framer.silence());
    silence.heard();
  });
  const codes = {
    push(bytes: Uint8Array, atMs: number) {
      listener(framer.push(bytes, atMs));
      silence.heard();
    },
    get counting() {
      return framer.counting;
    },
    hold(held: boolean) {
      if (held) silence.stop();
      else silence.heard();
    },
  };
  const separator = createReplySeparator(codes, clock);

  link.onData((bytes) => {
    (packets ? codes : separator).push(bytes, clock.monotonicMs());
    bytes.fill(0);
  });
  const noteEnd = async () => {
    const end = await link.ended;
    silence.stop();
    separator.stop();
    framer.silence();
    return end;
  };

  return {
    ended: noteEnd(),
    close: () => link.close(),
    identity: link.identity ?? {},
    commands: {
      send: (command) => link.write(command),
      expect(next) {
        expectation = next;
        if (!packets) separator.expect(next);
      },
    },
    listen(next) {
      listener = next;
    },
  };
}
