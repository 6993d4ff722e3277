import { gmReply } from '../families/gm6x.ts';
import { honeywellReplyTo } from '../families/honeywell.ts';
import { newlandReplyTo } from '../families/newland.ts';
import { ssiReply } from '../families/ssi.ts';
import { ssiOpcodes } from '../families/ssi-packet.ts';
import { readIdentityText } from '../identity-text.ts';
import type { ReplyMatch, ReplyMatcher } from '../commands/scanner-command.ts';
import type { ScannerFamilyName } from '../families/scanner-family.ts';
import { harmless } from './trace-code-blanking.ts';

/** What counts as the answer to a command that was seen to leave. */
export interface ExpectedReply {
  readonly match: ReplyMatcher;
  /** A text comes before the answer itself, and something else may come before the text. */
  readonly withText: boolean;
}

/** The answer that a command is given; undefined when it is given none, or is no command of this family. */
export function replyExpectedTo(family: ScannerFamilyName, command: Uint8Array): ExpectedReply | undefined {
  const match = matcherOf(family, command);
  return match && { match, withText: family === 'honeywell' && textOf(command, 3, 1) === 'REVINF' };
}

function matcherOf(family: ScannerFamilyName, command: Uint8Array): ReplyMatcher | undefined {
  switch (family) {
    case 'newland':
      return startsWith(command, [0x7e, 0x01]) ? newlandReplyTo(textOf(command, 7, 2)) : undefined;
    case 'honeywell':
      if (!startsWith(command, [0x16, 0x4d, 0x0d])) return undefined;
      return honeywellReplyTo(textOf(command, 3, 1), textOf(command, 3, 1) === 'REVINF');
    case 'gm6x':
      if (!startsWith(command, [0x7e, 0x00])) return undefined;
      // A read (07) is given as many bytes as it asks for, everything else one.
      return gmReply(command[2] === 0x07 ? command[6] : 1);
    case 'ssi':
      return ssiMatcher(command[1]);
  }
}

function ssiMatcher(opcode: number | undefined): ReplyMatcher | undefined {
  switch (opcode) {
    case undefined:
    case ssiOpcodes.acknowledge:
    case ssiOpcodes.refuse:
      return undefined;
    case ssiOpcodes.requestRevision:
      return ssiReply(ssiOpcodes.replyRevision);
    case ssiOpcodes.paramRequest:
      return ssiReply(ssiOpcodes.paramSend);
    default:
      return ssiReply();
  }
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, index) => bytes[index] === byte);
}

function textOf(bytes: Uint8Array, head: number, tail: number): string {
  return Buffer.from(bytes.subarray(head, Math.max(head, bytes.length - tail))).toString('latin1');
}

/** So much of an answer is its frame, by family: it stays even where the answer is damaged. Bytes. */
const HEAD_BYTES: Readonly<Record<ScannerFamilyName, number>> = { newland: 7, gm6x: 4, ssi: 4, honeywell: 0 };
const NEWLAND_END_BYTES = 2;

/** An answer as it may be told. What is damaged may be anything, so only its frame is told of it. */
export function toldReply(
  family: ScannerFamilyName,
  bytes: Uint8Array,
  { reply }: Exclude<ReplyMatch, string>,
  { withText }: ExpectedReply,
): Uint8Array {
  if (reply.kind === 'damaged') {
    const end = bytes.length - (family === 'newland' ? NEWLAND_END_BYTES : 0);
    return bytes.map((byte, index) => (index < HEAD_BYTES[family] || index >= end ? byte : harmless(byte)));
  }
  if (!withText || reply.kind !== 'accepted') return Uint8Array.from(bytes);
  const told = Uint8Array.from(bytes);
  told.set(toldText(bytes.subarray(0, reply.data.length)));
  return told;
}

/** Of a text before an answer only the lines in which the scanner names itself: a code may have come in between. */
function toldText(text: Uint8Array): Uint8Array {
  const told = text.map((byte) => harmless(byte));
  let from = 0;
  for (let at = 0; at <= text.length; at += 1) {
    const byte = text[at];
    if (byte !== undefined && byte !== 0x0d && byte !== 0x0a) continue;
    const line = text.subarray(from, at);
    if (namesItself(line)) told.set(line, from);
    from = at + 1;
  }
  return told;
}

/** A line `name: value` with a name that is known; of any other the whole line would be taken for the firmware's name. */
function namesItself(line: Uint8Array): boolean {
  const colon = line.indexOf(0x3a);
  const { model, serialNumber, firmware } = readIdentityText(line);
  const value = model ?? serialNumber ?? firmware;
  return (
    colon >= 0 &&
    value ===
      Buffer.from(line.subarray(colon + 1))
        .toString('latin1')
        .trim()
  );
}
