import { DEVICE_SECTIONS } from './configuration.ts';
import type { KioskConfiguration, LineConfiguration } from './configuration.ts';
import type { BilingualText } from './problem.ts';

/** Something that is well-formed, but not on a kiosk that serves people. */
interface RuleBreach {
  readonly path: readonly [string, string];
  readonly message: BilingualText;
}

const SIMULATED: BilingualText = {
  'zh-CN':
    '正式机器（production = true）不能用模拟设备：串口要在 /dev 下（不能是 /dev/pts），网络设备不能在本机',
  en: 'a production kiosk uses no simulator: serial devices are below /dev (not /dev/pts), network devices on another machine',
};

const SANDBOX_CENTRE: BilingualText = {
  'zh-CN': '正式机器（production = true）不能连接本机上的演示中心',
  en: 'a production kiosk does not talk to a sandbox on this machine',
};

/** This machine, by name or number (RFC 6761, RFC 1122, RFC 4291 with the mapped form). */
function isLoopback(host: string): boolean {
  const name = host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    /^127\.|^0\.0\.0\.0$|^0$/.test(name) ||
    /^(?:0*:)*:?0*1?$/.test(name) ||
    /^(?:0*:)*:?ffff:(?:127\.|7f)/.test(name)
  );
}

/** The key that leads to a simulator; USB and HID devices are taken as real. */
function simulatedBy(line: LineConfiguration): 'host' | 'path' | undefined {
  if (line.transport === 'tcp') return isLoopback(line.host) ? 'host' : undefined;
  if (!('path' in line)) return undefined;
  return !line.path.startsWith('/dev/') || line.path.startsWith('/dev/pts/') ? 'path' : undefined;
}

/** Shortest times that people of 60 and over are given; tests and demonstrations may be quicker. */
const LEAST_SECONDS = {
  idleSeconds: 60,
  confirmSeconds: 90,
  warningSeconds: 20,
  takeSlipSeconds: 20,
} as const;

/** Shorter than this a real centre or printer would be taken for a broken one; only simulators answer so fast. */
const LEAST_MS = {
  requestMs: 3_000,
  activateMs: 20_000,
  printMs: 20_000,
  printerAnswerMs: 2_000,
  retractMs: 5_000,
} as const;

/** What forbids this configuration on a production kiosk; empty elsewhere. */
export function productionBreaches(configuration: KioskConfiguration): readonly RuleBreach[] {
  if (!configuration.kiosk.production) return [];
  const breaches: RuleBreach[] = [];
  if (isLoopback(new URL(configuration.central.url).hostname))
    breaches.push({ path: ['central', 'url'], message: SANDBOX_CENTRE });
  for (const device of DEVICE_SECTIONS) {
    const key = simulatedBy(configuration[device]);
    if (key !== undefined) breaches.push({ path: [device, key], message: SIMULATED });
  }
  const tooShort = (section: 'limits' | 'issuance', key: string, least: number, zh: string, en: string) => {
    breaches.push({
      path: [section, key],
      message: {
        'zh-CN': `正式机器（production = true）至少 ${least} ${zh}`,
        en: `at least ${least} ${en} on a production kiosk`,
      },
    });
  };
  for (const [limit, least] of Object.entries(LEAST_SECONDS)) {
    if (configuration.limits[limit as keyof typeof LEAST_SECONDS] < least)
      tooShort('limits', limit, least, '秒', 'seconds');
  }
  for (const [limit, least] of Object.entries(LEAST_MS)) {
    if (configuration.issuance[limit as keyof typeof LEAST_MS] < least)
      tooShort('issuance', limit, least, '毫秒', 'ms');
  }
  return breaches;
}
