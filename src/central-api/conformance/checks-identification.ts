import type { Ineligibility } from '../schemas.ts';
import type { Check } from './check.ts';
import { expectEqual, expectTrue, text } from './check.ts';
import { LEASE_AND_A_SECOND_MS, LIVING_CODE_AND_A_SECOND_MS, NIL_TOKEN } from './samples.ts';
import { expectAccepted, expectRefused } from './scene.ts';
import type { Scene } from './scene.ts';

const PNG = Buffer.from('89504e470d0a1a0a', 'hex');

function eligibility(wanted: string, title: Check['title'], reasons: readonly Ineligibility[]): Check {
  return {
    id: `identification.${wanted}`,
    title,
    parties: ['device'],
    subjects: [wanted],
    async run(scene) {
      const person = await scene.signIn(scene.subject(wanted));
      const { eligibility } = person.identification;
      expectEqual(text('资格', 'eligibility'), eligibility, { eligible: reasons.length === 0, reasons });
      if (reasons.length === 0) return;
      const refusal = reasons.includes('daily-limit') ? 'daily-limit' : 'not-eligible';
      const kind = person.identification.currentCode.status === 'active' ? 'reissue' : 'apply';
      expectRefused(await scene.reserve(person, kind, scene.operationId()), refusal);
    },
  };
}

function code(wanted: string, title: Check['title'], status: 'expired' | 'revoked' | 'unconfirmed'): Check {
  return {
    id: `identification.${wanted}`,
    title,
    parties: ['device'],
    subjects: [wanted],
    async run(scene) {
      const person = await scene.signIn(scene.subject(wanted));
      const current = person.identification.currentCode;
      expectEqual(text('现有的码', 'current code'), current.status, status);
    },
  };
}

function kindOfCard(wanted: string, title: Check['title']): Check {
  return {
    id: `identification.${wanted}`,
    title,
    parties: ['device'],
    subjects: [wanted],
    async run(scene) {
      const subject = scene.subject(wanted);
      const { identification } = await scene.signIn(subject);
      const { person, eligibility } = identification;
      expectTrue(text('姓名没有遮盖', 'the name is not masked'), !person.maskedName.includes(subject.name));
      const middle = subject.idNumber.slice(3, -4);
      expectTrue(text('号码没有遮盖', 'the number is not masked'), !person.maskedIdNumber.includes(middle));
      expectEqual(text('资格', 'eligibility'), eligibility, { eligible: true, reasons: [] });
    },
  };
}

async function livingCode(scene: Scene): Promise<string> {
  const { idNumber } = scene.subject('ordinary');
  return expectAccepted(await scene.caller.call('portal', 'makeSuishenCode', { json: { idNumber } })).code;
}

function scan(scene: Scene, scanned: string) {
  return scene.caller.call('device', 'identify', { json: { method: 'suishen-code', code: scanned } });
}

