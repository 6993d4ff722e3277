import { CentreWatch } from '../../src/agent/centre-watch.ts';
import { silentDirectory } from '../fixtures/directories.ts';
import { payPaperWhenPrinterIsBack } from '../../src/agent/paper-debts.ts';
import { ReadinessFeed } from '../../src/agent/readiness-feed.ts';
import { startServing } from '../../src/agent/serving.ts';
import type { Serving } from '../../src/agent/serving.ts';
import { initialStatus } from '../../src/devices/initial-status.ts';
import { assessReadiness } from '../../src/devices/readiness.ts';
import { superviseDevice } from '../../src/devices/supervisor.ts';
import type { JournalState } from '../../src/issuance/transitions.ts';
import { withTimeLimit } from '../../src/platform/clock.ts';
import type { Choice, KioskView } from '../../src/view/kiosk-view.ts';
import { bodyWithoutSymbol } from './body-without-symbol.ts';
import type { CentreModel, Person } from './centre-model.ts';
import { ReaderLink, ReaderModel, ScannerLink, ScannerModel } from './desk.ts';
import { Disk } from './disk.ts';
import type { DiskEvents } from './disk.ts';
import type { Chance } from './fates.ts';
import type { StruckIn, WriteFault } from './faults.ts';
import { Plug, driverOf } from './plug.ts';
import { PrinterLink } from './printer-link.ts';
import { PrinterModel } from './printer-model.ts';
import type { ExitFitting, PrinterEvents } from './printer-model.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { Watch } from './watch.ts';
import { createWire } from './wire.ts';
import type { Calls, Way, WireParts } from './wire.ts';

/** What a kiosk is given by its world. */
export interface KioskParts {
  readonly name: string;
  readonly clock: VirtualClock;
  readonly centre: CentreModel;
  readonly watch: Watch;
  readonly chance: Chance;
  readonly site: Site;
  readonly note: (what: string) => void;
  readonly requestFault: WireParts['fault'];
  readonly underWay: WireParts['underWay'];
  readonly jobFate: PrinterEvents['fate'];
  readonly pull: PrinterEvents['pull'];
  /** What is to happen to a write that leaves this state. */
  readonly writeFault: (from: StruckIn) => WriteFault | null;
  /** The journal has entered a state. */
  readonly entered: (state: StruckIn) => void;
  readonly session: (what: 'begun' | 'ended', outcome?: string) => void;
  /** The process has ended by itself and will be started again. */
  readonly ended: () => void;
}

/** How the kiosk is fitted and set up. */
export interface Site {
  readonly exit: ExitFitting;
  readonly seesCards: boolean;
  readonly minimumEvidence: 'E1' | 'E2';
  readonly readBack: 'when-needed' | 'always';
}

/** One machine: its disk, its devices and its line outlive the agent that runs on it. */
export class Kiosk {
  readonly name: string;
  readonly disk = new Disk();
  readonly printer: PrinterModel;
  readonly printerPlug = new Plug();
  readonly reader: ReaderModel;
  readonly scanner = new ScannerModel();
  readonly way: Way = { down: false, centreDown: false };
  wallOffsetMs = 0;
  /** Who was signed in last, in the session that is open. */
  signedIn: Person | null = null;
  /** What stands between the agent and its wire; a mutant may. */
  overWire: (calls: Calls) => Calls = (calls) => calls;
  readonly #parts: KioskParts;
  #serving: Serving | null = null;
  #bury: () => void = nothing;
  #incarnation = 0;
  #ids = 0;
  #newestEpoch = 0;

  constructor(parts: KioskParts) {
    this.name = parts.name;
    this.#parts = parts;
    this.reader = new ReaderModel(parts.site.seesCards);
    this.printer = new PrinterModel(parts.clock, parts.site.exit, {
      paper: (what, about) => {
        parts.note(`paper ${what} ${about?.part ?? ''} ${about?.dots ?? ''}`);
        if (what === 'begins' && about !== null) parts.watch.begins(about, this.printer.hanging);
        if (what === 'cut') parts.watch.cut(this.printer);
      },
      state: () => this.printerPlug.stateChanged(),
      fate: parts.jobFate,
      pull: parts.pull,
    });
  }

  get up(): boolean {
    return this.#serving !== null;
  }

  view(): KioskView | null {
    return this.#serving?.session.view() ?? null;
  }

  choose(epoch: number, choice: Choice): 'accepted' | 'stale' | 'not-offered' | 'down' {
    return this.#serving?.session.choose({ epoch, choice }) ?? 'down';
  }

  /** Where the newest unfinished operation stands. */
  get stage(): StruckIn {
    const { rows, newest } = this.disk;
    const row = rows.get(newest ?? '') ?? rows.values().next().value;
    return row?.state ?? 'NONE';
  }

