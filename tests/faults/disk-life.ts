import { createIssuance, type Issuance } from '../../src/issuance/issuance.ts';
import { DEFAULT_LIMITS } from '../../src/issuance/settings.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import type { DiskWorld, Errand } from './disk-world.ts';

/** How one life of a kiosk went. */
export interface LifeReport {
  /** `died`: nobody knew what is on the disk, as an agent that ends with 70. */
  readonly end: 'served' | 'died';
  /** Whose slip came out as it must. */
  readonly served: readonly string[];
  /** The database was damaged and moved aside. */
  readonly damaged: boolean;
  /** What should never be, whatever the disk does. */
  readonly wrong: readonly string[];
}

export interface LifeOptions {
  readonly directory: string;
  readonly errands: readonly Errand[];
  /** A move is on disk, and what it stands for is not begun. */
  readonly onMove?: (journal: string) => void;
}

/** Virtual time in which anything is over when everything answers. */
const OVER_WITHIN_MS = 600_000;
/** What the printer still has when the kiosk dies comes out. */
const PRINTED_WITHIN_MS = 10_000;
/** What a session leaves in the store, none of it anybody's. */
const SEALED = ['subjectToken', 'identificationId', 'maskedName'] as const;

/**
 * One life of production's store and issuance: opening, recovery, people one after the other, and an orderly end. It ends early
 * where the agent would: when the journal or any other write throws.
 */
export async function live(
  world: DiskWorld,
  { directory, errands, onMove }: LifeOptions,
): Promise<LifeReport> {
  const report = {
    end: 'served' as LifeReport['end'],
    served: [] as string[],
    damaged: false,
    wrong: [] as string[],
  };
  const clock = world.time.view();
  let store: Store | undefined;
  try {
    const opened = await openStore({
      directory,
      clock,
      random: systemRandom,
      onDamaged: () => {
        report.damaged = true;
      },
    });
    if (!opened.ok) {
      // Everything else would not be mended by a restart.
      if (opened.error.kind !== 'unavailable') report.wrong.push(`refused for ever: ${opened.error.kind}`);
      return { ...report, end: 'died' };
    }
    store = opened.value;
    await serve(world, store, { clock, errands, ...(onMove && { onMove }) }, report);
    store.close();
    return report;
  } catch (error) {
    if (!isOfTheDisk(error)) report.wrong.push(`an error that is none of the disk's: ${String(error)}`);
    return { ...report, end: 'died' };
  } finally {
    await world.time.advance(PRINTED_WITHIN_MS);
  }
}

async function serve(
  world: DiskWorld,
  store: Store,
  life: { clock: Clock; errands: readonly Errand[]; onMove?: (journal: string) => void },
  report: { served: string[]; wrong: string[] },
): Promise<void> {
  const dead = Promise.withResolvers<never>();
  // Raced against below, and nobody's when the life ends well.
  dead.promise.catch(() => undefined);
  const ports = world.ports(store.journal, dead.reject, life.onMove ?? (() => undefined));
  const issuance = createIssuance(ports, { minimumEvidence: 'E2', limits: DEFAULT_LIMITS });
  const within = <T>(work: Promise<T>) => Promise.race([over(world, work), dead.promise]);
  try {
    if (!(await within(issuance.recover(store.lost)))) report.wrong.push('recovery does not come to an end');
    for (const errand of life.errands) {
      const outcome = await within(visit(store, issuance, errand));
      if (outcome === 'issued') report.served.push(errand.person);
      else report.wrong.push(`${errand.kind} came to ${outcome ?? 'no end'}`);
      store.events.append('session.end', { outcome: outcome ?? 'none' });
      store.serverTimeFloor.raise(life.clock.wallClockMs());
    }
    const empty = until(world, () => store.journal.unfinished().length === 0);
    if (!(await Promise.race([empty, dead.promise]))) report.wrong.push('the journal does not become empty');
  } finally {
    issuance.stop();
  }
}

/** A session with one operation, as the agent keeps it in the store. */
async function visit(store: Store, issuance: Issuance, { opId, kind }: Errand): Promise<string> {
  const session = store.sessions.begin(store.sessions.lastEpoch() + 1);
  session.setMethod('id-card');
  for (const column of SEALED) session.vault.put(column, Buffer.from(`${column} of nobody`));
  session.setOperation(opId);
  const handle = issuance.runIssuance({ kind, opId });
  const outcome = await handle.outcome;
  if (outcome.kind === 'issued') handle.answerForSlip('in-hand');
  session.end(outcome.kind);
  return outcome.kind;
}

/** What comes of `work` while virtual time goes on; undefined when it never ends. */
async function over<T>(world: DiskWorld, work: Promise<T>): Promise<T | undefined> {
  let result: { readonly value: T } | { readonly error: unknown } | undefined;
  void work.then(
    (value) => {
      result = { value };
      return undefined;
    },
    (error: unknown) => {
      result = { error };
    },
  );
  await world.time.advance(OVER_WITHIN_MS, () => result !== undefined);
  if (result !== undefined && 'error' in result) throw result.error;
  return result?.value;
}

async function until(world: DiskWorld, holds: () => boolean): Promise<boolean> {
  await world.time.advance(OVER_WITHIN_MS, holds);
  return holds();
}

/** SQLite's codes and the system's; everything else is a bug. */
function isOfTheDisk(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^(?:SQLITE_(?:IOERR|FULL|CANTOPEN|READONLY|PROTOCOL|BUSY|NOTADB|CORRUPT)|E[A-Z]+$)/.test(error.code)
  );
}
