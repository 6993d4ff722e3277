import type {
  Delivery,
  OperationKind,
  OperationState,
  OperationStatus,
} from '../../src/central-api/schemas.ts';
import { instant } from './calendar.ts';
import type { CentreDatabase } from './database.ts';

/** A row of `operations`: an operation and the code it made. */
export interface OperationRow {
  readonly operation_id: string;
  readonly device_id: string;
  readonly state: OperationState;
  readonly id_number: string | null;
  readonly kind: OperationKind | null;
  readonly token: string | null;
  readonly short_code: string | null;
  readonly issued_on: string | null;
  readonly valid_until: string | null;
  readonly base_epoch: number | null;
  readonly lease_expires_at: number | null;
  readonly activated_at: number | null;
  readonly epoch: number | null;
  readonly suspended_by: string | null;
  readonly delivery: Delivery | null;
  readonly restored: number;
}

/** An operation that was reserved, so that it has a person and a code; a tombstone is not one. */
export interface ReservedRow extends OperationRow {
  readonly id_number: string;
  readonly kind: OperationKind;
  readonly token: string;
  readonly short_code: string;
  readonly issued_on: string;
  readonly valid_until: string;
  readonly base_epoch: number;
  readonly lease_expires_at: number;
}

/** The operation of this id, whoever made it. */
export function findOperation(db: CentreDatabase, operationId: string): OperationRow | undefined {
  return db
    .prepare<[string], OperationRow>('SELECT * FROM operations WHERE operation_id = ?')
    .get(operationId);
}

/** Tells a reserved operation from a tombstone. */
export function isReserved(row: OperationRow): row is ReservedRow {
  return row.id_number !== null && row.token !== null;
}

/** The one active code of a person. */
export function activeOperation(db: CentreDatabase, idNumber: string): ReservedRow | undefined {
  return db
    .prepare<[string], ReservedRow>("SELECT * FROM operations WHERE id_number = ? AND state = 'active'")
    .get(idNumber);
}

/** Codes activated on the Shanghai day that begins at `dayStartMs`; those that became void do not count. */
export function countActivatedSince(db: CentreDatabase, idNumber: string, dayStartMs: number): number {
  const row = db
    .prepare<[string, number], { n: number }>(
      "SELECT count(*) AS n FROM operations WHERE id_number = ? AND activated_at >= ? AND state <> 'void'",
    )
    .get(idNumber, dayStartMs);
  return row?.n ?? 0;
}

/** How often the codes of a person changed. */
export function epochOf(db: CentreDatabase, idNumber: string): number {
  return (
    db.prepare<[string], { epoch: number }>('SELECT epoch FROM persons WHERE id_number = ?').get(idNumber)
      ?.epoch ?? 0
  );
}

/** Counts one change of the person's codes; returns the new epoch. */
export function nextEpoch(db: CentreDatabase, idNumber: string): number {
  db.prepare('UPDATE persons SET epoch = epoch + 1 WHERE id_number = ?').run(idNumber);
  return epochOf(db, idNumber);
}

/**
 * Everything that ends by itself: leases that ran out make their operation void, codes past their last day expire. Runs
 * at the start of every call, so that time needs no timer and a date is a date.
 */
export function endWhatIsOver(db: CentreDatabase, nowMs: number, today: string): void {
  db.prepare("UPDATE operations SET state = 'void' WHERE state = 'pending' AND lease_expires_at <= ?").run(
    nowMs,
  );
  db.prepare(
    "UPDATE operations SET state = 'expired', suspended_by = NULL WHERE state IN ('active', 'suspended') AND valid_until < ?",
  ).run(today);
}

/** What recovery may know of an operation. */
export function statusOf(row: OperationRow): OperationStatus {
  return {
    operationId: row.operation_id,
    state: row.state,
    ...(isReserved(row) && {
      kind: row.kind,
      issuedOn: row.issued_on,
      validUntil: row.valid_until,
      baseEpoch: row.base_epoch,
      leaseExpiresAt: instant(row.lease_expires_at),
    }),
    ...(row.activated_at !== null && { activatedAt: instant(row.activated_at) }),
    ...(row.delivery !== null && { delivery: row.delivery }),
  };
}
