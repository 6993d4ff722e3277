import { z } from 'zod';
import {
  decimal,
  filePath,
  hostName,
  httpsUrl,
  identifier,
  numberOf,
  numberOrWord,
  oneOf,
  usbId,
  usbSerialNumber,
  wholeNumber,
  yesOrNo,
} from './fields.ts';

const seconds = (least: number, most: number) => wholeNumber(least, most, { zhCN: '秒', en: 'seconds' });
const milliseconds = (least: number, most: number) => wholeNumber(least, most, { zhCN: '毫秒', en: 'ms' });
const millimetres = (least: number, most: number) => wholeNumber(least, most, { zhCN: '毫米', en: 'mm' });
const port = wholeNumber(1, 65_535, { zhCN: '端口', en: 'port' });

/** 9600 … 921600 as UART chips have them. */
const BAUD_RATES = [9_600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600] as const;
const baudRate = numberOf(BAUD_RATES);

/** A drawn body takes 25 s at 19200 baud, and a job has 30 s (device-protocols part 5; `printMs` of the issuance). */
export const SLOWEST_TO_DRAW_BAUD = 38_400;

const serialLine = {
  transport: oneOf(['serial']),
  /** Device node; on an installed kiosk a udev name below /dev. */
  path: filePath,
};

const tcpLine = { transport: oneOf(['tcp']), host: hostName, port };

/** A USB device by its numbers, never by its port. */
const usbNumbers = {
  vendorId: usbId,
  productId: usbId,
  /** Needed only where two of a kind are plugged in. */
  serialNumber: usbSerialNumber.optional(),
};
const usbDevice = { transport: oneOf(['usb']), ...usbNumbers };
const hidDevice = { transport: oneOf(['hid']), ...usbNumbers };

/** The kernel's printer port, /dev/usb/lpN. */
const printerPort = { transport: oneOf(['usblp']), path: filePath };

/** Bits per second, 8N1. USB converters that are no UART (CDC) ignore it. */
const fixedSpeed = { baudRate: baudRate.default(115_200) };

/** Readers come set to any of five speeds. */
const foundSpeed = { baudRate: numberOrWord(BAUD_RATES, 'auto').default('auto') };

const scannerFields = {
  /** Whose commands the scanner knows; `passive`: it is only listened to. */
  family: oneOf(['passive', 'newland', 'gm6x', 'ssi', 'honeywell']).default('passive'),
  /** The scanner sends AIM identifiers (`]Q1`) before each code. */
  aimPrefix: yesOrNo.default(false),
};

const scannerStreamFields = {
  ...scannerFields,
  /**
   * What tells one code from the next: a suffix, `none` a pause, `GM` frames with a length (GM6x zone 0x60), `SSI` packets
   * that are acknowledged.
   */
  framing: oneOf(['CR', 'CRLF', 'TAB', 'none', 'GM', 'SSI']).default('CR'),
  /** This much silence ends a code without suffix. Milliseconds. */
  gapMs: milliseconds(10, 500).default(50),
};

const scannerReportFields = {
  ...scannerFields,
  /** How the bytes of a HID POS report are laid out; makers differ. */
  layout: oneOf(['standard', 'newland', 'microscan']).default('standard'),
};

const printerFields = {
  /** What the model is like: the name of a file in drivers/receipt-printer/profiles. */
  profile: identifier.default('generic-80mm'),
  /** Dots the head prints side by side: 384 (58 mm paper) or 576 (80 mm). Absent: as in the profile. */
  widthDots: numberOf([384, 576]).optional(),
  /** Paper speed while printing, mm/s. Absent: as in the profile. */
  speedMmPerSecond: wholeNumber(30, 500, { zhCN: '毫米每秒', en: 'mm/s' }).optional(),
  /** From the head to the cutter, mm. Absent: as in the profile. */
  cutterDistanceMm: millimetres(0, 60).optional(),
  /** `auto`: the printer's own Chinese font on serial lines where it has one; `raster`: everything is drawn here. */
  text: oneOf(['auto', 'raster']).default('auto'),
  /** Weakest evidence of print that may activate a code. E1 is for printers that echo no process id. */
  minimumEvidence: oneOf(['E1', 'E2']).default('E2'),
  /** When the person is asked to hold the slip under the scanner: `when-needed` after evidence weaker than E2. */
  readBack: oneOf(['when-needed', 'always']).default('when-needed'),
};

/** How a serial printer says that its buffer is full. */
const printerSerialFields = { flowControl: oneOf(['none', 'xon-xoff', 'dsr']).default('none') };

