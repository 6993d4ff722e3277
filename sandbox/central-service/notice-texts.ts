/**
 * What the stand-in of the centre has to say to people: invented, in our own words, to be read on a kiosk. What is true of
 * the services themselves the city's own pages say.
 */
export interface NoticeText {
  readonly noticeId: string;
  readonly kind: 'guide' | 'announcement';
  readonly title: string;
  readonly publishedOn: string;
  readonly until?: string;
  readonly sections: readonly { readonly heading: string; readonly paragraphs: readonly string[] }[];
}

/** In the order in which they are listed. */
export const NOTICE_TEXTS: readonly NoticeText[] = [
  {
    noticeId: 'n-offline-code',
    kind: 'guide',
    title: '离线码怎么领、怎么用',
    publishedOn: '2026-01-05',
    sections: [
      {
        heading: '谁可以领',
        paragraphs: ['60 岁及以上的人，都可以领一张纸上的随申码。不用手机，不收钱。'],
      },
      {
        heading: '怎么领',
        paragraphs: [
          '带上本人的身份证，到自助机上办。放好身份证，看一看照片和姓名，再点“是我，申领”。',
          '纸打好以后，先拿纸，再拿身份证。',
        ],
      },
      {
        heading: '能用多久',
        paragraphs: ['从领的那天算起，一共 180 天。过了这一天，请带身份证再领一张。'],
      },
      {
        heading: '怎么用',
        paragraphs: [
          '到要看随申码的地方，请拿出这张纸和身份证。工作人员扫一扫纸上的码，就看得到结果。',
          '纸怕热，也怕湿。请不要塑封，不要晒，放在钱包里就好。',
        ],
      },
      {
        heading: '丢了怎么办',
        paragraphs: ['到任何一台机器上点“补领”。补好以后，原来那张就不能用了。也可以打 12345 问一问。'],
      },
    ],
  },
  {
    noticeId: 'n-lift-fund',
    kind: 'guide',
    title: '加装电梯提取公积金',
    publishedOn: '2026-04-01',
    sections: [
      {
        heading: '谁可以提取',
        paragraphs: [
          '老楼加装了电梯，您家出了钱，就可以提取住房公积金，用来付这笔钱。',
          '房主本人和配偶都可以办。房主的父母和子女，也可以问一问窗口。',
        ],
      },
      {
        heading: '可以提取多少',
        paragraphs: ['不超过您家实际出的那一份钱。政府补贴的部分，不能再提取。'],
      },
      {
        heading: '要带什么',
        paragraphs: [
          '本人的身份证、房产证，还有加装电梯的协议和付钱的收据。',
          '不是房主的，还要带能说明是一家人的材料，比如户口簿或结婚证。',
        ],
      },
      {
        heading: '到哪里办',
        paragraphs: [
          '带齐材料，到公积金的业务网点，工作人员帮您填表。',
          '办好以后，钱打到您自己的银行卡里。一般几个工作日就到，问进度请打 12329。',
        ],
      },
    ],
  },
  {
    noticeId: 'n-air-conditioning',
    kind: 'guide',
    title: '办公室空调使用须知',
    publishedOn: '2026-06-01',
    sections: [
      {
        heading: '开到几度',
        paragraphs: ['夏天不低于 26 度，冬天不高于 20 度。这个温度人不难受，也省电。'],
      },
      {
        heading: '什么时候开',
        paragraphs: [
          '天不热也不冷的时候，请先开窗通风。开空调的时候，请关好门窗。',
          '下班前半小时可以先关空调。最后离开的人，请看看空调和灯关了没有。',
        ],
      },
      {
        heading: '怎么保养',
        paragraphs: ['滤网两个月洗一次。有怪声、漏水或不制冷，请关掉电源，找物业来修。'],
      },
    ],
  },
  {
    noticeId: 'n-loss',
    kind: 'announcement',
    title: '离线码丢了怎么办',
    publishedOn: '2026-03-01',
    sections: [
      {
        heading: '自己来补领',
        paragraphs: ['带身份证到任何一台机器上补领，原来那张马上就不能用了。'],
      },
      {
        heading: '家人帮忙挂失',
        paragraphs: ['来不了的，家人也可以在网上帮您挂失，别人捡到也用不了。'],
      },
    ],
  },
  {
    noticeId: 'n-maintenance',
    kind: 'announcement',
    title: '元旦夜里机器维护',
    publishedOn: '2026-11-01',
    until: '2027-01-01',
    sections: [
      {
        heading: '什么时候不能办',
        paragraphs: ['元旦当天夜里 1 点到 4 点。已经领好的离线码，照常可以用。'],
      },
    ],
  },
];
