import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as schemas from '../src/central-api/schemas.ts';
import { systemRandom } from '../src/platform/random.ts';
import { maskIdNumber, maskName } from '../sandbox/central-service/masking.ts';
import type { Citizen } from '../sandbox/citizens/citizen.ts';
import { SandboxCentre } from './fixtures/sandbox-centre.ts';

let centre: SandboxCentre;
beforeAll(async () => {
  centre = await new SandboxCentre().start();
});
afterAll(() => centre.end());

const livingCode = async (citizen: Citizen): Promise<string> =>
  (await centre.call('portal', 'POST', '/v1/suishen-codes', { body: { idNumber: citizen.idNumber } })).body[
    'code'
  ];
const signIn = (code: string, keyId = 'kiosk-1') =>
  centre.call(keyId, 'POST', '/v1/identifications', { body: { method: 'suishen-code', code } });
const reasonsOf = async (id: string) => (await centre.identify(centre.citizen(id))).body['eligibility'];

describe('masking', () => {
  test('keeps the first character, and the last of three or more', () => {
    const names = ['王芳', '张小三', '欧阳建平', '古丽米热·吐尔逊', '金䶮', '唐𬱖林', '张'];
    expect(names.map(maskName)).toEqual(['王*', '张*三', '欧**平', '古***·**逊', '金*', '唐*林', '*']);
    expect(maskIdNumber('310199195304129001')).toBe('310***********9001');
  });

  test('follows the same rule for English names and for the fifteen characters of a foreigner of 2017', () => {
    const names = ['MARTIN, JOHN', "O'NEILL-SMITH, MARY", 'ANNA', 'LI', 'J. DOE', '阿不都热依木江·买买提'];
    const masked = ['M***, ***N', "O'***-***, ***Y", 'A**A', 'L*', 'J. **E', '阿***·**提'];
    expect(names.map(maskName)).toEqual(masked);
    expect(maskIdNumber('XXA319951031798')).toBe('XXA********1798');
  });
});

