import { createHash } from 'node:crypto';

import { VERIFICATION_TEXTS } from '../schemas.ts';
import type { Check } from './check.ts';
import { expectEqual, expectTrue, text } from './check.ts';
import { DAY_MS, NIL_TOKEN, endOfShanghaiDay } from './samples.ts';
import { expectAccepted, expectRefused } from './scene.ts';
import type { Scene } from './scene.ts';

type Behaviour = Omit<Check, 'parties' | 'subjects'> & Partial<Pick<Check, 'parties' | 'subjects'>>;

function check(behaviour: Behaviour): Check {
  return { parties: ['device'], subjects: ['ordinary'], ...behaviour };
}

const RECORDED = text('记录的交付', 'recorded delivery');
const A_MINUTE_MS = 60_000;

async function isUnconfirmed(scene: Scene, operationId: string): Promise<boolean> {
  const list = expectAccepted(await scene.caller.call('operator', 'listUnconfirmed'));
  return list.unconfirmed.some((one) => one.operationId === operationId);
}

const deliveries: readonly Check[] = [
  check({
    id: 'delivery.monotone-and-final',
    title: text(
      '交付只升不降；切纸之后不能作废，早先的码彻底换新',
      'delivery only rises; from cut on nothing is voided and the earlier code is superseded',
    ),
    async run(scene) {
      const person = await scene.ordinary();
      const old = await scene.activated(person, 'apply');
      const { operationId } = await scene.activated(person, 'reissue');
      const confirm = async (delivery: 'unconfirmed' | 'cut' | 'taken' | 'scanned') =>
        expectAccepted(await scene.confirm(operationId, delivery)).delivery;
      expectEqual(RECORDED, await confirm('unconfirmed'), 'unconfirmed');
      expectEqual(RECORDED, await confirm('cut'), 'cut');
      expectEqual(RECORDED, await confirm('unconfirmed'), 'cut');
      expectEqual(RECORDED, await confirm('taken'), 'taken');
      expectEqual(RECORDED, await confirm('cut'), 'taken');
      expectEqual(RECORDED, await confirm('scanned'), 'scanned');
      expectEqual(RECORDED, await confirm('taken'), 'scanned');
      expectRefused(await scene.void(operationId), 'delivered-final');
      await scene.expectState(operationId, 'active');
      await scene.expectState(old.operationId, 'superseded');
    },
  }),
  check({
    id: 'delivery.only-of-active',
    title: text('没有启用或已作废的码没有交付', 'what is not activated, or void, is not delivered'),
    async run(scene) {
      const { operationId } = await scene.reserved(await scene.ordinary(), 'apply');
      expectRefused(await scene.confirm(operationId, 'cut'), 'operation-not-activated');
      expectAccepted(await scene.void(operationId));
      expectRefused(await scene.confirm(operationId, 'cut'), 'operation-void');
      expectRefused(await scene.confirm(scene.operationId(), 'cut'), 'not-found');
    },
  }),
  check({
    id: 'delivery.first-scan-counts',
    title: text('核验的第一次扫描即为交付', "a verifier's first scan counts as delivery"),
    parties: ['device', 'verifier'],
    async run(scene) {
      const reservation = await scene.activated(await scene.ordinary(), 'apply');
      await scene.expectVerifies(reservation, 'valid');
      const { delivery } = expectAccepted(await scene.operation(reservation.operationId));
      expectEqual(RECORDED, delivery, 'scanned');
      expectRefused(await scene.void(reservation.operationId), 'delivered-final');
    },
  }),
  check({
    id: 'delivery.operators-list',
    title: text(
      '没人看到交付的码在值班清单里，确认后不在',
      'operators see codes nobody saw delivered, until they are',
    ),
    parties: ['device', 'operator'],
    async run(scene) {
      const { operationId } = await scene.activated(await scene.ordinary(), 'apply');
      const listed = text('是否在值班清单里', 'whether it is on the list of the operators');
      expectEqual(listed, await isUnconfirmed(scene, operationId), true);
      expectAccepted(await scene.confirm(operationId, 'unconfirmed'));
      expectEqual(listed, await isUnconfirmed(scene, operationId), true);
      expectAccepted(await scene.confirm(operationId, 'cut'));
      expectEqual(listed, await isUnconfirmed(scene, operationId), false);
    },
  }),
];