  /** It runs, and nobody is being served. */
  get empty(): boolean {
    const name = this.view()?.screen.name;
    return name === 'attract' || name === 'home';
  }

  /** Nobody is being served, somebody could be, and the centre knows the end of everything that was begun. */
  get idle(): boolean {
    if (!this.empty || this.view()?.readiness.issue !== true) return false;
    for (const { centreSettled } of this.disk.rows.values()) if (!centreSettled) return false;
    return true;
  }

  /** Where it stands, for whoever reads of a violation. */
  get condition(): string {
    const view = this.view();
    const rows = [...this.disk.rows.values()].map(({ state, paperDebt }) => `${state}/${paperDebt}`);
    return `${this.name} ${view?.screen.name ?? 'down'} [${view?.readiness.obstacles.join(' ') ?? ''}] ${rows.join(' ')}`;
  }

  /** The running process ends without a word. */
  kill(): void {
    this.#incarnation += 1;
    this.#serving = null;
    this.signedIn = null;
    this.#bury();
    this.#bury = nothing;
    this.printerPlug.drop();
    this.reader.plug.drop();
    this.scanner.plug.drop();
  }

  /** The service manager ends it in order: the person's data first, as `run-agent` does. False: it was gone before. */
  async stop(): Promise<boolean> {
    const serving = this.#serving;
    if (serving === null) return false;
    const mine = this.#incarnation;
    await withTimeLimit(this.#parts.clock.view(), STOP_LIMIT_MS, serving.session.stop());
    if (mine !== this.#incarnation) return false;
    serving.issuance.stop();
    this.kill();
    return true;
  }

  /** Starts the agent anew on what the disk holds; wired as `run-agent` wires it. */
  boot(): void {
    const { clock, centre, watch, site } = this.#parts;
    this.#incarnation += 1;
    const mine = this.#incarnation;
    const alive = () => mine === this.#incarnation;
    const agentClock = clock.view(alive, () => this.wallOffsetMs);
    const random = {
      bytes: () => {
        throw new Error('nothing secret is made here');
      },
      uuid: () => this.#newId(),
      fraction: () => this.#parts.chance.fraction(),
    };
    const diskEvents = this.#diskEvents();
    const wire = createWire({
      clock,
      centre,
      device: this.name,
      way: this.way,
      alive,
      fault: this.#parts.requestFault,
      underWay: this.#parts.underWay,
      sent: (call, opId, said) => this.#sends(call, opId, said),
      servedAgain: (call, before, after) => watch.servedAgain(call, before, after),
      served: (call, opId, done) => {
        if (call === 'void' && done && opId !== undefined) watch.voided(opId);
        if (call !== 'probe') this.#parts.note(`served ${call} ${opId ?? ''} ${String(done)}`);
      },
      heard: (answered) => centreWatch.heard(answered),
      personOfCard: (name) => centre.persons.find((person) => person.name === name),
      signedIn: (person) => {
        this.signedIn = person;
      },
    });
    const central = this.overWire(wire);
    const centreWatch = new CentreWatch(central, agentClock, random);
    const supervision = { clock: agentClock, random };
    const devices = {
      idCardReader: superviseDevice({
        ...supervision,
        driver: driverOf(clock, this.reader.plug, () => new ReaderLink(clock, this.reader)),
        initialStatus: initialStatus.idCardReader,
      }),
      qrScanner: superviseDevice({
        ...supervision,
        driver: driverOf(clock, this.scanner.plug, () => new ScannerLink(clock, this.scanner)),
        initialStatus: initialStatus.qrScanner,
      }),
      receiptPrinter: superviseDevice({
        ...supervision,
        driver: driverOf(clock, this.printerPlug, () => this.#printerLink(alive)),
        initialStatus: initialStatus.receiptPrinter,
      }),
    };
    const { minimumEvidence, readBack } = site;
    const readiness = new ReadinessFeed(devices, centreWatch, (seen) =>
      assessReadiness({ ...seen, minimumEvidence }),
    );
    const serving = startServing({
      store: {
        journal: this.disk.journal(alive, diskEvents),
        sessions: this.disk.sessions(alive, diskEvents),
      },
      central,
      clock: agentClock,
      random,
      reader: () => devices.idCardReader.connection(),
      scanner: () => devices.qrScanner.connection(),
      printer: () => devices.receiptPrinter.connection(),
      readiness,
      limits: {},
      issuanceLimits: {},
      minimumEvidence,
      makeBody: bodyWithoutSymbol,
      // Nothing was ever heard for everybody: whoever comes here wants a code.
      directory: silentDirectory,
      today: () => '2026-11-22',
      callHelp: () => Promise.resolve(false),
      readBack,
      privateKeyPem: this.name,
      onSession: () => undefined,
      onIssuance: (entry) => {
        if (entry.event === 'transition')
          this.#parts.note(`${entry.opId} ${entry.from} ${entry.to} ${entry.trigger}`);
        else this.#parts.note(`${entry.opId} ${entry.event}`);
        readiness.setBacklog(serving.issuance.backlog());
      },
      onFatal: () => {
        if (!alive()) return;
        this.kill();
        this.#parts.ended();
      },
    });
    this.#serving = serving;
    // A process takes its memory with it; here whatever a dead agent still waits for must be let go of.
    this.#bury = () => {
      queueMicrotask(() => {
        serving.issuance.stop();
        centreWatch.stop();
        for (const device of Object.values(devices)) void device.stop();
        void serving.session.stop();
      });
    };
    serving.session.onView((view) => {
      if (alive()) this.#sees(view);
    });
    centreWatch.onChange((reachable) => {
      if (reachable) serving.issuance.centreReachable();
    });
    payPaperWhenPrinterIsBack(devices.receiptPrinter, serving.issuance);
    void centreWatch.start();
    void serving.issuance.recover(this.disk.lost).then((scanned) => {
      if (!alive()) return undefined;
      readiness.setBacklog(serving.issuance.backlog());
      if (scanned) readiness.recovered();
      return undefined;
    });
  }

  #newId(): string {
    this.#ids += 1;
    return `${this.name.padStart(8, '0')}-0000-4000-8000-${String(this.#ids).padStart(12, '0')}`;
  }

  #printerLink(alive: () => boolean): PrinterLink {
    const { clock, watch } = this.#parts;
    return new PrinterLink({
      clock,
      plug: this.printerPlug,
      printer: this.printer,
      alive,
      onJob: (part, { processId, document }) => {
        if (part !== 'body' && part !== 'footer') return;
        if (part === 'body') watch.saysWhose(document);
        const row = [...this.disk.rows.values()].find((row) => row.processId === processId);
        watch.durable(row, [part === 'body' ? 'PRINTING' : 'FOOTER'], `${part} is printed`);
      },
    });
  }

