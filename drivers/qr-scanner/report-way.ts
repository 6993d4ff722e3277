import type { Clock } from '../../src/platform/clock.ts';
import { err } from '../../src/platform/result.ts';
import { linkFaults } from '../transport/link-faults.ts';
import type { ReportLink } from '../transport/report-link.ts';
import { createFrameSilence } from './framing/frame-silence.ts';
import { commandReportId, encodeCommandReport } from './commands/hid-commands.ts';
import type { HidPosLayout } from './framing/hid-pos-report.ts';
import { createReportAssembler } from './framing/report-assembly.ts';
import type { ScanFrame } from './framing/scan-framing.ts';
import type { ScannerFamilyName } from './families/scanner-family.ts';
import type { CommandLine, ReplyExpectation, ScannerWay } from './scanner-way.ts';

/** How the reports of a HID POS scanner are read. */
export interface ReportWayOptions {
  readonly layout: HidPosLayout;
  /** Longest code in bytes. */
  readonly maxLength: number;
  /** Whose commands are to be carried; undefined: none. */
  readonly family: ScannerFamilyName | undefined;
}

/** Honeywell's scanners speak of themselves with identifiers that no code has: `]X` for text, `]Z` for an answer. */
const isAboutItself = (aim: string | undefined) =>
  aim?.startsWith(']X') === true || aim?.startsWith(']Z') === true;

/** More than the longest text a scanner tells of itself (REVINF, some 350 bytes). */
const MOST_TOLD_BYTES = 2048;

/** A HID POS scanner. What was read is overwritten. */
export function createReportWay(link: ReportLink, clock: Clock, options: ReportWayOptions): ScannerWay {
  const assembler = createReportAssembler(options.layout, options.maxLength);
  const replies = createReplyFinder(options.family === 'honeywell');
  let listener: (frames: readonly ScanFrame[]) => void = () => undefined;
  const pass = (frames: readonly ScanFrame[]) => {
    listener(frames.filter((frame) => !replies.take(frame)));
  };
  const silence = createFrameSilence(clock, assembler, () => {
    pass(assembler.silence());
  });
  link.onReport((report) => {
    pass(assembler.push(report, clock.monotonicMs()));
    report.fill(0);
    silence.heard();
  });
  const noteEnd = async () => {
    const end = await link.ended;
    silence.stop();
    assembler.silence();
    return end;
  };
  const reportId = options.family && commandReportId(options.layout, options.family);

  return {
    ended: noteEnd(),
    close: () => link.close(),
    identity: link.identity,
    ...(reportId === undefined ? {} : { commands: commandLine(link, reportId, replies) }),
    listen(next) {
      listener = next;
    },
  };
}

function commandLine(link: ReportLink, reportId: number, replies: Pick<CommandLine, 'expect'>): CommandLine {
  return {
    send(command) {
      const report = encodeCommandReport(reportId, command);
      return report.ok ? link.write(report.value) : Promise.resolve(err(linkFaults.unfit));
    },
    expect(expectation) {
      replies.expect(expectation);
    },
  };
}

/** Tells answers from codes. Where reports name what they hold, by that; elsewhere an answer is a whole message while one is expected. */
function createReplyFinder(namesItsAnswers: boolean) {
  let expectation: ReplyExpectation | undefined;
  let told = new Uint8Array();

  const answers = (bytes: Uint8Array): boolean => {
    const match = expectation?.match(bytes, true);
    if (match === undefined || typeof match === 'string') return false;
    if (match.reply.kind !== 'other') expectation?.take(match.reply);
    return true;
  };
  const hearOfItself = (bytes: Uint8Array) => {
    told = expectation ? Uint8Array.of(...told, ...bytes).slice(-MOST_TOLD_BYTES) : new Uint8Array();
    if (answers(told)) told = new Uint8Array();
  };
  return {
    expect(next: ReplyExpectation | undefined) {
      expectation = next;
      told = new Uint8Array();
    },
    /** Whether this was no code. */
    take(frame: ScanFrame): boolean {
      if (frame.kind !== 'complete') return false;
      if (!namesItsAnswers) return answers(frame.bytes);
      if (!isAboutItself(frame.aim)) return false;
      hearOfItself(frame.bytes);
      return true;
    },
  };
}
