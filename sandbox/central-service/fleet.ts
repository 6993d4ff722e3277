import { ok } from '../../src/platform/result.ts';
import { instant, shanghaiDate } from './calendar.ts';
import type { Handlers } from './call.ts';

/** Invented terminals; the places are parks and squares, not real service points. */
const TERMINALS = [
  terminal(
    't-changle',
    '示例区长乐社区服务中心',
    '示例区',
    '示例区长乐路1号',
    31.2304,
    121.4737,
    '24 小时',
    true,
  ),
  terminal(
    't-ankang',
    '示例区安康街道办事大厅',
    '示例区',
    '示例区安康路20号',
    31.2222,
    121.4581,
    '8:30–17:00',
    true,
  ),
  terminal(
    't-songhe',
    '样板区松鹤社区文化中心',
    '样板区',
    '样板区松鹤路168号',
    31.2495,
    121.5012,
    '9:00–20:00',
    true,
  ),
  terminal(
    't-wutong',
    '样板区梧桐地铁站',
    '样板区',
    '样板区梧桐路5号站厅',
    31.2081,
    121.4402,
    '6:00–22:30',
    false,
  ),
  terminal(
    't-dongfeng',
    '东风桥镇便民服务站',
    '示例区',
    '东风桥镇向阳路16号',
    31.1712,
    121.3893,
    '8:30–16:30',
    true,
  ),
] as const;

const NOTICES = [
  {
    noticeId: 'n-validity',
    title: '离线码有效期为 180 天',
    body: '到期后带身份证到任一自助终端重新领取，不收费。',
    publishedOn: '2026-01-05',
  },
  {
    noticeId: 'n-loss',
    title: '离线码丢了怎么办',
    body: '到任一自助终端补领，旧的离线码立即作废；家人也可以在网上帮您挂失。',
    publishedOn: '2026-03-01',
  },
  {
    noticeId: 'n-maintenance',
    title: '系统维护通知',
    body: '元旦当天 1:00 到 4:00 系统维护，期间不能办理，已领取的离线码照常使用。',
    publishedOn: '2026-11-01',
    until: '2027-01-01',
  },
];

const EARTH_RADIUS_M = 6_371_000;
const HEARTBEAT_SECONDS = 60;

function terminal(
  terminalId: string,
  name: string,
  district: string,
  address: string,
  latitude: number,
  longitude: number,
  openingHours: string,
  inService: boolean,
) {
  return { terminalId, name, district, address, latitude, longitude, openingHours, inService };
}

/** `GET /v1/terminals?near=latitude,longitude` */
export const listTerminals: Handlers['listTerminals'] = (_centre, { query }) => {
  const near = query.near?.split(',').map(Number);
  const [latitude, longitude] = near ?? [];
  if (latitude === undefined || longitude === undefined) return ok({ terminals: [...TERMINALS] });
  const measured = TERMINALS.map((place) => ({
    ...place,
    distanceM: distanceM(place, { latitude, longitude }),
  }));
  return ok({ terminals: measured.sort((a, b) => a.distanceM - b.distanceM) });
};

interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** Great-circle distance in whole metres (haversine). */
function distanceM(a: Place, b: Place): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const h =
    Math.sin(radians(b.latitude - a.latitude) / 2) ** 2 +
    Math.cos(radians(a.latitude)) *
      Math.cos(radians(b.latitude)) *
      Math.sin(radians(b.longitude - a.longitude) / 2) ** 2;
  return Math.round(2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(Math.min(1, h))));
}

/** `GET /v1/notices`: those that are out and not over. */
export const listNotices: Handlers['listNotices'] = (_centre, { nowMs }) => {
  const today = shanghaiDate(nowMs);
  const current = NOTICES.filter(
    ({ publishedOn, until }) => publishedOn <= today && (until ?? today) >= today,
  );
  return ok({ notices: current.map((notice) => ({ ...notice })) });
};

/** `POST /v1/heartbeats`: the last one of each kiosk is kept. */
export const heartbeat: Handlers['heartbeat'] = ({ db }, call) => {
  db.prepare('INSERT OR REPLACE INTO heartbeats (device_id, received_at, body) VALUES (?, ?, ?)').run(
    call.keyId,
    call.nowMs,
    JSON.stringify(call.body),
  );
  return ok({ receivedAt: instant(call.nowMs), nextInSeconds: HEARTBEAT_SECONDS });
};
