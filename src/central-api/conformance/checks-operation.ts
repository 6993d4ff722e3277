import { VALID_DAYS } from '../schemas.ts';
import type { Check } from './check.ts';
import { expectEqual, expectTrue, text } from './check.ts';
import { LEASE_AND_A_SECOND_MS, plusDays, shanghaiDay } from './samples.ts';
import { expectAccepted, expectRefused } from './scene.ts';
import type { Scene } from './scene.ts';

type Behaviour = Omit<Check, 'parties' | 'subjects'> & Partial<Pick<Check, 'parties' | 'subjects'>>;

function check(behaviour: Behaviour): Check {
  return { parties: ['device'], subjects: ['ordinary'], ...behaviour };
}

async function openIds(scene: Scene): Promise<readonly string[]> {
  const list = expectAccepted(
    await scene.caller.call('device', 'listOpenOperations', { query: 'open=true' }),
  );
  return list.operations.map(({ operationId }) => operationId);
}

/** Reserving: the same id once, the right kind, dates, leases, and who sees what. */
export const operationChecks: readonly Check[] = [
  check({
    id: 'operation.reserve-idempotent',
    title: text('同一编号同一内容得到同一回答', 'same id and same body give the same answer'),
    async run(scene) {
      const person = await scene.ordinary();
      const first = await scene.reserved(person, 'apply');
      const again = await Promise.all(
        [1, 2].map(async () => expectAccepted(await scene.reserve(person, 'apply', first.operationId))),
      );
      for (const other of again) {
        expectTrue(
          text('重复预留得到了别的码', 'a repeated reservation gave another code'),
          other.token === first.token,
        );
        expectEqual(
          text('短码、日期与纪元', 'short code, dates, epoch'),
          [other.shortCode, other.validUntil, other.baseEpoch],
          [first.shortCode, first.validUntil, first.baseEpoch],
        );
      }
      await scene.void(first.operationId);
    },
  }),
  check({
    id: 'operation.other-body',
    title: text('同一编号另一内容被拒绝（422）', 'same id with another body is refused (422)'),
    async run(scene) {
      const person = await scene.ordinary();
      const { operationId, token } = await scene.reserved(person, 'apply');
      expectRefused(await scene.reserve(person, 'reissue', operationId), 'body-mismatch');
      const still = expectAccepted(await scene.reserve(person, 'apply', operationId));
      expectTrue(
        text('被拒绝的请求改变了预留', 'the refused request changed the reservation'),
        still.token === token,
      );
      await scene.void(operationId);
    },
  }),
  check({
    id: 'operation.concurrent-reserve',
    title: text('同一编号同时到达两次也只有一张码', 'one id arriving twice at once makes one code'),
    async run(scene) {
      const person = await scene.ordinary();
      const operationId = scene.operationId();
      const both = await Promise.all([1, 2, 3].map(() => scene.reserve(person, 'apply', operationId)));
      const tokens = new Set(both.map((reply) => expectAccepted(reply).token));
      expectEqual(text('不同的码的数目', 'number of different codes'), tokens.size, 1);
      await scene.void(operationId);
    },
  }),
  check({
    id: 'operation.wrong-kind',
    title: text('没有码时不能补领，有码时不能再领', 'reissue needs an active code, apply needs none'),
    async run(scene) {
      const person = await scene.ordinary();
      expectRefused(await scene.reserve(person, 'reissue', scene.operationId()), 'nothing-to-reissue');
      const { operationId, validUntil } = await scene.activated(person, 'apply');
      const refused = await scene.reserve(person, 'apply', scene.operationId());
      expectRefused(refused, 'already-active');
      const named = refused.ok ? undefined : refused.problem.validUntil;
      expectEqual(text('拒绝中说明的最后有效日', 'last day named in the refusal'), named, validUntil);
      await scene.void(operationId);
    },
  }),
  check({
    id: 'operation.valid-180-days',
    title: text('当天起算共 180 天', '180 days, the day of issue included'),
    async run(scene) {
      const before = shanghaiDay(scene.caller.centreMs());
      const { operationId, issuedOn, validUntil } = await scene.reserved(await scene.ordinary(), 'apply');
      const after = shanghaiDay(scene.caller.centreMs());
      expectTrue(
        text('签发日不是中心的当天', 'issued on another day than the centre has'),
        [before, after].includes(issuedOn),
      );
      expectEqual(text('最后有效日', 'last valid day'), validUntil, plusDays(issuedOn, VALID_DAYS - 1));
      await scene.void(operationId);
    },
  }),
  check({
    id: 'operation.activate-idempotent',
    title: text('重复启用得到同一回答', 'activating again gives the same answer'),
    async run(scene) {
      const { operationId } = await scene.activated(await scene.ordinary(), 'apply');
      const [first, again] = [await scene.activate(operationId), await scene.activate(operationId)];
      expectEqual(text('回答', 'answer'), expectAccepted(again), expectAccepted(first));
      await scene.expectState(operationId, 'active');
      await scene.void(operationId);
    },
  }),
  check({
    id: 'operation.reserve-after-activation',
    title: text('启用后再预留同一编号被拒绝', 'an activated id cannot be reserved again'),
    async run(scene) {
      const person = await scene.ordinary();
      const { operationId } = await scene.activated(person, 'apply');
      expectRefused(await scene.reserve(person, 'apply', operationId), 'operation-not-pending');
      await scene.void(operationId);
    },
  }),
  check({
    id: 'operation.token-told-once',
    title: text('查询操作不会给出码', 'asking for an operation never tells its code'),
    async run(scene) {
      const { operationId, token, shortCode } = await scene.reserved(await scene.ordinary(), 'apply');
      const reply = await scene.operation(operationId);
      expectAccepted(reply);
      const body = reply.ok ? Buffer.from(reply.body).toString() : '';
      expectTrue(
        text('回答里有码', 'the answer holds the code'),
        !body.includes(token) && !body.includes(shortCode),
      );
      await scene.void(operationId);
    },
  }),
  check({
    id: 'operation.own-only',
    title: text('设备看不到也动不了别的设备的操作', "a device neither sees nor changes another's operation"),
    parties: ['device', 'otherDevice'],
    async run(scene) {
      const { operationId } = await scene.reserved(await scene.ordinary(), 'apply');
      const params = { operationId };
      expectRefused(await scene.caller.call('otherDevice', 'getOperation', { params }), 'not-found');
      const json = { reason: 'cancelled' };
      expectRefused(await scene.caller.call('otherDevice', 'void', { params, json }), 'not-found');
      await scene.expectState(operationId, 'pending');
      await scene.void(operationId);
    },
  }),
  check({
    id: 'operation.open-list',
    title: text(
      '未了的操作可以查到，了结的不在其中',
      'unfinished operations are listed, finished ones are not',
    ),
    async run(scene) {
      const person = await scene.ordinary();
      const one = await scene.reserved(person, 'apply');
      const other = await scene.reserved(person, 'apply');
      expectAccepted(await scene.activate(other.operationId));
      const open = await openIds(scene);
      expectTrue(text('待启用的不在其中', 'the pending one is not listed'), open.includes(one.operationId));
      expectTrue(
        text('已启用未确认的不在其中', 'the unconfirmed one is not listed'),
        open.includes(other.operationId),
      );
      await scene.void(one.operationId);
      await scene.void(other.operationId);
      const left = await openIds(scene);
      expectTrue(
        text('作废的还在其中', 'void ones are still listed'),
        ![one, other].some((each) => left.includes(each.operationId)),
      );
    },
  }),
  check({
    id: 'operation.lease',
    title: text('预留 10 分钟未启用即作废', 'a reservation that is not activated in 10 minutes is void'),
    passesMs: LEASE_AND_A_SECOND_MS,
    async run(scene) {
      const { operationId } = await scene.reserved(await scene.ordinary(), 'apply');
      await scene.passTime(LEASE_AND_A_SECOND_MS);
      expectRefused(await scene.activate(operationId), 'operation-void');
      await scene.expectState(operationId, 'void');
    },
  }),
  check({
    id: 'operation.voided-never-count',
    title: text('作废的码不计入每日名额', 'voided codes do not count towards the daily limit'),
    async run(scene) {
      const person = await scene.ordinary();
      for (let round = 0; round < 4; round += 1) {
        const { operationId } = await scene.activated(person, 'apply');
        expectAccepted(await scene.void(operationId));
      }
      const { eligibility } = (await scene.signIn(person.subject)).identification;
      expectEqual(text('资格', 'eligibility'), eligibility.reasons, []);
    },
  }),
  check({
    id: 'operation.malformed',
    title: text('不符合约定的请求被拒绝（400）', 'requests outside the contract are refused (400)'),
    async run(scene) {
      const person = await scene.ordinary();
      const params = { operationId: scene.operationId() };
      const subjectToken = person.token;
      const send = (json: unknown, operationId = params.operationId) =>
        scene.caller.call('device', 'reserve', { params: { operationId }, json, subjectToken });
      expectRefused(await send({ kind: 'apply', colour: 'green' }), 'invalid-request');
      expectRefused(await send({ kind: 'borrow' }), 'invalid-request');
      expectRefused(await send({ kind: 'apply' }, 'not-a-uuid'), 'invalid-request');
      expectRefused(await scene.operation(params.operationId), 'not-found');
    },
  }),
];
