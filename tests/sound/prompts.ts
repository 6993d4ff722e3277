import { execFileSync } from 'node:child_process';
import { readVoiceManifest, voiceFile, type Speed } from '../../scripts/voice-manifest.ts';
import { RATE } from './sound-card.ts';

/** Between two sentences, ms (`src/screens/voice`). */
const BREATH_MS = 300;

const manifest = readVoiceManifest('zh-CN');

/** A prompt's file as samples at {@link RATE}, 1: full scale. */
export function promptSamples(slot: string, speed: Speed): Float64Array {
  const wav = execFileSync(
    'opusdec',
    ['--quiet', '--no-dither', '--rate', String(RATE), voiceFile('zh-CN', slot, speed), '-'],
    { maxBuffer: 32 << 20, stdio: ['ignore', 'pipe', 'ignore'] },
  ).subarray(44);
  return Float64Array.from(
    { length: Math.floor(wav.length / 2) },
    (_, at) => wav.readInt16LE(at * 2) / 32_768,
  );
}

/** How long it takes to say them one after the other, ms. */
export function spokenMs(slots: readonly string[], speed: Speed): number {
  return slots.reduce((sum, slot) => sum + (manifest.slots[slot]?.audio[speed].ms ?? 0) + BREATH_MS, 0);
}
