import type { Handlers } from './call.ts';
import { heartbeat } from './fleet.ts';
import { getFullName, getPhoto, identify, makeLivingCode } from './identifications.ts';
import { reportLoss } from './loss-reports.ts';
import { getNotice, getRecording, listNotices } from './notices.ts';
import { activate, confirm, getOperation, listOpenOperations, voidOperation } from './operations.ts';
import { reserve } from './reservations.ts';
import { listTerminals } from './terminals.ts';
import { listUnconfirmed } from './unconfirmed.ts';
import { verify } from './verifications.ts';

/** The rule behind every call of the contract; a missing one does not compile. */
export const handlers: Handlers = {
  identify,
  getPhoto,
  getFullName,
  reserve,
  activate,
  void: voidOperation,
  confirm,
  getOperation,
  listOpenOperations,
  verify,
  reportLoss,
  makeSuishenCode: makeLivingCode,
  listUnconfirmed,
  listTerminals,
  listNotices,
  getNotice,
  getRecording,
  heartbeat,
};
