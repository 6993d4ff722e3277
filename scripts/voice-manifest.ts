import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { SpokenLanguage } from '../src/copy/citizen-languages.ts';

export const VOICE_FOLDER = path.join(import.meta.dirname, '../assets/voice');

/** In Mandarin 153 and 127 syllables a minute, about. */
export const SPEEDS = ['normal', 'slow'] as const;
export type Speed = (typeof SPEEDS)[number];

/** What was rendered of what, in one language. */
export interface VoiceManifest {
  readonly slots: Readonly<
    Record<
      string,
      {
        readonly text: string;
        /** Mandarin, tones as numbers. */
        readonly pinyin?: string;
        /** Other languages, as espeak-ng says it. */
        readonly ipa?: string;
        readonly syllables: number;
        /** `ms`: how long it is. */
        readonly audio: Readonly<Record<Speed, { readonly sha256: string; readonly ms: number }>>;
      }
    >
  >;
}

/** Where a rendered slot lies. */
export function voiceFile(language: SpokenLanguage, slot: string, speed: Speed): string {
  return path.join(VOICE_FOLDER, language, speed, `${slot}.opus`);
}

export function voiceManifest(language: SpokenLanguage): string {
  return path.join(VOICE_FOLDER, language, 'manifest.json');
}

/** Nothing is rendered yet when there is none. */
export function readVoiceManifest(language: SpokenLanguage): VoiceManifest {
  const file = voiceManifest(language);
  if (!existsSync(file)) return { slots: {} };
  return JSON.parse(readFileSync(file, 'utf8')) as VoiceManifest;
}
