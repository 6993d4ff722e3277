import type { JournalRow } from '../../src/issuance/ports.ts';
import { TRANSITIONS } from '../../src/issuance/transitions.ts';
import type { PrintDocument } from '../../src/slip/print-document.ts';
import { ELSEWHERE } from './centre-model.ts';
import type { Cause, CentreModel, Code, CodeState, Person } from './centre-model.ts';
import type { Printed, PrinterModel, Slip } from './printer-model.ts';

/** Names of reliability §6. */
export type Invariant =
  | 'P1'
  | 'P2'
  | 'P3'
  | 'P4'
  | 'P5'
  | 'P6'
  | 'P7'
  | 'P8'
  | 'P9'
  | 'P10'
  | 'P11'
  | 'P12'
  | 'P13'
  | 'P16'
  | 'P17'
  | 'P20'
  | 'P21'
  | 'P22'
  | 'P23'
  | 'P25';

export interface Broken {
  readonly invariant: Invariant;
  readonly atMs: number;
  readonly what: string;
}

/** What a person had when everything was last at rest. */
interface Before {
  readonly held: boolean;
  readonly activations: number;
  readonly lossReports: number;
}

const MOVES = new Set(TRANSITIONS.map(({ from, to }) => `${from} ${to}`));
const ENDED: readonly (CodeState | 'none')[] = ['superseded', 'void', 'revoked', 'expired'];

