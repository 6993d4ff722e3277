import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemRandom } from '../src/platform/random.ts';
import * as schemas from '../src/central-api/schemas.ts';
import { SandboxCentre } from './fixtures/sandbox-centre.ts';

let centre: SandboxCentre;
beforeAll(async () => {
  centre = await new SandboxCentre().start();
});
afterAll(() => centre.end());

const newId = () => systemRandom.uuid();
const statusOfCode = async (token: string) => (await centre.verify(token)).body['status'] as string;

describe('reserving', () => {
  test('gives a code that is not valid yet, in the form the contract promises', async () => {
    const reservation = await centre.reserved(centre.citizen('wang-guilan'), 'apply');
    expect(schemas.reservation.safeParse(reservation).success).toBe(true);
    expect(reservation.maskedName).toBe('王*兰');
    expect(reservation.token).toHaveLength(34);
    expect(reservation.leaseSeconds).toBe(600);
    expect(await statusOfCode(reservation.token)).toBe('not-activated');
  });

  test('the same id and body give the same answer, another kind or person is refused', async () => {
    const person = centre.citizen('chen-fusheng');
    const subjectToken = await centre.subjectToken(person);
    const id = newId();
    const first = await centre.reserve(id, 'apply', subjectToken);
    const again = await centre.reserve(id, 'apply', await centre.subjectToken(person));
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect((await centre.reserve(id, 'reissue', subjectToken)).problem).toBe('body-mismatch');
    const other = await centre.subjectToken(centre.citizen('li-xiuzhen'));
    expect((await centre.reserve(id, 'apply', other)).problem).toBe('body-mismatch');
    const elsewhere = await centre.subjectToken(person, 'kiosk-2');
    expect((await centre.reserve(id, 'apply', elsewhere, 'kiosk-2')).problem).toBe('body-mismatch');
  });

  test('after activation the token is never told again', async () => {
    const person = centre.citizen('zhang-guoqiang');
    const { operationId, token } = await centre.activated(person, 'apply');
    const again = await centre.reserve(operationId, 'apply', await centre.subjectToken(person));
    expect(again.problem).toBe('operation-not-pending');
    const status = await centre.status(operationId);
    expect(schemas.operationStatus.safeParse(status.body).success).toBe(true);
    for (const reply of [again, status]) expect(reply.bytes.toString()).not.toContain(token);
  });

  test('apply is for people without an active code, reissue for those with one', async () => {
    const without = await centre.subjectToken(centre.citizen('xu-meifang'));
    expect((await centre.reserve(newId(), 'reissue', without)).problem).toBe('nothing-to-reissue');
    const holder = await centre.subjectToken(centre.citizen('wu-yuzhu'));
    const refused = await centre.reserve(newId(), 'apply', holder);
    expect([refused.status, refused.problem]).toEqual([409, 'already-active']);
    expect(refused.body['validUntil']).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect((await centre.reserve(newId(), 'reissue', holder)).status).toBe(201);
  });

  test('a lease of 600 s that ran out makes the operation void', async () => {
    const { operationId, token } = await centre.reserved(centre.citizen('shen-dexing'), 'apply');
    await centre.passTime(599_000);
    expect((await centre.status(operationId)).body['state']).toBe('pending');
    await centre.passTime(1_000);
    const late = await centre.activate(operationId);
    expect([late.status, late.problem]).toEqual([410, 'operation-void']);
    expect(await statusOfCode(token)).toBe('void');
  });
});

describe('activating', () => {
  test('makes the new code valid and suspends the earlier one in one step; a repeat gives the same answer', async () => {
    const person = centre.citizen('gu-cuiying');
    const first = await centre.activated(person, 'apply');
    expect(await statusOfCode(first.token)).toBe('valid');
    const second = await centre.reserved(person, 'reissue');
    expect(await statusOfCode(first.token)).toBe('valid');
    const answer = await centre.activate(second.operationId);
    const again = await centre.activate(second.operationId);
    expect(again.body).toEqual(answer.body);
    expect(await statusOfCode(first.token)).toBe('replaced');
    expect(await statusOfCode(second.token)).toBe('valid');
  });

  test('a kiosk that was overtaken by another is told so, and the faster one keeps its code', async () => {
    const person = centre.citizen('qian-baosheng');
    const slow = await centre.reserved(person, 'apply', 'kiosk-1');
    const fast = await centre.reserved(person, 'apply', 'kiosk-2');
    expect((await centre.activate(fast.operationId, 'kiosk-2')).status).toBe(200);
    const stale = await centre.activate(slow.operationId, 'kiosk-1');
    expect([stale.status, stale.problem]).toEqual([409, 'stale-epoch']);
    expect(await statusOfCode(fast.token)).toBe('valid');
    expect((await centre.void(slow.operationId)).body).toMatchObject({ state: 'void', restored: false });
    expect(await statusOfCode(fast.token)).toBe('valid');
  });
});