describe('signing in with the ID card', () => {
  test('an ordinary person is found, masked, eligible, and has no code yet', async () => {
    const person = centre.citizen('wang-guilan');
    const reply = await centre.identify(person);
    expect(reply.status).toBe(200);
    expect(schemas.identification.safeParse(reply.body).success).toBe(true);
    expect(reply.body['person']).toMatchObject({ maskedName: '王*兰' });
    expect(reply.body['eligibility']).toEqual({ eligible: true, reasons: [] });
    expect(reply.body['currentCode']).toEqual({ status: 'none' });
    expect(reply.bytes.toString()).not.toContain(person.idNumber);
    expect(reply.bytes.toString()).not.toContain(person.name);
  });

  test('name and number must belong together, and somebody unknown is unknown', async () => {
    const person = centre.citizen('wang-guilan');
    expect((await centre.identify(person, 'kiosk-1', { name: '王桂花' })).problem).toBe('unknown-person');
    expect((await centre.identify(centre.citizen('stranger-mo'))).problem).toBe('unknown-person');
  });

  test.each([
    ['kwok-meiling', '郭*玲', '819***********9763'],
    ['lindqvist', 'L***, *** ***A', 'XXA********1798'],
    ['abernathy', 'A***-***, *** *** *E', '900***********9816'],
    ['an-ruolan', '安*兰', '900***********9826'],
  ])('%s is found by another kind of card, and masked', async (id, maskedName, maskedIdNumber) => {
    const person = centre.citizen(id);
    const reply = await centre.identify(person);
    expect(reply.body['person']).toMatchObject({ maskedName, maskedIdNumber });
    expect(reply.body['eligibility']).toEqual({ eligible: true, reasons: [] });
    // The English name of somebody who has a Chinese one is not the name the centre knows.
    const { englishName = '' } = person;
    if (englishName !== '' && englishName !== person.name) {
      expect((await centre.identify(person, 'kiosk-1', { name: englishName })).problem).toBe(
        'unknown-person',
      );
    }
  });

  test.each([
    'XX1319951031798',
    'XXA31995103179',
    'XXA3199510317980',
    '31019919530412900',
    'xxa319951031798',
  ])('no card has the number %s', async (idNumber) => {
    const reply = await centre.identify(centre.citizen('wang-guilan'), 'kiosk-1', { idNumber });
    expect(reply.problem).toBe('invalid-request');
  });

  test('what the contract does not ask for is refused', async () => {
    const reply = await centre.identify(centre.citizen('wang-guilan'), 'kiosk-1', { address: 'x' });
    expect(reply.problem).toBe('invalid-request');
  });

  test('reasons are decided by the centre: age, photo, card, daily limit', async () => {
    expect(await reasonsOf('under-60')).toEqual({ eligible: false, reasons: ['under-age'] });
    expect(await reasonsOf('turns-60-today')).toEqual({ eligible: true, reasons: [] });
    expect(await reasonsOf('turns-60-tomorrow')).toEqual({ eligible: false, reasons: ['under-age'] });
    expect(await reasonsOf('no-photo')).toEqual({ eligible: false, reasons: ['no-photo'] });
    expect(await reasonsOf('under-60-and-no-photo')).toEqual({
      eligible: false,
      reasons: ['under-age', 'no-photo'],
    });
    expect(await reasonsOf('card-expired')).toEqual({ eligible: false, reasons: ['card-expired'] });
    expect(await reasonsOf('card-last-day')).toEqual({ eligible: true, reasons: [] });
    expect(await reasonsOf('long-term-card')).toEqual({ eligible: true, reasons: [] });
    expect(await reasonsOf('daily-limit')).toEqual({ eligible: false, reasons: ['daily-limit'] });
  });

  test('who is not eligible cannot reserve either, and is told why', async () => {
    const underAge = await centre.subjectToken(centre.citizen('under-60'));
    const refused = await centre.reserve(systemRandom.uuid(), 'apply', underAge);
    expect([refused.status, refused.problem, refused.body['reasons']]).toEqual([
      403,
      'not-eligible',
      ['under-age'],
    ]);
    const limited = await centre.subjectToken(centre.citizen('daily-limit'));
    expect((await centre.reserve(systemRandom.uuid(), 'reissue', limited)).problem).toBe('daily-limit');
  });

  test('says what code the person holds', async () => {
    const held = async (id: string) => (await centre.identify(centre.citizen(id))).body['currentCode'];
    expect(await held('wu-yuzhu')).toMatchObject({ status: 'active', daysLeft: 140 });
    expect(await held('code-last-day')).toMatchObject({ status: 'active', daysLeft: 1 });
    expect(await held('code-expired')).toMatchObject({ status: 'expired', daysLeft: 0 });
    expect(await held('code-lost')).toMatchObject({ status: 'revoked', daysLeft: 0 });
    expect(await held('code-unconfirmed')).toMatchObject({ status: 'unconfirmed' });
  });
});

