import type { CardKind, Citizen, CitizenCase, SeedCode } from './citizen.ts';
import {
  inventedForeignNumber,
  inventedForeignNumber2017,
  inventedIdNumber,
  inventedPermitNumber,
} from './id-number.ts';

/** A person before today's date is known: what hangs on it is a function of it. */
interface Draft {
  readonly id: string;
  /** A resident's, unless said otherwise. */
  readonly cardKind?: CardKind;
  /** Absent: only known by the English one. */
  readonly name?: string;
  readonly englishName?: string;
  readonly sex: '1' | '2';
  readonly case: CitizenCase;
  /** YYYYMMDD, or computed from today. */
  readonly born: string | ((today: CalendarDay) => string);
  readonly ethnicCode?: string;
  /** Last day of the card; without it the card has years to go. */
  readonly cardEnds?: (today: CalendarDay) => string;
  readonly seedCode?: SeedCode;
  readonly activatedToday?: number;
  readonly hasPhoto?: boolean;
}

const LONG_TERM = () => 'long-term';

const AT_THE_CENTRE: readonly Draft[] = [
  { id: 'wang-guilan', name: '王桂兰', sex: '2', case: 'ordinary', born: '19530412' },
  { id: 'chen-fusheng', name: '陈福生', sex: '1', case: 'ordinary', born: '19481103' },
  { id: 'li-xiuzhen', name: '李秀珍', sex: '2', case: 'ordinary', born: '19560728' },
  { id: 'zhang-guoqiang', name: '张国强', sex: '1', case: 'ordinary', born: '19510219' },
  { id: 'xu-meifang', name: '徐美芳', sex: '2', case: 'ordinary', born: '19590905' },
  { id: 'shen-dexing', name: '沈德兴', sex: '1', case: 'ordinary', born: '19440630' },
  { id: 'gu-cuiying', name: '顾翠英', sex: '2', case: 'ordinary', born: '19400117' },
  { id: 'qian-baosheng', name: '钱宝生', sex: '1', case: 'ordinary', born: '19621224' },
  { id: 'yu-axiang', name: '俞阿香', sex: '2', case: 'centenarian', born: '19240808' },
  { id: 'he-shan', name: '何山', sex: '1', case: 'two-character-name', born: '19550316' },
  { id: 'lu-yun', name: '陆云', sex: '2', case: 'two-character-name', born: '19500922' },
  { id: 'ouyang-jianping', name: '欧阳建平', sex: '1', case: 'four-character-name', born: '19541011' },
  { id: 'situ-wanqing', name: '司徒婉清', sex: '2', case: 'four-character-name', born: '19490505' },
  {
    id: 'gulimire',
    name: '古丽米热·吐尔逊',
    sex: '2',
    case: 'name-with-dot',
    born: '19570314',
    ethnicCode: '05',
  },
  { id: 'zhaxi', name: '扎西·次仁', sex: '1', case: 'name-with-dot', born: '19520601', ethnicCode: '04' },
  {
    id: 'abudu',
    name: '阿不都热依木江·买买提吐尔逊江',
    sex: '1',
    case: 'longest-name',
    born: '19461215',
    ethnicCode: '05',
  },
  { id: 'anna', name: '安娜·伊万诺娃', sex: '2', case: 'name-with-dot', born: '19580219', ethnicCode: '44' },
  { id: 'jin-yan', name: '金䶮', sex: '1', case: 'rare-character', born: '19510828' },
  { id: 'zheng-jiezhen', name: '郑㛃珍', sex: '2', case: 'rare-character', born: '19470213' },
  { id: 'tang-weilin', name: '唐𬱖林', sex: '1', case: 'rare-character', born: '19600420' },
  { id: 'fang-xiaojun', name: '方小军', sex: '1', case: 'under-60', born: (today) => today.yearsAgo(52) },
  {
    id: 'ma-lihua',
    name: '马丽华',
    sex: '2',
    case: 'turns-60-tomorrow',
    born: (today) => today.plusDays(1).yearsAgo(60),
  },
  {
    id: 'gao-jianguo',
    name: '高建国',
    sex: '1',
    case: 'turns-60-today',
    born: (today) => today.yearsAgo(60),
  },
  { id: 'hu-yindi', name: '胡银娣', sex: '2', case: 'no-photo', born: '19530921', hasPhoto: false },
  {
    id: 'zhu-haigen',
    name: '朱海根',
    sex: '1',
    case: 'card-expired',
    born: '19560518',
    cardEnds: (today) => today.plusDays(-1).date,
  },
  {
    id: 'lin-suzhen',
    name: '林素贞',
    sex: '2',
    case: 'card-last-day',
    born: '19610707',
    cardEnds: (today) => today.date,
  },
  {
    id: 'guo-changgeng',
    name: '郭长庚',
    sex: '1',
    case: 'long-term-card',
    born: '19420304',
    cardEnds: LONG_TERM,
  },
  {
    id: 'wu-yuzhu',
    name: '吴玉珠',
    sex: '2',
    case: 'active-code',
    born: '19541227',
    seedCode: { status: 'active', issuedDaysAgo: 40 },
  },
  {
    id: 'sun-yonglin',
    name: '孙永林',
    sex: '1',
    case: 'active-code',
    born: '19490810',
    cardEnds: LONG_TERM,
    seedCode: { status: 'active', issuedDaysAgo: 3 },
  },
  {
    id: 'cao-genmei',
    name: '曹根妹',
    sex: '2',
    case: 'code-expiring-soon',
    born: '19450226',
    seedCode: { status: 'active', issuedDaysAgo: 172 },
  },
  {
    id: 'pan-linsheng',
    name: '潘林生',
    sex: '1',
    case: 'code-last-day',
    born: '19580611',
    seedCode: { status: 'active', issuedDaysAgo: 179 },
  },
  {
    id: 'jiang-xiaomei',
    name: '蒋小妹',
    sex: '2',
    case: 'code-expired',
    born: '19500103',
    seedCode: { status: 'expired', issuedDaysAgo: 180 },
  },
  {
    id: 'dong-azhong',
    name: '董阿忠',
    sex: '1',
    case: 'code-expired',
    born: '19431019',
    seedCode: { status: 'expired', issuedDaysAgo: 320 },
  },
  {
    id: 'shi-huijuan',
    name: '施惠娟',
    sex: '2',
    case: 'code-lost',
    born: '19550809',
    seedCode: { status: 'revoked', issuedDaysAgo: 21 },
  },
  {
    id: 'xie-jincai',
    name: '谢进才',
    sex: '1',
    case: 'code-unconfirmed',
    born: '19520722',
    seedCode: { status: 'unconfirmed', issuedDaysAgo: 1 },
  },
  { id: 'ding-longbao', name: '丁龙宝', sex: '1', case: 'daily-limit', born: '19601130', activatedToday: 3 },
  {
    id: 'han-fengxian',
    name: '韩凤仙',
    sex: '2',
    case: 'one-below-daily-limit',
    born: '19470424',
    activatedToday: 2,
  },
  {
    id: 'bai-ling',
    name: '白灵',
    sex: '2',
    case: 'under-60-and-no-photo',
    born: (today) => today.yearsAgo(35),
    hasPhoto: false,
  },
  {
    id: 'kwok-meiling',
    cardKind: 'residence-permit',
    name: '郭美玲',
    sex: '2',
    case: 'residence-permit',
    born: '19540629',
  },
  {
    id: 'lindqvist',
    cardKind: 'foreign-resident-2017',
    englishName: 'LINDQVIST, ANNA MARGARETA',
    sex: '2',
    case: 'foreign-resident-2017',
    born: '19510317',
  },
  {
    id: 'abernathy',
    cardKind: 'foreign-resident-2023',
    // As many characters as the card of 2023 has room for.
    englishName: 'ABERNATHY-FITZWILLIAM, JONATHAN CHRISTOPHER LE',
    sex: '1',
    case: 'foreign-resident-2023',
    born: '19490908',
  },
  {
    id: 'an-ruolan',
    cardKind: 'foreign-resident-2023',
    name: '安若兰',
    englishName: 'ANDERSON, LAURA JANE',
    sex: '2',
    case: 'foreign-resident-2023',
    born: '19560201',
  },
];

