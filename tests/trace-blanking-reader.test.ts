import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCardRecord } from '../drivers/id-card-reader/card-record/card-record.ts';
import { inventedRecord, KINDS_OF_CARDS } from '../drivers/id-card-reader/card-record/invented-record.ts';
import { createSdtFrameDecoder } from '../drivers/id-card-reader/sdt/sdt-frame.ts';
import { createReaderTraceBlanker } from '../drivers/id-card-reader/trace-blanking.ts';
import { foreign2017Text, foreign2023Text, residencePermitText } from './fixtures/card-vectors.ts';
import {
  commandVectors,
  fingerprintReply,
  hex,
  readReply,
  replyVectors,
  residentReply,
  residentText,
} from './fixtures/sdt-vectors.ts';

/** Blanks one answer that comes in these pieces, behind a command. */
function blanked(command: Uint8Array, reply: Uint8Array, cuts: readonly number[] = []): Uint8Array {
  const blanker = createReaderTraceBlanker();
  blanker.out(command, 0);
  const told: number[] = [];
  let from = 0;
  for (const cut of [...cuts.map((at) => at % (reply.length + 1)).sort((a, b) => a - b), reply.length]) {
    told.push(...blanker.in(Uint8Array.from(reply.subarray(from, cut)), 0));
    from = cut;
  }
  told.push(...blanker.flush('end'));
  return Uint8Array.from(told);
}

const decoded = (bytes: Uint8Array) => {
  const decoder = createSdtFrameDecoder();
  return [...decoder.push(bytes), ...decoder.abandon()].map((item) =>
    item.kind === 'reply'
      ? [item.reply.sw1, item.reply.sw2, item.reply.sw3, item.reply.data.length]
      : item.reason,
  );
};
const textIn = (reply: Uint8Array) => reply.slice(14, 270);
const withNumber = (text: Uint8Array, units: string) => {
  const changed = Uint8Array.from(text);
  changed.set(Buffer.from(units, 'utf16le'), 122);
  return changed;
};

describe('what a trace tells of a reader', () => {
  test('are status, number of the module, errors: as they are', () => {
    const same: [Uint8Array, Uint8Array][] = [
      [commandVectors.status, replyVectors.ok],
      [commandVectors.samId, replyVectors.samId],
      [commandVectors.find, replyVectors.found],
      [commandVectors.find, replyVectors.noCard],
      [commandVectors.select, replyVectors.selectFailed],
      [commandVectors.read, replyVectors.authenticationFailed],
      [commandVectors.newestAddress, replyVectors.noNewestAddress],
    ];
    for (const [command, reply] of same) expect(blanked(command, reply)).toEqual(reply);
  });

  test('is no serial number of a card', () => {
    expect(blanked(commandVectors.find, hex('AA AA AA 96 69 00 08 00 00 9F 11 22 33 44 D3'))).toEqual(
      replyVectors.found,
    );
    expect(
      blanked(commandVectors.select, hex('AA AA AA 96 69 00 0C 00 00 90 01 02 03 04 05 06 07 08 94')),
    ).toEqual(replyVectors.selected);
    // Sixteen bytes that nobody asked for are no number of a module.
    expect(blanked(commandVectors.find, replyVectors.samId).subarray(10, 26)).toEqual(new Uint8Array(16));
  });

  test('is noise as zeros, and the frame behind it', () => {
    const noisy = Uint8Array.from([...hex('AA 05 12 A0 10 CA FE'), ...replyVectors.noCard]);
    expect(blanked(commandVectors.find, noisy)).toEqual(
      Uint8Array.from([...new Uint8Array(7), ...replyVectors.noCard]),
    );
  });

  test('is a length that no frame has as one that no frame has, and the frame inside of it', () => {
    for (const bad of ['AA AA AA 96 69 12 34 77', 'AA AA AA 96 69 00 03 77']) {
      const told = blanked(commandVectors.find, Uint8Array.from([...hex(bad), ...replyVectors.noCard]));
      expect(decoded(told)).toEqual(['length', [0, 0, 0x80, 0]]);
      expect(told[7]).toBe(0);
    }
    const inside = hex('AA AA AA 96 69 AA AA AA 96 69 00 04 00 00 80 84');
    expect(decoded(blanked(commandVectors.find, inside))).toEqual(decoded(inside));
  });

  test('is half an answer as a header and zeros', () => {
    const blanker = createReaderTraceBlanker();
    blanker.out(commandVectors.read, 0);
    expect(blanker.in(Uint8Array.from(residentReply.subarray(0, 600)), 0)).toEqual(
      hex('AA AA AA 96 69 05 08'),
    );
    expect(blanker.flush('command')).toEqual(new Uint8Array(593));
    blanker.out(commandVectors.find, 1);
    expect(blanker.in(Uint8Array.from(replyVectors.noCard), 2)).toEqual(replyVectors.noCard);
  });

  test('is each command as it is, in any pieces', () => {
    const blanker = createReaderTraceBlanker();
    for (const byte of commandVectors.samId)
      expect(blanker.out(Uint8Array.of(byte), 0).bytes).toEqual(Uint8Array.of(byte));
    expect(blanker.in(Uint8Array.from(replyVectors.samId), 0)).toEqual(replyVectors.samId);
  });

  test('is the newest address of nobody, and a blank one as blank', () => {
    const told = blanked(
      commandVectors.newestAddress,
      hex('AA AA AA 96 69 00 4A 00 00 90 17 53 AC 4E 02 5E 2000*32 20'),
    );
    expect(told.subarray(10, 20)).toEqual(replyVectors.newestAddress.subarray(10, 20));
    expect(decoded(told)).toEqual([[0, 0, 0x90, 70]]);
    const blank = hex('AA AA AA 96 69 00 4A 00 00 90 2000*35 FA');
    expect(blanked(commandVectors.newestAddress, blank)).toEqual(blank);
  });
});

