import type { FenceKind, PrinterLanguage } from '../commands/printer-language.ts';
import type { PrinterProtocol } from './printer-protocol.ts';
import { readStarStatus } from '../status/star-status.ts';
import type { StatusItem } from '../status/status-stream.ts';

/**
 * What came of waiting behind what was sent. `printed`: the printer proved that it is on paper · `processed`: it has come by, which
 * says less · `notPrinted`: it said so · `silent` · `stopped`: the signal aborted, or the line ended.
 */
export type FenceAnswer = 'printed' | 'processed' | 'notPrinted' | 'silent' | 'stopped';

/** The one fence that is under way. */
export interface Fence {
  readonly kind: FenceKind;
  /** Four characters 0x20–0x7E. */
  readonly id: string;
  /** Counted from when the question is on the line, ms. */
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/**
 * Sends the question of a fence and waits for its answer. Jobs run one after the other, so only one is under way. `GS r` that went
 * unanswered may still be answered: then it is asked so often that the last answer can only be one to what was asked now. Never
 * rejects.
 */
export async function waitAtFence(
  protocol: PrinterProtocol,
  language: PrinterLanguage,
  { kind, id, limitMs, signal }: Fence,
): Promise<FenceAnswer> {
  // A late question without a pattern would take the answer to `GS r` for its own.
  if (kind === 'paper-status') await protocol.questionsDone();
  const times = kind === 'paper-status' ? protocol.answersOwed() + 1 : 1;
  const awaited = { 'process-id': awaitId, 'paper-status': awaitBytes, etb: awaitEtb }[kind](
    protocol,
    id,
    times,
  );
  const question = language.fence(kind, id);
  const sent = await protocol.send(Buffer.concat(Array.from({ length: times }, () => question)), signal);
  const answer = await awaited.within(sent.ok ? limitMs : 0, signal);
  awaited.done();
  if (answer !== undefined) return answer;
  return signal.aborted || protocol.over().aborted ? 'stopped' : 'silent';
}

const nothing = () => undefined;

function idAnswer(item: StatusItem, id: string): FenceAnswer | undefined {
  return (item.kind === 'printed' || item.kind === 'notPrinted') && item.id === id ? item.kind : undefined;
}

function awaitId(protocol: PrinterProtocol, id: string) {
  return { ...protocol.expect((item) => idAnswer(item, id)), done: nothing };
}

/** `GS r` has no id; an echo of this job's id that comes late is better still. */
function awaitBytes(protocol: PrinterProtocol, id: string, times: number) {
  let left = times;
  return protocol.expectBytes(times, (item): FenceAnswer | undefined => {
    if (item.kind !== 'answer') return idAnswer(item, id);
    left -= 1;
    return left === 0 ? 'processed' : undefined;
  });
}

/**
 * Star counts each `ETB` that it has come to, with everything before it on paper. A status with this one's number proves it; a model
 * that does not count only says that it came to one.
 */
function awaitEtb(protocol: PrinterProtocol) {
  const number = protocol.nextEtb();
  const reply = protocol.expect((item): FenceAnswer | undefined => {
    if (item.kind !== 'starStatus') return undefined;
    const { etbExecuted, etbCount } = readStarStatus(item.bytes);
    if (etbCount === undefined) return etbExecuted ? 'processed' : undefined;
    return etbCount === number ? 'printed' : undefined;
  });
  return { ...reply, done: nothing };
}