describe('the subject token', () => {
  test('opens portrait and full name, for this device and ten minutes', async () => {
    const person = centre.citizen('li-xiuzhen');
    const { body } = await centre.identify(person);
    const { subjectToken, identificationId } = body as { subjectToken: string; identificationId: string };
    const target = `/v1/identifications/${identificationId}`;
    const photo = await centre.call('kiosk-1', 'GET', `${target}/photo`, { subjectToken });
    expect(photo.headers['content-type']).toBe('image/png');
    expect([...photo.bytes.subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
    const name = await centre.call('kiosk-1', 'POST', `${target}/full-name`, { subjectToken });
    expect(name.body).toEqual({ fullName: person.name });

    const foreign = await centre.call('kiosk-2', 'POST', `${target}/full-name`, { subjectToken });
    expect(foreign.problem).toBe('subject-token-invalid');
    const none = await centre.call('kiosk-1', 'POST', `${target}/full-name`);
    expect(none.problem).toBe('subject-token-invalid');
    const other = await centre.subjectToken(centre.citizen('wang-guilan'));
    expect((await centre.call('kiosk-1', 'GET', `${target}/photo`, { subjectToken: other })).problem).toBe(
      'subject-token-invalid',
    );
    await centre.passTime(600_000);
    expect((await centre.reserve(systemRandom.uuid(), 'apply', subjectToken)).problem).toBe(
      'subject-token-invalid',
    );
    await centre.passTime(-600_000);
  });

  test('is good for a second operation', async () => {
    const subjectToken = await centre.subjectToken(centre.citizen('li-xiuzhen'));
    const first = systemRandom.uuid();
    await centre.reserve(first, 'apply', subjectToken);
    await centre.void(first);
    expect((await centre.reserve(systemRandom.uuid(), 'apply', subjectToken)).status).toBe(201);
  });
});

describe('signing in with the living code', () => {
  test('a fresh one identifies its person, once', async () => {
    const person = centre.citizen('situ-wanqing');
    const code = await livingCode(person);
    expect(code.startsWith('SS1')).toBe(true);
    expect((await signIn(code)).body['person'].maskedName).toBe('司**清');
    const replayed = await signIn(code, 'kiosk-2');
    expect([replayed.status, replayed.problem]).toEqual([409, 'suishen-code-used']);
  });

  test('an old one, a foreign one and a paper code are each told apart', async () => {
    const person = centre.citizen('chen-fusheng');
    const code = await livingCode(person);
    await centre.passTime(60_000);
    expect((await signIn(code)).problem).toBe('suishen-code-expired');
    await centre.passTime(-60_000);
    expect((await signIn('https://example.com/q')).problem).toBe('suishen-code-foreign');
    expect((await signIn(`SS1${'A'.repeat(31)}`)).problem).toBe('suishen-code-foreign');
    const paper = await centre.activated(person, 'apply');
    expect((await signIn(paper.token)).problem).toBe('paper-code-not-accepted');
    expect((await signIn('OC1GARBLED')).problem).toBe('paper-code-not-accepted');
  });

  test('is only made for people the centre knows', async () => {
    const body = { idNumber: centre.citizen('stranger-ke').idNumber };
    const reply = await centre.call('portal', 'POST', '/v1/suishen-codes', { body });
    expect(reply.problem).toBe('unknown-person');
  });
});

describe('the loss report', () => {
  test('revokes active, suspended and pending codes at once, and nothing brings one back', async () => {
    const person = centre.citizen('zhang-guoqiang');
    const suspended = await centre.activated(person, 'apply');
    const active = await centre.activated(person, 'reissue');
    const pending = await centre.reserved(person, 'reissue');
    expect((await centre.reportLoss(person)).body['revoked']).toBe(3);

    expect((await centre.activate(pending.operationId)).problem).toBe('operation-void');
    expect((await centre.void(active.operationId)).body).toMatchObject({ state: 'revoked', restored: false });
    expect((await centre.confirm(active.operationId, 'taken')).body).toMatchObject({ state: 'revoked' });
    for (const { token } of [suspended, active, pending]) {
      expect((await centre.verify(token)).body).toMatchObject({ status: 'revoked', statusText: '已挂失' });
    }
    expect((await centre.reportLoss(person)).body['revoked']).toBe(0);
    const { body } = await centre.identify(person);
    expect(body['currentCode'].status).toBe('revoked');
    expect((await centre.activated(person, 'apply')).token).toMatch(/^OC1/);
  });
});

describe('verifying', () => {
  test('shows colour, masked data and the watermark of who looks, and nothing more', async () => {
    const person = centre.citizen('xu-meifang');
    const { token, shortCode } = await centre.activated(person, 'apply');
    const reply = await centre.verify(token);
    expect(schemas.verification.safeParse(reply.body).success).toBe(true);
    expect(reply.body).toMatchObject({
      status: 'valid',
      statusText: '有效',
      colour: 'green',
      maskedName: '徐*芳',
    });
    expect(reply.body['watermark'].text).toContain('verifier');
    expect(reply.bytes.toString()).not.toContain(person.idNumber);
    const grouped = `${shortCode.slice(0, 4)} ${shortCode.slice(4, 8)}-${shortCode.slice(8).toLowerCase()}`;
    expect((await centre.verify(grouped)).body['status']).toBe('valid');
    expect((await centre.verify(`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`)).problem).toBe(
      'unknown-code',
    );
  });

  test('ten typed codes in a minute are enough', async () => {
    await centre.passTime(120_000);
    const problems: (string | undefined)[] = [];
    for (let index = 0; index < 11; index += 1)
      problems.push((await centre.verify('2222 2222 2223')).problem);
    expect(problems).toEqual([...Array(10).fill('unknown-code'), 'rate-limited']);
    const limited = await centre.verify('2222 2222 2223');
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0);
    await centre.passTime(60_000);
    expect((await centre.verify('2222 2222 2223')).problem).toBe('unknown-code');
  });
});

describe('operators and fleet', () => {
  test('operators see active codes whose delivery nobody saw', async () => {
    const seen = await centre.activated(centre.citizen('shen-dexing'), 'apply');
    await centre.confirm(seen.operationId, 'cut');
    const unseen = await centre.activated(centre.citizen('gu-cuiying'), 'apply');
    await centre.confirm(unseen.operationId, 'unconfirmed');
    const silent = await centre.activated(centre.citizen('he-shan'), 'apply');
    await centre.passTime(15 * 60_000 + 1_000);
    const { body } = await centre.call('operator', 'GET', '/v1/unconfirmed');
    expect(schemas.unconfirmedList.safeParse(body).success).toBe(true);
    const byId = new Map(body['unconfirmed'].map((one: { operationId: string }) => [one.operationId, one]));
    expect(byId.has(seen.operationId)).toBe(false);
    expect(byId.get(unseen.operationId)).toMatchObject({ delivery: 'unconfirmed', deviceId: 'kiosk-1' });
    expect(byId.get(silent.operationId)).toMatchObject({ overdue: true });
    const { body: person } = await centre.identify(centre.citizen('he-shan'));
    expect(person['currentCode'].status).toBe('unconfirmed');
  });

  test('terminals come nearest first, notices while they hold, heartbeats are kept', async () => {
    const { body } = await centre.call('kiosk-1', 'GET', '/v1/terminals?near=31.1712,121.3893');
    const distances = body['terminals'].map((one: { distanceM: number }) => one.distanceM);
    expect(distances[0]).toBe(0);
    expect(distances).toEqual(distances.toSorted((a: number, b: number) => a - b));
    expect((await centre.call('kiosk-1', 'GET', '/v1/terminals?near=here')).problem).toBe('invalid-request');
    expect((await centre.call('kiosk-1', 'GET', '/v1/notices')).body['notices'].length).toBeGreaterThan(0);
    const { body: notice } = await centre.call('kiosk-1', 'GET', '/v1/notices/n-offline-code');
    expect(notice['sections'].length).toBeGreaterThan(3);
    const { recordingId, bytes } = notice['sections'][0].paragraphs[0].recording;
    const sound = await centre.call('kiosk-1', 'GET', `/v1/notices/n-offline-code/recordings/${recordingId}`);
    expect([sound.headers['content-type'], sound.bytes.length]).toEqual(['audio/ogg', bytes]);
    expect((await centre.call('kiosk-1', 'GET', '/v1/notices/nothing')).problem).toBe('not-found');
    const unknown = await centre.call('kiosk-1', 'GET', '/v1/notices/n-offline-code/recordings/nothing');
    expect(unknown.problem).toBe('not-found');
    const beat = { agentVersion: '0.1.0', uptimeSeconds: 5, openOperations: 0, devices: [] };
    expect((await centre.call('kiosk-1', 'POST', '/v1/heartbeats', { body: beat })).status).toBe(200);
    const { heartbeats } = await centre.control('/heartbeats');
    expect(heartbeats[0]).toMatchObject({ deviceId: 'kiosk-1', body: beat });
  });
});
