import { ok } from '../../src/platform/result.ts';
import { instant } from './calendar.ts';
import type { Handlers } from './call.ts';
import { nextEpoch } from './operation-rows.ts';
import { refuse } from './refusal.ts';
import { findPerson } from './subjects.ts';

/** `POST /v1/loss-reports`: 挂失. Nothing of the person's stays active, suspended or pending, and nothing comes back. */
export const reportLoss: Handlers['reportLoss'] = ({ db }, call) => {
  const person = findPerson(db, call.body.idNumber);
  if (!person) return refuse('unknown-person');
  const { changes } = db
    .prepare(
      `UPDATE operations SET state = 'revoked', suspended_by = NULL
       WHERE id_number = ? AND state IN ('active', 'suspended', 'pending')`,
    )
    .run(person.idNumber);
  if (changes > 0) nextEpoch(db, person.idNumber);
  return ok({ reportedAt: instant(call.nowMs), revoked: changes });
};
