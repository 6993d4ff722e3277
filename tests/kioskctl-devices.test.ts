import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'smol-toml';
import { afterEach, describe, expect, test } from 'vitest';
import type { PluggedDevice } from '../drivers/discovery/plugged-devices.ts';
import { recognise } from '../drivers/discovery/recognise.ts';
import type { ConfiguredDevice } from '../drivers/discovery/recognition.ts';
import { configurationSchema } from '../src/configuration/configuration.ts';
import { configurationLines } from '../src/maintenance/configuration-lines.ts';
import { kioskctl } from './fixtures/kioskctl-program.ts';
import { startMaintenance } from './fixtures/maintenance.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const nothing = {
  bus: 'usb',
  interfaces: [],
  usages: [],
  serialPorts: [],
  printerPorts: [],
  forbidden: [],
} as const;
const reader: PluggedDevice = {
  ...nothing,
  vendorId: 0x400,
  productId: 0xc35a,
  maker: 'Synjones',
  product: 'IDR210',
};
const wedge: PluggedDevice = {
  ...nothing,
  vendorId: 0x1eab,
  productId: 0x0003,
  product: 'FM430',
  usages: [{ page: 1, usage: 6 }],
};
const converter: PluggedDevice = {
  ...nothing,
  vendorId: 0x1a86,
  productId: 0x7523,
  product: 'USB Serial',
  serialPorts: ['/dev/ttyUSB0', '/dev/kiosk/serial-1a86-7523'],
};
const printer: PluggedDevice = {
  ...nothing,
  vendorId: 0x4b8,
  productId: 0xe15,
  maker: 'EPSON',
  product: 'TM-T20II',
  serialNumber: 'J5K',
  interfaces: [{ class: 7, subclass: 1, protocol: 2, bothWays: true }],
  forbidden: ['/dev/bus/usb/001/004'],
};
const stick: PluggedDevice = { ...nothing, vendorId: 0x781, productId: 0x5567, product: 'Cruzer Blade' };

const readerByUsb: ConfiguredDevice = {
  kind: 'idCardReader',
  place: { transport: 'usb', vendorId: 0x400, productId: 0xc35a },
};
const scannerGone: ConfiguredDevice = {
  kind: 'qrScanner',
  place: { transport: 'serial', path: '/dev/kiosk/serial-9' },
};
const printerInNetwork: ConfiguredDevice = {
  kind: 'receiptPrinter',
  place: { transport: 'tcp', host: '192.0.2.10', port: 9100 },
};

async function agentSeeing(plugged: readonly PluggedDevice[], configured: readonly ConfiguredDevice[]) {
  const agent = await startMaintenance({
    survey: () => Promise.resolve({ user: 'kiosk', ...recognise(plugged, configured) }),
  });
  closers.push(() => agent.close());
  return agent.socketPath;
}

/** Without how the terminal broke the lines. */
const flat = (text: string) => text.replaceAll(/\s+/g, ' ');

