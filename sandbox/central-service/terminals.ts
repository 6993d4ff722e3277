import { ok } from '../../src/platform/result.ts';
import type { Handlers } from './call.ts';

/** Invented terminals: id, name, district, address, degrees (WGS 84), hours, whether it works. No real service points. */
const TERMINALS = (
  [
    ['t-changle', '长乐社区服务中心', '示例区', '示例区长乐路1号', 31.2304, 121.4737, '24 小时', true],
    [
      't-ankang',
      '安康街道办事大厅',
      '示例区',
      '示例区安康路20号',
      31.2222,
      121.4581,
      '周一至周五 8:30–17:00',
      true,
    ],
    ['t-songhe', '松鹤社区文化中心', '样板区', '样板区松鹤路168号', 31.2495, 121.5012, '9:00–20:00', true],
    ['t-wutong', '梧桐地铁站', '样板区', '样板区梧桐路5号站厅', 31.2081, 121.4402, '6:00–22:30', false],
    [
      't-dongfeng',
      '东风桥镇便民服务站',
      '示例区',
      '东风桥镇向阳路16号',
      31.1712,
      121.3893,
      '8:30–16:30',
      true,
    ],
    ['t-yinxing', '银杏里邻里汇', '示例区', '示例区银杏里88弄3号', 31.2339, 121.4698, '8:00–18:00', true],
    ['t-hehua', '荷花池公园东门', '示例区', '示例区荷花池路2号', 31.2281, 121.4655, '6:00–21:00', true],
    ['t-guihua', '桂花菜市场二楼', '样板区', '样板区桂花路301号', 31.2402, 121.4801, '7:00–19:00', true],
    [
      't-meiyuan',
      '梅园社区卫生服务中心',
      '样板区',
      '样板区梅园路55号门诊楼',
      31.2188,
      121.4893,
      '周一至周六 8:00–16:30',
      true,
    ],
  ] as const
).map(([terminalId, name, district, address, latitude, longitude, openingHours, inService]) => ({
  terminalId,
  name,
  district,
  address,
  latitude,
  longitude,
  openingHours,
  inService,
}));

const EARTH_RADIUS_M = 6_371_000;

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
