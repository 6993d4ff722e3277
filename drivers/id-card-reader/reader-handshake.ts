import type { DeviceFault } from '../../src/devices/status.ts';
import { err, ok } from '../../src/platform/result.ts';
import type { Result } from '../../src/platform/result.ts';
import { readerFaults } from './card-reading/card-reading.ts';
import { parseSamId } from './sdt/sam-id.ts';
import { sdtCommands } from './sdt/sdt-protocol.ts';
import type { SdtChannel, SdtFailure } from './sdt/sdt-protocol.ts';
import { sdtStatusOf } from './sdt/sdt-status.ts';

/** How a reader that answers is: ready, or answering but unfit. */
export type ReaderCondition =
  | { readonly kind: 'ready' }
  | { readonly kind: 'unfit'; readonly fault: DeviceFault };

/** Asks the reader how it is (`11 FF`), once. A failure means that nobody who speaks SDT answered. */
export async function askCondition(channel: SdtChannel): Promise<Result<ReaderCondition, DeviceFault>> {
  const answer = await channel.exchange(sdtCommands.status);
  if (!answer.ok) return err(faultOf(answer.error));
  const status = sdtStatusOf(answer.value.sw3);
  return ok(status.class === 'ok' ? { kind: 'ready' } : { kind: 'unfit', fault: status.fault });
}

/** Resets the module (`10 FF`); the field goes off for a moment, and a card on it counts as new. */
export async function resetModule(channel: SdtChannel): Promise<Result<void, DeviceFault>> {
  const answer = await channel.exchange(sdtCommands.reset);
  if (!answer.ok) return err(faultOf(answer.error));
  const status = sdtStatusOf(answer.value.sw3);
  return status.class === 'ok' ? ok(undefined) : err(status.fault);
}

/** How the reader is after a reset; asked twice, because it may still be starting. */
export async function askAfterReset(channel: SdtChannel): Promise<Result<ReaderCondition, DeviceFault>> {
  const first = await askCondition(channel);
  return first.ok ? first : askCondition(channel);
}

/** Resets the module, whatever it says to that, and asks it how it is. */
export async function resetAndAsk(channel: SdtChannel): Promise<Result<ReaderCondition, DeviceFault>> {
  await resetModule(channel);
  return askAfterReset(channel);
}

/** The security module's number, for the audit log. */
export async function askSamId(channel: SdtChannel): Promise<Result<string, DeviceFault>> {
  const answer = await channel.exchange(sdtCommands.samId);
  if (!answer.ok) return err(faultOf(answer.error));
  const status = sdtStatusOf(answer.value.sw3);
  const samId = status.class === 'ok' ? parseSamId(answer.value.data) : undefined;
  return samId === undefined ? err(status.fault) : ok(samId);
}

/** Something that is no answer is still a sign that there is somebody at the other end, perhaps at another speed. */
function faultOf(failure: SdtFailure): DeviceFault {
  switch (failure.kind) {
    case 'link':
      return failure.fault;
    case 'damaged':
      return readerFaults.answerDamaged;
    case 'no-answer':
      return failure.heard ? readerFaults.answerDamaged : readerFaults.noAnswer;
  }
}
