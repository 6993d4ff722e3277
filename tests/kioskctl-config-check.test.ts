import 'reflect-metadata';
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as x509 from '@peculiar/x509';
import { beforeEach, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
let directory: string;
let file: string;

/** A configuration whose files are all there, and a real terminal for the printer's line. */
const CONFIGURATION = `[kiosk]
id = "kiosk-7"
production = false

[central]
url = "https://127.0.0.1:8443"
caFile = "ca.pem"
keyId = "kiosk-7"
keyFile = "device.pem"

[idCardReader]
transport = "tcp"
host = "127.0.0.1"
port = 4001

[qrScanner]
transport = "tcp"
host = "127.0.0.1"
port = 4002

[receiptPrinter]
transport = "serial"
path = "/dev/null"
`;

beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'config-check-'));
  file = path.join(directory, 'kiosk.toml');
  writeFileSync(file, CONFIGURATION);
  writeKey(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
  writeFileSync(path.join(directory, 'ca.pem'), await authorityPem(new Date('2099-01-01')));
});

function writeKey(pem: string, mode = 0o600): void {
  writeFileSync(path.join(directory, 'device.pem'), pem);
  chmodSync(path.join(directory, 'device.pem'), mode);
}

async function authorityPem(notAfter: Date): Promise<string> {
  const keys = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=test authority',
    notBefore: new Date('2020-01-01'),
    notAfter,
    keys,
    signingAlgorithm: { name: 'Ed25519' },
  });
  return certificate.toString('pem');
}

function check(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [path.join(root, 'src/cli/main.ts'), 'config', 'check', ...args],
      { cwd: directory },
      (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err });
      },
    );
  });
}

function change(from: string, to: string): void {
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

test('a good configuration is said to be good, whichever way it is named', async () => {
  const byDefault = await check();
  expect(byDefault).toEqual({ code: 0, out: '✓ kiosk.toml 没有问题\n', err: '' });
  expect((await check(file, '--lang', 'en')).out).toBe(`✓ ${file} is well\n`);
  expect((await check('--config', file)).code).toBe(0);
});

test('every mistake comes with its line, its key and what is allowed, in both languages', async () => {
  change('id = "kiosk-7"', 'id = ""');
  change('port = 4001', 'port = 70000');
  change('path = "/dev/null"', 'path = "/dev/null"\nbaudrate = 9600');
  const zh = await check(file);
  expect(zh.code).toBe(1);
  expect(zh.out).toMatch(/^× .* 有 3 处错误\n/);
  expect(zh.out).toMatch(/× 第 2 行 {2}kiosk\.id +1 到 64 个字母|× 第 2 行 {2}kiosk\.id +应为1 到 64/);
  expect(zh.out).toMatch(/× 第 14 行 {2}idCardReader\.port +应为从 1 到 65535/);
  expect(zh.out).toMatch(/× 第 24 行 {2}receiptPrinter\.baudrate +没有这一项，您是不是想写 baudRate/);
  const en = await check(file, '--lang', 'en');
  expect(en.code).toBe(1);
  expect(en.out).toMatch(/× line 14 {2}idCardReader\.port +allowed: a whole number from 1 to 65535/);
  expect(en.out).not.toMatch(/\p{Script=Han}/u);
});

test('a printer profile that there is not is an error at its line, and all that there are are listed', async () => {
  change('path = "/dev/null"', 'path = "/dev/null"\nprofile = "epson-t88"');
  const { code, out } = await check(file);
  expect(code).toBe(1);
  expect(out).toMatch(/第 24 行 {2}receiptPrinter\.profile +没有这个打印机型号/);
  expect(out.replaceAll(/\s+/g, '')).toContain('"generic-58mm"、"generic-80mm"、"masung"');
  change('"epson-t88"', '"masung"');
  expect((await check(file)).code).toBe(0);
});

test('a file that cannot be read or is no TOML is a problem of the file', async () => {
  const missing = await check('nowhere.toml');
  expect(missing.code).toBe(1);
  expect(missing.out).toContain('整个文件  读不到配置文件');
  writeFileSync(file, '[kiosk\n');
  const broken = await check(file);
  expect(broken.code).toBe(1);
  expect(broken.out).toMatch(/第 1 行 +这一行不符合 TOML 的写法/);
});

test('a photo of the machine that cannot be shown is named, and keeps nobody from starting', async () => {
  change('path = "/dev/null"\n', 'path = "/dev/null"\n\n[machine]\npictures = "photos"\n');
  mkdirSync(path.join(directory, 'photos'));
  writeFileSync(path.join(directory, 'photos', 'slot.png'), 'no picture');
  const zh = await check(file);
  expect(zh.code).toBe(0);
  expect(zh.out).toContain('第 26 行  machine.pictures  slot.png不是 PNG、JPEG 或 WebP，屏幕上用画的图代替');
  expect((await check(file, '--lang', 'en')).out).toContain('slot.png is no PNG, JPEG or WebP');
});

test('key and certificate that are missing are errors at their lines', async () => {
  change('"ca.pem"', '"no-ca.pem"');
  change('"device.pem"', '"no-key.pem"');
  const { code, out } = await check(file);
  expect(code).toBe(1);
  expect(out).toContain(`第 7 行  central.caFile   文件不存在：${directory}/no-ca.pem`);
  expect(out).toContain(`第 9 行  central.keyFile  文件不存在：${directory}/no-key.pem`);
});

test('a key of another kind, or none, is told apart, and nothing of it is repeated', async () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  writeKey(rsa.export({ type: 'pkcs8', format: 'pem' }) as string);
  expect((await check(file)).out).toContain('私钥要用 Ed25519，这是 rsa');
  writeKey(rsa.export({ type: 'pkcs1', format: 'pem' }) as string);
  expect((await check(file)).out).toContain('不是 PKCS#8 PEM 私钥');
  writeKey('my-secret-words');
  const { code, out } = await check(file);
  expect(code).toBe(1);
  expect(out).not.toContain('my-secret-words');
});

