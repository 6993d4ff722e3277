import type { CentreModel } from './centre-model.ts';
import type { Fates, Odds } from './fates.ts';
import {
  JOB_FAULTS,
  PULL_FAULTS,
  RARE_PARTS,
  RARE_STATES,
  REQUEST_FAULTS,
  STRUCK_IN,
  WRITE_FAULTS,
  oddsOf,
} from './faults.ts';
import type { Fault, JobFault, Rates, StruckIn } from './faults.ts';
import { Kiosk } from './kiosk.ts';
import type { KioskParts, Site } from './kiosk.ts';
import type { Mishaps } from './mishaps.ts';
import type { Part } from './printer-model.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { Watch } from './watch.ts';

export interface FaultyKioskParts {
  readonly name: string;
  readonly clock: VirtualClock;
  readonly centre: CentreModel;
  readonly watch: Watch;
  readonly fates: Fates;
  readonly mishaps: Mishaps;
  readonly rates: Rates;
  /** How much oftener than usual messages go astray here. */
  readonly weather: number;
  readonly struck: (fault: Fault, kiosk: Kiosk, state?: StruckIn) => void;
  readonly note: (line: string) => void;
  readonly underWay: KioskParts['underWay'];
  readonly session: KioskParts['session'];
}

/** Staff clear a jam or a knife within so long. */
const CLEARED_MS = { least: 5_000, spread: 60_000 };

/** A kiosk whose messages, jobs, writes and cards meet what chance has for them. */
export function createFaultyKiosk(parts: FaultyKioskParts): Kiosk {
  const { name, fates, mishaps, rates, struck } = parts;
  const chance = (place: string) => fates.chance(`${place}/${name}`);
  const chances = {
    requests: chance('requests'),
    jobs: chance('jobs'),
    pulls: chance('pulls'),
    writes: chance('writes'),
    cards: chance('cards'),
  };
  const odds = {
    requests: oddsOf(rates, REQUEST_FAULTS, parts.weather),
    jobs: oddsOfJobs(rates),
    pulls: oddsOf(rates, PULL_FAULTS),
    writes: Object.fromEntries(
      STRUCK_IN.map((state) => [state, oddsOf(rates, WRITE_FAULTS, RARE_STATES[state] ?? 1)]),
    ),
    cards: oddsOf(rates, ['card-unreadable', 'not-an-id-card'] as const),
  };
  const kiosk: Kiosk = new Kiosk({
    name,
    clock: parts.clock,
    centre: parts.centre,
    watch: parts.watch,
    chance: chance('agent'),
    site: siteOf(chance('site')),
    note: (what) => {
      parts.note(`${name} ${what}`);
    },
    requestFault: (opId) => {
      const found = chances.requests.fault(odds.requests);
      if (found !== null) struck(found.fault, kiosk, kiosk.disk.rows.get(opId ?? '')?.state);
      return found;
    },
    underWay: parts.underWay,
    jobFate: (part) => {
      const found = chances.jobs.fault(odds.jobs[part]);
      if (found === null) return 'good';
      struck(found.fault, kiosk);
      if (found.fault === 'half-unknown' || found.fault === 'cutter-fault')
        mishaps.until(CLEARED_MS.least + found.how * CLEARED_MS.spread, () => kiosk.printer.mend());
      return found.fault;
    },
    pull: () => {
      const found = chances.pulls.fault(odds.pulls);
      if (found === null) return 'pulls';
      struck(found.fault, kiosk);
      return found.fault === 'pull-jams' ? 'jams' : 'stuck';
    },
    writeFault: (from) => {
      const found = chances.writes.fault(odds.writes[from] ?? []);
      if (found !== null) struck(found.fault, kiosk, from);
      return found?.fault ?? null;
    },
    entered: (state) => {
      mishaps.lieInWait(kiosk, state);
    },
    session: parts.session,
    ended: () => {
      mishaps.startAgain(kiosk);
    },
  });
  kiosk.reader.fate = () => {
    const found = chances.cards.fault(odds.cards);
    if (found === null) return 'good';
    struck(found.fault, kiosk);
    return found.fault === 'not-an-id-card' ? 'not-an-id-card' : 'unreadable';
  };
  return kiosk;
}

function oddsOfJobs(rates: Rates): Readonly<Record<Part, Odds<JobFault>>> {
  const of = (part: Part) => oddsOf(rates, JOB_FAULTS, RARE_PARTS[part] ?? 1);
  return {
    // It is not cut.
    body: of('body').filter(([fault]) => fault !== 'cutter-fault'),
    footer: of('footer'),
    void: of('void'),
    blank: of('blank'),
  };
}

function siteOf(chance: ReturnType<Fates['chance']>): Site {
  return {
    exit: chance.pick(['none', 'sensor', 'presenter'] as const),
    seesCards: chance.happens(0.5),
    minimumEvidence: chance.happens(0.7) ? 'E2' : 'E1',
    readBack: chance.happens(0.8) ? 'when-needed' : 'always',
  };
}
