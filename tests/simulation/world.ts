import { createHash } from 'node:crypto';
import { CentreModel } from './centre-model.ts';
import { Fates } from './fates.ts';
import type { Chance, DecisionKey } from './fates.ts';
import { PERSON_FAULTS, Tally, oddsOf } from './faults.ts';
import type { Fault, FaultTable, Rates, StruckIn } from './faults.ts';
import { createFaultyKiosk } from './faulty-kiosk.ts';
import type { Kiosk } from './kiosk.ts';
import { Mishaps } from './mishaps.ts';
import type { Mutant } from './mutants.ts';
import type { Slip } from './printer-model.ts';
import { VirtualClock } from './virtual-clock.ts';
import { Visitor } from './visitor.ts';
import { Watch } from './watch.ts';
import type { Broken } from './watch.ts';

const ROUNDS = 3;
const VISITS_A_ROUND = 8;
const PERSONS = 8;
/** Between two visits at one kiosk. */
const NOBODY_MS = { least: 500, most: 8_000 };
/** How much oftener than usual messages go astray in a world. */
const WEATHERS = [0, 0.5, 1, 1, 2, 5];
/** A round that is not over by then is a hang. */
const ROUND_LIMIT_MS = 6 * 3_600_000;
/** The longest time limits of a session: who has walked away is waited for so long. */
const SESSION_LIMIT_MS = 420_000;
/** P17, after the last session has ended. */
const REST_LIMIT_MS = 120_000;
/** A job of which nothing is heard is given up by then. */
const PRINT_LIMIT_MS = 40_000;
/** A message that is late arrives by then. */
const MESSAGE_LIMIT_MS = 700_000;
/** Between two rounds a night passes, or now and then so long that every code has expired. */
const LONG_PAUSE = { chance: 0.1, days: 200 };
const FLUSH_CHARACTERS = 16_384;

export interface WorldOptions {
  readonly seed: number;
  readonly rates: Rates;
  /** Only these faults strike. */
  readonly script?: readonly DecisionKey[];
  readonly mutant?: Mutant;
  /** Hears the event log's lines. */
  readonly onLine?: (line: string) => void;
}

export interface WorldResult {
  readonly sessions: number;
  readonly broken: Broken | null;
  /** Everything that struck, visits included. */
  readonly struck: readonly DecisionKey[];
  readonly faults: FaultTable;
  readonly outcomes: Readonly<Record<string, number>>;
  /** SHA-256 of the event log. */
  readonly logHash: string;
  readonly virtualMs: number;
}

/** Several kiosks and persons at one centre for three days, and everything that can go wrong there. */
export class World {
  readonly #options: WorldOptions;
  readonly #clock = new VirtualClock();
  readonly #centre = new CentreModel(() => this.#clock.nowMs);
  readonly #watch = new Watch(() => this.#clock.nowMs);
  readonly #fates: Fates;
  readonly #chance: Chance;
  readonly #mishaps: Mishaps;
  readonly #kiosks: readonly Kiosk[];
  readonly #tally = new Tally();
  readonly #outcomes: Record<string, number> = {};
  readonly #hash = createHash('sha256');
  #lines = '';
  #sessions = 0;
  #underWay = 0;
  #ids = 0;

