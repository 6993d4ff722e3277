import type { MapPlan, NearbyTerminal, NoticePage, PagePosition } from '../../src/view/directory-view.ts';
import type { Choice, KioskView, Readiness, Screen } from '../../src/view/kiosk-view.ts';

/** A kiosk at which everything works. */
export const READY: Readiness = {
  methods: ['id-card', 'suishen-code'],
  issue: true,
  check: true,
  obstacles: [],
};

function view(screen: Screen, ...choices: readonly Choice[]): KioskView {
  return { epoch: 1, screen, choices: [...choices, 'call-help'], readiness: READY };
}

/** The machine that closed kiosks name. */
export const NEAREST: NearbyTerminal = {
  name: '银杏里邻里汇',
  address: '示例区银杏里88弄3号',
  openingHours: '8:00–18:00',
  distanceM: 314,
  walkMinutes: 8,
};

const NEAR: readonly NearbyTerminal[] = [
  NEAREST,
  {
    name: '长乐社区服务中心',
    address: '示例区长乐路1号',
    openingHours: '24 小时',
    distanceM: 342,
    walkMinutes: 9,
  },
  {
    name: '荷花池公园东门',
    address: '示例区荷花池路2号',
    openingHours: '6:00–21:00',
    distanceM: 558,
    walkMinutes: 14,
  },
];

/** As long as the texts of three terminals on one page can be (src/directory/terminals.ts). */
const LONGEST: readonly NearbyTerminal[] = [1, 2, 3].map((number) => ({
  name: `第${number}社区事务受理服务中心东`,
  address: `样板区松鹤北路1${number}8弄东楼大厅`,
  openingHours: '周一至周六 8:00–16:30',
  distanceM: 2_480,
  walkMinutes: 60,
}));

/** Where nobody walks to, and what does not know where it stands. */
const FAR: readonly NearbyTerminal[] = [
  {
    name: '东风桥镇便民服务站',
    address: '东风桥镇向阳路16号',
    openingHours: '8:30–16:30',
    distanceM: 10_150,
  },
];
const NOWHERE: readonly NearbyTerminal[] = FAR.map(({ name, address, openingHours }) => ({
  name,
  address,
  openingHours,
}));

const MAP: MapPlan = {
  here: { x: 0.72, y: 0.4 },
  terminals: [
    { x: 0.59, y: 0.3 },
    { x: 0.9, y: 0.5 },
    { x: 0.1, y: 0.62 },
  ],
  scale: { metres: 200, width: 0.27 },
};

const FIRST: PagePosition = { page: 1, pages: 3 };
const MIDDLE: PagePosition = { page: 2, pages: 3 };
const LAST: PagePosition = { page: 3, pages: 3 };
const ONLY: PagePosition = { page: 1, pages: 1 };

function nearby(terminals: readonly NearbyTerminal[], at: PagePosition, ...choices: readonly Choice[]) {
  return view({ name: 'nearby', terminals, at }, ...choices, 'back');
}

type SlipState = Extract<Screen, { name: 'address-slip' }>['state'];

function slip(state: SlipState, ...choices: readonly Choice[]): KioskView {
  return view({ name: 'address-slip', state }, ...choices);
}

const TITLES = [
  { kind: 'guide', title: '离线码怎么领、怎么用' },
  { kind: 'guide', title: '加装电梯提取公积金' },
  { kind: 'guide', title: '办公室空调使用须知' },
] as const;

/** As long as a title can be: 20 characters. */
const LONG_TITLE = '既有多层住宅加装电梯提取住房公积金的办法';

const PARAGRAPH: NoticePage = {
  section: 1,
  heading: '谁可以领',
  text: '60 岁及以上的人，都可以领一张纸上的随申码。不用手机，不收钱。',
};
/** As long as a paragraph can be: 72 characters. */
const LONG_PARAGRAPH: NoticePage = {
  section: 9,
  heading: '房主的父母和子女怎么办',
  text: '不是房主的，还要带能说明是一家人的材料，比如户口簿、结婚证或者出生证明，原件和复印件都要带来，工作人员看过原件以后还给您，复印件留下来。材料不全',
};

function notice(title: string, content: NoticePage, at: PagePosition, ...choices: readonly Choice[]) {
  return view({ name: 'notice', title, content, at }, ...choices, 'back');
}

const ALL_THREE = ['open-first', 'open-second', 'open-third'] as const;

/** 附近的机器 and 办事指南: one view for each look. */
export const BROWSE_VIEWS: Readonly<Record<string, KioskView>> = {
  nearby: nearby(NEAR, FIRST, 'next-page', 'show-map', 'print-addresses'),
  'nearby-middle': nearby(LONGEST, MIDDLE, 'next-page', 'previous-page', 'show-map', 'print-addresses'),
  'nearby-last': nearby(FAR, LAST, 'previous-page', 'show-map', 'print-addresses'),
  'nearby-only': nearby(NOWHERE, ONLY, 'print-addresses'),
  'nearby-no-paper': nearby(NEAR, FIRST, 'next-page', 'show-map'),
  'nearby-no-paper-middle': nearby(LONGEST, MIDDLE, 'next-page', 'previous-page', 'show-map'),
  'nearby-no-paper-last': nearby(FAR, LAST, 'previous-page', 'show-map'),
  'nearby-no-paper-only': nearby(NOWHERE, ONLY),
  'nearby-map': view({ name: 'nearby-map', terminals: LONGEST, map: MAP }, 'print-addresses', 'back'),
  'nearby-map-no-paper': view({ name: 'nearby-map', terminals: NEAR, map: MAP }, 'back'),
  'address-slip-printing': slip('printing'),
  'address-slip-printed': slip('printed', 'back', 'home'),
  'address-slip-no-paper': slip('no-paper', 'print-addresses', 'back', 'home'),
  'address-slip-no-paper-yet': slip('no-paper', 'back', 'home'),
  'address-slip-cover-open': slip('cover-open', 'print-addresses', 'back', 'home'),
  'address-slip-slip-at-exit': slip('slip-at-exit', 'print-addresses', 'back', 'home'),
  'address-slip-fault': slip('fault', 'print-addresses', 'back', 'home'),
  'address-slip-unknown': slip('unknown', 'back', 'home'),
  'address-slip-busy': slip('busy', 'print-addresses', 'back', 'home'),
  notices: view({ name: 'notices', notices: TITLES, at: FIRST }, ...ALL_THREE, 'next-page', 'back'),
  'notices-last': view(
    { name: 'notices', notices: [{ kind: 'announcement', title: LONG_TITLE }], at: LAST },
    'open-first',
    'first-page',
    'back',
  ),
  'notices-only': view(
    { name: 'notices', notices: [{ kind: 'announcement', title: '元旦夜里机器维护' }], at: ONLY },
    'open-first',
    'back',
  ),
  notice: notice('离线码怎么领、怎么用', PARAGRAPH, FIRST, 'next-page'),
  'notice-middle': notice(LONG_TITLE, LONG_PARAGRAPH, MIDDLE, 'next-page', 'previous-page'),
  'notice-last': notice('加装电梯提取公积金', PARAGRAPH, LAST, 'previous-page'),
  'notice-only': notice('元旦夜里机器维护', PARAGRAPH, ONLY),
};