/** Who stands there, and what the centre says of them. */
export const identificationChecks: readonly Check[] = [
  {
    id: 'identification.masked',
    title: text(
      '姓名和号码已遮盖，照片和全名可凭令牌取得',
      'name and number are masked; photo and full name come with the token',
    ),
    parties: ['device'],
    subjects: ['ordinary'],
    async run(scene) {
      const { subject, identification, token } = await scene.signIn(scene.subject('ordinary'));
      const { person, identificationId } = identification;
      const hidden = !person.maskedName.includes(subject.name);
      const middle = subject.idNumber.slice(6, 14);
      expectTrue(text('姓名没有遮盖', 'the name is not masked'), hidden);
      expectTrue(text('号码没有遮盖', 'the number is not masked'), !person.maskedIdNumber.includes(middle));
      const params = { identificationId };
      const full = expectAccepted(
        await scene.caller.call('device', 'getFullName', { params, subjectToken: token }),
      );
      expectTrue(
        text('全名不是本人的', 'the full name is another'),
        full.fullName === subject.name.normalize('NFC'),
      );
      const photo = await scene.caller.bytes('device', 'getPhoto', { params, subjectToken: token });
      const isPng = typeof photo !== 'string' && PNG.equals(photo.subarray(0, PNG.length));
      expectTrue(text('照片不是 PNG', 'the photo is no PNG'), isPng);
      expectRefused(
        await scene.caller.call('device', 'getFullName', { params, subjectToken: `${NIL_TOKEN}-wrong` }),
        'subject-token-invalid',
      );
    },
  },
  {
    id: 'identification.stranger',
    title: text('查无此人', 'somebody whom nobody knows is unknown'),
    parties: ['device'],
    subjects: ['stranger'],
    async run(scene) {
      expectRefused(await scene.identify(scene.subject('stranger')), 'unknown-person');
    },
  },
  {
    id: 'identification.name-must-match',
    title: text('姓名与号码不符即查无此人', 'a number with another name is unknown'),
    parties: ['device'],
    subjects: ['ordinary', 'stranger'],
    async run(scene) {
      const { name } = scene.subject('stranger');
      expectRefused(await scene.identify({ ...scene.subject('ordinary'), name }), 'unknown-person');
    },
  },
  eligibility('under-60', text('未满 60 岁不能领', 'under 60: no code'), ['under-age']),
  eligibility('turns-60-tomorrow', text('明天满 60 岁，今天不能领', '60 tomorrow: no code today'), [
    'under-age',
  ]),
  eligibility('turns-60-today', text('今天满 60 岁可以领', '60 today: may have a code'), []),
  eligibility('no-photo', text('没有照片不能领', 'no photo on file: no code'), ['no-photo']),
  eligibility('card-expired', text('身份证过期不能领', 'the card ended: no code'), ['card-expired']),
  eligibility('card-last-day', text('身份证最后一天还可以领', 'the last day of the card still counts'), []),
  eligibility('long-term-card', text('长期身份证可以领', 'a long-term card does not end'), []),
  eligibility('daily-limit', text('当天已领三张不能再领', 'three activated codes today: no fourth'), [
    'daily-limit',
  ]),
  code('code-expired', text('过期的码说明已过期', 'an expired code is said to be expired'), 'expired'),
  code('code-lost', text('挂失的码说明已挂失', 'a code reported lost is said to be revoked'), 'revoked'),
  code(
    'code-unconfirmed',
    text('没有确认取走的码会说明', 'a code nobody saw delivered is said to be so'),
    'unconfirmed',
  ),
  kindOfCard('residence-permit', text('港澳台居民居住证可以登录', 'a residence permit signs in')),
  kindOfCard(
    'foreign-resident-2017',
    text('2017 版外国人永居证（15 位号码）可以登录', "a foreigner's card of 2017 (15 characters) signs in"),
  ),
  kindOfCard(
    'foreign-resident-2023',
    text('2023 版外国人永居证可以登录', "a foreigner's card of 2023 signs in"),
  ),
  {
    id: 'identification.suishen-code-once',
    title: text('随申码只能用一次', 'a living code is good for one use'),
    parties: ['device', 'portal'],
    subjects: ['ordinary'],
    async run(scene) {
      const living = await livingCode(scene);
      expectAccepted(await scan(scene, living));
      expectRefused(await scan(scene, living), 'suishen-code-used');
    },
  },
  {
    id: 'identification.suishen-code-expires',
    title: text('随申码 60 秒后失效', 'a living code ends after 60 s'),
    parties: ['device', 'portal'],
    subjects: ['ordinary'],
    passesMs: LIVING_CODE_AND_A_SECOND_MS,
    async run(scene) {
      const living = await livingCode(scene);
      await scene.passTime(LIVING_CODE_AND_A_SECOND_MS);
      expectRefused(await scan(scene, living), 'suishen-code-expired');
    },
  },
  {
    id: 'identification.suishen-code-foreign',
    title: text(
      '别处的二维码和离线码本身都不能用来登录',
      'a foreign QR code and the paper code itself are no sign-in',
    ),
    parties: ['device'],
    subjects: [],
    async run(scene) {
      expectRefused(await scan(scene, 'https://example.com/qr'), 'suishen-code-foreign');
      expectRefused(await scan(scene, `SS1${'A'.repeat(28)}`), 'suishen-code-foreign');
      expectRefused(await scan(scene, NIL_TOKEN), 'paper-code-not-accepted');
    },
  },
  {
    id: 'identification.token-ends',
    title: text('登录令牌 10 分钟后失效', 'a subject token ends after 10 minutes'),
    parties: ['device'],
    subjects: ['ordinary'],
    passesMs: LEASE_AND_A_SECOND_MS,
    async run(scene) {
      const person = await scene.ordinary();
      await scene.passTime(LEASE_AND_A_SECOND_MS);
      expectRefused(await scene.reserve(person, 'apply', scene.operationId()), 'subject-token-invalid');
    },
  },
  {
    id: 'identification.token-of-device',
    title: text(
      '登录令牌只对登录的那台设备有效',
      'a subject token is good only for the device that signed the person in',
    ),
    parties: ['device', 'otherDevice'],
    subjects: ['ordinary'],
    async run(scene) {
      const elsewhere = await scene.signIn(scene.subject('ordinary'), 'otherDevice');
      expectRefused(await scene.reserve(elsewhere, 'apply', scene.operationId()), 'subject-token-invalid');
    },
  },
];
