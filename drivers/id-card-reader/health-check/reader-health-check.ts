import type { HealthCheckLevel } from '../../../src/devices/health-check.ts';
import type { DeviceFault } from '../../../src/devices/status.ts';
import { err, ok } from '../../../src/platform/result.ts';
import type { Result } from '../../../src/platform/result.ts';
import type { HealthSteps } from './health-steps.ts';
import { probePresence } from '../card-reading/presence-probe.ts';
import type { ProbedReader } from '../card-reading/presence-probe.ts';
import { askAfterReset, askCondition, askSamId, resetModule } from '../reader-handshake.ts';
import type { ReaderCondition } from '../reader-handshake.ts';
import { tryCard } from './test-card.ts';

/** The step at which every check begins. */
export const FIRST_HEALTH_STEP = 'reader.sam-status';

/** What a health check works with. */
export interface CheckedReader extends ProbedReader {
  /** The line on which the reader answered; it tells the speed that was found. */
  readonly line: string;
}

/**
 * `internal` status and SAM number · `external` a reset, at which the field blinks, and status again · `interactive` a card of
 * the technician's, read and then used to find out whether this reader sees a card that was read. Whose card it is, is never
 * told.
 */
export async function checkReader(
  reader: CheckedReader,
  level: HealthCheckLevel,
  steps: HealthSteps,
  signal: AbortSignal,
): Promise<void> {
  // Its turn may come when nobody waits for it any more.
  if (signal.aborted) return;
  const { channel } = reader.search.reading;
  await steps.ask(
    FIRST_HEALTH_STEP,
    async () => readyOrFault(await askCondition(channel)),
    () => ({ line: reader.line }),
  );
  await steps.ask(
    'reader.sam-id',
    () => askSamId(channel),
    (samId) => ({ samId }),
  );
  if (level === 'internal' || signal.aborted) return;

  await steps.ask('reader.reset', () => resetModule(channel));
  const ready = await steps.ask('reader.sam-status-after-reset', async () =>
    readyOrFault(await askAfterReset(channel)),
  );
  if (level === 'external' || signal.aborted || ready === undefined) return;

  if (await tryCard(reader.search, steps, signal)) await probePresence(reader, steps, signal);
}

function readyOrFault(asked: Result<ReaderCondition, DeviceFault>): Result<'ready', DeviceFault> {
  if (!asked.ok) return asked;
  return asked.value.kind === 'ready' ? ok('ready') : err(asked.value.fault);
}