describe('kioskctl devices', () => {
  test('names each thing, what it can be, why it cannot, and what to do', async () => {
    const socket = await agentSeeing(
      [reader, wedge, converter, printer, stick],
      [readerByUsb, scannerGone, printerInNetwork],
    );
    const zh = await kioskctl(['--socket', socket, 'devices']);
    expect(zh.code).toBe(1);
    const said = flat(zh.out);
    for (const fact of [
      '× 有 3 处要处理',
      '✓ 身份证阅读器 插着 · usb 0400:c35a',
      '× 扫码器 没有找到 · serial /dev/kiosk/serial-9',
      '✓ 打印机 不是插在本机上的（网络或虚拟端口） · tcp 192.0.2.10:9100',
      '✓ Synjones IDR210 0400:c35a 身份证阅读器 · 配置的就是它',
      '× FM430 1eab:0003 扫码器现在是键盘方式，像键盘一样打字，不能用',
      '处理 先扫说明书里的“进入设置”，再扫“USB HID POS”或“USB',
      '“退出设置”',
      'USB Serial 1a86:7523 /dev/ttyUSB0 /dev/kiosk/serial-1a86-7523 串口设备，看不出后面接的是什么',
      'EPSON TM-T20II 04b8:0e15 序列号 J5K 可以当打印机（USB 直连） 没有权限打开 /dev/bus/usb/001/004',
      '要用它，把这几行放进配置： [receiptPrinter] transport = "usb" vendorId = "04b8" productId = "0e15"',
      '其他 Cruzer Blade 0781:5567',
      '权限是按用户 kiosk 看的',
    ]) {
      expect(said).toContain(fact);
    }
    // The reader is found, so nobody asks whether the converter is one; the scanner is not.
    expect(zh.out).not.toContain('[idCardReader]');
    expect(said).toContain('[qrScanner] transport = "serial" path = "/dev/kiosk/serial-1a86-7523"');
    const en = await kioskctl(['--socket', socket, '--lang', 'en', 'devices']);
    expect(en.out).not.toMatch(/\p{Script=Han}/u);
    expect(flat(en.out)).toContain('Scan “Enter Setup” in its manual, then “USB HID POS”');
  });

  test('is well when everything that is configured is there, whatever ports nobody needs', async () => {
    const ownPort: PluggedDevice = {
      ...nothing,
      bus: 'serial',
      serialPorts: ['/dev/ttyS0'],
      forbidden: ['/dev/ttyS0'],
    };
    const scannerInNetwork = { ...printerInNetwork, kind: 'qrScanner' } as const;
    const socket = await agentSeeing(
      [reader, stick, ownPort],
      [readerByUsb, scannerInNetwork, printerInNetwork],
    );
    const { code, out } = await kioskctl(['--socket', socket, 'devices']);
    expect(code).toBe(0);
    expect(out).toMatch(/^✓ 配置的设备都在/);
  });

  test('gives programs everything as it is', async () => {
    const socket = await agentSeeing([reader], [readerByUsb]);
    const { code, out } = await kioskctl(['--socket', socket, '--json', 'devices']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ user: 'kiosk', ...recognise([reader], [readerByUsb]) });
  });

  test('gives sections that the configuration takes as they are', () => {
    const sections = [reader, converter, printer, { ...wedge, usages: [{ page: 0x8c, usage: 2 }] }]
      .flatMap((device) => recognise([device], []).devices)
      .flatMap(({ uses }) => uses);
    expect(sections.length).toBeGreaterThan(5);
    for (const { kind, settings } of sections) {
      const written = parse(configurationLines(kind, settings).join('\n'));
      const checked = configurationSchema.shape[kind].safeParse(written[kind]);
      expect([kind, settings['transport'], checked.success]).toEqual([kind, settings['transport'], true]);
    }
  });
});

describe('kioskctl devices without an agent', () => {
  function configuration(): { file: string; directory: string } {
    const directory = mkdtempSync(path.join(tmpdir(), 'kioskctl-'));
    const file = path.join(directory, 'kiosk.toml');
    symlinkSync('/dev/null', path.join(directory, 'reader'));
    const network = 'transport = "tcp"\nhost = "127.0.0.1"\nport = 4001\n';
    writeFileSync(
      file,
      `[kiosk]\nid = "kiosk-7"\nproduction = false\n[central]\nurl = "https://127.0.0.1:8443"\nkeyId = "k"\nkeyFile = "k.pem"\n` +
        `[idCardReader]\ntransport = "serial"\npath = "reader"\n[qrScanner]\n${network}` +
        `[receiptPrinter]\ntransport = "usblp"\npath = "/dev/usb/lp77"\n[bridge]\nsocketPath = "none.sock"\n`,
    );
    return { file, directory };
  }

  test('looks itself, and says that and why it did', async () => {
    const { file, directory } = configuration();
    const { code, out, err } = await kioskctl(['--config', file, 'devices']);
    expect(err).toContain('没有问到 agent（没有这个套接字文件');
    expect(code).toBe(1);
    const said = flat(out);
    expect(said).toContain(`身份证阅读器 不是插在本机上的（网络或虚拟端口） · serial ${directory}/reader`);
    expect(said).toContain('打印机 没有找到 · usblp /dev/usb/lp77');
    expect(said).toContain('权限是按用户');
  });

  test('does not even ask when it is told not to', async () => {
    const { file } = configuration();
    const { err, out } = await kioskctl(['--config', file, '--json', 'devices', '--local']);
    expect(err).toBe('');
    expect(JSON.parse(out)).toMatchObject({
      configured: [{ kind: 'idCardReader' }, {}, { found: 'missing' }],
    });
  });

  test('lists what is plugged in even where no configuration can be read', async () => {
    const { err, out } = await kioskctl(['--config', '/nonexistent/kiosk.toml', 'devices']);
    expect(err).toContain('配置读不了');
    expect(out).toContain('插着的设备');
    expect(out).not.toContain('配置的设备都在');
  });
});
