import type { DeviceFault } from '../../src/devices/status.ts';
import { err, ok } from '../../src/platform/result.ts';
import type { Result } from '../../src/platform/result.ts';
import { readerFaults } from './card-reading.ts';
import { parseSamId } from './sam-id.ts';
import { sdtCommands } from './sdt-protocol.ts';
import type { SdtChannel } from './sdt-protocol.ts';
import { sdtStatusOf } from './sdt-status.ts';

/** How a reader that answers is: ready, or answering but unfit. */
export type ReaderCondition =
  | { readonly kind: 'ready' }
  | { readonly kind: 'unfit'; readonly fault: DeviceFault };

/** Asks the reader how it is (`11 FF`), once. A failure means that nobody who speaks SDT answered. */
export async function askCondition(channel: SdtChannel): Promise<Result<ReaderCondition, DeviceFault>> {
  const answer = await channel.exchange(sdtCommands.status);
  if (!answer.ok) {
    if (answer.error.kind === 'link') return err(answer.error.fault);
    return err(answer.error.kind === 'damaged' ? readerFaults.answerDamaged : readerFaults.noAnswer);
  }
  const status = sdtStatusOf(answer.value.sw3);
  return ok(status.class === 'ok' ? { kind: 'ready' } : { kind: 'unfit', fault: status.fault });
}

/**
 * Greets a reader after opening the line: status, and if that is not good, one reset (`10 FF`) and status again. A reader
 * that was interrupted in the middle of a command may swallow the first greeting, so silence is asked again once more.
 */
export async function greet(channel: SdtChannel): Promise<Result<ReaderCondition, DeviceFault>> {
  const first = await askCondition(channel);
  if (first.ok && first.value.kind === 'ready') return first;
  await channel.exchange(sdtCommands.reset);
  const second = await askCondition(channel);
  return second.ok || first.ok ? second : askCondition(channel);
}

/** The security module's number, for the audit log; undefined when the reader does not tell. */
export async function askSamId(channel: SdtChannel): Promise<string | undefined> {
  const answer = await channel.exchange(sdtCommands.samId);
  if (!answer.ok || sdtStatusOf(answer.value.sw3).class !== 'ok') return undefined;
  return parseSamId(answer.value.data);
}
