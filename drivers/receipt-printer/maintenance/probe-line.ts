import type { HealthDialogue } from '../../../src/devices/health-check.ts';
import { feedDots } from '../commands/commands.ts';
import { impossiblyFast } from '../printing/completion-proof.ts';
import { waitAtFence } from '../protocol/fence.ts';
import type { PrinterFindings } from '../printer-findings.ts';
import { DOTS_PER_MM, paperMs } from '../printer-profile.ts';
import type { ProbeTools } from './probe.ts';

/** White behind the line: out of the printer far enough to be read, and long enough that no head prints it in an instant, mm. */
const FEED_MM = 50;
const MECHANICS_ALLOWANCE_MS = 2000;
const PROBE_ID = '~LIN';

/** 打印测试, of GB 2312, and 喆堃, of GBK alone: names hold both, and a memory for GB 2312 alone prints the second part wrong. */
const COMMON = Uint8Array.from(Buffer.from('b4f2d3a1b2e2cad4', 'hex'));
const RARE = Uint8Array.from(Buffer.from('86b488d2', 'hex'));

/** What one printed line tells. */
export type LineFindings = Pick<PrinterFindings, 'echoesTooEarly' | 'proofMs' | 'chineseRom'>;

/**
 * Prints 打印测试 喆堃 and a number in the printer's own font, measures how long its proof takes, and lets somebody read it. An echo
 * that comes before so much paper can have moved proves nothing. The only paper that a probe moves, and only when asked to.
 * @param digits four of them, so that nobody reads the line of last week
 */
export async function printProbeLine(
  tools: ProbeTools,
  findings: PrinterFindings,
  digits: string,
  dialogue: HealthDialogue | undefined,
): Promise<LineFindings> {
  const { proofMs, answeredById } = await timeLine(tools, findings, digits);
  const timed: LineFindings = proofMs === undefined ? {} : { proofMs: Math.round(proofMs) };
  const early = proofMs !== undefined && impossiblyFast(FEED_MM, proofMs);
  const judged = answeredById && proofMs !== undefined ? { ...timed, echoesTooEarly: early } : timed;
  const chineseRom = tools.profile.language === 'esc-pos' ? await readLine(dialogue) : undefined;
  return chineseRom === undefined ? judged : { ...judged, chineseRom };
}

async function timeLine(tools: ProbeTools, findings: PrinterFindings, digits: string) {
  const { protocol, language, profile, clock } = tools;
  const { processId, etb, paperStatus } = findings.proofs;
  const kind = etb ? 'etb' : processId ? 'process-id' : 'paper-status';
  const beganMs = clock.monotonicMs();
  protocol.etbCountBegins(0);
  await protocol.send(language.prepare);
  await protocol.send(lineBytes(tools, digits));
  if (!etb && !processId && !paperStatus) return { proofMs: undefined, answeredById: false };
  const limitMs =
    3 * (paperMs(profile, FEED_MM * DOTS_PER_MM) + protocol.outstandingMs()) + MECHANICS_ALLOWANCE_MS;
  const fence = { kind, id: PROBE_ID, limitMs, signal: protocol.over() } as const;
  const answer = await waitAtFence(protocol, language, fence);
  const proofMs = answer === 'printed' || answer === 'processed' ? clock.monotonicMs() - beganMs : undefined;
  return { proofMs, answeredById: kind !== 'paper-status' };
}

/** Star Line prints what is not a command, and knows no Chinese here: digits only, and `ESC J` counts quarters of a millimetre. */
function lineBytes({ profile }: ProbeTools, digits: string): Uint8Array {
  const number = Buffer.from(digits, 'latin1');
  if (profile.language === 'star-line') {
    return Buffer.concat([number, Uint8Array.of(0x0a, 0x1b, 0x4a, FEED_MM * 4)]);
  }
  const twoByteOn = Uint8Array.of(0x1c, 0x26);
  const space = Uint8Array.of(0x20);
  return Buffer.concat([
    twoByteOn,
    COMMON,
    space,
    RARE,
    space,
    number,
    Uint8Array.of(0x0a),
    feedDots(FEED_MM * DOTS_PER_MM),
  ]);
}

async function readLine(dialogue: HealthDialogue | undefined): Promise<LineFindings['chineseRom']> {
  const legible = await dialogue?.question('printer.line-legible');
  if (legible !== true) return legible === false ? 'none' : undefined;
  return (await dialogue?.question('printer.rare-characters-legible')) === true ? 'gb18030' : 'gb2312';
}
