/**
 * What is printed on paper, in simplified Chinese. Printed in 14 pt or larger on 72 mm (about 14 characters a line) or 48 mm
 * (about 9), so clauses are short: lines break behind their punctuation.
 */
export const paper = {
  title: '随申码离线码',
  name: '姓名',
  validUntil: '能用到',
  shortCode: '扫不出来，报这个号：',
  foldHere: '从这里对折',
  showIdCard: '请同时出示身份证',
  staffScan: '请工作人员用“随申办”扫。',
  care: '勿覆膜、勿放透明胶套、避免日晒、勿沾酒精。',
  issuedOn: '领取：',
  reissuedOn: '补领：',
  earlierOneEnds: '这张启用后，以前那张不能用。',
  help: '丢了请补领，有问题打 12345',
  onlyWhenActivated: '没有“已启用”字样无效',
  activated: '已启用',
  void: '作废',
  voidHint: '这张不能用。\n请再办一次，有问题打 12345',
  addresses: {
    title: '附近的机器',
    walk: (minutes: number, distance: string) => `走路约 ${minutes} 分钟，${distance}`,
    far: (distance: string) => `离这里约 ${distance}`,
    here: '■ 打印这张纸的机器',
    north: '北',
    bring: '请带上身份证。',
    printedOn: '打印日期：',
    help: '有问题打 12345',
  },
  testPage: {
    title: '打印测试页',
    notACode: '测试用，不是离线码。',
    kiosk: '机器编号',
    printedOn: '打印日期',
    headPattern: '打印头：下面应没有竖白线',
    textSizes: '字号：每行都要看得清',
    textSample: '随申码离线码 0123',
    symbol: '二维码：用手机应能扫出',
    rareCharacters: '生僻字：䶮 㛃 𬱖',
  },
} as const;