test('a certificate that has ended, or is none, is an error', async () => {
  writeFileSync(path.join(directory, 'ca.pem'), await authorityPem(new Date('2021-03-04T00:00:00Z')));
  const ended = await check(file);
  expect(ended.code).toBe(1);
  expect(ended.out).toContain('证书 2021-03-04 已经过期');
  writeFileSync(path.join(directory, 'ca.pem'), 'nothing');
  expect((await check(file)).out).toContain('不是 PEM 证书');
});

test('a key that everybody can read and a device that is away are warnings, and the configuration can be used', async () => {
  chmodSync(path.join(directory, 'device.pem'), 0o644);
  change('"/dev/null"', '"/dev/no-such-printer"');
  const { code, out } = await check(file);
  expect(code).toBe(0);
  expect(out).toMatch(/^! .* 可以用，有 2 处要留意/);
  expect(out).toContain('权限 644');
  expect(out).toContain('现在没有这个设备文件：/dev/no-such-printer');
  change('"/dev/no-such-printer"', '"kiosk.toml"');
  expect((await check(file)).out).toContain('这不是设备文件');
});

test('a socket path that no system can bind is an error', async () => {
  writeFileSync(file, `${CONFIGURATION}\n[bridge]\nsocketPath = "/run/${'x'.repeat(120)}"\n`);
  const { code, out } = await check(file);
  expect(code).toBe(1);
  expect(out).toMatch(/第 26 行 {2}bridge\.socketPath +套接字路径有 125 字节，最多 107/);
});

test('programs get the findings as JSON', async () => {
  change('"device.pem"', '"no-key.pem"');
  const { code, out } = await check(file, '--json');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    file,
    ok: false,
    findings: [{ mark: 'bad', key: 'central.keyFile', line: 9 }],
  });
});
