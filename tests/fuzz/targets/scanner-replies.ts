import { gmReply } from '../../../drivers/qr-scanner/families/gm6x.ts';
import { honeywellReplyTo } from '../../../drivers/qr-scanner/families/honeywell.ts';
import { newlandReplyTo } from '../../../drivers/qr-scanner/families/newland.ts';
import { ssiReply } from '../../../drivers/qr-scanner/families/ssi.ts';
import { readIdentityText } from '../../../drivers/qr-scanner/identity-text.ts';
import { createReplySeparator } from '../../../drivers/qr-scanner/commands/reply-separation.ts';
import type { ReplyMatch, ReplyMatcher } from '../../../drivers/qr-scanner/commands/scanner-command.ts';
import { createManualClock } from '../../fixtures/manual-clock.ts';
import type { Chance } from '../chance.ts';
import { stream, whole } from '../fuzz-target.ts';
import type { FuzzTarget } from '../fuzz-target.ts';
import { ascii, hex, joined, textOf } from './wire-bytes.ts';

/** CRC-16/XMODEM by its definition, one bit at a time over the message and sixteen zeros. */
function crcOf(bytes: Uint8Array): number {
  let register = 0;
  for (const byte of [...bytes, 0, 0]) {
    for (let bit = 7; bit >= 0; bit -= 1) {
      const out = register & 0x8000;
      register = ((register << 1) | ((byte >> bit) & 1)) & 0xffff;
      if (out !== 0) register ^= 0x1021;
    }
  }
  return register;
}

function gmAnswer(status: number, data: Uint8Array): Uint8Array {
  const checked = Uint8Array.from([status, data.length, ...data]);
  const crc = crcOf(checked);
  return Uint8Array.from([2, 0, ...checked, crc >> 8, crc & 0xff]);
}

function ssiAnswer(opcode: number, data: Uint8Array): Uint8Array {
  const packet = [4 + data.length, opcode, 0, 0, ...data];
  const sum = -packet.reduce((total, byte) => total + byte, 0) & 0xffff;
  return Uint8Array.from([...packet, sum >> 8, sum & 0xff]);
}

const value = (chance: Chance) => textOf(chance, chance.below(8), '0123456789ABC*? \u{1}');
const status = (chance: Chance) => chance.pick(['\u{6}', '\u{15}', '\u{5}', '?']);

interface Family {
  readonly matchers: readonly ReplyMatcher[];
  readonly answer: (chance: Chance) => Uint8Array;
  readonly repair?: (input: Uint8Array) => Uint8Array;
}

const FAMILIES: Readonly<Record<string, Family>> = {
  newland: {
    matchers: [newlandReplyTo('SCNMOD0'), newlandReplyTo('QRYSYS')],
    answer: (chance) =>
      ascii(
        `\u{2}\u{1}0000${chance.pick(['#', '@'])}${chance.pick(['SCNMOD', 'QRYSYS', 'GRBENA'])}${value(chance)}${status(chance)};\u{3}`,
      ),
  },
  gm6x: {
    matchers: [gmReply(), gmReply(2)],
    answer: (chance) => gmAnswer(chance.pick([0, 0, 0, 1]), chance.bytes(chance.pick([1, 2, 0, 32, 33]))),
    repair: (input) =>
      input[0] === 2 && input[1] === 0 && input.length >= 6
        ? joined([
            gmAnswer(input[2] ?? 0, input.slice(4, 4 + (input[3] ?? 0))),
            input.subarray(6 + (input[3] ?? 0)),
          ])
        : input,
  },
  ssi: {
    matchers: [ssiReply(), ssiReply(0xc6)],
    answer: (chance) => ssiAnswer(chance.pick([0xd0, 0xd1, 0xc6, 0xa4, 0xf3]), chance.bytes(chance.below(9))),
    repair: (input) =>
      (input[0] ?? 0) >= 4 && input.length >= 6
        ? joined([ssiAnswer(input[1] ?? 0, input.slice(4, input[0])), input.subarray((input[0] ?? 0) + 2)])
        : input,
  },
  honeywell: {
    matchers: [honeywellReplyTo('TRGMOD0'), honeywellReplyTo('REVINF', true)],
    answer: (chance) =>
      ascii(
        `${chance.once(2) ? 'Product Name: X\r\n' : ''}${chance.pick(['TRGMOD', 'REVINF', 'trgmod'])}${value(chance)}${status(chance)}${chance.pick(['.', '!', '', ','])}`,
      ),
  },
};

/** The same bytes with and without more to come. */
interface Matches {
  readonly open: ReplyMatch;
  readonly final: ReplyMatch;
}

