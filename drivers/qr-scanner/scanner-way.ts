import type { ConnectionEnd } from '../../src/devices/contract.ts';
import type { DeviceIdentity } from '../../src/devices/device-findings.ts';
import type { DeviceFault } from '../../src/devices/status.ts';
import type { Result } from '../../src/platform/result.ts';
import type { ScanFrame } from './framing/scan-framing.ts';
import type { ReplyMatcher, ScannerReply } from './commands/scanner-command.ts';

/** What counts as an answer at present, and who takes it. */
export interface ReplyExpectation {
  readonly match: ReplyMatcher;
  /** Called once for each answer; data are views, to be read at once. */
  readonly take: (reply: ScannerReply) => void;
}

/** The command side of a way in. */
export interface CommandLine {
  send(command: Uint8Array): Promise<Result<void, DeviceFault>>;
  /**
   * What is to be taken out of the stream as an answer from now on. Undefined: nothing is, every byte belongs to a code; a code
   * may well contain the bytes of an answer.
   */
  expect(expectation: ReplyExpectation | undefined): void;
}

/** One way in to a scanner: a stream of bytes, or HID reports. The connection above cannot tell which. */
export interface ScannerWay {
  readonly ended: Promise<ConnectionEnd>;
  close(): Promise<void>;
  /** What the cable says of the device. */
  readonly identity: DeviceIdentity;
  /** Undefined: no command is known that could be carried this way. */
  readonly commands?: CommandLine;
  /** Hands over whatever was scanned. One listener, called before anything comes in; it overwrites the bytes it was given. */
  listen(listener: (frames: readonly ScanFrame[]) => void): void;
}
