import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSdtFrameDecoder, encodeSdtCommand } from '../drivers/id-card-reader/sdt/sdt-frame.ts';
import type { SdtDecoded } from '../drivers/id-card-reader/sdt/sdt-frame.ts';
import { parseSamId } from '../drivers/id-card-reader/sdt/sam-id.ts';
import { isPublishedStatus, sdtStatusOf } from '../drivers/id-card-reader/sdt/sdt-status.ts';
import {
  commandVectors,
  fingerprintReply,
  hex,
  replyVectors,
  residentReply,
  residentText,
  SAM_ID,
} from './fixtures/sdt-vectors.ts';

const bytesOf = (found: readonly SdtDecoded[]) =>
  found.map((item) => (item.kind === 'reply' ? [item.reply.sw3, ...item.reply.data] : item.reason));
const decode = (...parts: Uint8Array[]) => {
  const decoder = createSdtFrameDecoder();
  return parts.flatMap((part) => decoder.push(part));
};

test('the vectors themselves are those of the protocol reference', () => {
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  expect(sha256(residentText)).toBe('bb133fac012e37cadd0e379cdee014c92e2a7d21d16aa2e2d7e363e686443deb');
  expect(residentReply.length).toBe(1295);
  expect(residentReply.at(-1)).toBe(0x2a);
  expect(sha256(residentReply)).toBe('0f42f1e2efb893008c220007768b02f8f2d92c0b0be6669643f2649e6a8d6501');
});

test('every command has the bytes of the reference', () => {
  expect(encodeSdtCommand(0x10, 0xff)).toEqual(commandVectors.reset);
  expect(encodeSdtCommand(0x11, 0xff)).toEqual(commandVectors.status);
  expect(encodeSdtCommand(0x12, 0xff)).toEqual(commandVectors.samId);
  expect(encodeSdtCommand(0x20, 0x01)).toEqual(commandVectors.find);
  expect(encodeSdtCommand(0x20, 0x02)).toEqual(commandVectors.select);
  expect(encodeSdtCommand(0x30, 0x01)).toEqual(commandVectors.read);
  expect(encodeSdtCommand(0x30, 0x10)).toEqual(commandVectors.readWithFingerprints);
  expect(encodeSdtCommand(0x30, 0x03)).toEqual(commandVectors.newestAddress);
  expect(encodeSdtCommand(0x61, 0xff, Uint8Array.of(0x50))).toEqual(hex('AA AA AA 96 69 00 04 61 FF 50 CA'));
});

test('every reply of the reference decodes', () => {
  expect(bytesOf(decode(replyVectors.ok))).toEqual([[0x90]]);
  expect(bytesOf(decode(replyVectors.found))).toEqual([[0x9f, 0, 0, 0, 0]]);
  expect(bytesOf(decode(replyVectors.noCard))).toEqual([[0x80]]);
  expect(bytesOf(decode(replyVectors.selected))).toEqual([[0x90, 0, 0, 0, 0, 0, 0, 0, 0]]);
  expect(bytesOf(decode(replyVectors.readFailed))).toEqual([[0x41]]);
  expect(bytesOf(decode(residentReply))[0]).toHaveLength(1 + 4 + 256 + 1024);
  expect(bytesOf(decode(replyVectors.noNewestAddress))).toEqual([[0x91]]);
  expect(bytesOf(decode(replyVectors.newestAddress))[0]).toHaveLength(1 + 70);
  for (const [bytes, length, check] of [
    [1024, 2321, 0x20],
    [512, 1809, 0x28],
    [0, 1297, 0x28],
  ] as const) {
    const reply = fingerprintReply(residentText, bytes);
    expect([reply.length, reply.at(-1)]).toEqual([length, check]);
    expect(bytesOf(decode(reply))[0]).toHaveLength(1 + 6 + 256 + 1024 + bytes);
  }
});

test('the number of the security module reads as its maker prints it', () => {
  const [found] = decode(replyVectors.samId);
  expect(found?.kind === 'reply' && parseSamId(found.reply.data)).toBe(SAM_ID);
  expect(parseSamId(new Uint8Array(15))).toBeUndefined();
});

test('noise before, between and after frames is skipped', () => {
  const envelope = hex('AA 05 12 A0 10');
  expect(
    bytesOf(decode(envelope, replyVectors.ok, hex('00 AA AA 96 FF'), replyVectors.noCard, envelope)),
  ).toEqual([[0x90], [0x80]]);
});

test('a longer run of AA than the preamble has still leads to the frame', () => {
  expect(bytesOf(decode(hex('AA AA AA AA'), replyVectors.ok))).toEqual([[0x90]]);
});

test('a wrong check byte is reported and the next frame is found', () => {
  const damaged = Uint8Array.from(replyVectors.ok);
  damaged[10] = 0;
  expect(bytesOf(decode(damaged, replyVectors.noCard))).toEqual(['checksum', [0x80]]);
});

test('a length out of bounds is reported and the next frame is found', () => {
  expect(bytesOf(decode(hex('AA AA AA 96 69 FF FF 00'), replyVectors.noCard))).toEqual(['length', [0x80]]);
  expect(bytesOf(decode(hex('AA AA AA 96 69 00 03 00'), replyVectors.noCard))).toEqual(['length', [0x80]]);
});