const UNKNOWN_TO_THE_CENTRE: readonly Draft[] = [
  { id: 'stranger-mo', name: '莫无名', sex: '1', case: 'stranger', born: '19530101', hasPhoto: false },
  { id: 'stranger-ke', name: '柯远客', sex: '2', case: 'stranger', born: '19480915', hasPhoto: false },
];

const ADDRESSES = [
  '上海市示例区长乐坊12弄3号402室',
  '上海市示例区安康新村27号101室',
  '上海市样板区松鹤路168弄9号1502室',
  '上海市样板区梧桐里5号',
  '上海市示例区东风桥镇向阳村8组16号',
];

/** A day of the calendar, without a time zone. */
class CalendarDay {
  private readonly utc: Date;

  constructor(utc: Date) {
    this.utc = utc;
  }

  /** YYYYMMDD. */
  get date(): string {
    return this.utc.toISOString().slice(0, 10).replaceAll('-', '');
  }

  plusDays(days: number): CalendarDay {
    const moved = new Date(this.utc);
    moved.setUTCDate(moved.getUTCDate() + days);
    return new CalendarDay(moved);
  }

  yearsAgo(years: number): string {
    const moved = new Date(this.utc);
    moved.setUTCFullYear(moved.getUTCFullYear() - years);
    return new CalendarDay(moved).date;
  }
}

