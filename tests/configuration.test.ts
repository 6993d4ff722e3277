import * as fc from 'fast-check';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { configurationSchema, DEVICE_SECTIONS } from '../src/configuration/configuration.ts';
import { loadConfiguration, parseConfiguration } from '../src/configuration/load-configuration.ts';

const EXAMPLE = path.resolve(import.meta.dirname, '../packaging/configuration.example.toml');
const exampleText = readFileSync(EXAMPLE, 'utf8');

const MINIMAL = `[kiosk]
id = "kiosk-7"
production = false

[central]
url = "https://127.0.0.1:8443"
keyId = "kiosk-7"
keyFile = "keys/device.pem"

[idCardReader]
transport = "serial"
path = "devices/reader"

[qrScanner]
transport = "tcp"
host = "127.0.0.1"
port = 4001

[receiptPrinter]
transport = "serial"
path = "/dev/pts/7"
`;

const TCP = 'host = "127.0.0.1"\nport = 4002';
const USB = 'vendorId = "0400"\nproductId = "c35a"';

function problems(text: string) {
  const result = parseConfiguration(text, '/etc/kiosk');
  if (result.ok) throw new Error('was accepted');
  return result.error;
}

function accepted(text: string) {
  const result = parseConfiguration(text, '/etc/kiosk');
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/** The line that holds `part`, 1-based. */
function lineOf(text: string, part: string): number {
  return text.split('\n').findIndex((line) => line.includes(part)) + 1;
}

describe('the configuration', () => {
  it('of the example file is loaded as it is, and states every default truly', () => {
    const example = loadConfiguration(EXAMPLE);
    if (!example.ok) throw new Error(JSON.stringify(example.error));
    expect(example.value.kiosk.production).toBe(true);
    const bare = accepted(MINIMAL);
    expect(example.value.limits).toEqual(bare.limits);
    expect(example.value.issuance).toEqual(bare.issuance);
    // Of everything that is not the place itself, the example states the default.
    const places = ['transport', 'path', 'host', 'port'];
    for (const device of DEVICE_SECTIONS) {
      const stated = new Map<string, unknown>(Object.entries(example.value[device]));
      for (const [key, value] of Object.entries(bare[device]))
        if (stated.has(key) && !places.includes(key)) expect([key, stated.get(key)]).toEqual([key, value]);
    }
    expect(example.value.bridge.port).toBe(bare.bridge.port);
  });

  it('of the example file explains every key there is', () => {
    const written = [...exampleText.matchAll(/^(?:# {3}(?:# )?)?([a-z][A-Za-z]+) = /gm)].map(
      ([, key]) => key,
    );
    const sections = Object.values(configurationSchema.shape).map((section) =>
      section instanceof z.ZodPrefault ? section.unwrap() : section,
    );
    const keys = sections.flatMap((section): string[] =>
      section instanceof z.ZodDiscriminatedUnion
        ? section.options.flatMap((option) => Object.keys(option.shape))
        : Object.keys((section as z.ZodObject).shape),
    );
    // It is said in words, where two alike are spoken of.
    expect(exampleText).toContain('serialNumber');
    expect(keys.filter((key) => key !== 'serialNumber' && !written.includes(key))).toEqual([]);
  });

  it('fills in the defaults and resolves relative paths against its file', () => {
    const configuration = accepted(MINIMAL);
    expect(configuration.central.keyFile).toBe('/etc/kiosk/keys/device.pem');
    expect(configuration.idCardReader).toEqual({
      transport: 'serial',
      path: '/etc/kiosk/devices/reader',
      baudRate: 'auto',
    });
    expect(configuration.qrScanner).toEqual({
      transport: 'tcp',
      host: '127.0.0.1',
      port: 4001,
      family: 'passive',
      aimPrefix: false,
      framing: 'CR',
      gapMs: 50,
    });
    expect(configuration.receiptPrinter).toEqual({
      transport: 'serial',
      path: '/dev/pts/7',
      baudRate: 115_200,
      flowControl: 'none',
      profile: 'generic-80mm',
      text: 'auto',
      minimumEvidence: 'E2',
      readBack: 'when-needed',
    });
    expect(configuration.bridge.shellCodeFile).toBe('/etc/kiosk/run/shell-code');
    expect(configuration.store.dataDir).toBe('/etc/kiosk/data');
    expect(configuration.limits).toMatchObject({ idleSeconds: 90, confirmSeconds: 120, warningSeconds: 60 });
  });

  it('resolves against the directory of the file, wherever it is read from', () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), 'kiosk-configuration-'));
    try {
      const file = path.join(directory, 'kiosk.toml');
      writeFileSync(file, MINIMAL);
      const result = loadConfiguration(path.relative(process.cwd(), file));
      expect(result.ok && result.value.store.dataDir).toBe(path.join(directory, 'data'));
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it.each([
    ['id = "kiosk-7"', 'id = "号 7"', 'kiosk.id', '字母'],
    ['production = false', 'production = "no"', 'kiosk.production', 'true 或 false'],
    ['url = "https://127.0.0.1:8443"', 'url = "http://127.0.0.1"', 'central.url', 'https://'],
    ['port = 4001', 'port = 70000', 'qrScanner.port', '从 1 到 65535 的整数'],
    ['transport = "tcp"', 'transport = "usb"', 'qrScanner.transport', '"serial"、"hid"、"tcp"'],
    ['transport = "tcp"', 'transport = "bluetooth"', 'qrScanner.transport', '"serial"、"hid"、"tcp"'],
    ['path = "/dev/pts/7"', 'path = "x"\nflowControl = "rts"', 'receiptPrinter.flowControl', '"xon-xoff"'],
    ['port = 4001', 'port = 4001\nfamily = "zebra"', 'qrScanner.family', '"newland"'],
    ['port = 4001', 'port = 4001\nframing = "LF"', 'qrScanner.framing', '"GM"'],
    ['port = 4001', 'port = 4001\nsuffix = "CR"', 'qrScanner.suffix', '可以写：'],
    ['path = "devices/reader"', 'path = 3', 'idCardReader.path', '文件路径'],
    ['path = "devices/reader"', 'path = "x"\nbaudRate = 1200', 'idCardReader.baudRate', '115200'],
  ])(
    'that has %s as %s names key, line and what is allowed, in two languages',
    (before, after, key, allowed) => {
      const text = MINIMAL.replace(before, after);
      const [problem, ...others] = problems(text);
      expect(others).toEqual([]);
      expect(problem?.key).toBe(key);
      expect(problem?.line).toBe(lineOf(text, after.split('\n').at(-1) ?? ''));
      expect(problem?.message['zh-CN']).toContain(allowed);
      expect(problem?.message.en).toMatch(/allowed/);
    },
  );

  const WAYS = {
    idCardReader: { serial: 'path = "r"', usb: USB, tcp: TCP },
    qrScanner: { serial: 'path = "s"', hid: USB, tcp: TCP },
    receiptPrinter: { serial: 'path = "p"', usb: USB, usblp: 'path = "l"', tcp: TCP },
  } as const;

  it.each(DEVICE_SECTIONS)(
    'takes each transport that %s has, and names them all where it is another',
    (device) => {
      const others = DEVICE_SECTIONS.filter((other) => other !== device)
        .map((other) => `[${other}]\ntransport = "tcp"\n${TCP}\n`)
        .join('');
      const head = `${MINIMAL.slice(0, MINIMAL.indexOf('[idCardReader]'))}${others}[${device}]\n`;
      const ways: Readonly<Record<string, string>> = WAYS[device];
      for (const [transport, keys] of Object.entries(ways))
        expect(accepted(`${head}transport = "${transport}"\n${keys}\n`)[device]).toMatchObject({ transport });
      for (const transport of ['serial', 'usb', 'hid', 'usblp', 'tcp', 'lpt']) {
        if (Object.hasOwn(ways, transport)) continue;
        const [problem] = problems(`${head}transport = "${transport}"\n${USB}\n`);
        expect(problem?.key).toBe(`${device}.transport`);
        for (const way of Object.keys(ways)) expect(problem?.message.en).toContain(`"${way}"`);
      }
    },
  );

  it.each([
    ['vendorId = "0400"', 'vendorId = 400', 'vendorId'],
    ['vendorId = "0400"', 'vendorId = "0x0400"', 'vendorId'],
    ['productId = "c35a"', 'productId = "c35"', 'productId'],
    ['productId = "c35a"', 'productId = "c35g"', 'productId'],
    ['productId = "c35a"', 'productId = "c35a"\nserialNumber = ""', 'serialNumber'],
  ])('wants USB numbers as lsusb writes them: not %s as %s', (before, after, key) => {
    const usb = MINIMAL.replace('transport = "serial"\npath = "devices/reader"', `transport = "usb"\n${USB}`);
    expect(accepted(usb).idCardReader).toEqual({ transport: 'usb', vendorId: '0400', productId: 'c35a' });
    const text = usb.replace(before, after);
    expect(problems(text)).toMatchObject([
      { key: `idCardReader.${key}`, line: lineOf(text, after.split('\n').at(-1) ?? '') },
    ]);
  });

  it('names the profiles there are where it names another, and guesses which was meant', () => {
    const text = MINIMAL.replace('path = "/dev/pts/7"', 'path = "/dev/pts/7"\nprofile = "masong"');
    const known = { profiles: ['generic-80mm', 'masung'] };
    const unknown = parseConfiguration(text, '/etc/kiosk', known);
    if (unknown.ok) throw new Error('was accepted');
    expect(unknown.error).toMatchObject([{ key: 'receiptPrinter.profile', line: lineOf(text, 'masong') }]);
    expect(unknown.error[0]?.message.en).toBe(
      'no such profile; did you mean "masung"? allowed: "generic-80mm", "masung"',
    );
    expect(unknown.error[0]?.message['zh-CN']).toContain('可以写："generic-80mm"、"masung"');
    const far = parseConfiguration(text.replace('masong', 'thermal'), '/etc/kiosk', known);
    expect(far.ok ? '' : far.error[0]?.message.en).toBe('no such profile; allowed: "generic-80mm", "masung"');
    expect(parseConfiguration(text.replace('masong', 'masung'), '/etc/kiosk', known).ok).toBe(true);
    // Who only wants to know where the socket is need not know the profiles.
    expect(parseConfiguration(text, '/etc/kiosk').ok).toBe(true);
  });

  it('refuses a serial line on which no drawn slip is finished in time', () => {
    const drawn = (baud: number) =>
      MINIMAL.replace('"/dev/pts/7"', `"/dev/pts/7"\ntext = "raster"\nbaudRate = ${baud}`);
    expect(problems(drawn(19_200))).toMatchObject([
      { key: 'receiptPrinter.baudRate', line: lineOf(drawn(19_200), 'baudRate') },
    ]);
    accepted(drawn(38_400));
    accepted(drawn(9_600).replace('"raster"', '"auto"'));
  });

  it('bounds every number: one beyond either end is refused, the ends are accepted', () => {
    for (const [key, least, most] of [
      ['idleSeconds', 1, 600],
      ['confirmSeconds', 1, 600],
      ['warningSeconds', 1, 300],
      ['takeSlipSeconds', 1, 120],
      ['finishedSeconds', 1, 60],
      ['takeIdCardSeconds', 1, 120],
      ['fullNameSeconds', 1, 10],
      ['longWaitSeconds', 1, 30],
    ] as const) {
      const withValue = (value: number) => `${MINIMAL}[limits]\n${key} = ${value}\n`;
      expect(accepted(withValue(least)).limits[key]).toBe(least);
      expect(accepted(withValue(most)).limits[key]).toBe(most);
      for (const value of [least - 1, most + 1, least + 0.5])
        expect(problems(withValue(value))[0]).toMatchObject({ key: `limits.${key}` });
    }
  });

  it('says which key was probably meant', () => {
    const text = `${MINIMAL}[limits]\nidle_seconds = 90\nbanana = 1\n[bridg]\nport = 8000\n`;
    const found = problems(text);
    expect(found.map(({ key, line }) => [key, line])).toEqual([
      ['limits.idle_seconds', lineOf(text, 'idle_seconds')],
      ['limits.banana', lineOf(text, 'banana')],
      ['bridg', lineOf(text, '[bridg]')],
    ]);
    expect(found[0]?.message).toMatchObject({ en: 'unknown key; did you mean idleSeconds?' });
    expect(found[1]?.message['zh-CN']).toContain('可以写：idleSeconds');
    expect(found[2]?.message['zh-CN']).toContain('bridge');
  });

  it('offers a device only the keys of its transport', () => {
    const found = problems(MINIMAL.replace('port = 4001', 'port = 4001\nbaudRate = 9600'));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ key: 'qrScanner.baudRate' });
    expect(found[0]?.message.en).toContain('host');
  });

  it('names what is missing, at the section where it belongs', () => {
    const text = MINIMAL.replace('keyId = "kiosk-7"\n', '').replace(/\[receiptPrinter][^]*$/, '');
    expect(problems(text)).toMatchObject([
      { key: 'receiptPrinter', line: 1 },
      { key: 'central.keyId', line: lineOf(text, '[central]') },
    ]);
  });

  it('that is no TOML names the line', () => {
    expect(problems('[kiosk]\nid = "a"\nproduction = = false\n')).toMatchObject([{ key: '', line: 3 }]);
  });

  it('that cannot be read is a problem, not an exception', () => {
    expect(loadConfiguration('/nonexistent/kiosk.toml')).toMatchObject({ ok: false, error: [{ line: 0 }] });
    expect(loadConfiguration('/')).toMatchObject({ ok: false });
  });

  it('never repeats what was written, which may be a secret in the wrong place', () => {
    const text = MINIMAL.replace('keyId = "kiosk-7"', 'keyId = "-----BEGIN PRIVATE canary"');
    expect(JSON.stringify(problems(text))).not.toContain('canary');
    expect(JSON.stringify(problems(`${MINIMAL}canary value`))).not.toContain('canary');
  });

  it('gives a value or problems for any text', () => {
    fc.assert(
      fc.property(
        fc.nat(MINIMAL.length),
        fc.string({ maxLength: 12 }),
        fc.nat(20),
        (at, inserted, removed) => {
          const text = MINIMAL.slice(0, at) + inserted + MINIMAL.slice(at + removed);
          const result = parseConfiguration(text, '/etc/kiosk');
          if (result.ok) return;
          expect(result.error.length).toBeGreaterThan(0);
          for (const { line } of result.error) expect(line).toBeGreaterThan(0);
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('a production kiosk', () => {
  const production = exampleText;

  it.each([
    ['host = "192.0.2.10"', 'host = "127.0.0.1"', 'receiptPrinter.host'],
    ['host = "192.0.2.10"', 'host = "127.8.8.8"', 'receiptPrinter.host'],
    ['host = "192.0.2.10"', 'host = "::1"', 'receiptPrinter.host'],
    ['host = "192.0.2.10"', 'host = "localhost"', 'receiptPrinter.host'],
    ['path = "/dev/kiosk/serial-1eab-1106"', 'path = "/dev/pts/3"', 'qrScanner.path'],
    [
      'path = "/dev/kiosk/serial-1eab-1106"',
      'path = "/dev/../var/sandbox/devices/scanner"',
      'qrScanner.path',
    ],
    ['path = "/dev/kiosk/serial-1a86-7523"', 'path = "devices/id-card-reader"', 'idCardReader.path'],
    ['https://centre.example.gov.cn', 'https://127.0.0.1:8443', 'central.url'],
    ['https://centre.example.gov.cn', 'https://[::1]:8443', 'central.url'],
    ['https://centre.example.gov.cn', 'https://[::ffff:127.0.0.1]', 'central.url'],
    ['https://centre.example.gov.cn', 'https://LOCALHOST.', 'central.url'],
    ['https://centre.example.gov.cn', 'https://2130706433', 'central.url'],
    ['idleSeconds = 90', 'idleSeconds = 5', 'limits.idleSeconds'],
    ['printMs = 30000', 'printMs = 1500', 'issuance.printMs'],
  ])('refuses %s as %s', (before, after, key) => {
    const text = production.replace(before, after);
    expect(problems(text)).toMatchObject([{ key, line: lineOf(text, after) }]);
  });

  it('is what a kiosk is unless the file says otherwise', () => {
    expect(accepted(production.replace('production = true\n', '')).kiosk.production).toBe(true);
    expect(problems(MINIMAL.replace('production = false\n', '')).map(({ key }) => key)).toEqual([
      'central.url',
      'idCardReader.path',
      'qrScanner.host',
      'receiptPrinter.path',
    ]);
  });
});
