import type { Delivery, IssueKind } from '../../src/issuance/ports.ts';
import { CentreModel } from '../issuance-world/centre-model.ts';
import { PrinterModel, type Printed } from '../issuance-world/printer-model.ts';
import type { Part } from '../simulation/printer-model.ts';
import { VirtualClock } from '../simulation/virtual-clock.ts';
import { journalAfter, type Move } from './moves.ts';

/** What really became of an operation of the traced run, as centre and paper had it in the end. */
export interface OperationTruth {
  /** Whose code it is; a name of the run's own, nothing personal. */
  readonly person: string;
  readonly kind: IssueKind;
  /** The centre had reserved it. */
  readonly reserved: boolean;
  readonly activated: boolean;
  readonly body: Printed['dots'];
  readonly footer: Printed['dots'];
  /** Of its code at the centre; `none`: nobody's. */
  readonly state: string;
  readonly delivery: Delivery | null;
}

/** Who came with a code, and what became of each operation. */
export interface Truth {
  readonly hadCode: ReadonlySet<string>;
  readonly operations: ReadonlyMap<string, OperationTruth>;
}

const EARLIER_CODE = '00000000-0000-4000-8000-000000000000';

/**
 * Centre and printer at the moment of a power cut: everything that the journal says is over has happened as it did in the traced
 * run; what was under way has happened, or has not, or half, as `random` has it.
 */
export class WorldAtCut {
  readonly time = new VirtualClock();
  readonly centres = new Map<string, CentreModel>();
  readonly printer = new PrinterModel(
    this.time.view(),
    () => 'good',
    () => undefined,
  );
  readonly #truth: Truth;

  /** `moves`: those of which the disk knows. */
  constructor(moves: readonly Move[], truth: Truth, random: () => number) {
    this.#truth = truth;
    for (const { person } of truth.operations.values()) {
      if (this.centres.has(person)) continue;
      const centre = new CentreModel(() => this.time.nowMs);
      this.centres.set(person, centre);
      if (truth.hadCode.has(person)) centre.rival(EARLIER_CODE);
    }
    for (const move of moves) this.#happened(move);
    for (const [opId, { state }] of journalAfter(moves)) this.#underWay(opId, state, random);
  }

  centreOf(opId: string): CentreModel {
    const centre = this.centres.get(this.truthOf(opId).person);
    if (centre === undefined) throw new Error('nobody has this operation');
    return centre;
  }

  truthOf(opId: string): OperationTruth {
    const truth = this.#truth.operations.get(opId);
    if (truth === undefined) throw new Error('an operation that the traced run did not have');
    return truth;
  }

  #happened({ opId, from, trigger }: Move): void {
    const truth = this.truthOf(opId);
    switch (trigger) {
      case 'reserved':
        this.#reserve(opId);
        return;
      case 'activated':
        this.#activate(opId);
        return;
      case 'doubt':
        if (from === 'INTENT' && truth.reserved) this.#reserve(opId);
        if (from === 'PRINTING') this.#put(opId, 'body', truth.body);
        if (from === 'ACTIVATING' && truth.activated) this.#activate(opId);
        return;
      case 'proof':
        this.#put(opId, from === 'PRINTING' ? 'body' : 'footer', 'all');
        if (from === 'FOOTER') this.#cut();
        return;
      case 'unproven':
        this.#put(opId, 'footer', truth.footer);
        return;
      case 'retracted':
        this.printer.retracted.push(...this.printer.slips.splice(-1));
        return;
      case 'settled':
        this.#tellCentre(opId, from);
        return;
      case 'paper-cleared':
        this.#clearPaper(opId, from);
        return;
      case 'finished':
        this.#tellCentre(opId, from);
        this.#clearPaper(opId, from);
        return;
    }
  }

  #underWay(opId: string, state: string, random: () => number): void {
    const perhaps = () => random() < 0.5;
    const dots = (['none', 'some', 'all'] as const)[Math.floor(random() * 3)] ?? 'none';
    if (state === 'INTENT' && perhaps()) this.#reserve(opId);
    if (state === 'PRINTING') this.#put(opId, 'body', dots);
    if (state === 'ACTIVATING' && perhaps()) this.#activate(opId);
    if (state === 'FOOTER') {
      this.#put(opId, 'footer', dots);
      if (dots === 'all' && perhaps()) this.#cut();
    }
    if (state === 'VOIDING' || state === 'DONE_U') {
      if (perhaps()) this.#tellCentre(opId, state);
      if (perhaps()) this.#clearPaper(opId, state);
    }
  }

  #reserve(opId: string): void {
    this.centreOf(opId).reserve(opId, this.truthOf(opId).kind);
  }

  #activate(opId: string): void {
    const centre = this.centreOf(opId);
    centre.activate(opId, centre.codes.get(opId)?.baseEpoch ?? -1);
  }

  #tellCentre(opId: string, from: string): void {
    if (from === 'VOIDING') this.centreOf(opId).void(opId);
    else if (from === 'DONE_U') this.centreOf(opId).confirm(opId, 'unconfirmed');
    else if (from === 'DONE') this.centreOf(opId).confirm(opId, this.truthOf(opId).delivery ?? 'cut');
  }

  #put(opId: string, part: Part, dots: Printed['dots']): void {
    if (dots !== 'none') this.printer.hanging.push({ opId, part, dots });
  }

  /** 作废 over whatever hangs there, or a plain cut. */
  #clearPaper(opId: string, from: string): void {
    if (!this.printer.hanging.some((printed) => printed.opId === opId)) return;
    if (from === 'VOIDING') this.#put(opId, 'void', 'all');
    this.#cut();
  }

  #cut(): void {
    this.printer.slips.push(this.printer.hanging);
    this.printer.hanging = [];
  }
}
