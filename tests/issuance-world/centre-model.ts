import type { Delivery, IssueKind, OpenOperation } from '../../src/issuance/ports.ts';

/** Weakest first; from `cut` on nothing takes it back. */
const DELIVERIES: readonly (Delivery | null)[] = [null, 'unconfirmed', 'cut', 'taken', 'scanned'];

function delivered({ delivery }: { readonly delivery: Delivery | null }): boolean {
  return DELIVERIES.indexOf(delivery) >= DELIVERIES.indexOf('cut');
}

type CodeState = 'pending' | 'active' | 'suspended' | 'superseded' | 'void';

export interface Code {
  readonly opId: string;
  readonly kind: IssueKind;
  readonly device: 'kiosk' | 'rival';
  state: CodeState;
  readonly baseEpoch: number;
  readonly leaseUntilMs: number;
  delivery: Delivery | null;
  activatedEver: boolean;
  /** Serial number of its activation. */
  activation: number;
  suspendedBy: string | null;
}

const LEASE_MS = 600_000;

/** The central service's rules for the codes of one person, as the contract words them; written apart from the sandbox. */
export class CentreModel {
  readonly codes = new Map<string, Code>();
  epoch = 0;
  activations = 0;
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  active(): readonly Code[] {
    return [...this.codes.values()].filter((code) => code.state === 'active');
  }

  reserve(opId: string, kind: IssueKind, device: Code['device'] = 'kiosk') {
    const known = this.codes.get(opId);
    if (known !== undefined) {
      return known.state === 'pending' ? this.#reserved(known) : refused('voided');
    }
    const holds = this.active().length > 0;
    if (kind === 'apply' && holds) return refused('already-active');
    if (kind === 'reissue' && !holds) return refused('nothing-to-reissue');
    const code: Code = {
      opId,
      kind,
      device,
      state: 'pending',
      baseEpoch: this.epoch,
      leaseUntilMs: this.#nowMs() + LEASE_MS,
      delivery: null,
      activatedEver: false,
      activation: 0,
      suspendedBy: null,
    };
    this.codes.set(opId, code);
    return this.#reserved(code);
  }

  #reserved(code: Code) {
    const tokenHash = '00ff';
    return { kind: 'ok', baseEpoch: code.baseEpoch, validUntil: '2027-05-20', tokenHash } as const;
  }

  activate(opId: string, baseEpoch: number) {
    const code = this.codes.get(opId);
    if (code?.state === 'active') return { kind: 'ok' } as const;
    if (code?.state === 'pending' && this.#nowMs() > code.leaseUntilMs) code.state = 'void';
    if (code?.state !== 'pending') return refused('gone');
    if (baseEpoch !== this.epoch) return refused('stale-epoch');
    for (const old of this.active()) {
      old.state = 'suspended';
      old.suspendedBy = opId;
    }
    code.state = 'active';
    code.activatedEver = true;
    this.epoch += 1;
    this.activations += 1;
    code.activation = this.activations;
    return { kind: 'ok' } as const;
  }

  void(opId: string) {
    const code = this.codes.get(opId);
    if (code === undefined) {
      this.reserveTombstone(opId);
      return { kind: 'ok' } as const;
    }
    if (code.state === 'void') return { kind: 'ok' } as const;
    if (delivered(code)) return { kind: 'final', problem: 'delivered' } as const;
    const heir = code.suspendedBy;
    for (const old of this.codes.values()) {
      if (old.state !== 'suspended' || old.suspendedBy !== opId) continue;
      old.suspendedBy = heir;
      if (code.state === 'active') old.state = 'active';
    }
    if (code.state === 'active') this.epoch += 1;
    code.state = 'void';
    return { kind: 'ok' } as const;
  }

  reserveTombstone(opId: string): void {
    this.reserve(opId, this.active().length > 0 ? 'reissue' : 'apply');
    const code = this.codes.get(opId);
    if (code !== undefined) code.state = 'void';
  }

  confirm(opId: string, delivery: Delivery) {
    const code = this.codes.get(opId);
    if (code === undefined || code.state === 'void' || code.state === 'pending') {
      return { kind: 'final', problem: 'gone' } as const;
    }
    if (DELIVERIES.indexOf(delivery) > DELIVERIES.indexOf(code.delivery)) code.delivery = delivery;
    if (delivered(code)) {
      for (const old of this.codes.values()) {
        if (old.suspendedBy === opId && old.state === 'suspended') old.state = 'superseded';
      }
    }
    return { kind: 'ok' } as const;
  }

  open(): readonly OpenOperation[] {
    const open: OpenOperation[] = [];
    for (const { opId, kind, device, state, delivery } of this.codes.values()) {
      if (device !== 'kiosk' || (state !== 'pending' && state !== 'active' && state !== 'suspended'))
        continue;
      open.push({ opId, kind, state, confirmed: delivery !== null });
    }
    return open;
  }

  /** Somebody else's machine issues a code to the same person, in one go. */
  rival(opId: string): void {
    this.reserve(opId, this.active().length > 0 ? 'reissue' : 'apply', 'rival');
    this.activate(opId, this.epoch);
    this.confirm(opId, 'cut');
  }
}

function refused<P extends string>(problem: P) {
  return { kind: 'refused', problem } as const;
}
