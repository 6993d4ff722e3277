import type { Activation, OperationState, Voiding } from '../../src/central-api/schemas.ts';
import { ok } from '../../src/platform/result.ts';
import type { Result } from '../../src/platform/result.ts';
import { instant } from './calendar.ts';
import type { Centre, Handlers } from './call.ts';
import type { CentreDatabase } from './database.ts';
import { isDelivered, recordDelivery } from './delivery.ts';
import {
  activeOperation,
  epochOf,
  findOperation,
  isReserved,
  nextEpoch,
  statusOf,
} from './operation-rows.ts';
import type { OperationRow, ReservedRow } from './operation-rows.ts';
import { refuse } from './refusal.ts';
import type { Refusal } from './refusal.ts';

/** `POST …/activate`: in one step the earlier code gives way and this one becomes valid, unless somebody was faster. */
export const activate: Handlers['activate'] = ({ db }, call) => {
  const row = ownOperation(db, call);
  if (!row) return refuse('not-found');
  if (row.state === 'active') return ok(activationOf(row));
  if (row.state === 'void' || row.state === 'revoked') return refuse('operation-void', { state: row.state });
  if (row.state !== 'pending' || !isReserved(row)) {
    return refuse('operation-not-pending', { state: row.state });
  }
  if (row.base_epoch !== epochOf(db, row.id_number)) return refuse('stale-epoch');

  const earlier = activeOperation(db, row.id_number);
  if (earlier) {
    db.prepare("UPDATE operations SET state = 'suspended', suspended_by = ? WHERE operation_id = ?").run(
      row.operation_id,
      earlier.operation_id,
    );
  }
  const epoch = nextEpoch(db, row.id_number);
  db.prepare(
    `UPDATE operations SET state = 'active', activated_at = ?, epoch = ?, evidence_grade = ? WHERE operation_id = ?`,
  ).run(call.nowMs, epoch, call.body.evidence.grade, row.operation_id);
  return ok(activationOf({ ...row, state: 'active', activated_at: call.nowMs, epoch }));
};

function activationOf(row: OperationRow): Activation {
  return {
    operationId: row.operation_id,
    state: 'active',
    activatedAt: instant(row.activated_at ?? 0),
    validUntil: row.valid_until ?? '',
    epoch: row.epoch ?? 0,
  };
}

/** `POST …/void`: never valid (again), unless the slip is already with the person. */
export const voidOperation: Handlers['void'] = (centre, call) => {
  const { db } = centre;
  const row = findOperation(db, call.params.operationId);
  if (!row) return ok(leaveTombstone(db, call.params.operationId, call.keyId));
  if (row.device_id !== call.keyId) return refuse('not-found');
  if (row.state !== 'void' && isDelivered(row.delivery))
    return refuse('delivered-final', { state: row.state });
  return makeVoid(centre, row);
};

/** A reservation that arrives after its own void must find that it came too late. */
function leaveTombstone(db: CentreDatabase, operationId: string, deviceId: string): Voiding {
  db.prepare("INSERT INTO operations (operation_id, device_id, state) VALUES (?, ?, 'void')").run(
    operationId,
    deviceId,
  );
  return { operationId, state: 'void', restored: false };
}

function makeVoid({ db }: Centre, row: OperationRow): Result<Voiding, Refusal> {
  const operationId = row.operation_id;
  switch (row.state) {
    case 'void':
      return ok({ operationId, state: 'void', restored: row.restored === 1 });
    case 'revoked':
    case 'expired':
    case 'superseded':
      return ok({ operationId, state: row.state, restored: false });
    case 'pending':
      setVoid(db, operationId);
      return ok({ operationId, state: 'void', restored: false });
    case 'suspended':
      // What had given way to this code now gives way to the one that this had given way to.
      db.prepare('UPDATE operations SET suspended_by = ? WHERE suspended_by = ?').run(
        row.suspended_by,
        operationId,
      );
      setVoid(db, operationId);
      return ok({ operationId, state: 'void', restored: false });
    case 'active':
      break;
  }
  return ok({ operationId, state: 'void', restored: giveBack(db, row) });
}

/** Voids the active code and makes the one that gave way to it active again, if it still lives. */
function giveBack(db: CentreDatabase, row: OperationRow): boolean {
  setVoid(db, row.operation_id);
  if (row.id_number !== null) nextEpoch(db, row.id_number);
  const { changes } = db
    .prepare("UPDATE operations SET state = 'active', suspended_by = NULL WHERE suspended_by = ?")
    .run(row.operation_id);
  if (changes > 0)
    db.prepare('UPDATE operations SET restored = 1 WHERE operation_id = ?').run(row.operation_id);
  return changes > 0;
}

function setVoid(db: CentreDatabase, operationId: string): void {
  db.prepare("UPDATE operations SET state = 'void', suspended_by = NULL WHERE operation_id = ?").run(
    operationId,
  );
}

/** `POST …/confirm`: how the slip was delivered. A code that has ended meanwhile keeps what is recorded. */
export const confirm: Handlers['confirm'] = ({ db }, call) => {
  const row = ownOperation(db, call);
  if (!row) return refuse('not-found');
  if (row.state === 'void') return refuse('operation-void', { state: row.state });
  if (row.state === 'pending') return refuse('operation-not-activated', { state: row.state });
  const living = row.state === 'active' || row.state === 'suspended';
  const recorded = living ? recordDelivery(db, row, call.body.delivery) : row.delivery;
  return ok({
    operationId: row.operation_id,
    state: row.state satisfies OperationState,
    ...(recorded !== null && { delivery: recorded }),
  });
};

/** `GET /v1/operations/{operationId}` */
export const getOperation: Handlers['getOperation'] = ({ db }, call) => {
  const row = ownOperation(db, call);
  return row ? ok(statusOf(row)) : refuse('not-found');
};

/** `GET /v1/operations?open=true` */
export const listOpenOperations: Handlers['listOpenOperations'] = ({ db }, call) => {
  const rows = db
    .prepare<[string], ReservedRow>(
      `SELECT * FROM operations WHERE device_id = ?
       AND (state = 'pending' OR (state IN ('active', 'suspended') AND delivery IS NULL)) ORDER BY rowid`,
    )
    .all(call.keyId);
  return ok({ operations: rows.map(statusOf) });
};

/** A device sees its own operations; those of others are as if they were not there. */
function ownOperation(
  db: CentreDatabase,
  call: { readonly keyId: string; readonly params: { readonly operationId: string } },
): OperationRow | undefined {
  const row = findOperation(db, call.params.operationId);
  return row?.device_id === call.keyId ? row : undefined;
}
