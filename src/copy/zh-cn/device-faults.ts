/** What a device fault means to a technician, and what to do; by the code of the driver. */
export interface FaultText {
  readonly what: string;
  readonly why: string;
  readonly remedy: string;
}

/** Every fault that a driver can give, by its code. Every other language has exactly these keys. */
export const faults = {
  'link.port-missing': {
    what: '找不到这个设备',
    why: '没有插好、没有通电，或者配置里的 path（串口）、vendorId 和 productId（USB）写错了。',
    remedy: '检查电源和数据线，拔下来重新插一次；再运行 kioskctl devices，看它在不在、该怎么写。',
  },
  'link.port-busy': {
    what: '设备被别的程序占着',
    why: '另一个程序已经打开了它：另一个 agent、CUPS 打印服务，或者串口工具。',
    remedy: '用 fuser 看是哪个程序，停掉它。同一个设备不要写给两个用途。',
  },
  'link.port-denied': {
    what: '没有权限打开设备',
    why: 'udev 规则没有装，或者运行本程序的用户不在设备所属的组里。刚插上的一两秒里出现是正常的。',
    remedy:
      '安装 packaging/udev 里的规则，把用户加进 suishen-kiosk 组，重启本程序；kioskctl devices 会列出是哪个文件。',
  },
  'link.port-unusable': {
    what: '这个设备打不开',
    why: '配置里的 path 指的不是串口或打印口，或者串口不支持这个波特率。',
    remedy: '运行 kioskctl devices，照它给的写法改 path 和 baudRate，再运行 config check。',
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
  'link.unfit': {
    what: '设备在，但不是配置里说的那种',
    why: 'vendorId、productId 指的设备没有这种接口（打印、读卡或 HID POS）。',
    remedy: '运行 kioskctl devices，看这个设备能当什么用，照它给的几行改配置。',
  },
  'link.ambiguous': {
    what: '有两个一样的设备，分不清是哪个',
    why: '两个设备的 vendorId、productId 一样，配置里没有写 serialNumber。',
    remedy: '写上 serialNumber（kioskctl devices 会列出）；没有序列号的，只留一个插着。',
  },
  'link.keyboard-wedge': {
    what: '扫码器现在是键盘方式',
    why: '它把码当键盘打字送出来，谁在前面就打给谁，不能用在这台机器上。',
    remedy:
      '扫它说明书里的“USB HID POS”或“USB 虚拟串口”设置码，拔下再插上；kioskctl devices 有各牌子的说明。',
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
    why: '没有通电、线松了、波特率不对，或者接的不是这种打印机。',
    remedy: '检查电源和线；对照打印机的自检页核对 profile、baudRate（串口）或 host、port（网络）。',
  },
  'printer.paper-too-narrow': {
    what: '纸太窄，打不下',
    why: '打印机型号（profile）或配置里的 widthDots 比这张单子需要的窄。',
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
    why: '打印途中没有回送编号；纸可能打了一半，也可能已经打完。有的打印机根本不会回送。',
    remedy:
      '看出纸口；把打印机断电重启，再打一张测试页。还是这样，就站在机器前运行 kioskctl printer probe --print：最多 E1 的，把 minimumEvidence 设为 "E1"；什么都证明不了的，换打印机。',
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
  'printer.not-ready': {
    what: '打印机没有准备好',
    why: '它的 DSR 信号一直是关的：关机了、正忙，或者数据线没有接这根线。',
    remedy: '检查电源和数据线；线里没有 DSR 的，把 flowControl 改成 "none" 或 "xon-xoff"。',
  },
  'printer.exit-jam': {
    what: '出纸口堵住了',
    why: '单子卡在出纸口，或者出纸口里有东西。',
    remedy: '打开出纸口，取出卡住的纸，看看里面有没有异物。',
  },
  'printer.presenter-fault': {
    what: '出纸机构有故障',
    why: '打印机自己报了错，或者出纸口的传感器没有看到刚出来的单子。',
    remedy: '检查出纸电机和传感器，擦干净传感器；还不好就换出纸机构。',
  },
  'printer.slip-at-exit': {
    what: '出纸口有一张没拿走的纸',
    why: '上一个人没有拿走，或者纸夹在那里。',
    remedy: '把它拿走，看看是谁的；出纸口空了再试。',
  },
  'printer.voltage-fault': {
    what: '打印机的电压不对',
    why: '电源给的电压太高或太低。',
    remedy: '检查电源适配器是不是原配的、接线牢不牢；换一个适配器试。',
  },
  'printer.profile-unknown': {
    what: '没有这个打印机型号',
    why: '配置里的 profile 写的名字，程序里没有。',
    remedy: '运行 config check，它会列出可以写的名字；不知道写什么就删掉这一项。',
  },
  'printer.profile-broken': {
    what: '打印机型号的文件坏了',
    why: '程序目录里这个型号的文件读不了，或者内容不对。',
    remedy: '重新安装程序；自己改过这个文件的，改回去。',
  },
  'reader.no-answer': {
    what: '身份证阅读器不回答',
    why: '阅读器死机、波特率不对、线松了，或者接的不是身份证阅读器。',
    remedy: '把阅读器断电 10 秒再打开；还不好，串口的把 baudRate 写成 "auto"。',
  },
  'reader.answer-damaged': {
    what: '身份证阅读器的回答是坏的',
    why: '线路有干扰、线太长、波特率不对，或者接的不是身份证阅读器。',
    remedy: '换一根线，离开电源线；核对 baudRate 和 path。',
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
    what: '放的不是身份证件',
    why: '放的是别的感应卡（公交卡、银行卡）。',
    remedy: '机器没有坏；请放身份证、港澳台居住证或外国人永居证。',
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
  'reader.card-counterfeit-or-damaged': {
    what: '证件两次都没有通过认证',
    why: '重新放过以后还是不通过：芯片坏了，或者不是真的。',
    remedy: '换一张证件试。只有这一张不行，是证件的问题，请到服务窗口办；张张不行，换阅读器。',
  },
  'scanner.no-answer': {
    what: '扫码器不回答命令',
    why: '配置里的 family 和它不是一家，它没有通电，或者线坏了。',
    remedy: '核对 family 和型号，检查电源和线；不懂命令的扫码器写 family = "passive"。',
  },
  'scanner.setting-refused': {
    what: '扫码器不接受或没有保住某项设置',
    why: '它的型号或固件没有这一项，或者有人扫过设置码。',
    remedy: '运行 kioskctl scanner test，看是哪一项，用说明书里的设置码设好。',
  },
  'scanner.commands-not-carried': {
    what: '这种接法不能给扫码器发命令',
    why: '这个牌子没有公开过怎么通过 HID 发命令。',
    remedy: '改用 USB 虚拟串口，或者写 family = "passive"，只听它读到的码。',
  },
  'scanner.nothing-read': {
    what: '一分钟内没有读到码',
    why: '扫描窗口脏了、灯不亮、码拿得太远，或者 framing、layout 和它的设置不一样。',
    remedy: '擦干净窗口，把码放在 10 厘米远再试；还不行就核对 framing 或 layout。',
  },
  'scanner.not-heard': {
    what: '没有听到提示音',
    why: '音量关了，或者蜂鸣器坏了。',
    remedy: '按说明书把音量调大；还是没有就换扫码器。不影响读码。',
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
