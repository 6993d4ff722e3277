import type { Check } from './check.ts';
import { expectEqual, expectTrue, text } from './check.ts';
import { DAY_MS, endOfShanghaiDay } from './samples.ts';
import { expectAccepted, expectRefused } from './scene.ts';

type Behaviour = Omit<Check, 'parties' | 'subjects'> & Partial<Pick<Check, 'parties' | 'subjects'>>;

function check(behaviour: Behaviour): Check {
  return { parties: ['device'], subjects: ['ordinary'], ...behaviour };
}

const RESTORED = text('早先的码是否恢复', 'whether the earlier code came back');
const TEN_MINUTES_MS = 600_000;

const tombstones: readonly Check[] = [
  check({
    id: 'tombstone.void-before-reserve',
    title: text('先到的作废使迟到的预留无效', 'a void that arrives first beats a late reservation'),
    async run(scene) {
      const person = await scene.ordinary();
      const operationId = scene.operationId();
      expectAccepted(await scene.void(operationId));
      expectRefused(await scene.reserve(person, 'apply', operationId), 'operation-void');
      expectRefused(await scene.activate(operationId), 'operation-void');
      await scene.expectState(operationId, 'void');
    },
  }),
  check({
    id: 'tombstone.void-pending',
    title: text(
      '作废的预留不能再启用，重复作废得到同一回答',
      'a voided reservation is never activated; voiding again gives the same answer',
    ),
    async run(scene) {
      const person = await scene.ordinary();
      const { operationId } = await scene.reserved(person, 'apply');
      const first = expectAccepted(await scene.void(operationId));
      expectEqual(
        text('重复作废的回答', 'answer to the second void'),
        expectAccepted(await scene.void(operationId)),
        first,
      );
      expectRefused(await scene.activate(operationId), 'operation-void');
      expectRefused(await scene.reserve(person, 'apply', operationId), 'operation-void');
      await scene.expectState(operationId, 'void');
    },
  }),
];

const restores: readonly Check[] = [
  check({
    id: 'restore.void-of-reissue',
    title: text('补领作废后，早先的码恢复有效', 'when a reissue is voided, the earlier code is active again'),
    async run(scene) {
      const person = await scene.ordinary();
      const old = await scene.activated(person, 'apply');
      const renewed = await scene.activated(person, 'reissue');
      await scene.expectState(old.operationId, 'suspended');
      const voided = expectAccepted(await scene.void(renewed.operationId));
      expectEqual(RESTORED, voided.restored, true);
      await scene.expectState(old.operationId, 'active');
      await scene.expectState(renewed.operationId, 'void');
      expectEqual(RESTORED, expectAccepted(await scene.void(renewed.operationId)).restored, true);
      await scene.void(old.operationId);
    },
  }),
  check({
    id: 'restore.failed-reissue',
    title: text(
      '没有启用的补领不影响早先的码',
      'a reissue that was not activated leaves the earlier code alone',
    ),
    async run(scene) {
      const person = await scene.ordinary();
      const old = await scene.activated(person, 'apply');
      const renewed = await scene.reserved(person, 'reissue');
      await scene.expectState(old.operationId, 'active');
      expectAccepted(await scene.void(renewed.operationId));
      await scene.expectState(old.operationId, 'active');
      await scene.void(old.operationId);
    },
  }),
  check({
    id: 'restore.unconfirmed-still-restores',
    title: text(
      '“未确认”的补领作废后，早先的码仍可恢复',
      'an unconfirmed reissue still gives way to the earlier code',
    ),
    async run(scene) {
      const person = await scene.ordinary();
      const old = await scene.activated(person, 'apply');
      const renewed = await scene.activated(person, 'reissue');
      expectAccepted(await scene.confirm(renewed.operationId, 'unconfirmed'));
      await scene.expectState(old.operationId, 'suspended');
      expectEqual(RESTORED, expectAccepted(await scene.void(renewed.operationId)).restored, true);
      await scene.expectState(old.operationId, 'active');
      await scene.void(old.operationId);
    },
  }),
  check({
    id: 'restore.not-after-expiry',
    title: text('早先的码已过期就不再恢复', 'an earlier code that expired meanwhile does not come back'),
    passesMs: 180 * DAY_MS,
    async run(scene) {
      const person = await scene.ordinary();
      const old = await scene.activated(person, 'apply');
      expectAccepted(await scene.confirm(old.operationId, 'taken'));
      const midnight = endOfShanghaiDay(old.validUntil);
      await scene.passTime(midnight - TEN_MINUTES_MS - scene.caller.centreMs());
      const renewed = await scene.activated(await scene.signIn(person.subject), 'reissue');
      await scene.passTime(2 * TEN_MINUTES_MS);
      expectEqual(RESTORED, expectAccepted(await scene.void(renewed.operationId)).restored, false);
      await scene.expectState(old.operationId, 'expired');
    },
  }),
];

