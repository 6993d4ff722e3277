import jsqr from 'jsqr';
import { readCodeText } from '../../../sandbox/central-service/code-texts.ts';
import type { CodeText } from '../../../sandbox/central-service/code-texts.ts';
import { createSignIn } from '../../../src/agent/sign-in.ts';
import type { QrScannerConnection, ScanEvent } from '../../../src/devices/contract.ts';
import type { PrintDocument, QrSymbol } from '../../../src/slip/print-document.ts';
import { printableLine, printableText } from '../../../src/slip/printable-text.ts';
import { qrSymbol } from '../../../src/slip/qr-symbol.ts';
import { bodyDocument } from '../../../src/slip/slip-document.ts';
import { seedOf } from '../chance.ts';
import type { Chance } from '../chance.ts';
import { whole } from '../fuzz-target.ts';
import { ascii, hasControl, textOf } from './wire-bytes.ts';

const textOfBytes = (input: Uint8Array) => Buffer.from(input).toString('utf8');
/** UTF-16, so that half characters can be among them. */
const unitsOfBytes = (input: Uint8Array) => Buffer.from(input).toString('utf16le');

const HOSTILE = '张三·\u{202e}\u{200b}\u{0}\u{1b}@\n\r\u{85}\u{2028}\u{ad}\u{fffe}\u{d800}\u{e000}𬱖 A1￥';

function hostileText(chance: Chance): Uint8Array {
  return Uint8Array.from(Buffer.from(textOf(chance, chance.below(40), HOSTILE), 'utf16le'));
}

/** What must never be on paper, by numbers (Unicode 16, chapter 23 and UAX #9). */
function isInvisible(code: number): boolean {
  const ranges = [
    [0x00, 0x1f],
    [0x7f, 0x9f],
    [0xad, 0xad],
    [0x61c, 0x61c],
    [0x200b, 0x200f],
    [0x2028, 0x202e],
    [0x2060, 0x2064],
    [0x2066, 0x206f],
    [0xd800, 0xdfff],
    [0xfeff, 0xfeff],
    [0xfff9, 0xfffb],
    [0xfffe, 0xffff],
    [0xe0001, 0xe007f],
  ];
  return ranges.some(([low = 0, high = 0]) => code >= low && code <= high);
}

function hasInvisible(text: string, allowed = ''): boolean {
  return Array.from(text).some(
    (character) => !allowed.includes(character) && isInvisible(character.codePointAt(0) ?? 0),
  );
}

/** Text on its way to paper. */
export const printable = whole({
  name: 'printable-text',
  maxBytes: 200,
  decode: (input) => ({ text: printableText(unitsOfBytes(input)), line: printableLine(unitsOfBytes(input)) }),
  check(input, { text, line }) {
    if (hasInvisible(text, '\n')) return 'something invisible in a text';
    if (hasInvisible(line)) return 'something invisible in a line';
    if (line !== line.trim() || line.includes('  ')) return 'blanks that do not belong there';
    return text.length > unitsOfBytes(input).length ? 'a text that grew' : undefined;
  },
  bucket: ({ text, line }) => `${text.length > 0} ${line.length > 0} ${text.includes('\n')}`,
  grammar: hostileText,
});

const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

/** The symbol with its quiet zone, four pixels a module, as jsQR wants it. */
function readByJsqr({ size, modules }: QrSymbol): string | undefined {
  const scale = 4;
  const side = (size + 8) * scale;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let y = 0; y < size * scale; y += 1) {
    for (let x = 0; x < size * scale; x += 1) {
      if (modules[Math.floor(y / scale) * size + Math.floor(x / scale)] !== 1) continue;
      const at = ((y + 4 * scale) * side + x + 4 * scale) * 4;
      pixels.fill(0, at, at + 3);
    }
  }
  // A CommonJS package whose types speak of a default export.
  const read = jsqr as unknown as (
    data: Uint8ClampedArray,
    width: number,
    height: number,
  ) => { data: string } | null;
  return read(pixels, side, side)?.data;
}

/** Texts of QR symbols; each symbol is read again by a decoder of somebody else. */
export const qrTexts = whole({
  name: 'qr-symbol',
  maxBytes: 140,
  decode: (input) => qrSymbol(Buffer.from(input).toString('latin1')),
  check(input, result) {
    if (!result.ok) return undefined;
    if (result.value.size !== 49) return 'a symbol of another version';
    // Reading takes a hundred times as long as making.
    if (seedOf(input) % 40 !== 0) return undefined;
    return readByJsqr(result.value) === Buffer.from(input).toString('latin1')
      ? undefined
      : 'a symbol that reads otherwise';
  },
  bucket: (result) => (result.ok ? 'ok' : result.error),
  grammar: (chance) => ascii(textOf(chance, chance.pick([0, 1, 34, 121, 122, 123]), ALPHANUMERIC)),
});

type Slip = ReturnType<typeof bodyDocument>;

function textsOf(document: PrintDocument): readonly string[] {
  return document.elements.flatMap((element) => ('text' in element ? [element.text] : []));
}