describe('voiding', () => {
  test('an unknown id leaves a tombstone that a late reservation finds', async () => {
    const person = centre.citizen('he-shan');
    const id = newId();
    expect((await centre.void(id)).body).toEqual({ operationId: id, state: 'void', restored: false });
    const late = await centre.reserve(id, 'apply', await centre.subjectToken(person));
    expect([late.status, late.problem]).toEqual([410, 'operation-void']);
    expect((await centre.activate(id)).problem).toBe('operation-void');
    expect((await centre.status(id)).body).toEqual({ operationId: id, state: 'void' });
  });

  test('an active code that was never delivered gives way again to the one it suspended', async () => {
    const person = centre.citizen('lu-yun');
    const first = await centre.activated(person, 'apply');
    await centre.confirm(first.operationId, 'cut');
    const second = await centre.activated(person, 'reissue');
    const answer = await centre.void(second.operationId);
    expect(answer.body).toMatchObject({ state: 'void', restored: true });
    expect((await centre.void(second.operationId)).body).toEqual(answer.body);
    expect([await statusOfCode(first.token), await statusOfCode(second.token)]).toEqual(['valid', 'void']);
    expect((await centre.activate(second.operationId)).problem).toBe('operation-void');
  });

  test('with three undelivered codes in a row, each void gives back the nearest one that still lives', async () => {
    const person = centre.citizen('situ-wanqing');
    const first = await centre.activated(person, 'apply');
    const second = await centre.activated(person, 'reissue');
    const third = await centre.activated(person, 'reissue');
    // The middle one goes while it is suspended: nothing changes for the third.
    expect((await centre.void(second.operationId)).body['restored']).toBe(false);
    expect((await centre.status(third.operationId)).body['state']).toBe('active');
    expect((await centre.void(third.operationId)).body['restored']).toBe(true);
    expect((await centre.status(first.operationId)).body['state']).toBe('active');
  });

  test('a code whose last day went by while it was suspended does not come back', async () => {
    const person = centre.citizen('pan-linsheng');
    const before = await centre.activated(person, 'reissue');
    await centre.passTime(86_400_000);
    const answer = await centre.void(before.operationId);
    expect(answer.body).toMatchObject({ state: 'void', restored: false });
    const { body } = await centre.identify(person, 'kiosk-1', { validTo: 'long-term' });
    expect(body['currentCode'].status).toBe('expired');
    await centre.passTime(-86_400_000);
  });

  test('what was delivered is final, and the code it replaced is gone for good', async () => {
    const person = centre.citizen('gulimire');
    const first = await centre.activated(person, 'apply');
    const second = await centre.activated(person, 'reissue');
    await centre.confirm(second.operationId, 'cut');
    const refused = await centre.void(second.operationId);
    expect([refused.status, refused.problem]).toEqual([409, 'delivered-final']);
    expect((await centre.status(first.operationId)).body['state']).toBe('superseded');
    expect(await statusOfCode(second.token)).toBe('valid');
  });
});

describe('confirming', () => {
  test('only goes upward', async () => {
    const { operationId } = await centre.activated(centre.citizen('zhaxi'), 'apply');
    const deliveries: string[] = [];
    for (const delivery of ['unconfirmed', 'taken', 'cut', 'unconfirmed', 'scanned', 'taken']) {
      deliveries.push((await centre.confirm(operationId, delivery)).body['delivery']);
    }
    expect(deliveries).toEqual(['unconfirmed', 'taken', 'taken', 'taken', 'scanned', 'scanned']);
  });

  test('unconfirmed leaves the earlier code suspended, so that a void still gives it back', async () => {
    const person = centre.citizen('abudu');
    const first = await centre.activated(person, 'apply');
    const second = await centre.activated(person, 'reissue');
    await centre.confirm(second.operationId, 'unconfirmed');
    expect((await centre.status(first.operationId)).body['state']).toBe('suspended');
    expect((await centre.void(second.operationId)).body['restored']).toBe(true);
  });

  test('before activation there is nothing to confirm', async () => {
    const { operationId } = await centre.reserved(centre.citizen('anna'), 'apply');
    expect((await centre.confirm(operationId, 'cut')).problem).toBe('operation-not-activated');
    await centre.void(operationId);
    expect((await centre.confirm(operationId, 'cut')).problem).toBe('operation-void');
  });

  test("a verifier's first scan counts as the strongest delivery", async () => {
    const { operationId, token } = await centre.activated(centre.citizen('jin-yan'), 'apply');
    expect((await centre.verify(token)).body['status']).toBe('valid');
    expect((await centre.status(operationId)).body['delivery']).toBe('scanned');
    expect((await centre.void(operationId)).problem).toBe('delivered-final');
  });
});

describe('what recovery asks', () => {
  test('open operations are those of this device that nobody closed', async () => {
    const person = centre.citizen('zheng-jiezhen');
    const closed = await centre.activated(person, 'apply', 'kiosk-2');
    await centre.confirm(closed.operationId, 'taken', 'kiosk-2');
    const active = await centre.activated(person, 'reissue', 'kiosk-2');
    const pending = await centre.reserved(person, 'reissue', 'kiosk-2');
    const { body } = await centre.call('kiosk-2', 'GET', '/v1/operations?open=true');
    const ids = body['operations'].map((one: { operationId: string }) => one.operationId);
    expect(ids).toContain(active.operationId);
    expect(ids).toContain(pending.operationId);
    expect(ids).not.toContain(closed.operationId);
    expect((await centre.call('kiosk-2', 'GET', '/v1/operations')).problem).toBe('invalid-request');
  });

  test("a device can neither see nor touch another device's operation", async () => {
    const { operationId, token } = await centre.activated(centre.citizen('tang-weilin'), 'apply', 'kiosk-1');
    const replies = [
      await centre.status(operationId, 'kiosk-2'),
      await centre.activate(operationId, 'kiosk-2'),
      await centre.void(operationId, 'kiosk-2'),
      await centre.confirm(operationId, 'taken', 'kiosk-2'),
    ];
    expect(replies.map(({ problem }) => problem)).toEqual(Array(4).fill('not-found'));
    expect(await statusOfCode(token)).toBe('valid');
  });

  test('everything acknowledged is there after a restart', async () => {
    const { operationId } = await centre.activated(centre.citizen('ouyang-jianping'), 'apply');
    await centre.restart();
    expect((await centre.status(operationId)).body).toMatchObject({ state: 'active' });
  });
});
