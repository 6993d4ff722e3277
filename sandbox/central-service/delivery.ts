import { DELIVERIES } from '../../src/central-api/schemas.ts';
import type { Delivery } from '../../src/central-api/schemas.ts';
import type { CentreDatabase } from './database.ts';
import type { OperationRow } from './operation-rows.ts';

/** From `cut` on the slip is with the person, and nothing takes that back. */
export function isDelivered(delivery: Delivery | null): boolean {
  return delivery !== null && rank(delivery) >= rank('cut');
}

/**
 * Records how the slip of an active or suspended code was delivered, upward only; from `cut` on, what gave way to it is
 * superseded for good. Returns what is recorded now.
 */
export function recordDelivery(db: CentreDatabase, row: OperationRow, reported: Delivery): Delivery {
  if (row.delivery !== null && rank(reported) <= rank(row.delivery)) return row.delivery;
  db.prepare('UPDATE operations SET delivery = ? WHERE operation_id = ?').run(reported, row.operation_id);
  if (isDelivered(reported)) supersedeBehind(db, row.operation_id);
  return reported;
}

/** Supersedes the code that gave way to this one, and whatever had given way to that. */
function supersedeBehind(db: CentreDatabase, operationId: string): void {
  db.prepare(
    `WITH RECURSIVE behind (operation_id) AS (
       SELECT operation_id FROM operations WHERE suspended_by = ?
       UNION SELECT o.operation_id FROM operations o JOIN behind b ON o.suspended_by = b.operation_id
     )
     UPDATE operations SET state = 'superseded', suspended_by = NULL
     WHERE operation_id IN (SELECT operation_id FROM behind)`,
  ).run(operationId);
}

function rank(delivery: Delivery): number {
  return DELIVERIES.indexOf(delivery);
}