test('a reply with a made-up length is given up after a silence and does not swallow the next one', () => {
  const decoder = createSdtFrameDecoder();
  expect(decoder.push(replyVectors.fabricatedTimeout)).toEqual([]);
  expect(decoder.midFrame).toBe(true);
  expect(bytesOf(decoder.abandon())).toEqual(['truncated']);
  expect(decoder.midFrame).toBe(false);
  expect(bytesOf(decoder.push(replyVectors.ok))).toEqual([[0x90]]);
});

test('a whole frame hidden behind the beginning of an unfinished one is found when that is given up', () => {
  const decoder = createSdtFrameDecoder();
  decoder.push(hex('AA AA AA 96 69 05 08 00 00 90'));
  expect(decoder.push(replyVectors.noCard)).toEqual([]);
  expect(bytesOf(decoder.abandon())).toEqual(['truncated', [0x80]]);
});

const reply = fc.constantFrom(...Object.values(replyVectors).slice(0, -1), residentReply);

test('a valid stream decodes to the same replies however it is split', () => {
  fc.assert(
    fc.property(
      fc.array(reply, { maxLength: 4 }),
      fc.array(fc.nat(1500), { maxLength: 12 }),
      (replies, cuts) => {
        const stream = Buffer.concat(replies);
        const decoder = createSdtFrameDecoder();
        const found: SdtDecoded[] = [];
        let from = 0;
        for (const cut of [...cuts, stream.length]) {
          const to = Math.min(stream.length, from + cut);
          found.push(...decoder.push(stream.subarray(from, to)));
          from = to;
        }
        expect(found.map((item) => item.kind)).toEqual(replies.map(() => 'reply'));
        expect(bytesOf(found)).toEqual(replies.map((frame) => [...frame.subarray(9, -1)]));
      },
    ),
  );
});

test('every prefix of a valid reply gives nothing, and the rest completes it', () => {
  for (let cut = 0; cut < residentReply.length; cut += 1) {
    const decoder = createSdtFrameDecoder();
    expect(decoder.push(residentReply.subarray(0, cut))).toEqual([]);
    expect(decoder.push(residentReply.subarray(cut))).toHaveLength(1);
  }
});

test('every single flipped bit of a short reply gives no wrong reply, and the next frame is still found after a silence', () => {
  for (const frame of Object.values(replyVectors).slice(0, -1)) {
    for (let bit = 0; bit < frame.length * 8; bit += 1) {
      const flipped = Uint8Array.from(frame);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const decoder = createSdtFrameDecoder();
      const found = [...decoder.push(flipped), ...decoder.abandon()];
      expect(found.filter((item) => item.kind === 'reply')).toEqual([]);
      expect(bytesOf(decoder.push(replyVectors.noCard))).toEqual([[0x80]]);
    }
  }
});

test('any garbage in any split gives replies or typed errors, never a throw, and leaves a decoder that works', () => {
  const chunk = fc.oneof(fc.uint8Array({ maxLength: 6000 }), fc.constant(hex('AA AA AA 96 69')), reply);
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 6 }), (chunks) => {
      const decoder = createSdtFrameDecoder();
      for (const bytes of chunks) decoder.push(bytes);
      decoder.abandon();
      expect(bytesOf(decoder.push(replyVectors.noCard))).toEqual([[0x80]]);
    }),
  );
});

test('status bytes have the classes of the reference, and an unknown one is transient', () => {
  const classes = [
    [0x90, 'ok', 'ok'],
    [0x9f, 'cardFound', 'ok'],
    [0x91, 'noSuchItem', 'no-such-item'],
    [0x10, 'repeat', 'command-damaged'],
    [0x11, 'repeat', 'command-damaged'],
    [0x21, 'unknownCommand', 'command-unknown'],
    [0x23, 'wrongOrder', 'command-not-allowed'],
    [0x34, 'wrongOrder', 'command-not-allowed'],
    [0x24, 'transient', 'unclear-error'],
    [0x31, 'notAuthenticated', 'card-authentication'],
    [0x32, 'notAuthenticated', 'card-authentication'],
    [0x33, 'replaceCard', 'card-verification'],
    [0x37, 'replaceCard', 'card-data'],
    [0x3f, 'replaceCard', 'card-data'],
    [0x40, 'notAnIdCard', 'not-an-id-card'],
    [0x41, 'replaceCard', 'card-read'],
    [0x47, 'replaceCard', 'card-read'],
    [0x60, 'readerDead', 'self-test'],
    [0x66, 'readerDead', 'not-authorised'],
    [0x80, 'noCard', 'no-card'],
    [0x81, 'replaceCard', 'card-select'],
  ] as const;
  for (const [sw3, statusClass, code] of classes) {
    expect(sdtStatusOf(sw3)).toMatchObject({ class: statusClass, fault: { code: `reader.${code}` } });
  }
  const published = Array.from({ length: 256 }, (_, sw3) => sw3).filter(isPublishedStatus);
  expect(published).toEqual(classes.map(([sw3]) => sw3).sort((a, b) => a - b));
  for (const [sw3, code] of [
    [0x50, 'reader.status-50'],
    [0x05, 'reader.status-05'],
    [0xff, 'reader.status-ff'],
  ] as const) {
    expect(sdtStatusOf(sw3)).toEqual({ class: 'transient', fault: { code, action: 'suspend' } });
  }
});
