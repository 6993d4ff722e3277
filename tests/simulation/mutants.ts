import type { JournalPort } from '../../src/issuance/ports.ts';
import type { CentreModel } from './centre-model.ts';
import type { Rates } from './faults.ts';
import type { Kiosk } from './kiosk.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** A world in which one rule does not hold. */
export interface Mutant {
  readonly name: string;
  /** What must go wrong for it, and oftener here, so that it is found soon. */
  readonly rates?: Partial<Rates>;
  readonly centre?: (centre: CentreModel) => void;
  readonly kiosk?: (kiosk: Kiosk, clock: VirtualClock) => void;
}

/** Long enough that nobody waits for it any more. */
const TOO_LATE_MS = 3_600_000;
/** Until the effect of a write has begun. */
const AFTER_THE_CALL_MS = 10;

/** Worlds that must be found out. Each is made of wrappers around the centre, the disk or the wire; the agent is the real one. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'fence off',
    centre: (centre) => {
      centre.isStale = () => false;
    },
  },
  {
    name: 'tombstone off',
    rates: { late: 0.1 },
    centre: (centre) => {
      centre.leaveTombstone = () => undefined;
    },
  },
  {
    name: 'journal after the call',
    kiosk: ({ disk }, clock) => {
      const durable = disk.journal.bind(disk);
      disk.journal = (alive, events) => afterTheCall(durable(alive, events), clock, alive);
    },
  },
  {
    name: 'restore off',
    rates: { 'not-printed': 0.1 },
    centre: (centre) => {
      centre.giveBack = () => undefined;
    },
  },
  {
    name: 'void late',
    kiosk: (kiosk, clock) => {
      kiosk.overWire = (calls) => ({
        ...calls,
        // Said to be done, and sent when nobody cares any more.
        voidOperation: (operationId, reason) => {
          clock.schedule(TOO_LATE_MS, () => void calls.voidOperation(operationId, reason));
          return Promise.resolve({ ok: true, value: { operationId, state: 'void', restored: false } });
        },
      });
    },
  },
  {
    name: 'revocation ignored by a late activate',
    rates: { late: 0.1, 'loss-report': 0.02 },
    centre: (centre) => {
      const activate = centre.activate.bind(centre);
      centre.activate = (opId, device) => {
        const code = centre.codes.get(opId);
        return code?.state === 'revoked' && code.activation === 0
          ? centre.swap(code)
          : activate(opId, device);
      };
    },
  },
  {
    name: 'synchronous=NORMAL',
    rates: { 'power-cut': 0.02 },
    kiosk: ({ disk }) => {
      disk.synchronous = 'normal';
    },
  },
];

/** A journal that answers at once and writes when the effect is under way already. */
function afterTheCall(journal: JournalPort, clock: VirtualClock, alive: () => boolean): JournalPort {
  const later = (write: () => void) => {
    clock.schedule(AFTER_THE_CALL_MS, () => {
      if (alive()) write();
    });
  };
  return {
    insert: (row) => later(() => journal.insert(row)),
    move: (opId, from, to, patch) => later(() => journal.move(opId, from, to, patch)),
    close: (opId) => later(() => journal.close(opId)),
    unfinished: () => journal.unfinished(),
    ageMs: (opId) => journal.ageMs(opId),
  };
}
