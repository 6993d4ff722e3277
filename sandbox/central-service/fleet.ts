import { ok } from '../../src/platform/result.ts';
import { instant } from './calendar.ts';
import type { Handlers } from './call.ts';

const HEARTBEAT_SECONDS = 60;

/** `POST /v1/heartbeats`: the last one of each kiosk is kept. */
export const heartbeat: Handlers['heartbeat'] = ({ db }, call) => {
  db.prepare('INSERT OR REPLACE INTO heartbeats (device_id, received_at, body) VALUES (?, ?, ?)').run(
    call.keyId,
    call.nowMs,
    JSON.stringify(call.body),
  );
  return ok({ receivedAt: instant(call.nowMs), nextInSeconds: HEARTBEAT_SECONDS });
};
