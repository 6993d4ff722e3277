import { createHash } from 'node:crypto';

import type { Citizen } from './citizen.ts';

/** Everything about a drawn face that differs from person to person. Lengths are pixels of a 360×450 picture. */
export interface Traits {
  readonly sex: '1' | '2';
  readonly skin: Skin;
  readonly hair: { readonly base: string; readonly light: string; readonly dark: string };
  readonly hairStyle: 'short' | 'side-parted' | 'receding' | 'bob' | 'waves' | 'bun';
  readonly glasses: 'none' | 'round' | 'square';
  readonly clothing: 'jacket-and-shirt' | 'stand-collar' | 'cardigan' | 'pullover';
  readonly cloth: { readonly base: string; readonly dark: string; readonly light: string };
  readonly background: readonly [string, string];
  readonly headWidth: number;
  readonly headHeight: number;
  readonly jaw: number;
  readonly eyeGap: number;
  readonly eyeSize: number;
  readonly browTilt: number;
  readonly noseLength: number;
  readonly mouthWidth: number;
  readonly smile: number;
  /** 0 (few wrinkles, around 50) … 1 (many, around 95). */
  readonly age: number;
  readonly moustache: boolean;
}

/** Skin tones: the plain one, its shadow, its light, and a warm tint for cheeks and lips. */
interface Skin {
  readonly base: string;
  readonly shade: string;
  readonly light: string;
  readonly warm: string;
}

const SKINS: readonly Skin[] = [
  { base: '#f0cfb0', shade: '#d9ac88', light: '#f9e2cb', warm: '#dd9a83' },
  { base: '#eac3a0', shade: '#cf9d78', light: '#f5d9be', warm: '#d38b74' },
  { base: '#e3b791', shade: '#c5916a', light: '#f0d0b0', warm: '#c97f67' },
  { base: '#f3d7bd', shade: '#deb697', light: '#fbe8d7', warm: '#e0a18d' },
];

const HAIR = [
  { base: '#eceef0', light: '#ffffff', dark: '#c3c8ce' },
  { base: '#d4d8dc', light: '#f1f3f5', dark: '#a4abb3' },
  { base: '#b4b9bf', light: '#dde1e4', dark: '#858c94' },
  { base: '#8d9299', light: '#bcc1c6', dark: '#62676e' },
];

const DARK_HAIR = { base: '#45464b', light: '#74767d', dark: '#2b2c30' };

const CLOTHS = [
  { base: '#2f3f5c', dark: '#1f2b42', light: '#46597c' },
  { base: '#56606b', dark: '#3e464f', light: '#717c88' },
  { base: '#7a3b44', dark: '#592a31', light: '#97525c' },
  { base: '#3f5d52', dark: '#2c443b', light: '#56786b' },
  { base: '#6d5848', dark: '#503f33', light: '#896f5c' },
  { base: '#5b4f78', dark: '#42395a', light: '#766997' },
  { base: '#4a6f8a', dark: '#345369', light: '#648aa6' },
];

const BACKGROUNDS: readonly (readonly [string, string])[] = [
  ['#7fb2dd', '#c4def2'],
  ['#8bbbe2', '#d0e5f4'],
  ['#76a9d6', '#bcd8ef'],
];

/** Draws the lots for a citizen's face from the bytes of a hash of the id, so that it is the same for ever. */
export function traitsOf(citizen: Citizen): Traits {
  const bytes = createHash('sha256').update(`portrait:${citizen.id}`).digest();
  let next = 0;
  const lot = () => (bytes[next++] ?? 0) / 255;
  const pick = <T>(choices: readonly [T, ...T[]] | readonly T[]): T =>
    choices[Math.min(choices.length - 1, Math.floor(lot() * choices.length))] as T;

  const male = citizen.sex === '1';
  const years = 2026 - Number(citizen.birthDate.slice(0, 4));
  const age = Math.min(1, Math.max(0, (years - 50) / 45));
  return {
    sex: citizen.sex,
    skin: pick(SKINS),
    hair: hairFor(years, lot()),
    hairStyle: male ? pick(['short', 'side-parted', 'receding']) : pick(['bob', 'waves', 'bun']),
    glasses: pick(['none', 'none', 'round', 'square']),
    clothing: male
      ? pick(['jacket-and-shirt', 'stand-collar', 'pullover'])
      : pick(['cardigan', 'stand-collar', 'cardigan']),
    cloth: pick(CLOTHS),
    background: pick(BACKGROUNDS),
    headWidth: (male ? 150 : 144) + lot() * 16,
    headHeight: 186 + lot() * 14,
    jaw: (male ? 0.62 : 0.54) + lot() * 0.12,
    eyeGap: 33 + lot() * 5,
    eyeSize: 9.5 + lot() * 2,
    browTilt: lot() * 5 - 1,
    noseLength: 36 + lot() * 9,
    mouthWidth: 21 + lot() * 6,
    smile: 5 + lot() * 5,
    age,
    moustache: male && lot() > 0.82,
  };
}

function hairFor(years: number, chance: number): Traits['hair'] {
  if (years < 56) return DARK_HAIR;
  const whiteness = Math.min(0.99, Math.max(0, (years - 56) / 36 + (chance - 0.5) * 0.5));
  return HAIR[HAIR.length - 1 - Math.floor(whiteness * HAIR.length)] ?? DARK_HAIR;
}