const fencing: readonly Check[] = [
  check({
    id: 'fencing.two-reservations',
    title: text('两次预留只能启用先到的一张', 'of two reservations only the first to activate wins'),
    async run(scene) {
      const person = await scene.ordinary();
      const one = await scene.reserved(person, 'apply');
      const other = await scene.reserved(person, 'apply');
      expectAccepted(await scene.activate(other.operationId));
      expectRefused(await scene.activate(one.operationId), 'stale-epoch');
      await scene.expectState(other.operationId, 'active');
      await scene.void(one.operationId);
      await scene.void(other.operationId);
    },
  }),
  check({
    id: 'fencing.concurrent-activations',
    title: text('同时启用几张也只有一张有效', 'of activations arriving at once exactly one wins'),
    async run(scene) {
      const person = await scene.ordinary();
      const rivals = [];
      for (let count = 0; count < 3; count += 1) rivals.push(await scene.reserved(person, 'apply'));
      const replies = await Promise.all(rivals.map(({ operationId }) => scene.activate(operationId)));
      expectEqual(text('启用的数目', 'number of activations'), replies.filter((reply) => reply.ok).length, 1);
      for (const reply of replies) if (!reply.ok) expectRefused(reply, 'stale-epoch');
      for (const { operationId } of rivals) await scene.void(operationId);
    },
  }),
  check({
    id: 'fencing.restore-counts',
    title: text(
      '作废恢复之后，先前的预留也不能启用',
      'a void that restores makes earlier reservations stale',
    ),
    async run(scene) {
      const person = await scene.ordinary();
      const old = await scene.activated(person, 'apply');
      const late = await scene.reserved(person, 'reissue');
      const renewed = await scene.activated(person, 'reissue');
      expectAccepted(await scene.void(renewed.operationId));
      expectRefused(await scene.activate(late.operationId), 'stale-epoch');
      await scene.expectState(old.operationId, 'active');
      await scene.void(late.operationId);
      await scene.void(old.operationId);
    },
  }),
];

const losses: readonly Check[] = [
  check({
    id: 'loss.active',
    title: text(
      '挂失立即使有效的码失效，且可以重新领',
      'a loss report revokes at once, and the person may apply again',
    ),
    parties: ['device', 'portal'],
    async run(scene) {
      const person = await scene.ordinary();
      const { operationId } = await scene.activated(person, 'apply');
      const report = expectAccepted(await scene.reportLoss(person.subject));
      expectTrue(text('没有说明作废了码', 'no code was counted'), report.revoked >= 1);
      await scene.expectState(operationId, 'revoked');
      expectEqual(
        text('再次挂失作废的数目', 'revoked by a second report'),
        expectAccepted(await scene.reportLoss(person.subject)).revoked,
        0,
      );
      const again = await scene.signIn(person.subject);
      expectEqual(text('现有的码', 'current code'), again.identification.currentCode.status, 'revoked');
      const { operationId: fresh } = await scene.reserved(again, 'apply');
      await scene.void(fresh);
    },
  }),
  check({
    id: 'loss.pending',
    title: text(
      '挂失之后，先前的预留不能启用',
      'after a loss report an earlier reservation is never activated',
    ),
    parties: ['device', 'portal'],
    async run(scene) {
      const person = await scene.ordinary();
      const { operationId } = await scene.reserved(person, 'apply');
      expectAccepted(await scene.reportLoss(person.subject));
      expectRefused(await scene.activate(operationId), 'operation-void');
      await scene.expectState(operationId, 'revoked');
    },
  }),
  check({
    id: 'loss.suspended',
    title: text(
      '挂失之后，迟到的作废不会恢复早先的码',
      'after a loss report a late void brings nothing back',
    ),
    parties: ['device', 'portal'],
    async run(scene) {
      const person = await scene.ordinary();
      const old = await scene.activated(person, 'apply');
      const renewed = await scene.activated(person, 'reissue');
      expectAccepted(await scene.reportLoss(person.subject));
      expectEqual(RESTORED, expectAccepted(await scene.void(renewed.operationId)).restored, false);
      await scene.expectState(old.operationId, 'revoked');
      await scene.expectState(renewed.operationId, 'revoked');
    },
  }),
];

/** What becomes of a person's codes: never two, never a dead one brought back. */
export const codeChecks: readonly Check[] = [...tombstones, ...restores, ...fencing, ...losses];
