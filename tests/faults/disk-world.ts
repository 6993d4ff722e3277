import type { IssuancePorts, IssueKind } from '../../src/issuance/ports.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { systemRandom } from '../../src/platform/random.ts';
import type { Journal } from '../../src/store/journal.ts';
import { CentreModel, type Code } from '../issuance-world/centre-model.ts';
import { PrinterModel, type Printed } from '../issuance-world/printer-model.ts';
import { VirtualClock } from '../simulation/virtual-clock.ts';
import { brokenAtRest } from '../powercut/at-rest.ts';

/** What somebody comes for. */
export interface Errand {
  readonly opId: string;
  /** A name of the test's own, nothing personal. */
  readonly person: string;
  readonly kind: IssueKind;
}

/** Centre and paper as they lie between two lives of a kiosk; goes from one process to another as JSON. */
export interface WorldState {
  readonly errands: readonly Errand[];
  /** By person. */
  readonly centres: Readonly<
    Record<string, { readonly codes: readonly Code[]; readonly epoch: number; readonly activations: number }>
  >;
  readonly slips: readonly (readonly Printed[])[];
  readonly hanging: readonly Printed[];
  /** Operations that the journal has seen at their footer. */
  readonly footers: readonly string[];
}

const EARLIER_CODE = '00000000-0000-4000-8000-000000000000';

/** Nothing has happened yet; who comes for a 补领 has a code. */
export function firstState(errands: readonly Errand[]): WorldState {
  const centres = errands.map(({ person, kind }) => {
    const centre = new CentreModel(() => 0);
    if (kind === 'reissue') centre.rival(EARLIER_CODE);
    return [person, stateOf(centre)] as const;
  });
  return { errands, centres: Object.fromEntries(centres), slips: [], hanging: [], footers: [] };
}

function stateOf({ codes, epoch, activations }: CentreModel): WorldState['centres'][string] {
  return { codes: [...codes.values()], epoch, activations };
}

/** A centre and a printer that answer, in virtual time, around a disk that may not. */
export class DiskWorld {
  readonly time = new VirtualClock();
  readonly errands: readonly Errand[];
  readonly centres = new Map<string, CentreModel>();
  readonly printer = new PrinterModel(
    this.time.view(),
    () => 'good',
    () => undefined,
  );
  readonly #footers: Set<string>;

  constructor(state: WorldState) {
    const { errands, centres, slips, hanging, footers } = structuredClone(state);
    this.errands = errands;
    this.#footers = new Set(footers);
    this.printer.slips.push(...slips.map((slip) => [...slip]));
    this.printer.hanging = [...hanging];
    for (const [person, { codes, epoch, activations }] of Object.entries(centres)) {
      const centre = new CentreModel(() => this.time.nowMs);
      for (const code of codes) centre.codes.set(code.opId, code);
      centre.epoch = epoch;
      centre.activations = activations;
      this.centres.set(person, centre);
    }
  }

  state(): WorldState {
    return structuredClone({
      errands: this.errands,
      centres: Object.fromEntries(Array.from(this.centres, ([person, centre]) => [person, stateOf(centre)])),
      slips: this.printer.slips,
      hanging: this.printer.hanging,
      footers: [...this.#footers],
    });
  }

  /** Somebody's; an operation that nobody has is a centre's of its own, which knows nobody. */
  centreOf(opId: string): CentreModel {
    const person = this.errands.find((errand) => errand.opId === opId)?.person ?? '';
    return this.centres.get(person) ?? new CentreModel(() => this.time.nowMs);
  }

  /** What does not hold of centre and paper now that everything is at rest. */
  broken(): readonly string[] {
    const came = new Set(this.errands.filter(({ kind }) => kind === 'reissue').map(({ person }) => person));
    return brokenAtRest(
      this,
      [...this.#footers].map((opId) => ({ opId, to: 'FOOTER' })),
      came,
    );
  }

  /** What issuance works with in this world; `fatal` as in production, `moved` is told of each move when it is on disk. */
  ports(journal: Journal, fatal: (error: unknown) => void, moved: (journal: string) => void): IssuancePorts {
    const { printer } = this;
    const clock: Clock = this.time.view();
    return {
      journal,
      clock,
      random: { uuid: () => systemRandom.uuid(), fraction: () => 0.5 },
      fatal,
      log: (entry) => {
        if (entry.event !== 'transition') return;
        if (entry.from === 'FOOTER' || entry.to === 'FOOTER') this.#footers.add(entry.opId);
        moved(entry.to);
      },
      centre: {
        reserve: async ({ opId, kind }) => this.centreOf(opId).reserve(opId, kind),
        activate: async ({ opId, baseEpoch }) => this.centreOf(opId).activate(opId, baseEpoch),
        void: async ({ opId }) => this.centreOf(opId).void(opId),
        confirm: async ({ opId, delivery }) => this.centreOf(opId).confirm(opId, delivery),
        openOperations: async () => ({
          kind: 'ok',
          operations: [...this.centres.values()].flatMap((centre) => centre.open()),
        }),
      },
      printer: {
        preflight: async () => ({ kind: 'ready' }),
        printBody: ({ opId }) => printer.print(opId, 'body', false),
        printFooterAndCut: ({ opId }) => printer.print(opId, 'footer', true),
        printVoidAndCut: ({ opId }) => printer.print(opId, 'void', true),
        cutOff: ({ opId }) => printer.print(opId, 'blank', true),
        purge: () => printer.purge(),
        slipExit: () => undefined,
      },
    };
  }
}
