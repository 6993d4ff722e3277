const USUAL = '扫它自己说明书里的“USB HID POS”码或“USB 虚拟串口（COM）”码，拔下再插上。';

/** What `kioskctl devices` says of what is plugged in. */
export const survey = {
  transports: {
    serial: '串口',
    usb: 'USB 直连',
    hid: 'USB HID POS',
    usblp: '内核打印口（usblp）',
    tcp: '网络',
  },
  /** Why something cannot be used as it is, by the code of the rule. */
  troubles: {
    'keyboard-wedge': { what: '扫码器现在是键盘方式，像键盘一样打字，不能用', remedy: '' },
    'perhaps-keyboard-wedge': {
      what: '键盘，或者键盘方式的扫码器',
      remedy: '是普通键盘就不用管。是扫码器的话：',
    },
    'no-permission': {
      what: '没有权限打开',
      remedy:
        '安装 packaging/udev 里的规则（udevadm control --reload && udevadm trigger），把用户加进 suishen-kiosk 组。',
    },
    alike: {
      what: '和另一个一模一样，分不清',
      remedy: '这两个没有各自的序列号：只留一个插着，或者换一个有序列号的。',
    },
    'one-way-printer': {
      what: '只能收、不能回答的打印机（07/01/01），不能用',
      remedy: '证明不了打没打出来。改用它的串口或网口，或者换一台双向的。',
    },
    'ask-which': {
      what: '串口设备，看不出后面接的是什么',
      remedy: '看线接到哪个设备，就把下面那一段贴进配置。',
    },
    'unstable-name': {
      what: '名字不固定：插的顺序变了，名字就变',
      remedy: '安装 packaging/udev 里的规则，它会在 /dev/kiosk 下给一个固定的名字。',
    },
    'other-kind': { what: '配置把它当成了别的设备', remedy: '看下面它能当什么，改配置。' },
    unknown: { what: '和这台终端无关', remedy: '不用管。' },
  },
  /** How a scanner that types is switched over, by maker. No command can do it: a keyboard cannot be told anything. */
  switchOver: {
    newland:
      '先扫说明书里的“进入设置”，再扫“USB HID POS”或“USB 虚拟串口（COM）”，最后扫“退出设置”，拔下再插上。',
    honeywell: USUAL,
    zebra: `${USUAL}没有 HID POS 码的型号，用串口（COM）。`,
    datalogic: USUAL,
    mindeo: USUAL,
    grow: `${USUAL}GM65 用串口最稳。`,
    'unknown-maker': USUAL,
  },
  configured: {
    'plugged-in': '插着',
    missing: '没有找到',
    alike: '有两个一样的，分不清',
    elsewhere: '不是插在本机上的（网络或虚拟端口）',
  },
};
