import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { createCentrePort } from '../../src/agent/issuance-centre.ts';
import { createPrinterPort } from '../../src/agent/issuance-printer.ts';
import { LiveSession } from '../../src/agent/live-session.ts';
import { RunningOperations } from '../../src/agent/running-operations.ts';
import type { ReceiptPrinterConnection } from '../../src/devices/contract.ts';
import { createIssuance } from '../../src/issuance/issuance.ts';
import type { Issuance } from '../../src/issuance/issuance.ts';
import type { JournalRow, PrinterPort, PrintResult } from '../../src/issuance/ports.ts';
import { DEFAULT_LIMITS } from '../../src/issuance/settings.ts';
import type { IssuanceLimits } from '../../src/issuance/settings.ts';
import type { JournalState } from '../../src/issuance/transitions.ts';
import type { Clock } from '../../src/platform/clock.ts';
import type { RandomSource } from '../../src/platform/random.ts';
import { ok } from '../../src/platform/result.ts';
import { qrSymbol } from '../../src/slip/qr-symbol.ts';
import { createJournal } from '../../src/store/journal.ts';
import { migrate } from '../../src/store/migrations.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/open-store.ts';
import { createSessions } from '../../src/store/sessions.ts';
import type { Sessions } from '../../src/store/sessions.ts';
import type { PersonAtCentre } from './centre.ts';
import type { SteeredPrinter } from './printer.ts';

/**
 * What waits on messages ends soon. What waits on paper waits until a move says what becomes of it: the model holds a job back as
 * long as it likes.
 */
export const LIMITS: IssuanceLimits = {
  ...DEFAULT_LIMITS,
  requestMs: 200,
  repeatMs: 50,
  activateMs: 600,
  outboxFirstMs: 100,
  outboxLongestMs: 1_000,
  printMs: 36_000_000,
  printerAnswerMs: 36_000_000,
  deliveryMs: 36_000_000,
};

/** A job for the printer that has not been let through. */
export interface WaitingJob {
  readonly kind: 'purge' | 'preflight' | 'body' | 'footer' | 'mark' | 'cut';
  readonly opId?: string;
  /** Lets it through to the driver; what came of it is told when it is there. */
  run(): JobUnderWay;
}

/** A job that the driver has. */
export interface JobUnderWay {
  done: boolean;
}

/** The disk of one kiosk; agents on it come and go. */
export class KioskDisk {
  readonly directory = mkdtempSync(path.join(tmpdir(), 'conformance-kiosk-'));

  /** `template`: a database with the tables in it, so that not every trace has to make them. */
  constructor(template: string | undefined) {
    if (template !== undefined) copyFileSync(template, this.#database);
  }

  get #database(): string {
    return path.join(this.directory, 'kiosk.db');
  }

