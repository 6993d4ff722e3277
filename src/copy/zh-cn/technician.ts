import type { Obstacle, Screen, SignInMethod } from '../../view/kiosk-view.ts';
import { checks } from './device-checks.ts';
import { faults, type FaultText } from './device-faults.ts';
import { survey } from './device-survey.ts';
import { verdict } from './printer-verdict.ts';

/** What technicians read about devices and readiness. Every other language has exactly these keys. */
export const technician = {
  faults,
  checks,
  survey,
  verdict,
  /** A status byte of the ID-card reader that is in no published table, e.g. `50`. */
  unknownReaderStatus: (byte: string): FaultText => ({
    what: `身份证阅读器给出没有公开的状态 0x${byte}`,
    why: '各家资料里都没有这个状态。',
    remedy: '程序会再试。经常出现就把这个数字告诉阅读器厂商。',
  }),
  /** The paper sensor says so; no fault yet. */
  paperLow: {
    what: '纸快用完了',
    why: '纸卷只剩外面几圈。',
    remedy: '准备一卷热敏纸，没有人办的时候换上。',
  },
  /** A printer that nobody has probed, and of which too little is known to be provable. */
  provesTooLittle: {
    what: '打印机给出的证明不够，打出来的码启用不了，所以现在不给人打',
    why: '它没有回送编号，配置（minimumEvidence）要的证明比它给过的强。',
    remedy:
      '站在机器前运行 kioskctl printer probe --print，照结论办：最多 E1 的，把 minimumEvidence 设为 "E1"，或者换一台会回送编号的。',
  },
  devices: { idCardReader: '身份证阅读器', qrScanner: '扫码器', receiptPrinter: '打印机' },
  states: {
    starting: '正在连接',
    online: '正常',
    busy: '正在工作',
    userError: '要现场处理',
    hardwareError: '故障',
    offline: '失去联系',
    noDevice: '从没连上过',
  },
  /** Who mends it. */
  actions: {
    clear: '现场人员可以处理',
    maintenance: '要技术人员到场',
    reset: '把设备断电重启',
    configuration: '要改配置或系统设置',
    suspend: '会自己恢复',
  },
  parts: {
    paper: '纸',
    cover: '上盖',
    cutter: '切刀',
    media: '出纸口',
    scanner: '扫码',
    samId: '安全模块',
    card: '证件',
  },
  partStates: {
    paper: { full: '有', low: '快用完', out: '没有', jammed: '卡住' },
    cover: { open: '开着', closed: '合上' },
    cutter: { ok: '正常', fault: '故障' },
    media: {
      present: '有纸没取',
      notPresent: '没有纸',
      jammed: '卡住',
      retracted: '已收回',
    },
    card: { present: '没拿走', notPresent: '没有' },
    scanner: { on: '正在等码', off: '待命', inoperative: '不工作' },
  },
  methods: { 'id-card': '身份证', 'suishen-code': '随申码' } satisfies Record<SignInMethod, string>,
  obstacles: {
    'centre-unreachable': '连不上中心',
    'no-paper': '打印机没有纸',
    'cover-open': '打印机上盖开着',
    'slip-at-exit': '出纸口有一张没拿走的纸',
    'printer-fault': '打印机不能用',
    'no-sign-in-device': '身份证阅读器和扫码器都不能用',
    backlog: '中心还不知道结果的单子太多',
    starting: '还在启动',
    'out-of-service': '整台机器不能用',
  } satisfies Record<Obstacle, string>,
  screens: {
    attract: '待机页',
    home: '首页',
    'how-to': '怎么用',
    nearby: '附近的机器',
    'nearby-map': '附近机器的地图',
    'address-slip': '打印地址',
    notices: '办事指南目录',
    notice: '看办事指南',
    'choose-method': '选登录方式',
    'bring-id-card': '请带身份证再来',
    'present-id-card': '请放身份证',
    'present-suishen-code': '请出示随申码',
    'suishen-code-help': '怎么打开随申码',
    identifying: '正在读取',
    'confirm-identity': '核对本人',
    printing: '正在打印',
    'take-slip': '请取走',
    'read-back': '请扫一扫这张纸',
    finished: '办好了',
    'confirm-reissue': '确认补领',
    'code-status': '查看离线码',
    'take-id-card': '请取走身份证',
    error: '出错提示',
  } satisfies Record<Screen['name'], string>,
  /** How sure the machine is that it printed (EvidenceGrade). */
  evidence: {
    E0: 'E0：只知道数据发出去了，不能证明打印了',
    E1: 'E1：打印机说数据处理完了，没有报错',
    E2: 'E2：打印机回送了这一单的编号，证明打完了',
    E3: 'E3：纸上的码已经读回来，最可靠',
  },
};
