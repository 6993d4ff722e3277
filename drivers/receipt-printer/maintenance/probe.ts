import { sleep } from '../../../src/platform/clock.ts';
import type { Clock } from '../../../src/platform/clock.ts';
import { askIdentity, askPaperInOrder, askProcessId, setAutomaticStatus } from '../commands/commands.ts';
import type { PrinterFindings } from '../printer-findings.ts';
import type { ReceiptPrinterProfile } from '../printer-profile.ts';
import { LATE_REPLY_MS, REAL_TIME_LIMIT_MS } from '../protocol/printer-protocol.ts';
import type { PrinterProtocol } from '../protocol/printer-protocol.ts';
import { initialiseAndProve } from '../printing/purge.ts';
import type { PurgeTools } from '../printing/purge.ts';
import { readStarStatus } from '../status/star-status.ts';
import { canPrint } from '../status/status.ts';
import { statusDialects } from '../status/status-dialects.ts';

/** What a probe needs; the printer is idle, and nothing else is done with it meanwhile. */
export interface ProbeTools extends PurgeTools {
  readonly protocol: PrinterProtocol;
  readonly clock: Clock;
  readonly profile: ReceiptPrinterProfile;
  /** Once it aborts nothing more is asked; what was found by then is not the whole truth. */
  readonly signal: AbortSignal;
}

/** An answer is over when nothing has come for so long, ms. */
const QUIET_MS = 60;
const PROBE_ID = '~PRB';
const ALL = 0xff;
const DLE = 0x10;

type Answer = PrinterFindings['answers'][string];

/**
 * Finds out what a unit really answers, whatever its name: each question alone, its answer awaited, late ones waited out. Moves no
 * paper. Of the real-time commands only `DLE EOT` is sent: never `DLE ENQ` or `DLE DC4`, and no self-test. A printer that is out of
 * order is only asked in real time: what it is asked in turn would lie in its buffer, and be answered or printed some time.
 */
export async function probePrinter(tools: ProbeTools): Promise<PrinterFindings> {
  const asking = new Asking(tools);
  if (tools.profile.language === 'star-line') return probeStar(tools, asking);
  const processes = canPrint(tools.protocol.flags());
  // Nothing unasked meanwhile.
  if (processes) await tools.protocol.send(setAutomaticStatus(0));
  for (const n of [1, 2, 3, 4, 5, 6, 20]) await asking.ask(`DLE EOT ${n}`, realTime(n));
  const answersLate = await findOrder(asking);
  if (processes || answersLate === true) await askInTurn(tools, asking);
  const { answers } = asking;
  return {
    version: 1,
    answers,
    automaticStatus: beginsLike(answers['GS a 255'], 0x93, 0x10) && byteCount(answers['GS a 255']) >= 4,
    answersLate,
    flowBytesSeen: asking.flowBytesSeen || tools.protocol.seenFlowBytes(),
    exitSensorCandidates: exitQuestions(tools.profile).filter((name) => byteCount(answers[name]) > 0),
    proofs: {
      processId: answers['GS ( H']?.bytes === `3722${Buffer.from(PROBE_ID, 'latin1').toString('hex')}00`,
      paperStatus: byteCount(answers['GS r 1']) === 1 && beginsLike(answers['GS r 1'], 0x90, 0x00),
      etb: false,
    },
  };
}

async function askInTurn(tools: ProbeTools, asking: Asking): Promise<void> {
  await asking.ask('GS a 255', setAutomaticStatus(ALL));
  await tools.protocol.send(setAutomaticStatus(0));
  await asking.ask('GS r 1', askPaperInOrder);
  await asking.ask('GS ( H', askProcessId(PROBE_ID));
  for (const n of [1, 2, 3, 65, 66, 67, 68, 69] as const) await asking.ask(`GS I ${n}`, askIdentity(n));
  await initialiseAndProve(tools);
}