  loseDatabase(): void {
    for (const side of ['', '-wal', '-shm']) rmSync(this.#database + side, { force: true });
  }

  /** A loss that nobody has accounted for. */
  lost(): boolean {
    return !existsSync(this.#database) || existsSync(`${this.#database}-lost`);
  }

  /** As they lie there while no agent runs. */
  journal(clock: Clock): readonly JournalRow[] {
    if (!existsSync(this.#database)) return [];
    const database = new Database(this.#database, { readonly: true });
    try {
      return createJournal(database, clock).unfinished();
    } finally {
      database.close();
    }
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** What an agent is made of. `onRow` is told of each row when it is durable and nothing has been done about it yet. */
export interface AgentParts {
  readonly disk: KioskDisk;
  readonly person: PersonAtCentre;
  readonly printer: SteeredPrinter;
  /** A view of the world's clock that dies with the agent. */
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly onRow: (opId: string, to: JournalState | 'CLOSED') => void;
}

/** The agent as far as it issues codes: the production parts of it, over a real database, printer driver and the centre's rules. */
export class Agent {
  readonly issuance: Issuance;
  readonly #parts: AgentParts;
  readonly #store: Store;
  readonly #live: LiveSession;
  readonly #operations = new RunningOperations();
  #connection: ReceiptPrinterConnection | undefined;
  #waiting: WaitingJob | undefined;
  #epoch = 0;
  #dead = false;

  private constructor(parts: AgentParts, store: Store) {
    this.#parts = parts;
    this.#store = store;
    this.#live = new LiveSession(sessionsInMemory(parts));
    const { clock, random, person } = parts;
    this.issuance = createIssuance(
      {
        journal: store.journal,
        centre: createCentrePort({
          central: person.client(() => clock.monotonicMs()),
          operations: this.#operations,
          hashKey: Buffer.from('key'),
        }),
        printer: this.#held(
          createPrinterPort({
            printer: () => this.#connection,
            operations: this.#operations,
            // One symbol instead of two and no text: what is read off the paper is whose code it is, and how much of it.
            makeBody: ({ token }) => {
              const symbol = qrSymbol(token);
              return symbol.ok
                ? ok({ part: 'body', elements: [{ type: 'qr', symbol: symbol.value, moduleDots: 6 }] })
                : symbol;
            },
          }),
        ),
        clock,
        random,
        log: (entry) => {
          if (entry.event === 'transition' && !this.#dead) parts.onRow(entry.opId, entry.to);
        },
        fatal: (error) => {
          if (!this.#dead) throw error;
        },
      },
      { minimumEvidence: 'E2', limits: LIMITS },
    );
  }

  /** A new agent on a disk. It has not recovered yet. */
  static async start(parts: AgentParts): Promise<Agent> {
    const { clock, random, disk } = parts;
    const store = await openStore({ directory: disk.directory, clock, random });
    if (!store.ok) throw new Error(store.error.kind);
    return new Agent(parts, store.value);
  }

  /** As they lie on the disk. */
  rows(): readonly JournalRow[] {
    return this.#store.journal.unfinished();
  }

  recover(): Promise<boolean> {
    return this.issuance.recover(this.#store.lost);
  }

  /** It ends without a word: nothing that it began comes to an end any more. */
  kill(): void {
    this.#dead = true;
    this.#waiting = undefined;
    this.issuance.stop();
    this.#parts.printer.unplug();
    this.#connection = undefined;
    for (const message of this.#parts.person.sent) message.open = false;
    this.#store.close();
  }

  /** The person signs in and presses 申领. */
  begin(opId: string, kind: 'apply' | 'reissue') {
    this.#live.end('finished');
    this.#epoch += 1;
    this.#live.begin(this.#epoch);
    const hold = this.#live.current();
    if (hold === undefined) throw new Error('no session');
    const { subjectToken, identificationId } = this.#parts.person.signIn();
    hold.put('identificationId', identificationId);
    hold.put('subjectToken', subjectToken);
    this.#operations.begin(opId, hold);
    const handle = this.issuance.runIssuance({ opId, kind });
    void handle.outcome.then(() => {
      this.#operations.end(opId);
      return undefined;
    });
    return handle;
  }

  /** The printer's cable is in, or it is put in. Resolves when the driver knows. */
  async plugIn(): Promise<void> {
    if (this.#connection !== undefined) return;
    const { clock, random, printer } = this.#parts;
    const connection = await printer.connect(clock, random);
    if (connection === undefined) throw new Error('the driver finds no printer');
    this.#connection = connection;
    void connection.ended.then(() => {
      if (this.#connection === connection) this.#connection = undefined;
      return undefined;
    });
  }

  get pluggedIn(): boolean {
    return this.#connection !== undefined;
  }

  /** The one job that the paper path has given and nobody has let through. */
  waitingJob(): WaitingJob | undefined {
    return this.#waiting;
  }

  #held(port: PrinterPort): PrinterPort {
    const hold = <T>(kind: WaitingJob['kind'], opId: string | undefined, work: () => Promise<T>) =>
      new Promise<T>((resolve) => {
        if (this.#waiting !== undefined) throw new Error('two jobs at once');
        this.#waiting = {
          kind,
          ...(opId !== undefined && { opId }),
          run: () => {
            this.#waiting = undefined;
            const job = { done: false };
            void work().then((result) => {
              job.done = true;
              if (!this.#dead) resolve(result);
              return undefined;
            });
            return job;
          },
        };
      });
    const print =
      (kind: WaitingJob['kind'], work: (job: { opId: string; processId: string }) => Promise<PrintResult>) =>
      (job: { opId: string; processId: string }) =>
        hold(kind, job.opId, () => work(job));
    return {
      preflight: () => hold('preflight', undefined, () => port.preflight()),
      purge: () => hold('purge', undefined, () => port.purge()),
      printBody: print('body', (job) => port.printBody(job)),
      printFooterAndCut: print('footer', (job) => port.printFooterAndCut(job)),
      printVoidAndCut: print('mark', (job) => port.printVoidAndCut(job)),
      cutOff: print('cut', (job) => port.cutOff(job)),
      slipExit: () => port.slipExit(),
    };
  }
}

/** The model knows the journal alone; the rows of sessions need no disk, and would make each walk twice as slow. */
function sessionsInMemory({ clock, random }: AgentParts): Sessions {
  const database = new Database(':memory:');
  migrate(database);
  return createSessions(database, clock, random);
}
