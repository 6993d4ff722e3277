import type { Citizen, CitizenCase } from '../citizens/citizen.ts';
import { citizens, strangers } from '../citizens/citizens.ts';

/** A person as the page lists them: what their ID card says, and why they are interesting. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly idNumber: string;
  readonly sex: '男' | '女';
  readonly born: string;
  readonly address: string;
  readonly issuer: string;
  readonly validity: string;
  readonly hasPhoto: boolean;
  /** In a few characters, for the list. */
  readonly about: string;
}

const ABOUT: Readonly<Record<CitizenCase, string>> = {
  ordinary: '可申领',
  centenarian: '百岁老人',
  'two-character-name': '两字姓名',
  'four-character-name': '四字姓名',
  'name-with-dot': '姓名带间隔号',
  'rare-character': '生僻字',
  'longest-name': '最长姓名',
  'under-60': '未满60岁',
  'turns-60-tomorrow': '明天满60岁',
  'turns-60-today': '今天满60岁',
  'no-photo': '没有照片',
  'card-expired': '身份证已过期',
  'card-last-day': '身份证今天到期',
  'long-term-card': '身份证长期有效',
  'active-code': '已有离线码',
  'code-expiring-soon': '离线码快到期',
  'code-last-day': '离线码今天到期',
  'code-expired': '离线码已过期',
  'code-lost': '已挂失',
  'code-unconfirmed': '上次没拿到纸',
  'daily-limit': '今天已满3次',
  'one-below-daily-limit': '今天已领2次',
  'under-60-and-no-photo': '未满60且无照片',
  'residence-permit': '港澳台居住证',
  'foreign-resident-2017': '外国人永居证（2017）',
  'foreign-resident-2023': '外国人永居证（2023）',
  stranger: '查无此人',
};

/** Everybody the bench can send to the kiosk, on the centre's date (`YYYY-MM-DD`). */
export function everybody(today: string): readonly Citizen[] {
  return [...citizens(today), ...strangers(today)];
}

/** What the page shows of a citizen. */
export function personOf(citizen: Citizen): Person {
  const { birthDate: born, cardValidFrom: from, cardValidTo: to } = citizen;
  return {
    id: citizen.id,
    name: citizen.name,
    idNumber: citizen.idNumber,
    sex: citizen.sex === '1' ? '男' : '女',
    born: `${Number(born.slice(0, 4))}年${Number(born.slice(4, 6))}月${Number(born.slice(6))}日`,
    address: citizen.address,
    issuer: citizen.issuer,
    validity: `${dotted(from)}–${to === 'long-term' ? '长期' : dotted(to)}`,
    hasPhoto: citizen.hasPhoto,
    about: ABOUT[citizen.case],
  };
}

function dotted(date: string): string {
  return `${date.slice(0, 4)}.${date.slice(4, 6)}.${date.slice(6)}`;
}
