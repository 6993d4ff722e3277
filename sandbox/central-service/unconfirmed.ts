import { ok } from '../../src/platform/result.ts';
import { instant } from './calendar.ts';
import type { Handlers } from './call.ts';
import type { OperationRow, ReservedRow } from './operation-rows.ts';

const OVERDUE_MS = 15 * 60_000;

/** Active for more than 15 minutes, and the kiosk never said what became of the slip. */
export function isOverdue(row: OperationRow, nowMs: number): boolean {
  return row.delivery === null && row.activated_at !== null && nowMs - row.activated_at > OVERDUE_MS;
}

/** `GET /v1/unconfirmed` */
export const listUnconfirmed: Handlers['listUnconfirmed'] = ({ db }, call) => {
  const rows = db
    .prepare<[], ReservedRow>(
      `SELECT * FROM operations WHERE state = 'active' AND (delivery IS NULL OR delivery = 'unconfirmed')
       ORDER BY activated_at`,
    )
    .all();
  return ok({
    unconfirmed: rows.map((row) => ({
      operationId: row.operation_id,
      deviceId: row.device_id,
      kind: row.kind,
      activatedAt: instant(row.activated_at ?? 0),
      ...(row.delivery === 'unconfirmed' && { delivery: row.delivery }),
      overdue: call.nowMs - (row.activated_at ?? 0) > OVERDUE_MS,
    })),
  });
};