const verifications: readonly Check[] = [
  check({
    id: 'verification.states',
    title: text(
      '未启用、有效、已换新、作废各有自己的回答',
      'not activated, valid, replaced and void each have their own answer',
    ),
    parties: ['device', 'verifier'],
    async run(scene) {
      const person = await scene.ordinary();
      const old = await scene.reserved(person, 'apply');
      await scene.expectVerifies(old, 'not-activated');
      expectAccepted(await scene.activate(old.operationId));
      await scene.expectVerifies(old, 'valid');
      const renewed = await scene.activated(person, 'reissue');
      await scene.expectVerifies(old, 'replaced');
      expectAccepted(await scene.void(renewed.operationId));
      await scene.expectVerifies(renewed, 'void');
      await scene.expectVerifies(old, 'valid');
    },
  }),
  check({
    id: 'verification.revoked',
    title: text('挂失的码核验为已挂失', 'a code reported lost verifies as revoked'),
    parties: ['device', 'verifier', 'portal'],
    async run(scene) {
      const person = await scene.ordinary();
      const reservation = await scene.activated(person, 'apply');
      expectAccepted(await scene.reportLoss(person.subject));
      await scene.expectVerifies(reservation, 'revoked');
    },
  }),
  check({
    id: 'verification.answer',
    title: text(
      '有效的码给出颜色、遮盖的信息和核验人水印；其余不给颜色',
      "a valid code shows colour, masked data and the verifier's watermark; others no colour",
    ),
    parties: ['device', 'verifier'],
    async run(scene) {
      const person = await scene.ordinary();
      const reservation = await scene.reserved(person, 'apply');
      const before = expectAccepted(await scene.verify(reservation.token));
      expectEqual(text('未启用的颜色', 'colour before activation'), before.colour ?? null, null);
      expectAccepted(await scene.activate(reservation.operationId));
      const valid = expectAccepted(await scene.verify(reservation.shortCode));
      expectEqual(text('短码的核验结果', 'what the short code verifies as'), valid.status, 'valid');
      expectEqual(text('文字', 'text'), valid.statusText, VERIFICATION_TEXTS.valid);
      expectTrue(text('没有颜色', 'no colour'), valid.colour !== undefined);
      expectEqual(text('最后有效日', 'last valid day'), valid.validUntil, reservation.validUntil);
      expectTrue(
        text('姓名没有遮盖', 'the name is not masked'),
        !valid.maskedName.includes(person.subject.name),
      );
      expectTrue(
        text('没有核验人水印', 'no watermark'),
        valid.watermark.text.includes(valid.watermark.verifierId),
      );
    },
  }),
  check({
    id: 'verification.unknown',
    title: text('不存在的码没有结果', 'a code nobody issued is unknown'),
    parties: ['verifier'],
    subjects: [],
    async run(scene) {
      expectRefused(await scene.verify(NIL_TOKEN), 'unknown-code');
      expectRefused(await scene.verify('https://example.com/'), 'unknown-code');
    },
  }),
  check({
    id: 'verification.last-day',
    title: text(
      '最后一天整天有效，过了午夜即过期',
      'valid through the whole last day, expired after midnight',
    ),
    parties: ['device', 'verifier'],
    passesMs: 180 * DAY_MS,
    async run(scene) {
      const person = await scene.ordinary();
      const reservation = await scene.activated(person, 'apply');
      expectAccepted(await scene.confirm(reservation.operationId, 'taken'));
      const midnight = endOfShanghaiDay(reservation.validUntil);
      await scene.passTime(midnight - A_MINUTE_MS - scene.caller.centreMs());
      await scene.expectVerifies(reservation, 'valid');
      await scene.passTime(2 * A_MINUTE_MS);
      await scene.expectVerifies(reservation, 'expired');
      const again = await scene.signIn(person.subject);
      expectEqual(text('现有的码', 'current code'), again.identification.currentCode.status, 'expired');
      const { operationId } = await scene.reserved(again, 'apply');
      await scene.void(operationId);
    },
  }),
];

const fleet: readonly Check[] = [
  check({
    id: 'fleet.directory',
    title: text(
      '附近终端按远近排列，每条通知和它的录音都取得到，心跳可用',
      'terminals come nearest first; each notice and its recordings can be had; heartbeats work',
    ),
    subjects: [],
    async run(scene) {
      const { terminals } = expectAccepted(
        await scene.caller.call('device', 'listTerminals', { query: 'near=31.230400,121.473700' }),
      );
      const distances = terminals.map(({ distanceM }) => distanceM ?? 0);
      expectEqual(
        text('距离的次序', 'order of distances'),
        distances,
        distances.toSorted((a, b) => a - b),
      );
      const { notices } = expectAccepted(await scene.caller.call('device', 'listNotices'));
      for (const { noticeId, revision } of notices) await checkNotice(scene, noticeId, revision);
      expectRefused(
        await scene.caller.call('device', 'getNotice', { params: { noticeId: 'no-such-notice' } }),
        'not-found',
      );
      const json = { agentVersion: 'conformance', uptimeSeconds: 0, openOperations: 0, devices: [] };
      expectAccepted(await scene.caller.call('device', 'heartbeat', { json }));
    },
  }),
];

async function checkNotice(scene: Scene, noticeId: string, revision: string): Promise<void> {
  const notice = expectAccepted(await scene.caller.call('device', 'getNotice', { params: { noticeId } }));
  expectEqual(text('通知的版本', 'revision of a notice'), notice.revision, revision);
  for (const { recording } of notice.sections.flatMap(({ paragraphs }) => paragraphs)) {
    if (recording === undefined) continue;
    const params = { noticeId, recordingId: recording.recordingId };
    const sound = await scene.caller.bytes('device', 'getRecording', { params });
    const sha256 = typeof sound === 'string' ? sound : createHash('sha256').update(sound).digest('hex');
    expectEqual(text('录音的 SHA-256', "a recording's SHA-256"), sha256, recording.sha256);
  }
}

/** Delivery, what verifiers and operators see, and the calls of the fleet. */
export const deliveryChecks: readonly Check[] = [...deliveries, ...verifications, ...fleet];