/** Looks at everything that happens, and says at once what does not hold. */
export class Watch {
  /** The first that did not hold; nothing after it means anything. */
  broken: Broken | null = null;
  readonly #nowMs: () => number;
  readonly #codeOfShortCode = new Map<string, Code>();
  readonly #bodies = new Map<string, Printed>();
  readonly #bodyStarts = new Map<string, number>();
  readonly #voided = new Set<string>();
  /** Operations whose row went with its database, at the footer or behind it. */
  readonly #forgotten = new Set<string>();
  readonly #refused = new Set<string>();
  readonly #reachedFooter = new Set<string>();
  /** How often the person's codes had changed at the reservation. */
  readonly #changesAtReserve = new Map<string, number>();
  readonly #changes = new Map<Person, number>();
  readonly #before = new Map<Person, Before>();
  readonly #touched = new Set<Person>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  expect(holds: boolean, invariant: Invariant, what: string): void {
    if (!holds) this.fail(invariant, what);
  }

  /** Not thrown: whoever is called back here may swallow what is. */
  fail(invariant: Invariant, what: string): void {
    this.broken ??= { invariant, atMs: this.#nowMs(), what };
  }

  /** A code at the centre has changed (P3, P6, P7, P25). */
  codeChanged(code: Code, from: CodeState | 'none', cause: Cause): void {
    const { opId, state, person } = code;
    this.#touched.add(person);
    if (cause === 'reserve') this.#codeOfShortCode.set(code.shortCode, code);
    const back = state === 'active' || state === 'pending' || state === 'suspended';
    if (back && this.#voided.has(opId)) this.fail('P25', `${opId} was void and is ${state}`);
    if (back && from === 'revoked') this.fail('P25', `${opId} was reported lost and is ${state}`);
    if (from !== state && ENDED.includes(from)) this.fail('P6', `${opId} was ${from} and is ${state}`);
    const changes = this.#changes.get(person) ?? 0;
    if (cause === 'reserve') this.#changesAtReserve.set(opId, changes);
    if (cause === 'activate') {
      const since = changes - (this.#changesAtReserve.get(opId) ?? 0);
      this.expect(since === 0, 'P7', `${opId} was activated after ${since} other changes`);
    }
    if (cause === 'activate' || cause === 'loss' || (cause === 'void' && from === 'active'))
      this.#changes.set(person, changes + 1);
    if (cause === 'expiry' && from === 'active') this.#before.delete(person);
    if (state === 'active' && from !== 'active' && code.device !== ELSEWHERE)
      this.expect(
        this.#bodies.get(code.shortCode)?.dots === 'all',
        'P3',
        `${opId} is active and on no paper`,
      );
  }

  /** 挂失: nothing of the person's is left that is valid or could become so (P25). */
  lossReported({ codes }: Person): void {
    const left = codes.find(
      ({ state }) => state === 'active' || state === 'suspended' || state === 'pending',
    );
    this.expect(
      left === undefined,
      'P25',
      `${left?.opId ?? ''} is ${left?.state ?? ''} after a loss was reported`,
    );
  }

  /** The same request has been served a second time at once: nothing is another for that (P9). */
  servedAgain(call: string, before: string, after: string): void {
    this.expect(before === after, 'P9', `a second ${call} made ${after} of ${before}`);
  }

  /** The centre has acknowledged a void. */
  voided(opId: string): void {
    this.#voided.add(opId);
  }

  /** After every step: what the codes of a person are together (P1, P10). */
  look(): void {
    if (this.#touched.size === 0) return;
    for (const person of this.#touched) {
      let active = 0;
      for (const { state } of person.codes) if (state === 'active') active += 1;
      this.expect(active <= 1, 'P1', `${active} active codes`);
      const before = this.#before.get(person);
      const undisturbed =
        before?.held === true &&
        before.activations === person.activations &&
        before.lossReports === person.lossReports;
      if (undisturbed) this.expect(active === 1, 'P10', 'the earlier code ended before a new one was active');
    }
    this.#touched.clear();
  }

  /** A job begins (P2, P4, P5). `hanging`: the strip, this job's part the last of it. */
  begins(printed: Printed, hanging: readonly Printed[]): void {
    const { shortCode, part } = printed;
    if (part === 'body') {
      const code = this.#codeOfShortCode.get(shortCode ?? '');
      if (code === undefined || shortCode === null) {
        this.fail('P2', 'a body with a code that the centre never made');
        return;
      }
      const starts = (this.#bodyStarts.get(shortCode) ?? 0) + 1;
      this.#bodyStarts.set(shortCode, starts);
      this.#bodies.set(shortCode, printed);
      this.expect(starts <= 1, 'P5', `the body of ${code.opId} begins for the ${starts}th time`);
    } else if (part === 'footer') {
      const body = hanging.findLast(({ part: of }) => of === 'body');
      const code = this.#codeOfShortCode.get(body?.shortCode ?? '');
      this.expect(
        (code?.activation ?? 0) > 0,
        'P4',
        `a footer under ${code?.opId ?? 'no body'}, which was never active`,
      );
    }
  }

  /** A body is about to be printed: it names the person whose code it shows (P11). */
  saysWhose({ elements }: PrintDocument): void {
    const lines = elements.flatMap((element) => (element.type === 'text' ? [element.text] : []));
    const code = this.#codeOfShortCode.get((lines[1] ?? '').replaceAll(' ', ''));
    this.expect(
      lines[0] === code?.person.maskedName,
      'P11',
      `the body of ${code?.opId ?? 'no code'} names somebody else`,
    );
  }

  /** A strip was cut off while others lie at the exit (P13). */
  cut(printer: PrinterModel): void {
    if (printer.exitFitting === 'none' || printer.atExit.length < 2) return;
    const [newest, ...others] = printer.atExit.toReversed();
    const bodyOf = (slip: Slip | undefined) => slip?.find(({ part }) => part === 'body')?.shortCode;
    const body = bodyOf(newest);
    const covers = body !== undefined && others.some((slip) => bodyOf(slip) !== body);
    this.expect(!covers, 'P13', "a slip came out onto somebody else's");
  }

  /** A row is about to be written (P8). */
  writes(opId: string, from: string, to: string): void {
    this.expect(MOVES.has(`${from} ${to}`), 'P8', `the table has no ${from} → ${to}`);
    if (from === 'INTENT' && to === 'CLOSED') this.#refused.add(opId);
    if (to === 'FOOTER') this.#reachedFooter.add(opId);
  }

  /** What is durable when an action begins (P8). */
  durable(row: JournalRow | undefined, states: readonly string[], action: string): void {
    const is = row?.state ?? 'not there';
    this.expect(states.includes(is), 'P8', `${action} while the row is ${is}`);
  }

  /** The database of a kiosk is gone; what it knew nobody knows any more (P24). */
  forgotten(rows: readonly JournalRow[]): void {
    for (const { opId } of rows) this.#forgotten.add(opId);
  }

  /**
   * Operations that no kiosk knows any more and the centre still holds: a reserve that came after its kiosk had lost its database,
   * or a copy of one that had been refused. Their lease ends them (P16).
   */
  leftToTheirLease(centre: CentreModel): readonly Code[] {
    return [...centre.codes.values()].filter(
      ({ opId, state }) => state === 'pending' && (this.#forgotten.has(opId) || this.#refused.has(opId)),
    );
  }

  /** Everything has come to rest: nothing under way, nobody there (P16, P20–P23). */
  atRest(centre: CentreModel, printers: readonly PrinterModel[]): void {
    this.look();
    centre.endWhatIsOver();
    for (const code of centre.codes.values()) if (code.device !== ELSEWHERE) this.#restOfCode(code);
    for (const printer of printers) {
      for (const slip of [...printer.slips, printer.hanging]) this.#restOfSlip(slip);
      for (const slip of printer.retracted) this.#restOfRetracted(slip);
    }
    for (const person of centre.persons) {
      const before = this.#before.get(person);
      if (before?.held === true && before.lossReports === person.lossReports)
        this.expect(centre.active(person) !== undefined, 'P23', 'somebody came with a code and has none');
    }
  }

  #restOfCode({ opId, state, delivery }: Code): void {
    this.expect(state !== 'pending', 'P16', `${opId} is still pending`);
    if (state !== 'active') return;
    this.expect(this.#reachedFooter.has(opId), 'P20', `${opId} is active and never had a footer`);
    this.expect(delivery !== null, 'P21', `${opId} is active, and nobody told of its delivery`);
  }

  #codeOf(slip: Slip): Code | undefined {
    const body = slip.find(({ part, dots }) => part === 'body' && dots !== 'none');
    return this.#codeOfShortCode.get(body?.shortCode ?? '');
  }

  #restOfSlip(slip: Slip): void {
    const whole = (part: Printed['part']) =>
      slip.some((printed) => printed.part === part && printed.dots === 'all');
    const code = this.#codeOf(slip);
    if (code === undefined) return;
    const bodies = slip.filter(({ part, dots }) => part === 'body' && dots !== 'none');
    this.expect(bodies.length === 1, 'P22', 'two bodies on one slip');
    if (whole('void')) {
      // A slip of which a lost database knew: what hangs there is marked void, whatever it is (P24).
      const known = !this.#forgotten.has(code.opId);
      this.expect(!known || code.state !== 'active', 'P20', `${code.opId} is marked void and is active`);
      return;
    }
    if (!whole('body') || !whole('footer') || this.#forgotten.has(code.opId)) return;
    const dead = code.state === 'void' || code.state === 'pending';
    const later = code.person.codes.some(({ activation }) => activation > code.activation);
    this.expect(!dead || later, 'P22', `${code.opId} is whole in a hand and ${code.state}`);
    if (code.state === 'suspended' || code.state === 'superseded')
      this.expect(later, 'P22', `${code.opId} gave way to nothing`);
  }

  /** A code whose only paper is inside the machine: void, or (killed before that was written down) told as unconfirmed. */
  #restOfRetracted(slip: Slip): void {
    const code = this.#codeOf(slip);
    if (code?.state !== 'active') return;
    this.expect(code.delivery === 'unconfirmed', 'P20', `${code.opId} was pulled back and is active`);
  }

  /** From here on: who has a code now must keep one. */
  remember(centre: CentreModel): void {
    for (const person of centre.persons) {
      const { activations, lossReports } = person;
      this.#before.set(person, { held: centre.active(person) !== undefined, activations, lossReports });
    }
  }
}