/** Where the profile's dialect reads a sensor at the exit. What it does not read could never be seen, whatever the unit answers. */
function exitQuestions({ statusDialect }: ReceiptPrinterProfile): readonly string[] {
  return statusDialects[statusDialect].questions
    .filter(({ tables }) => tables.some((table) => table.paperAtExit !== undefined))
    .map(({ name }) => name);
}

async function probeStar(tools: ProbeTools, asking: Asking): Promise<PrinterFindings> {
  await asking.ask('ESC ACK SOH', Uint8Array.of(0x1b, 0x06, 0x01));
  // Counter to 0, automatic status on, and one `ETB`: the status that comes must have counted it.
  const counted = await asking.ask('ETB', tools.language.initialise);
  tools.protocol.etbCountBegins(tools.language.etbsInInitialise);
  const status = counted === null ? undefined : readStarStatus([...Buffer.from(counted.bytes, 'hex')]);
  return {
    version: 1,
    answers: asking.answers,
    automaticStatus: status !== undefined,
    answersLate: false,
    flowBytesSeen: asking.flowBytesSeen || tools.protocol.seenFlowBytes(),
    exitSensorCandidates: byteCount(counted) >= 9 ? ['ETB'] : [],
    proofs: {
      processId: false,
      paperStatus: false,
      etb: beginsLike(counted, 0x91, 0x01) && status?.etbCount === 1,
    },
  };
}

const realTime = (n: number) => Uint8Array.of(0x10, 0x04, n);

/**
 * A printer that answers each question with the answer to the one before it shows when two questions with different answers are
 * asked twice each, in turn: the first of each pair repeats the other's.
 */
async function findOrder(asking: Asking): Promise<PrinterFindings['answersLate']> {
  for (const other of [2, 3, 4]) {
    const heard: (string | undefined)[] = [];
    for (const n of [1, 1, other, other, 1, 1]) heard.push((await asking.once(realTime(n)))?.bytes);
    const [, first, changed, second, back] = heard;
    if (heard.includes(undefined) || first === second) continue;
    return changed === first && back === second;
  }
  return 'undetermined';
}

/** Asks one thing after another and keeps what came. */
class Asking {
  readonly answers: PrinterFindings['answers'] = {};
  flowBytesSeen = false;
  readonly #tools: ProbeTools;

  constructor(tools: ProbeTools) {
    this.#tools = tools;
  }

  async ask(name: string, bytes: Uint8Array): Promise<Answer> {
    const answer = await this.once(bytes);
    this.answers[name] = answer;
    // What does not know a question may print it: its letters are dropped before there is a line of them.
    if (answer === null && bytes[0] !== DLE && this.#tools.profile.language === 'esc-pos')
      await this.#tools.protocol.send(Uint8Array.of(0x1b, 0x40));
    return answer;
  }

  async once(bytes: Uint8Array): Promise<Answer> {
    const { protocol, clock, signal } = this.#tools;
    if (signal.aborted) return null;
    const beganMs = clock.monotonicMs();
    const { heard, firstAtMs } = await protocol.collect(bytes, REAL_TIME_LIMIT_MS, QUIET_MS);
    if (heard.length === 0) {
      await sleep(clock, LATE_REPLY_MS, AbortSignal.any([protocol.over(), signal]));
      return null;
    }
    const told = heard.filter((byte) => !isFlowByte(byte));
    if (told.length < heard.length) this.flowBytesSeen = true;
    if (told.length === 0) return null;
    return { bytes: Buffer.from(told).toString('hex'), ms: Math.round(firstAtMs - beganMs) };
  }
}

const isFlowByte = (byte: number) => byte === 0x11 || byte === 0x13;

function beginsLike(answer: Answer | undefined, mask: number, pattern: number): boolean {
  if (answer === null || answer === undefined) return false;
  return (Number.parseInt(answer.bytes.slice(0, 2), 16) & mask) === pattern;
}

function byteCount(answer: Answer | undefined): number {
  return (answer?.bytes.length ?? 0) / 2;
}