/** Every key of `kiosk.toml`, with bounds and defaults. `packaging/configuration.example.toml` explains them to technicians. */
export const configurationSchema = z.strictObject({
  kiosk: z.strictObject({
    /** The kiosk's name at the centre and in logs. */
    id: identifier,
    /** On a kiosk that serves people: refuses whatever belongs to the sandbox. */
    production: yesOrNo.default(true),
  }),
  central: z.strictObject({
    url: httpsUrl,
    /** PEM, the authority that signed the centre's certificate; absent: those of the system. */
    caFile: filePath.optional(),
    keyId: identifier,
    /** PEM (PKCS#8), the device's Ed25519 private key. */
    keyFile: filePath,
  }),
  idCardReader: z.discriminatedUnion('transport', [
    z.strictObject({ ...serialLine, ...foundSpeed }),
    z.strictObject(usbDevice),
    z.strictObject(tcpLine),
  ]),
  qrScanner: z.discriminatedUnion('transport', [
    z.strictObject({ ...serialLine, ...fixedSpeed, ...scannerStreamFields }),
    z.strictObject({ ...hidDevice, ...scannerReportFields }),
    z.strictObject({ ...tcpLine, ...scannerStreamFields }),
  ]),
  receiptPrinter: z.discriminatedUnion('transport', [
    z.strictObject({ ...serialLine, ...fixedSpeed, ...printerSerialFields, ...printerFields }),
    z.strictObject({ ...usbDevice, ...printerFields }),
    z.strictObject({ ...printerPort, ...printerFields }),
    z.strictObject({ ...tcpLine, ...printerFields }),
  ]),
  bridge: z
    .strictObject({
      /** TCP port on 127.0.0.1. */
      port: wholeNumber(1_024, 65_535, { zhCN: '端口', en: 'port' }).default(7_300),
      /** Holds the shell's one-time code; only the shell's user may read it. */
      shellCodeFile: filePath.default('run/shell-code'),
      /** Unix socket of `kioskctl`. */
      socketPath: filePath.default('run/kioskctl.sock'),
    })
    .prefault({}),
  store: z
    .strictObject({
      /** Database and what belongs to it. */
      dataDir: filePath.default('data'),
    })
    .prefault({}),
  /** What this very machine looks like. */
  machine: z
    .strictObject({
      /** Folder with photos of its parts (`machine-pictures.ts`); absent: drawings of a usual machine. */
      pictures: filePath.optional(),
    })
    .prefault({}),
  /** How 叫人帮忙 reaches staff. */
  help: z
    .strictObject({
      /** `log`: whoever reads the log · `webhook`: a system of the site · `relay`: a lamp or bell on a GPIO line. */
      via: oneOf(['none', 'log', 'webhook', 'relay']).default('none'),
      /** Of the webhook: takes a POST, and 2xx means that somebody is told. */
      url: httpsUrl.optional(),
      /** PEM, the authority of the webhook's certificate; absent: those of the system. */
      caFile: filePath.optional(),
      /** Of the relay: the kernel's value file of the line, as /sys/class/gpio/gpio17/value. */
      path: filePath.optional(),
      /** How long the relay is held. */
      pulseMs: milliseconds(50, 60_000).default(2_000),
    })
    .prefault({}),
  /** 附近的机器 and 办事指南: what this kiosk tells everybody. */
  directory: z
    .strictObject({
      /** Where this kiosk stands, degrees, WGS 84. Both or none: then there are no distances and no map. */
      latitude: decimal(-90, 90, { zhCN: '度', en: 'degrees' }).optional(),
      longitude: decimal(-180, 180, { zhCN: '度', en: 'degrees' }).optional(),
      /** From one look at the centre to the next. */
      refreshHours: wholeNumber(1, 168, { zhCN: '小时', en: 'hours' }).default(6),
      /** Who reads aloud what the centre has no recording of: nobody, or espeak-ng as a program of its own. */
      speech: oneOf(['none', 'espeak-ng']).default('none'),
    })
    .prefault({}),
  limits: z
    .strictObject({
      /** Without a touch, before 您还在吗. */
      idleSeconds: seconds(1, 600).default(90),
      /** The same on the confirmation page. */
      confirmSeconds: seconds(1, 600).default(120),
      /** How long 您还在吗 waits. */
      warningSeconds: seconds(1, 300).default(60),
      /** 请取走, before the slip counts as taken. */
      takeSlipSeconds: seconds(1, 120).default(30),
      /** 办好了, before the kiosk goes back by itself. */
      finishedSeconds: seconds(1, 60).default(10),
      /** 请取走您的身份证. */
      takeIdCardSeconds: seconds(1, 120).default(15),
      /** 显示全名. */
      fullNameSeconds: seconds(1, 10).default(10),
      /** A wait that is said (E13). */
      longWaitSeconds: seconds(1, 30).default(8),
    })
    .prefault({}),
  /** How long a step of the issuance may take before it is doubtful; the defaults are the protocol's (reliability, persistence points). */
  issuance: z
    .strictObject({
      /** One request to the centre. */
      requestMs: milliseconds(100, 30_000).default(8_000),
      /** Between two attempts of the same request. */
      repeatMs: milliseconds(10, 10_000).default(1_000),
      /** Activation is asked for so long, with the body uncut. Well below the centre's lease of 600 s. */
      activateMs: milliseconds(500, 120_000).default(60_000),
      /** One print job with its proof. */
      printMs: milliseconds(500, 120_000).default(30_000),
      /** Emptying the printer, asking its state. */
      printerAnswerMs: milliseconds(100, 30_000).default(5_000),
      /** Pulling a slip back, until the sensor says where it is. */
      retractMs: milliseconds(500, 60_000).default(15_000),
      /** Void and confirm are repeated after this, and then after twice as much, */
      outboxFirstMs: milliseconds(10, 60_000).default(1_000),
      /** up to this. */
      outboxLongestMs: milliseconds(100, 3_600_000).default(300_000),
    })
    .prefault({}),
});

/** A validated configuration; paths are absolute, every default is filled in. */
export type KioskConfiguration = z.output<typeof configurationSchema>;

/** The devices of a kiosk, by the names of their sections. */
export const DEVICE_SECTIONS = ['idCardReader', 'qrScanner', 'receiptPrinter'] as const;

/** How a device is connected. */
export type LineConfiguration = KioskConfiguration[(typeof DEVICE_SECTIONS)[number]];
