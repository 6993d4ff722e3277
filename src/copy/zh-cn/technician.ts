import type { Obstacle, Screen, SignInMethod } from '../../view/kiosk-view.ts';

/** What a device fault means to a technician, and what to do; by the code of the driver. */
interface FaultText {
  readonly what: string;
  readonly why: string;
  readonly remedy: string;
}

const faults = {
  'link.port-missing': {
    what: '找不到串口设备',
    why: '设备没有插好、没有通电，或者配置里的 path 写错了。',
    remedy: '检查电源和数据线，拔下来重新插一次；再看 path 指的文件在不在（ls -l）。',
  },
  'link.port-busy': {
    what: '串口被别的程序占着',
    why: '另一个程序已经打开了这个串口。',
    remedy: '用 fuser 看是哪个程序，停掉它。同一个串口不要写给两个设备。',
  },
  'link.port-denied': {
    what: '没有权限打开串口',
    why: '运行本程序的用户不在串口所属的组里，或者 udev 规则没有装。',
    remedy: '把用户加进设备文件所属的组（一般是 dialout），检查 udev 规则，再重启本程序。',
  },
  'link.port-unusable': {
    what: '这个路径不能当串口用',
    why: '配置里的 path 指的不是串口，或者串口不支持这个波特率。',
    remedy: '对照设备说明书改 path 和 baudRate，再运行 config check。',
  },
  'link.refused': {
    what: '设备主机在，但端口没有应答',
    why: '配置里的 port 写错了，设备的网络打印没有打开，或者别的主机占着连接。',
    remedy: '核对 port（打印机一般是 9100），把设备断电重启，再看有没有别的机器连着它。',
  },
  'link.unreachable': {
    what: '网络上找不到设备',
    why: '网线松了、设备没有通电，或者 IP 地址不对。',
    remedy: '检查网线和电源，用 ping 试 host 里的地址；地址变了就改配置。',
  },
  'link.unknown-host': {
    what: '设备的主机名查不到',
    why: '配置里的 host 写错了，或者 DNS 不通。',
    remedy: '把 host 改成设备的 IP 地址，或检查 DNS。',
  },
  'link.timed-out': {
    what: '连接设备超时',
    why: '设备没有通电、死机，或者线路不通。',
    remedy: '检查电源和线，把设备断电 10 秒再打开。',
  },
  'link.lost': {
    what: '与设备的连接断了',
    why: '线松了、设备断电，或者设备自己重启了。',
    remedy: '程序会一直重连。一分钟后还不好，检查线和电源。',
  },
  'link.closed': {
    what: '连接是本程序自己关的',
    why: '正在重新连接，或者正在停止。',
    remedy: '等几秒再看。',
  },
  'printer.cover-open': {
    what: '打印机上盖开着',
    why: '换纸以后没有合好，或者有人打开了。',
    remedy: '合上上盖，压到听见“咔”一声。',
  },
  'printer.paper-out': {
    what: '打印机没有纸',
    why: '纸卷用完了，或者没有放好。',
    remedy: '换一卷热敏纸，纸头拉出切刀，合上上盖。',
  },
  'printer.paper-jam': {
    what: '打印机卡纸或机械故障',
    why: '纸堵在走纸通道里，或者机械部件不动。',
    remedy: '打开上盖，取出卡住的纸（不要用尖的东西），清掉碎纸，合上；还不好就换机器。',
  },
  'printer.cutter-fault': {
    what: '切刀故障',
    why: '切刀被纸卡住，或者电机坏了。',
    remedy: '断电，打开上盖，取出切刀里的纸，让刀复位；还不好就换切刀。',
  },
  'printer.unrecoverable': {
    what: '打印机报告不能自己恢复的错误',
    why: '电压、主板或打印头有问题。',
    remedy: '把打印机断电 10 秒再打开；又出现就换机器。',
  },
  'printer.head-hot': {
    what: '打印头太热',
    why: '连续打印太多，或者通风不好。',
    remedy: '等几分钟，它自己会好；经常出现就检查通风。',
  },
  'printer.offline': {
    what: '打印机说自己脱机',
    why: '有人按着走纸键，或者打印机正在准备。',
    remedy: '等一分钟；还不好就把打印机断电重启。',
  },
  'printer.no-answer': {
    what: '打印机不回答',
    why: '没有通电、线松了、波特率不对，或者接的不是 ESC/POS 打印机。',
    remedy: '检查电源和线；对照打印机的自检页核对 baudRate（串口）或 host、port（网络）。',
  },
  'printer.paper-too-narrow': {
    what: '纸太窄，打不下',
    why: '配置里的 widthDots 比这张单子需要的窄。',
    remedy: '58 毫米纸写 384，80 毫米纸写 576；改完再运行 config check。',
  },
  'printer.not-processing': {
    what: '打印机在线，但不处理数据',
    why: '打印机死机，或者还停在没打完的一单上。',
    remedy: '把打印机断电 10 秒再打开。',
  },
  'printer.not-taking-data': {
    what: '打印机不收数据',
    why: '打印机死机、缓冲区满了，或者线断了。',
    remedy: '把打印机断电 10 秒再打开，检查数据线。',
  },
  'printer.no-proof': {
    what: '打印机没有证明这一单打完了',
    why: '打印途中没有回送编号；纸可能打了一半，也可能已经打完。',
    remedy: '看出纸口；把打印机断电重启，再打一张测试页。',
  },
  'printer.fonts-missing': {
    what: '打印用的中文字体没有安装',
    why: '系统里没有 fonts-noto-cjk。',
    remedy: '运行 apt-get install fonts-noto-cjk fonts-hanazono，再重启本程序。',
  },
  'printer.absent': {
    what: '打印机没有连上',
    why: '本程序现在没有到打印机的连接。',
    remedy: '运行 kioskctl status，看打印机那一项。',
  },
  'reader.no-answer': {
    what: '身份证阅读器不回答',
    why: '阅读器死机、波特率不对，或者线松了。',
    remedy: '把阅读器断电 10 秒再打开；还不好就核对 baudRate（一般是 115200）。',
  },
  'reader.answer-damaged': {
    what: '身份证阅读器的回答是坏的',
    why: '线路有干扰、线太长、波特率不对，或者接的不是身份证阅读器。',
    remedy: '换一根线，离开电源线；核对 baudRate 和 path。',
  },
  'reader.unsupported-card': {
    what: '这种证件还不能办',
    why: '放的是外国人永久居留证或港澳台居民居住证，本机只办居民身份证。',
    remedy: '机器没有坏；请到服务窗口办。',
  },
  'reader.record-malformed': {
    what: '证件里的记录不合格式',
    why: '证件芯片的内容不完整，或者读的时候动了。',
    remedy: '换一张证件试；每张都这样就换阅读器。',
  },
  'reader.ok': { what: '身份证阅读器正常', why: '没有故障。', remedy: '不用处理。' },
  'reader.no-such-item': {
    what: '证件里没有要读的这一项',
    why: '这张证件没有写这一项内容。',
    remedy: '不用处理。',
  },
  'reader.command-damaged': {
    what: '阅读器说收到的命令是坏的',
    why: '线路有干扰，或者波特率不对。',
    remedy: '程序会重发。经常出现就换线，离开电源线。',
  },
  'reader.command-unknown': {
    what: '阅读器不认识命令',
    why: '接的不是 SDT 协议（GA 467）的身份证阅读器。',
    remedy: '核对型号和配置里的 path；换成公安部认证的阅读器。',
  },
  'reader.command-not-allowed': {
    what: '阅读器现在不接受这条命令',
    why: '上一步没有做完，证件可能移开了。',
    remedy: '把证件拿起来再放一次；每次都这样就把阅读器断电重启。',
  },
  'reader.unclear-error': {
    what: '阅读器报告不明的错误',
    why: '一般是证件移动造成的。',
    remedy: '程序会再试。经常出现就换阅读器。',
  },
  'reader.card-authentication': {
    what: '证件没有通过认证',
    why: '证件放得不好、已经损坏，或者不是真的。',
    remedy: '拿起来再放平。只有这一张不行，是证件的问题；张张不行，换阅读器。',
  },
  'reader.card-verification': {
    what: '证件内容没有通过校验',
    why: '证件放得不好，或者芯片里的内容坏了。',
    remedy: '拿起来再放平。只有这一张不行，是证件的问题；张张不行，换阅读器。',
  },
  'reader.card-data': {
    what: '证件内容读出来是错的',
    why: '读的时候证件动了，或者芯片坏了。',
    remedy: '拿起来再放平，先不要动。',
  },
  'reader.not-an-id-card': {
    what: '放的不是身份证',
    why: '放的是别的感应卡（公交卡、银行卡）。',
    remedy: '机器没有坏；请放居民身份证。',
  },
  'reader.card-read': {
    what: '读证件失败',
    why: '证件动了，或者和别的卡叠在一起。',
    remedy: '只放一张证件，放平，先不要动。',
  },
  'reader.self-test': {
    what: '阅读器自检没有通过',
    why: '阅读器里的安全模块（SAM）坏了。',
    remedy: '断电 10 秒再打开；还是这样就换阅读器。',
  },
  'reader.not-authorised': {
    what: '阅读器的安全模块没有授权',
    why: '安全模块（SAM）没有激活或授权到期。',
    remedy: '联系阅读器厂商授权，或换一台。',
  },
  'reader.no-card': { what: '没有放证件', why: '没有故障。', remedy: '不用处理。' },
  'reader.card-select': {
    what: '选不中证件',
    why: '证件动了，或者同时放了两张。',
    remedy: '只放一张证件，放平。',
  },
  'slip.name': {
    what: '姓名排不进单子',
    why: '中心给的姓名是空的或太长。',
    remedy: '这是程序或中心的问题，请记下时间报修。',
  },
  'slip.date': {
    what: '日期不合格式，单子排不出来',
    why: '本机时间或中心给的日期不对。',
    remedy: '检查本机时间；时间对的话，请记下时间报修。',
  },
  'slip.short-code': {
    what: '短码不合格式，单子排不出来',
    why: '中心给的短码不是 12 个字符。',
    remedy: '这是中心的问题，请记下时间报修。',
  },
  'qr.empty': {
    what: '二维码没有内容',
    why: '程序或中心没有给出内容。',
    remedy: '这是程序或中心的问题，请记下时间报修。',
  },
  'qr.too-long': {
    what: '二维码内容太长',
    why: '中心给的内容超过 122 个字符。',
    remedy: '这是程序或中心的问题，请记下时间报修。',
  },
  'qr.not-alphanumeric': {
    what: '二维码里有不能用的字符',
    why: '内容里有大写字母、数字等以外的字符。',
    remedy: '这是程序或中心的问题，请记下时间报修。',
  },
} satisfies Record<string, FaultText>;

/** What technicians read about devices and readiness. Every other language has exactly these keys. */
export const technician = {
  faults,
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
  parts: { paper: '纸', cover: '上盖', cutter: '切刀', media: '出纸口', scanner: '扫码', samId: '安全模块' },
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
    scanner: { on: '正在等码', off: '待命', inoperative: '不工作' },
  },
  methods: { 'id-card': '身份证', 'suishen-code': '随申码' } satisfies Record<SignInMethod, string>,
  obstacles: {
    'centre-unreachable': '连不上中心',
    'no-paper': '打印机没有纸',
    'cover-open': '打印机上盖开着',
    'printer-fault': '打印机不能用',
    'no-sign-in-device': '身份证阅读器和扫码器都不能用',
    starting: '还在启动',
    'out-of-service': '整台机器不能用',
  } satisfies Record<Obstacle, string>,
  screens: {
    attract: '待机页',
    home: '首页',
    'choose-method': '选登录方式',
    'bring-id-card': '请带身份证再来',
    'present-id-card': '请放身份证',
    'present-suishen-code': '请出示随申码',
    'suishen-code-help': '怎么打开随申码',
    identifying: '正在读取',
    'confirm-identity': '核对本人',
    printing: '正在打印',
    'take-slip': '请取走',
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
