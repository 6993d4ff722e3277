import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readVoiceManifest, SPEEDS, VOICE_FOLDER, voiceFile, type Speed } from '../scripts/voice-manifest.ts';
import { spokenSlots } from '../src/copy/spoken-slots.ts';

/** Milliseconds for a syllable, and what silence and the fall of the last one add or take; measured over all recordings. */
const PACE: Readonly<Record<Speed, { readonly syllableMs: number; readonly besideMs: number }>> = {
  normal: { syllableMs: 360, besideMs: 200 },
  slow: { syllableMs: 420, besideMs: 200 },
};
const BREADTH = 0.3;
const RATE = 24_000;
/** −50 dB of full scale: what lies below is silence. */
const SILENCE = 0.003;

const manifest = readVoiceManifest();
const slots = [...spokenSlots()];

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

describe('the voice', () => {
  it('says what the copy table says, and nothing that it does not say any more (npm run voice)', () => {
    const spoken = Object.fromEntries(Object.entries(manifest.slots).map(([slot, { text }]) => [slot, text]));
    expect(spoken).toEqual(Object.fromEntries(slots));
  });

  it.each(SPEEDS)('is there at the %s speed, as it was rendered, and nothing else is', (speed) => {
    const files = readdirSync(path.join(VOICE_FOLDER, 'zh-CN', speed));
    expect(files.toSorted()).toEqual(slots.map(([slot]) => `${slot}.opus`).toSorted());
    const changed = slots.filter(([slot]) => {
      const sum = createHash('sha256')
        .update(readFileSync(voiceFile(slot, speed)))
        .digest('hex');
      return manifest.slots[slot]?.audio[speed].sha256 !== sum;
    });
    expect(changed).toEqual([]);
  });

  it.each(SPEEDS)('takes about as long as its syllables at the %s speed', (speed) => {
    const { syllableMs, besideMs } = PACE[speed];
    const odd = Object.entries(manifest.slots).filter(([, { syllables, audio }]) => {
      const expected = besideMs + syllables * syllableMs;
      return Math.abs(audio[speed].ms / expected - 1) > BREADTH;
    });
    expect(odd.map(([slot, { syllables, audio }]) => [slot, syllables, audio[speed].ms])).toEqual([]);
  });

  // Each file is what was rendered (above), at one loudness; each tenth is heard here, all of them are in `npm run voice -- --all`.
  it('is nowhere silent', () => {
    const heard = slots.filter((_slot, at) => at % 10 === 0);
    const silent = heard.filter(([slot]) => loudness(voiceFile(slot, 'normal')) < SILENCE);
    expect(silent).toEqual([]);
  }, 60_000);

  it('spells every hanzi and number: nothing is left to guess', () => {
    const left = Object.entries(manifest.slots).filter(([, { pinyin }]) =>
      /[\p{Script=Han}A-Z]|\d{2}/u.test(pinyin),
    );
    expect(left).toEqual([]);
  });
});