describe('a card in a trace', () => {
  test.each([
    ['resident', residentText],
    ['residence-permit', residencePermitText],
    ['foreign-resident-2017', foreign2017Text],
    ['foreign-resident-2023', foreign2023Text],
  ] as const)('of a %s is that of somebody invented with the same kind of card', (kind, text) => {
    for (const [command, reply, textAt] of [
      [commandVectors.read, readReply(text), 14],
      [commandVectors.readWithFingerprints, fingerprintReply(text, 512), 16],
    ] as const) {
      const told = blanked(command, reply);
      expect(told.length).toBe(reply.length);
      expect(decoded(told)).toEqual(decoded(reply));
      expect(told.subarray(textAt, textAt + 256)).toEqual(inventedRecord(kind));
      expect(told.subarray(textAt + 256, -1)).toEqual(new Uint8Array(reply.length - textAt - 257));
      const read = parseCardRecord(told.slice(textAt, textAt + 256));
      expect(read).toMatchObject({ ok: true, value: { card: { kind }, warnings: [] } });
    }
  });

  test.each(['name', 'sex', 'idNumber', 'validFrom', 'validTo', 'ethnicCode'] as const)(
    'whose %s is malformed stays malformed there',
    (field) => {
      const place = { name: 0, sex: 30, ethnicCode: 32, idNumber: 122, validFrom: 188, validTo: 204 }[field];
      const text = Uint8Array.from(residentText);
      text.set(hex('0200'), place);
      expect(parseCardRecord(text)).toMatchObject({ error: { field } });
      expect(parseCardRecord(textIn(blanked(commandVectors.read, readReply(text))))).toMatchObject({
        ok: false,
        error: { field },
      });
    },
  );

  test('with blocks that do not add up is zeros', () => {
    const reply = Uint8Array.from(residentReply);
    reply[11] = 0x02;
    const told = blanked(commandVectors.read, reply);
    expect(told.subarray(10, -1)).toEqual(new Uint8Array(1284));
  });
});

const hanzi = fc.string({
  unit: fc.integer({ min: 0x4e00, max: 0x9fa5 }).map((code) => String.fromCharCode(code)),
  minLength: 2,
  maxLength: 15,
});
const person = fc.record({
  name: hanzi,
  address: hanzi,
  digits: fc.stringMatching(/^\d{17}$/),
  photo: fc.uint8Array({ minLength: 1024, maxLength: 1024 }),
});
type Person = typeof person extends fc.Arbitrary<infer P> ? P : never;

/** The check character of ISO 7064 MOD 11-2. */
function numberOf({ digits }: Person): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, index) => total + weight * Number(digits[index]), 0);
  return digits + '10X98765432'[sum % 11];
}

function replyOf(one: Person, wrongBy: number): Uint8Array {
  const text = withNumber(residentText, numberOf(one));
  text.set(Buffer.from(one.name.padEnd(15), 'utf16le'), 0);
  text.set(Buffer.from(one.address.padEnd(35), 'utf16le'), 52);
  const reply = readReply(text);
  reply.set(one.photo, 270);
  const sum = reply.subarray(5, -1).reduce((left, right) => left ^ right, 0);
  reply[reply.length - 1] = sum ^ wrongBy;
  return reply;
}

test('whoever laid the card, and however its record came in, the trace is the same', () => {
  const nobody = new Map<number, Uint8Array>();
  fc.assert(
    fc.property(
      person,
      fc.array(fc.nat(1295), { maxLength: 8 }),
      fc.constantFrom(0, 1, 0x55),
      (one, cuts, wrongBy) => {
        const reply = replyOf(one, wrongBy);
        const told = blanked(commandVectors.read, reply, cuts);
        const before = nobody.get(wrongBy) ?? told;
        nobody.set(wrongBy, before);
        expect(told).toEqual(before);
        expect(decoded(told)).toEqual(decoded(reply));
        const traced = Buffer.from(told);
        for (const encoding of ['utf16le', 'utf8'] as const) {
          for (const secret of [
            numberOf(one),
            one.name.slice(0, 3).padEnd(3),
            one.address.slice(0, 3).padEnd(3),
          ])
            expect(traced.includes(Buffer.from(secret, encoding))).toBe(false);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('any bytes in any pieces are blanked alike, and none is lost or added', () => {
  const piece = fc.oneof(
    fc.constantFrom(...Object.values(replyVectors), residentReply, residentReply.slice(0, 700)),
    fc.uint8Array({ maxLength: 20 }),
    fc.constant(hex('AA AA AA 96 69')),
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 5 }),
      fc.array(fc.nat(6000), { maxLength: 6 }),
      fc.constantFrom(...Object.values(commandVectors)),
      (pieces, cuts, command) => {
        const stream = Buffer.concat(pieces);
        const whole = blanked(command, stream);
        expect(whole.length).toBe(stream.length);
        expect(blanked(command, stream, cuts)).toEqual(whole);
      },
    ),
    { numRuns: 300 },
  );
});

test('every kind of card has an invented holder', () => {
  expect(KINDS_OF_CARDS).toHaveLength(4);
});
