/**
 * Makes the kiosk's voice: what the copy table says, spoken by espeak-ng at two speeds (Mandarin from pinyin), as Opus under
 * `assets/voice`. Only what is missing or says something else now is made; people's own recordings (assets/voice/README.md) are left
 * alone.
 *
 *   npm run voice -- [--all] [--check] [--only SLOT] [--language zh-CN|en]
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command, Option } from 'commander';
import { SPOKEN_LANGUAGES, type SpokenLanguage } from '../src/copy/citizen-languages.ts';
import { NOTICE_TEXTS } from '../sandbox/central-service/notice-texts.ts';
import { recordingFile } from '../sandbox/central-service/recordings.ts';
import { spokenSlots } from '../src/copy/spoken-slots.ts';
import {
  readVoiceManifest,
  SPEEDS,
  voiceFile,
  voiceManifest,
  type Speed,
  type VoiceManifest,
} from './voice-manifest.ts';
import { pronounce, type Pronunciation } from './voice-pronunciation.ts';

const options = new Command('voice')
  .option('--all', 'makes everything anew', false)
  .option('--check', 'makes nothing, and ends with 1 when something is to be made', false)
  .option('--only <slot>', 'only slots with this in their name', '')
  .addOption(new Option('--language <language>', 'only this one').choices(SPOKEN_LANGUAGES))
  .parse()
  .opts<{ all: boolean; check: boolean; only: string; language?: SpokenLanguage }>();

/** `-s` of espeak-ng, words a minute; of Mandarin with `-g 2` about 153 and 127 syllables. */
const ESPEAK_SPEED: Readonly<Record<SpokenLanguage, Readonly<Record<Speed, number>>>> = {
  'zh-CN': { normal: 140, slow: 120 },
  en: { normal: 130, slow: 105 },
};
/** Silence is cut away and 0.2 s put at the ends: what is no longer than this says nothing, seconds. */
const SHORTEST_S = 0.25;

const languages = options.language === undefined ? SPOKEN_LANGUAGES : [options.language];
const stale = languages.filter((language) => speak(language) > 0).length + recordNotice();
if (options.check && stale > 0) process.exitCode = 1;

/** The stand-in of the centre has its first notice read aloud, as a centre would. How many paragraphs say something else now. */
function recordNotice(): number {
  const [notice] = NOTICE_TEXTS;
  if (notice === undefined) return 0;
  const { noticeId, sections } = notice;
  const manifest = path.join(path.dirname(recordingFile(noticeId, 1, 1)), 'manifest.json');
  const known = existsSync(manifest)
    ? (JSON.parse(readFileSync(manifest, 'utf8')) as Readonly<Record<string, string>>)
    : {};
  const all = sections.flatMap(({ paragraphs }, section) =>
    paragraphs.map((text, index) => ({ file: recordingFile(noticeId, section + 1, index + 1), text })),
  );
  const wanted = all.filter(
    ({ file, text }) => options.all || known[path.basename(file)] !== text || !existsSync(file),
  );
  for (const { file, text } of wanted) console.error(`… ${path.basename(file)}: ${text}`);
  if (options.check || wanted.length === 0) return wanted.length;
  const folder = mkdtempSync(path.join(tmpdir(), 'voice-'));
  try {
    for (const { file, text } of wanted) {
      const how = pronounce(noticeId, text, 'zh-CN');
      render({ language: 'zh-CN', file, how, speed: 'normal', folder });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const texts = Object.fromEntries(all.map(({ file, text }) => [path.basename(file), text]));
  writeFileSync(manifest, `${JSON.stringify(texts, null, 2)}\n`);
  return wanted.length;
}

/** Brings a language's recordings up to date, or only says which are not. How many that are. */
function speak(language: SpokenLanguage): number {
  const slots = spokenSlots(language);
  const known = readVoiceManifest(language).slots;
  const wanted = Array.from(slots, ([slot, text]) => ({ slot, text })).filter(
    ({ slot, text }) =>
      slot.includes(options.only) && (options.all || known[slot]?.text !== text || !isThere(language, slot)),
  );
  const unwanted = Object.keys(known).filter((slot) => !slots.has(slot));
  for (const { slot, text } of wanted) console.error(`… ${language} ${slot}: ${text}`);
  for (const slot of unwanted) console.error(`… ${language} ${slot}: not spoken any more`);
  const count = wanted.length + unwanted.length;
  if (options.check || count === 0) return count;

  const made = new Map(Object.entries(known).filter(([slot]) => slots.has(slot)));
  const folder = mkdtempSync(path.join(tmpdir(), 'voice-'));
  try {
    for (const { slot, text } of wanted) {
      const how = pronounce(slot, text, language);
      const audio = {
        normal: render({ language, file: voiceFile(language, slot, 'normal'), how, speed: 'normal', folder }),
        slow: render({ language, file: voiceFile(language, slot, 'slow'), how, speed: 'slow', folder }),
      };
      made.set(slot, { text, ...how.written, syllables: how.syllables, audio });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  for (const slot of unwanted)
    for (const speed of SPEEDS) rmSync(voiceFile(language, slot, speed), { force: true });
  const sorted = Object.fromEntries([...made].toSorted(([one], [other]) => (one < other ? -1 : 1)));
  const manifest = { slots: sorted } satisfies VoiceManifest;
  writeFileSync(voiceManifest(language), `${JSON.stringify(manifest, null, 2)}\n`);
  return count;
}

function isThere(language: SpokenLanguage, slot: string): boolean {
  return SPEEDS.every((speed) => existsSync(voiceFile(language, slot, speed)));
}

function render(what: {
  language: SpokenLanguage;
  file: string;
  how: Pronunciation;
  speed: Speed;
  /** For files in between. */
  folder: string;
}): { sha256: string; ms: number } {
  const { language, file, how, speed, folder } = what;
  const [raw, clean] = [path.join(folder, 'raw.wav'), path.join(folder, 'clean.wav')];
  const pace = ['-s', String(ESPEAK_SPEED[language][speed]), '-g', '2', '-p', '40'];
  execFileSync('espeak-ng', ['-v', how.voice, ...pace, '-w', raw, how.said]);
  // Warmer, clear where old ears still hear, without silence at the ends but for a breath, and equally loud.
  const tone = ['gain', '-6', 'highpass', '150', 'equalizer', '2000', '1q', '+4', 'lowpass', '6500'];
  const trim = ['silence', '1', '0.01', '0.3%', 'reverse', 'silence', '1', '0.01', '0.3%', 'reverse'];
  const rest = ['pad', '0.05', '0.15', 'gain', '-n', '-3'];
  execFileSync('sox', ['-R', raw, '-r', '24000', clean, ...tone, ...trim, ...rest]);
  mkdirSync(path.dirname(file), { recursive: true });
  execFileSync('opusenc', ['--quiet', '--bitrate', '24', '--serial', '1', clean, file]);
  const seconds = Number(execFileSync('soxi', ['-D', clean], { encoding: 'utf8' }));
  if (!(seconds > SHORTEST_S)) throw new Error(`${path.basename(file)} is silent: ${how.said}`);
  return {
    sha256: createHash('sha256').update(readFileSync(file)).digest('hex'),
    ms: Math.round(seconds * 1000),
  };
}
