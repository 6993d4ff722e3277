import type { ConclusionCode } from '../../maintenance/printer-verdict.ts';

/** What follows from what a printer really answers, and what to do. */
interface Conclusion {
  readonly what: string;
  /** Empty: nothing is to be done. */
  readonly remedy: string;
}

/** What `kioskctl printer probe` concludes, by code. */
export const verdict: Readonly<Record<ConclusionCode, Conclusion>> = {
  'echoes-process-ids': { what: '回送编号：能证明打完了（E2）', remedy: '' },
  'counts-etb': { what: '会数 ETB：能证明打完了（E2）', remedy: '' },
  'echoes-too-early': {
    what: '编号回送得太早，纸还没走完就回了，不能当证明',
    remedy: '程序不再相信它的回送；有新固件就升级。',
  },
  'e1-at-most': {
    what: '不回送编号：最多 E1，现在的配置要 E2，一张码也启用不了',
    remedy:
      '把 minimumEvidence 设为 "E1"，readBack 留 "when-needed"（请人把纸扫一扫），或者换一台会回送编号的。',
  },
  'e1-accepted': {
    what: '不回送编号：最多 E1，配置允许，每张都要请人扫一扫',
    remedy: '人会觉得麻烦；有条件就换一台会回送编号的。',
  },
  'proves-nothing': {
    what: '什么证明都给不了，不能用',
    remedy: '核对 profile 和线路；还是这样就换打印机。',
  },
  'answers-late': {
    what: '回答总是慢一拍：答的是上一个问题',
    remedy: '程序已经知道，每次多问一遍；不用处理。',
  },
  'no-automatic-status': {
    what: '不会主动报告状态',
    remedy: '程序改为不停地问；开盖、缺纸晚一点才知道。',
  },
  'sends-flow-bytes': {
    what: '用 XON/XOFF 说“慢点”，但配置里没有打开',
    remedy: '写 flowControl = "xon-xoff"，不然大单子会丢字。',
  },
  'exit-sensor-seen': { what: '出纸口传感器有用', remedy: '' },
  'exit-sensor-possible': {
    what: '可能有出纸口传感器',
    remedy: '站在机器前运行 kioskctl printer test interactive，就知道了。',
  },
  'answers-as-masung': {
    what: '可能有出纸口传感器，但配置的型号不看它：DLE EOT 5 有回答',
    remedy:
      '是美松的就写 profile = "masung"（西铁城 PPU-700 写 "citizen-ppu-700"），再站在机器前运行 kioskctl printer test interactive。不是这两家的不用处理。',
  },
  'answers-as-custom': {
    what: '可能有出纸口传感器，但配置的型号不看它：DLE EOT 20 有回答',
    remedy:
      '是 Custom 的就写 profile = "custom-vkp80"，再站在机器前运行 kioskctl printer test interactive。不是的不用处理。',
  },
  'rom-gb18030': { what: '机内有中文字库（GB18030）', remedy: '' },
  'rom-gb2312': { what: '机内有中文字库（GB2312），生僻字由本程序画', remedy: '' },
  'rom-none': { what: '机内没有中文字库，全部由本程序画', remedy: '' },
  'rom-unknown': {
    what: '不知道机内有没有中文字库，串口打印会慢',
    remedy: '站在机器前运行 kioskctl printer probe --print，看一行字。',
  },
  'line-too-slow-to-draw': {
    what: '机内没有可用的中文字库，这条串口又太慢，一张也来不及打完',
    remedy: '把打印机和 baudRate 都调到 38400 以上（最好 115200），或者改用 USB、网口。',
  },
  'profile-status-unanswered': {
    what: '配置的型号要问的状态，它不回答',
    remedy: '型号（profile）配错了，或者线路只通一半；核对型号。',
  },
  'profile-promises-echo': {
    what: '配置的型号说它会回送编号，实际不会',
    remedy: '换成 profile = "generic-80mm"（58 毫米的 "generic-58mm"），或者打开打印机的这项功能。',
  },
  'profile-promises-paper-status': {
    what: '配置的型号说它会回答 GS r，实际不会',
    remedy: '有的型号只在串口上回答；改用串口，或者核对型号。',
  },
  'profile-promises-etb': {
    what: '配置的型号说它会数 ETB，实际不会',
    remedy: '打印机可能在 ESC/POS 方式；改成 Star Line，或者换 profile。',
  },
  'profile-promises-rom': {
    what: '配置的型号说它有中文字库，实际没有',
    remedy: '程序已经知道，全部自己画；不用处理。',
  },
  'profile-promises-exit': {
    what: '配置的型号说它有出纸口传感器，实际看不到纸',
    remedy: '擦干净传感器再测；没有装的，换一个没有出纸口的 profile。',
  },
};
