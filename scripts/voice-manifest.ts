import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const VOICE_FOLDER = path.join(import.meta.dirname, '../assets/voice');
export const VOICE_MANIFEST = path.join(VOICE_FOLDER, 'manifest.json');

/** 153 and 127 syllables a minute, about. */
export const SPEEDS = ['normal', 'slow'] as const;
export type Speed = (typeof SPEEDS)[number];

/** What was rendered of what. */
export interface VoiceManifest {
  readonly slots: Readonly<
    Record<
      string,
      {
        readonly text: string;
        /** Tones as numbers, as espeak-ng was given it. */
        readonly pinyin: string;
        readonly syllables: number;
        /** `ms`: how long it is. */
        readonly audio: Readonly<Record<Speed, { readonly sha256: string; readonly ms: number }>>;
      }
    >
  >;
}

/** Where a rendered slot lies. */
export function voiceFile(slot: string, speed: Speed): string {
  return path.join(VOICE_FOLDER, 'zh-CN', speed, `${slot}.opus`);
}

/** Nothing is rendered yet when there is none. */
export function readVoiceManifest(): VoiceManifest {
  if (!existsSync(VOICE_MANIFEST)) return { slots: {} };
  return JSON.parse(readFileSync(VOICE_MANIFEST, 'utf8')) as VoiceManifest;
}