/**
 * The citizens whom the sandbox's centre knows: at least one for every case that a kiosk meets.
 *
 * @param today the centre's date, `YYYY-MM-DD`; what hangs on it (who turns 60, which card ended) follows it.
 * @throws RangeError when `today` is not a date.
 */
export function citizens(today: string): readonly Citizen[] {
  const day = dayOf(today);
  return AT_THE_CENTRE.map((draft, index) => complete(draft, index, day));
}

/** People with a good ID card of whom the centre knows nothing. */
export function strangers(today: string): readonly Citizen[] {
  const day = dayOf(today);
  return UNKNOWN_TO_THE_CENTRE.map((draft, index) => complete(draft, AT_THE_CENTRE.length + index, day));
}

function dayOf(today: string): CalendarDay {
  const utc = new Date(`${today}T00:00:00Z`);
  if (Number.isNaN(utc.getTime())) throw new RangeError('today is a date, YYYY-MM-DD');
  return new CalendarDay(utc);
}

function complete(draft: Draft, index: number, today: CalendarDay): Citizen {
  const birthDate = typeof draft.born === 'string' ? draft.born : draft.born(today);
  const cardValidTo = draft.cardEnds?.(today) ?? today.plusDays(2000 + index * 31).date;
  const cardKind = draft.cardKind ?? 'resident';
  const { englishName } = draft;
  return {
    id: draft.id,
    cardKind,
    name: draft.name ?? englishName ?? '',
    ...(englishName !== undefined && { englishName }),
    idNumber: numberOn(cardKind, birthDate, draft.sex, index),
    birthDate,
    sex: draft.sex,
    ethnicCode: draft.ethnicCode ?? '01',
    address: cardKind.startsWith('foreign') ? '' : (ADDRESSES[index % ADDRESSES.length] ?? ''),
    issuer: cardKind.startsWith('foreign') ? '国家移民管理局' : '上海市公安局示例分局',
    cardValidFrom: cardStart(cardValidTo, today),
    cardValidTo,
    case: draft.case,
    ...(draft.seedCode && { seedCode: draft.seedCode }),
    ...(draft.activatedToday !== undefined && { activatedToday: draft.activatedToday }),
    hasPhoto: draft.hasPhoto ?? true,
  };
}

function numberOn(kind: CardKind, birthDate: string, sex: '1' | '2', index: number): string {
  switch (kind) {
    case 'resident':
      return inventedIdNumber(birthDate, sex, index);
    case 'residence-permit':
      return inventedPermitNumber(birthDate, sex, index);
    case 'foreign-resident-2023':
      return inventedForeignNumber(birthDate, sex, index);
    default:
      return inventedForeignNumber2017(birthDate, index);
  }
}

/** Cards of grown-ups run 20 years or for good; a card's first day is the day and month of its last. */
function cardStart(cardValidTo: string, today: CalendarDay): string {
  if (cardValidTo === 'long-term') return today.yearsAgo(11);
  const iso = `${cardValidTo.slice(0, 4)}-${cardValidTo.slice(4, 6)}-${cardValidTo.slice(6)}`;
  return dayOf(iso).yearsAgo(20);
}
