import { z } from 'zod';
import { filePath, hostName, httpsUrl, identifier, numberOf, oneOf, wholeNumber, yesOrNo } from './fields.ts';

const seconds = (least: number, most: number) => wholeNumber(least, most, { zhCN: '秒', en: 'seconds' });
const millimetres = (least: number, most: number) => wholeNumber(least, most, { zhCN: '毫米', en: 'mm' });
const port = wholeNumber(1, 65_535, { zhCN: '端口', en: 'port' });

/** 9600 … 921600 as UART chips have them. */
const baudRate = numberOf([9_600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600]);

const serialLine = {
  transport: oneOf(['serial']),
  /** Device node; on an installed kiosk a udev name below /dev. */
  path: filePath,
  /** Bits per second, 8N1. */
  baudRate: baudRate.default(115_200),
};

const tcpLine = { transport: oneOf(['tcp']), host: hostName, port };

const scannerFields = {
  /** What the scanner sends after a code; `none`: the end is a silence. */
  suffix: oneOf(['CR', 'CRLF', 'TAB', 'none']).default('CR'),
  /** This much silence ends a code without suffix, and drops a half one with it. Milliseconds. */
  gapMs: wholeNumber(10, 500, { zhCN: '毫秒', en: 'ms' }).default(50),
};

const printerFields = {
  /** Dots the head prints side by side: 384 (58 mm paper) or 576 (80 mm). */
  widthDots: numberOf([384, 576]).default(576),
  /** Paper speed while printing, mm/s. */
  speedMmPerSecond: wholeNumber(30, 400, { zhCN: '毫米每秒', en: 'mm/s' }).default(150),
  /** From the head to the cutter, mm. */
  cutterDistanceMm: millimetres(0, 60).default(15),
  /** Weakest evidence of print that may activate a code. E1 is for printers that echo no process id. */
  minimumEvidence: oneOf(['E1', 'E2']).default('E2'),
};

const byTransport = <const S extends z.ZodRawShape>(fields: S) =>
  z.discriminatedUnion('transport', [
    z.strictObject({ ...serialLine, ...fields }),
    z.strictObject({ ...tcpLine, ...fields }),
  ]);

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
  idCardReader: byTransport({}),
  qrScanner: byTransport(scannerFields),
  receiptPrinter: byTransport(printerFields),
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
});

/** A validated configuration; paths are absolute, every default is filled in. */
export type KioskConfiguration = z.output<typeof configurationSchema>;

/** How a device is connected. */
export type LineConfiguration = KioskConfiguration['idCardReader'];
