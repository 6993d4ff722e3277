import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  readVoiceManifest,
  SPEEDS,
  VOICE_FOLDER,
  voiceFile,
  type Speed,
  type VoiceManifest,
} from '../scripts/voice-manifest.ts';
import { SPOKEN_LANGUAGES, type SpokenLanguage } from '../src/copy/citizen-languages.ts';
import { spokenSlots } from '../src/copy/spoken-slots.ts';

type Recording = VoiceManifest['slots'][string];

/**
 * Milliseconds that a recording takes, measured over all of them. In Mandarin by its syllables alone. English takes time for each
 * word and for the pause at each mark as well.
 */
const LENGTH: Readonly<Record<SpokenLanguage, (recording: Recording, speed: Speed) => number>> = {
  'zh-CN': ({ syllables }, speed) => 200 + syllables * (speed === 'normal' ? 360 : 420),
  en: ({ syllables, text, ipa = '' }, speed) => {
    const words = ipa.split(' ').length;
    const clauses = text.split(/[.,?](?:\s|$)/).filter((clause) => clause.trim() !== '').length;
    return speed === 'normal'
      ? -207 + 193 * syllables + 148 * words + 471 * clauses
      : -360 + 235 * syllables + 194 * words + 635 * clauses;
  },
};
/** Of its length, how much a recording may be shorter or longer; short English words differ most. */
const BREADTH: Readonly<Record<SpokenLanguage, number>> = { 'zh-CN': 0.3, en: 0.35 };
const RATE = 24_000;
/** −50 dB of full scale: what lies below is silence. */
const SILENCE = 0.003;

/** Root mean square of a recording, 1: full scale. */
function loudness(file: string): number {
  const raw = execFileSync('opusdec', ['--quiet', '--rate', String(RATE), '--no-dither', file, '-'], {
    maxBuffer: 32 << 20,
    stdio: ['ignore', 'pipe', 'ignore'],
  }).subarray(44);
  let sum = 0;
  for (let at = 0; at + 1 < raw.length; at += 2) sum += (raw.readInt16LE(at) / 32_768) ** 2;
  return Math.sqrt(sum / Math.max(1, raw.length / 2));
}

describe.for(SPOKEN_LANGUAGES)('the voice in %s', (language) => {
  const manifest = readVoiceManifest(language);
  const slots = [...spokenSlots(language)];

  it('says what the copy table says, and nothing that it does not say any more (npm run voice)', () => {
    const spoken = Object.fromEntries(Object.entries(manifest.slots).map(([slot, { text }]) => [slot, text]));
    expect(spoken).toEqual(Object.fromEntries(slots));
  });

  it.each(SPEEDS)('is there at the %s speed, as it was rendered, and nothing else is', (speed) => {
    const files = readdirSync(path.join(VOICE_FOLDER, language, speed));
    expect(files.toSorted()).toEqual(slots.map(([slot]) => `${slot}.opus`).toSorted());
    const changed = slots.filter(([slot]) => {
      const sum = createHash('sha256')
        .update(readFileSync(voiceFile(language, slot, speed)))
        .digest('hex');
      return manifest.slots[slot]?.audio[speed].sha256 !== sum;
    });
    expect(changed).toEqual([]);
  });

  it.each(SPEEDS)('takes about as long as its syllables at the %s speed', (speed) => {
    const odd = Object.entries(manifest.slots).filter(
      ([, recording]) =>
        Math.abs(recording.audio[speed].ms / LENGTH[language](recording, speed) - 1) > BREADTH[language],
    );
    expect(odd.map(([slot, { syllables, audio }]) => [slot, syllables, audio[speed].ms])).toEqual([]);
  });

  it('is slower at the slow speed', () => {
    const hasty = Object.entries(manifest.slots).filter(([, { audio }]) => audio.slow.ms <= audio.normal.ms);
    expect(hasty.map(([slot]) => slot)).toEqual([]);
  });

  // Each file is what was rendered (above), at one loudness; each tenth is heard here, all of them are in `npm run voice -- --all`.
  it('is nowhere silent', () => {
    const heard = slots.filter((_slot, at) => at % 10 === 0);
    const silent = heard.filter(([slot]) => loudness(voiceFile(language, slot, 'normal')) < SILENCE);
    expect(silent).toEqual([]);
  }, 60_000);

  it('spells every hanzi, word and number: nothing is left to guess', () => {
    const left = Object.entries(manifest.slots).filter(([, { pinyin, ipa }]) =>
      /[\p{Script=Han}A-Z\d]{2}|\p{Script=Han}|^$/u.test(pinyin ?? ipa ?? ''),
    );
    expect(left).toEqual([]);
  });
});
