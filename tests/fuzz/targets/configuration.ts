import { parseConfiguration } from '../../../src/configuration/load-configuration.ts';
import type { ConfigurationResult } from '../../../src/configuration/load-configuration.ts';
import type { Chance } from '../chance.ts';
import { whole } from '../fuzz-target.ts';
import { ascii, hasControl, textOf } from './wire-bytes.ts';

/** A good configuration, short enough to be changed in many places. */
export const GOOD_CONFIGURATION = `[kiosk]
id = "k1"
production = false
[central]
url = "https://centre.example.org"
keyId = "k1"
keyFile = "key.pem"
[idCardReader]
transport = "serial"
path = "/dev/reader"
baudRate = 115200
[qrScanner]
transport = "tcp"
host = "127.0.0.1"
port = 4002
[receiptPrinter]
transport = "usb"
vendorId = "04b8"
productId = "0202"
[limits]
idleSeconds = 90
`;

/** What somebody wrote in a wrong place: no message may repeat it. */
const SECRET = 'hunter2-geheim-0123456789';

const FRAGMENTS = [
  '[limits]\nidleSeconds = 1e3\n',
  'x = """\n[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"""\n',
  'x = [\n[11111111111111111111111111111111111111111111111111, 2]]\n',
  "'a''b' = 1\n",
  '[[kiosk]]\n',
  '[a.b.c]\n"d e".f = 1979-05-27T07:32:00Z\n',
  `keyFil = "${SECRET}"\n`,
  `baudRate = "${SECRET}"\n`,
  'transport = "hid"\nlayout = "newland"\n',
  '__proto__ = 1\nconstructor.prototype.x = 2\n',
  'v = inf\nw = nan\nu = 0xffffffffffffffff\n',
  '# remark \u{1}\n',
  '{',
  '\\u0000',
];

function written(chance: Chance): Uint8Array {
  const lines = GOOD_CONFIGURATION.split('\n');
  for (let left = chance.below(4); left > 0; left -= 1) {
    const at = chance.below(lines.length);
    if (chance.once(3)) lines.splice(at, 1);
    else if (chance.once(2)) lines.splice(at, 0, chance.pick(FRAGMENTS));
    else lines[at] = `${lines[at]?.split('=')[0] ?? ''}= ${valueBy(chance)}`;
  }
  return Uint8Array.from(Buffer.from(lines.join('\n')));
}

function valueBy(chance: Chance): string {
  return chance.pick([
    'true',
    '0',
    '-1',
    '115200',
    '9007199254740993',
    `"${SECRET}"`,
    `"${textOf(chance, chance.below(90), 'a/.:[]\\u0001')}"`,
    `[${textOf(chance, chance.below(60), '[1, ]')}`,
    `{ ${textOf(chance, chance.below(30), 'a=1,{}. ')} }`,
    `"""\n[${textOf(chance, chance.below(70), 'abc-_. "')}`,
  ]);
}

function brokenRuleOf(input: Uint8Array, result: ConfigurationResult): string | undefined {
  if (result.ok) {
    const { idCardReader, store } = result.value;
    if (!store.dataDir.startsWith('/')) return 'a relative path';
    return 'path' in idCardReader && !idCardReader.path.startsWith('/') ? 'a relative path' : undefined;
  }
  if (result.error.length === 0) return 'refused without a word';
  const lines = Buffer.from(input).toString('utf8').split('\n').length;
  for (const { line, message } of result.error) {
    if (line < 1 || line > lines + 1) return 'a line that is not there';
    for (const sentence of Object.values(message) as string[]) {
      if (sentence.includes(SECRET)) return 'a value that was written, repeated';
      if (hasControl(sentence)) return 'a control character in a message';
    }
  }
  return undefined;
}

/** `kiosk.toml`. */
export const configurationToml = whole<ConfigurationResult>({
  name: 'configuration-toml',
  maxBytes: 3000,
  decode: (input) => parseConfiguration(Buffer.from(input).toString('utf8'), '/etc/kiosk'),
  check: brokenRuleOf,
  bucket: (result) =>
    result.ok
      ? 'ok'
      : [...new Set(result.error.map(({ key, message }) => `${key} ${message.en.slice(0, 20)}`))]
          .slice(0, 3)
          .join(),
  grammar: written,
  tokens: [...FRAGMENTS.map((text) => Uint8Array.from(Buffer.from(text))), ascii('"""'), ascii("'''")],
});
