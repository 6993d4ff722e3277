/**
 * Makes the kiosk's voice: what the copy table says, spoken by espeak-ng from pinyin, at two speeds, as Opus under `assets/voice`.
 * Only what is missing or says something else now is made; people's own recordings (assets/voice/README.md) are left alone.
 *
 *   npm run voice -- [--all] [--check] [--only SLOT]
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import nzh from 'nzh/cn';
import { customPinyin, pinyin } from 'pinyin-pro';
import { spokenSlots } from '../src/copy/spoken-slots.ts';
import {
  readVoiceManifest,
  SPEEDS,
  voiceFile,
  VOICE_MANIFEST,
  type Speed,
  type VoiceManifest,
} from './voice-manifest.ts';

const options = new Command('voice')
  .option('--all', 'makes everything anew', false)
  .option('--check', 'makes nothing, and ends with 1 when something is to be made', false)
  .option('--only <slot>', 'only slots with this in their name', '')
  .parse()
  .opts<{ all: boolean; check: boolean; only: string }>();

/** `-s` of espeak-ng; with `-g 2` about 153 and 127 syllables a minute. */
const ESPEAK_SPEED: Readonly<Record<Speed, number>> = { normal: 140, slow: 120 };
/** Silence is cut away and 0.2 s put at the ends: what is no longer than this says nothing, seconds. */
const SHORTEST_S = 0.25;
/** What the library says otherwise: a date keeps the tone of its number. */
customPinyin({ 一日: 'yī rì' });

const slots = spokenSlots();
const known = readVoiceManifest();
const wanted = Array.from(slots, ([slot, text]) => ({ slot, text })).filter(
  ({ slot, text }) =>
    slot.includes(options.only) && (options.all || known.slots[slot]?.text !== text || !isThere(slot)),
);
const unwanted = Object.keys(known.slots).filter((slot) => !slots.has(slot));
for (const { slot, text } of wanted) console.error(`… ${slot}: ${text}`);
for (const slot of unwanted) console.error(`… ${slot}: not spoken any more`);
if (options.check) process.exit(wanted.length + unwanted.length > 0 ? 1 : 0);

const made = new Map(Object.entries(known.slots).filter(([slot]) => slots.has(slot)));
const folder = mkdtempSync(path.join(tmpdir(), 'voice-'));
try {
  for (const { slot, text } of wanted) {
    const spelled = spell(text);
    const audio = Object.fromEntries(SPEEDS.map((speed) => [speed, render(slot, spelled, speed)]));
    made.set(slot, {
      text,
      pinyin: spelled,
      syllables: spelled.match(/[a-zü]+\d/g)?.length ?? 0,
      audio: audio as VoiceManifest['slots'][string]['audio'],
    });
  }
} finally {
  rmSync(folder, { recursive: true });
}
for (const slot of unwanted) for (const speed of SPEEDS) rmSync(voiceFile(slot, speed), { force: true });
const sorted = Object.fromEntries([...made].toSorted(([one], [other]) => (one < other ? -1 : 1)));
writeFileSync(VOICE_MANIFEST, `${JSON.stringify({ slots: sorted } satisfies VoiceManifest, null, 2)}\n`);

function isThere(slot: string): boolean {
  return SPEEDS.every((speed) => existsSync(voiceFile(slot, speed)));
}

/** As it is read aloud, in pinyin with the tones as numbers; a punctuation mark is a pause. */
function spell(text: string): string {
  const words = text.replaceAll(/["“”\u00a0 ]/g, '').replaceAll(/\d+/g, (digits, at: number, all: string) =>
    // Years and telephone numbers digit by digit.
    digits.length > 3 || all[at + digits.length] === '年'
      ? Array.from(digits, (digit) => nzh.encodeS(digit)).join('')
      : nzh.encodeS(digits, { tenMin: true }),
  );
  return pinyin(words, { toneType: 'num', toneSandhi: true, v: true, nonZh: 'consecutive' });
}

function render(slot: string, spelled: string, speed: Speed): { sha256: string; ms: number } {
  const [raw, clean] = [path.join(folder, 'raw.wav'), path.join(folder, 'clean.wav')];
  const pace = ['-s', String(ESPEAK_SPEED[speed]), '-g', '2', '-p', '40'];
  execFileSync('espeak-ng', ['-v', 'cmn-latn-pinyin', ...pace, '-w', raw, spelled]);
  // Warmer, clear where old ears still hear, without silence at the ends but for a breath, and equally loud.
  const tone = ['gain', '-6', 'highpass', '150', 'equalizer', '2000', '1q', '+4', 'lowpass', '6500'];
  const trim = ['silence', '1', '0.01', '0.3%', 'reverse', 'silence', '1', '0.01', '0.3%', 'reverse'];
  execFileSync('sox', [
    '-R',
    raw,
    '-r',
    '24000',
    clean,
    ...tone,
    ...trim,
    'pad',
    '0.05',
    '0.15',
    'gain',
    '-n',
    '-3',
  ]);
  const file = voiceFile(slot, speed);
  mkdirSync(path.dirname(file), { recursive: true });
  execFileSync('opusenc', ['--quiet', '--bitrate', '24', '--serial', '1', clean, file]);
  const seconds = Number(execFileSync('soxi', ['-D', clean], { encoding: 'utf8' }));
  if (!(seconds > SHORTEST_S)) throw new Error(`${slot} is silent: ${spelled}`);
  return {
    sha256: createHash('sha256').update(readFileSync(file)).digest('hex'),
    ms: Math.round(seconds * 1000),
  };
}