function brokenRuleOf(match: ReplyMatcher, input: Uint8Array, { open, final }: Matches): string | undefined {
  for (const found of [open, final]) {
    if (typeof found === 'string') continue;
    if (found.length < 1 || found.length > input.length) return 'an answer longer than what came';
    const { reply } = found;
    if (reply.kind === 'accepted' && reply.data.length > found.length) return 'more data than answer';
  }
  if (typeof open === 'string') return undefined;
  // Nothing before its last byte may already have been refused, or a split stream would lose the answer.
  for (let length = 0; length < open.length; length += 1) {
    if (match(input.slice(0, length), false) === 'no')
      return 'a beginning that is refused and an answer all the same';
  }
  return undefined;
}

/** One matcher of a family's answers at a time: two forms. */
function repliesOf(name: string, { matchers, answer, repair }: Family): FuzzTarget {
  const matcherOf = (form: number) => matchers[form] ?? (() => 'no' as const);
  return whole<Matches>({
    name: `scanner-replies-${name}`,
    maxBytes: 300,
    forms: matchers.length,
    decode: (input, form) => ({ open: matcherOf(form)(input, false), final: matcherOf(form)(input, true) }),
    check: (input, matches, form) => brokenRuleOf(matcherOf(form), input, matches),
    bucket: ({ open, final }) =>
      [open, final].map((found) => (typeof found === 'string' ? found : found.reply.kind)).join(' '),
    grammar: (chance) => joined([answer(chance), chance.bytes(chance.below(3))]),
    ...(repair && { repair }),
  });
}

/** A target for each family that answers. */
export const scannerReplies = {
  newland: repliesOf('newland', FAMILIES['newland'] as Family),
  gm6x: repliesOf('gm6x', FAMILIES['gm6x'] as Family),
  ssi: repliesOf('ssi', FAMILIES['ssi'] as Family),
  honeywell: repliesOf('honeywell', FAMILIES['honeywell'] as Family),
} as const;

/** A byte of a code, or an answer. */
type Separated =
  | { readonly kind: 'code'; readonly byte: number }
  | { readonly kind: 'reply'; readonly reply: string };

const families = Object.values(FAMILIES);

/** Answers taken out of a stream of codes; a form for each matcher. */
export const replySeparation = stream<Separated>({
  name: 'scanner-reply-separation',
  maxBytes: 200,
  forms: families.length * 2,
  open(form) {
    const match = families[form >> 1]?.matchers[form & 1] ?? (() => 'no' as const);
    const clock = createManualClock();
    let separated: Separated[] = [];
    const separator = createReplySeparator(
      {
        push: (bytes) => {
          for (const byte of bytes) separated.push({ kind: 'code', byte });
        },
        counting: false,
        hold: () => undefined,
      },
      clock,
    );
    separator.expect({
      match,
      take: (reply) =>
        separated.push({
          kind: 'reply',
          reply: reply.kind === 'accepted' ? Buffer.from(reply.data).toString('hex') : reply.kind,
        }),
    });
    const taken = () => {
      const all = separated;
      separated = [];
      return all;
    };
    return {
      push(bytes) {
        separator.push(bytes, 0);
        return taken();
      },
      async end() {
        await clock.advance(1000);
        separator.expect(undefined);
        separator.stop();
        return taken();
      },
    };
  },
  check: (input, separated) =>
    separated.filter(({ kind }) => kind === 'code').length > input.length ? 'more code than came' : undefined,
  grammar: (chance, form) =>
    joined(
      Array.from({ length: chance.between(1, 3) }, () =>
        chance.once(2)
          ? ascii(textOf(chance, 9, 'AB\r23'))
          : (families[form >> 1]?.answer(chance) ?? chance.bytes(3)),
      ),
    ),
  tokens: [hex('02 00 00 01 00 33 31'), hex('04 d0 00 00 ff 2c'), ascii('TRGMOD0\u{6}.')],
});

/** What scanners say of themselves. */
export const identityText = whole({
  name: 'scanner-identity-text',
  maxBytes: 600,
  decode: (input) => readIdentityText(input),
  check: (_input, identity) =>
    Object.values(identity).every((text) => /^[\x20-\x7e]{1,64}$/.test(String(text)))
      ? undefined
      : 'what is not short and printable in a name',
  grammar: (chance) =>
    ascii(
      ['Product Name', 'Firmware Version', 'Serial Number', 'Boot Revision', 'model']
        .filter(() => chance.once(2))
        .map((name) => `${name}: ${textOf(chance, chance.below(80), 'ABC 123\u{0}\u{1b}:é')}\r\n`)
        .join(''),
    ),
});