  constructor(options: WorldOptions) {
    const { seed, rates, script, mutant } = options;
    this.#options = options;
    this.#fates = new Fates(seed, script);
    this.#chance = this.#fates.chance('world');
    this.#centre.onChange = (code, from, cause) => {
      this.#note(`code ${code.opId} ${from} ${code.state} ${cause}`);
      this.#watch.codeChanged(code, from, cause);
    };
    this.#mishaps = new Mishaps({
      clock: this.#clock,
      centre: this.#centre,
      watch: this.#watch,
      fates: this.#fates,
      rates,
      struck: (fault, kiosk) => this.#struck(fault, kiosk),
      note: (line) => this.#note(line),
      newId: () => this.#newId(),
    });
    for (let at = 0; at < PERSONS; at += 1) this.#centre.addPerson(`p${at}`);
    const weather = this.#chance.pick(WEATHERS);
    const kiosks = this.#chance.pick([2, 3]);
    this.#kiosks = Array.from({ length: kiosks }, (_, at) => this.#makeKiosk(`k${at}`, weather));
    mutant?.centre?.(this.#centre);
    for (const kiosk of this.#kiosks) mutant?.kiosk?.(kiosk, this.#clock);
  }

  #makeKiosk(name: string, weather: number): Kiosk {
    return createFaultyKiosk({
      name,
      clock: this.#clock,
      centre: this.#centre,
      watch: this.#watch,
      fates: this.#fates,
      mishaps: this.#mishaps,
      rates: this.#options.rates,
      weather,
      struck: (fault, kiosk, state) => this.#struck(fault, kiosk, state),
      note: (line) => this.#note(line),
      underWay: (change) => {
        this.#underWay += change;
      },
      session: (what, outcome) => {
        if (what === 'begun') this.#sessions += 1;
        else if (outcome !== undefined) this.#outcomes[outcome] = (this.#outcomes[outcome] ?? 0) + 1;
      },
    });
  }

  /** Lives through everything; ends early when an invariant does not hold. */
  async run(): Promise<WorldResult> {
    for (const person of this.#centre.persons) {
      if (this.#chance.happens(0.5)) this.#centre.issueElsewhere(person, this.#newId());
    }
    this.#watch.look();
    this.#watch.remember(this.#centre);
    for (const kiosk of this.#kiosks) kiosk.boot();
    for (let round = 0; round < ROUNDS && this.#watch.broken === null; round += 1) await this.#round(round);
    this.#flush();
    for (const kiosk of this.#kiosks) kiosk.kill();
    return {
      sessions: this.#sessions,
      broken: this.#watch.broken,
      struck: this.#fates.struck,
      faults: this.#tally.table(),
      outcomes: this.#outcomes,
      logHash: this.#hash.digest('hex'),
      virtualMs: this.#clock.nowMs,
    };
  }

  async #round(round: number): Promise<void> {
    this.#fates.quiet = false;
    let doors = this.#kiosks.length;
    for (const kiosk of this.#kiosks) {
      void this.#door(kiosk, round).then(() => {
        doors -= 1;
        return undefined;
      });
    }
    const over = await this.#pass(ROUND_LIMIT_MS, () => doors === 0);
    if (!over) this.#watch.fail('P17', 'people wait for ever');
    if (this.#watch.broken === null) await this.#rest();
    this.#centre.daysOff += this.#chance.happens(LONG_PAUSE.chance) ? LONG_PAUSE.days : 1;
    this.#centre.endWhatIsOver();
    this.#watch.look();
    this.#watch.remember(this.#centre);
  }

  /** Lets time pass, checking after every step; whether `until` came before the limit, or something broke. */
  async #pass(forMs: number, until: () => boolean): Promise<boolean> {
    let reached = false;
    await this.#clock.advance(forMs, () => {
      this.#watch.look();
      // At rest hands take whatever comes out, and free what a job that was under way has jammed.
      if (this.#fates.quiet) for (const { printer } of this.#kiosks) tend(printer);
      reached = this.#watch.broken !== null || until();
      return reached;
    });
    return reached;
  }

  /** Faults off: everything must come to rest, and then everything must be in order. */
  async #rest(): Promise<void> {
    const kiosks = this.#kiosks;
    this.#fates.quiet = true;
    this.#note('faults off');
    this.#mishaps.mendAll();
    for (const { reader } of kiosks) reader.lift();
    const nobody = await this.#pass(SESSION_LIMIT_MS, () => kiosks.every(({ empty }) => empty));
    if (!nobody) this.#failRest(`a session goes on for ${SESSION_LIMIT_MS} ms`);
    // A message that outlives the lease of its operation is no fault of today.
    await this.#pass(MESSAGE_LIMIT_MS, () => this.#underWay === 0);
    if (!(await this.#pass(REST_LIMIT_MS, () => kiosks.every(({ idle }) => idle))))
      this.#failRest(`not idle after ${REST_LIMIT_MS} ms`);
    // What paper is owed is paid before the next slip, or when somebody has been at the printer.
    const owing = () => kiosks.filter(({ disk }) => disk.rows.size > 0);
    if (owing().length > 0) await this.#pass(PRINT_LIMIT_MS, () => owing().length === 0);
    for (const { printer } of owing()) {
      printer.openCover();
      this.#clock.schedule(5_000, () => printer.mend());
    }
    if (!(await this.#pass(REST_LIMIT_MS, () => owing().length === 0))) this.#failRest('paper is still owed');
    const leases = this.#watch.leftToTheirLease(this.#centre).map(({ leaseUntilMs }) => leaseUntilMs);
    if (leases.length > 0) await this.#pass(Math.max(...leases) - this.#clock.nowMs, () => false);
    const printers = kiosks.map(({ printer }) => printer);
    if (this.#watch.broken === null) this.#watch.atRest(this.#centre, printers);
  }

  #failRest(what: string): void {
    this.#watch.fail('P17', `${what}: ${this.#kiosks.map(({ condition }) => condition).join('; ')}`);
  }

  /** One person after the other comes to a kiosk. */
  async #door(kiosk: Kiosk, round: number): Promise<void> {
    const door = this.#fates.chance(`door/${kiosk.name}/${round}`);
    const persons = this.#centre.persons;
    for (let visit = 0; visit < VISITS_A_ROUND; visit += 1) {
      const pauseMs = door.between(NOBODY_MS.least, NOBODY_MS.most);
      await new Promise<void>((resolve) => {
        this.#clock.schedule(pauseMs, resolve);
      });
      const person = door.pick(persons);
      if (door.fault([['visit', 1]]) === null) continue;
      const chance = this.#fates.chance(`visit/${kiosk.name}/${round}.${visit}`);
      this.#note(`${person.name} comes to ${kiosk.name}`);
      await new Visitor({
        clock: this.#clock,
        centre: this.#centre,
        watch: this.#watch,
        kiosk,
        person,
        others: persons.filter((other) => other !== person),
        chance,
        odds: oddsOf(this.#options.rates, PERSON_FAULTS),
        struck: (fault) => this.#struck(fault, kiosk),
        tookSlip: (slip) => this.#showsSlip(slip, chance),
      }).visit();
    }
  }

  /** Somebody may show the slip to staff, who scan it. One that is marked, or says nothing of 已启用, they send back unscanned. */
  #showsSlip(slip: Slip, chance: Chance): void {
    if (!chance.happens(0.15)) return;
    const whole = (wanted: Slip[number]['part']) =>
      slip.find(({ part, dots }) => part === wanted && dots === 'all');
    if (whole('footer') === undefined || whole('void') !== undefined) return;
    const code = this.#centre.codeOf(whole('body')?.shortCode ?? '');
    if (code === undefined) return;
    this.#clock.schedule(chance.between(5_000, 600_000), () => {
      this.#note(`verified ${code.opId} ${this.#centre.verify(code.token)}`);
    });
  }

  #struck(fault: Fault, kiosk: Kiosk, state: StruckIn = kiosk.stage): void {
    this.#tally.note(fault, state);
    this.#note(`${kiosk.name} FAULT ${fault} in ${state}`);
  }

  #newId(): string {
    this.#ids += 1;
    return `99999999-0000-4000-8000-${String(this.#ids).padStart(12, '0')}`;
  }

  #note(line: string): void {
    this.#options.onLine?.(`${this.#clock.nowMs.toFixed(0)} ${line}`);
    this.#lines += `${this.#clock.nowMs} ${line}\n`;
    if (this.#lines.length > FLUSH_CHARACTERS) this.#flush();
  }

  #flush(): void {
    this.#hash.update(this.#lines);
    this.#lines = '';
  }
}

function tend(printer: Kiosk['printer']): void {
  printer.takePaper();
  if (printer.obstacle !== null) printer.mend();
}