/** What the centre says for a slip, in lines: name, token, short code, last day, first day. */
export const slipDocument = whole<Slip>({
  name: 'slip-document',
  maxBytes: 300,
  forms: 2,
  decode(input, form) {
    const [maskedName = '', token = '', shortCode = '', validUntil = '', issuedOn = ''] =
      textOfBytes(input).split('\n');
    return bodyDocument({
      maskedName,
      token,
      shortCode,
      validUntil,
      issuedOn,
      kind: form === 0 ? 'apply' : 'reissue',
    });
  },
  check(_input, result) {
    if (!result.ok) return undefined;
    const texts = textsOf(result.value);
    if (texts.some((text) => hasInvisible(text, '\n'))) return 'something invisible on a slip';
    const symbols = result.value.elements.filter(({ type }) => type === 'qr').length;
    if (symbols !== 2) return 'not two symbols';
    return texts.some((text) => /\d{4}年\d{1,2}月\d{1,2}日/.test(text)) ? undefined : 'no date';
  },
  bucket: (result) => (result.ok ? `ok ${result.value.elements.length}` : result.error),
  grammar: (chance) =>
    Uint8Array.from(
      Buffer.from(
        [
          chance.pick([
            '*三',
            '*𬱖',
            '',
            ' ',
            '\u{202e}*三',
            textOf(chance, 30, HOSTILE.replaceAll('\n', '')),
          ]),
          chance.pick(['OC1ABCDEFGHJKMNPQRSTVWXYZ234567ABCD', 'oc1', '', textOf(chance, 122, ALPHANUMERIC)]),
          chance.pick(['ABCD2345WXYZ', 'abcd-2345-wxyz', '', '\u{1b}@']),
          chance.pick(['2027-05-20', '2027-02-30', '2027-2-3', '+12027-05-20', '0000-00-00']),
          chance.pick(['2026-11-22', '2026-11-31', '']),
        ].join('\n'),
      ),
    ),
});

/** What the agent does with one scanned text: refused at the kiosk, or sent to the centre as it is. */
async function signInBy(code: string): Promise<readonly string[]> {
  const said: string[] = [];
  const scanner = {
    scan: (_signal: AbortSignal, onEvent: (event: ScanEvent) => void) => {
      onEvent({ kind: 'code', text: code });
      return Promise.resolve();
    },
  };
  const signIn = createSignIn({
    reader: () => undefined,
    scanner: () => scanner as unknown as QrScannerConnection,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one call that a scanned code can lead to
    central: {
      identifyBySuishenCode: (sent: string) => {
        said.push(`sent ${sent}`);
        return Promise.resolve({ ok: false, error: { kind: 'unreachable' } });
      },
    } as never,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a session in which nothing is kept
    live: { current: () => ({ ended: new AbortController().signal, put: () => false }) } as never,
  });
  await signIn.bySuishenCode(new AbortController().signal, (event) => {
    said.push(event.kind === 'refused' ? `refused ${event.problem}` : event.kind);
  });
  return said;
}

/** Scanned texts at sign-in: only a living code may leave the kiosk. */
export const signInCode = whole<readonly string[]>({
  name: 'sign-in-code',
  maxBytes: 120,
  decode: (input) => signInBy(Buffer.from(input).toString('latin1')),
  check(input, said) {
    const code = Buffer.from(input).toString('latin1');
    const sent = said.filter((word) => word.startsWith('sent '));
    if (sent.some((word) => word !== `sent ${code}`)) return 'another text was sent than was scanned';
    if (sent.length > 1) return 'a code that is used up by the first request was sent twice';
    if (sent.length === 1 && !code.startsWith('SS1')) return 'a foreign code was sent to the centre';
    return code.startsWith('OC1') && !said.includes('refused paper-code')
      ? 'a paper code was not told apart'
      : undefined;
  },
  bucket: (said) => said.map((word) => word.slice(0, 12)).join(),
  grammar: (chance) =>
    ascii(
      chance.pick(['SS1', 'OC1', 'ss1', 'https://x/', '', ' SS1']) +
        textOf(chance, chance.below(40), ALPHANUMERIC),
    ),
  tokens: [ascii('SS1'), ascii('OC1')],
});

/** What staff scan or type at a verifying page (sandbox). */
export const centreCodeText = whole<CodeText>({
  name: 'centre-code-text',
  maxBytes: 120,
  decode: (input) => readCodeText(textOfBytes(input)),
  check(_input, code) {
    if (code.kind === 'short-code')
      return /^[2-9A-HJ-NP-Z]{12}$/.test(code.shortCode) ? undefined : 'a short code that is none';
    if (code.kind === 'token')
      return /^OC1[A-Z2-7]{26}[A-Z2-7]{5}$/.test(code.token) ? undefined : 'a token that is none';
    return code.kind === 'suishen-code' && hasControl(code.code)
      ? 'a control character in a code'
      : undefined;
  },
  grammar: (chance) =>
    ascii(
      chance.pick(['OC1', 'SS1', '']) +
        textOf(chance, chance.pick([12, 31, 34]), 'ABCDEFGHJKLMNPQRSTUVWXYZ234567- '),
    ),
});