  #diskEvents(): DiskEvents {
    const { watch, writeFault, note } = this.#parts;
    return {
      write: (opId, from, to) => {
        watch.writes(opId, from, to);
        if (to === 'INTENT')
          watch.expect(!this.printer.sensesPaper, 'P13', `${opId} is begun while a slip lies at the exit`);
        return writeFault(from);
      },
      written: (_opId, _from, to) => {
        this.#parts.entered(to === 'CLOSED' ? 'NONE' : to);
      },
      sessionBegun: (epoch, vaultsOpen) => {
        watch.expect(vaultsOpen === 0, 'P13', "a session begins and the last one's vault is open");
        watch.expect(epoch > this.#newestEpoch, 'P12', `epoch ${epoch} was used before`);
        this.#newestEpoch = epoch;
        this.signedIn = null;
        note(`session ${epoch}`);
        this.#parts.session('begun');
        this.#parts.entered('NONE');
      },
      sessionEnded: (outcome) => {
        this.signedIn = null;
        this.#parts.session('ended', outcome);
      },
      die: () => {
        this.kill();
        this.#parts.ended();
        throw new Error('killed');
      },
    };
  }

  /** The database is gone with everything that it knew, the epochs included: a page of before is long reloaded. */
  loseDatabase(): void {
    this.#parts.watch.forgotten(this.disk.lose());
    this.#newestEpoch = 0;
  }

  #sends(call: string, opId: string | undefined, said: string | undefined): void {
    if (opId === undefined) return;
    const states = SENT_IN[call];
    const row = this.disk.rows.get(opId);
    if (states !== undefined) this.#parts.watch.durable(row, states, `${call} is asked`);
    if (call === 'confirm')
      this.#parts.watch.expect(row?.delivery === said, 'P8', `${opId} is told as ${String(said)}`);
  }

  #sees(view: KioskView): void {
    const { screen } = view;
    const shown = screen.name === 'confirm-identity' ? screen.person.maskedName : undefined;
    if (shown !== undefined)
      this.#parts.watch.expect(
        shown === this.signedIn?.maskedName,
        'P11',
        'somebody is shown who is not signed in',
      );
    this.#parts.note(`view ${view.epoch} ${screen.name === 'error' ? screen.code : screen.name}`);
  }
}

/** What `run-agent` gives the end of a session. */
const STOP_LIMIT_MS = 1_500;

function nothing(): void {}

const SENT_IN: Readonly<Record<string, readonly JournalState[]>> = {
  reserve: ['INTENT'],
  activate: ['ACTIVATING'],
  void: ['VOIDING'],
  confirm: ['DONE', 'DONE_U'],
};
