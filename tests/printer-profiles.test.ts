import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  loadProfile,
  paperMs,
  parseProfile,
  profileNames,
  stallLimitMs,
} from '../drivers/receipt-printer/printer-profile.ts';
import { givenProfile } from './fixtures/scripted-printer.ts';

const NAMES = [
  'citizen-ppu-700',
  'clone-80mm',
  'custom-vkp80',
  'epson-eu',
  'generic-58mm',
  'generic-80mm',
  'masung',
  'snbc-bt-t080',
  'star-tup900',
];

const whole = {
  id: 'x',
  name: 'X',
  confidence: 'none',
  language: 'esc-pos',
  widthDots: 576,
  speedMmPerSecond: 150,
  cutterDistanceMm: 15,
  bufferBytes: 4096,
  statusDialect: 'epson',
  fence: 'find-out',
  chineseRom: 'none',
  sensors: { nearEnd: true, cover: true, exit: false },
  cut: { bytes: '1d 56 42 00', feedsToCutter: true },
  presenter: null,
};

describe('the profiles that are shipped', () => {
  it('are these, in alphabetical order', () => {
    expect(profileNames()).toEqual(NAMES);
  });

  it.each(NAMES)('%s can be loaded, and says what it rests on', (name) => {
    const profile = givenProfile(name);
    expect(profile.id).toBe(name);
    expect(profile.confidence).toMatch(/\[.+\]|As generic/);
    expect(profile.widthDots % 16).toBe(0);
    // Star's status is of no use in ESC/POS and the other way round.
    expect(profile.statusDialect === 'star-line').toBe(profile.language === 'star-line');
    expect(profile.fence === 'etb').toBe(profile.language === 'star-line');
  });

  it('hold what retracts a slip only where there is something to retract with', () => {
    const retracting = NAMES.filter((name) => givenProfile(name).presenter?.retract !== undefined);
    expect(retracting).toEqual(['citizen-ppu-700', 'custom-vkp80', 'star-tup900']);
    expect([...(givenProfile('citizen-ppu-700').presenter?.retract ?? [])]).toEqual([0x1d, 0x52, 0x30]);
  });
});

describe('a profile', () => {
  it('gives way to what the site says, and to nothing that it does not say', () => {
    const loaded = loadProfile('generic-80mm', { widthDots: 384, speedMmPerSecond: undefined });
    expect(loaded).toMatchObject({ ok: true, value: { widthDots: 384, speedMmPerSecond: 150 } });
  });

  it.each(['no-such-model', '../printer-profile', ''])('named %j is unknown', (name) => {
    expect(loadProfile(name)).toEqual({
      ok: false,
      error: { code: 'printer.profile-unknown', action: 'configuration' },
    });
  });

  it.each([
    ['no JSON', '{'],
    ['a missing key', JSON.stringify({ ...whole, cut: undefined })],
    ['a key that means nothing', JSON.stringify({ ...whole, colour: 'red' })],
    ['bytes that are none', JSON.stringify({ ...whole, cut: { bytes: '1d 5', feedsToCutter: true } })],
    ['a speed of nothing', JSON.stringify({ ...whole, speedMmPerSecond: 0 })],
    ['a width that no head has', JSON.stringify({ ...whole, widthDots: 577 })],
  ])('with %s is broken, and says so', (_, text) => {
    expect(parseProfile(text)).toEqual({
      ok: false,
      error: { code: 'printer.profile-broken', action: 'configuration' },
    });
  });

  it('is read, or broken, whatever stands in its file', () => {
    expect(parseProfile(JSON.stringify(whole)).ok).toBe(true);
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(typeof parseProfile(text).ok).toBe('boolean');
      }),
    );
  });

  it('says how long its paper takes, and how long a full buffer may', () => {
    const profile = givenProfile('generic-80mm');
    expect(paperMs(profile, 1200)).toBe(1000);
    expect(stallLimitMs({ ...profile, bufferBytes: 65_536 })).toBeGreaterThan(stallLimitMs(profile));
  });
});
