import type { DeviceIdentity } from '../../src/devices/device-findings.ts';
import { askIdentity } from './commands/commands.ts';
import type { IdentityQuestion } from './commands/commands.ts';
import type { PrinterProtocol } from './protocol/printer-protocol.ts';

/** Long enough for any printer that is idle, ms; silence is fine. */
const LIMIT_MS = 300;

const BLOCK = 0x5f;

/** In this order; the first silence ends the asking, for such printers answer none of them. */
const QUESTIONS = [
  [67, 'model'],
  [66, 'maker'],
  [68, 'serialNumber'],
  [65, 'firmware'],
] as const satisfies readonly (readonly [IdentityQuestion, keyof DeviceIdentity])[];

/**
 * Who the printer says it is (`GS I`). Clones answer with other makers' names, so it is a key for what is known of this unit, and
 * nothing is concluded from it. What prints the question as letters has them in its line buffer: initialise afterwards.
 */
export async function askWhoItIs(protocol: PrinterProtocol): Promise<DeviceIdentity> {
  const identity: { -readonly [Field in keyof DeviceIdentity]: DeviceIdentity[Field] } = {};
  for (const [question, field] of QUESTIONS) {
    const block = protocol.expect((item) =>
      item.kind === 'block' && item.bytes[0] === BLOCK ? item.bytes.slice(1) : undefined,
    );
    await protocol.send(askIdentity(question));
    const text = await block.within(protocol.outstandingMs() + LIMIT_MS);
    if (text === undefined) break;
    const readable = readableText(text);
    if (readable !== '') identity[field] = readable;
  }
  return identity;
}

/** Printable ASCII; a name that holds anything else is cut down to what can be shown. */
export function readableText(bytes: readonly number[]): string {
  return bytes
    .filter((byte) => byte >= 0x20 && byte <= 0x7e)
    .map((byte) => String.fromCharCode(byte))
    .join('')
    .trim();
}
