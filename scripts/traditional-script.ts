import { Converter } from 'opencc-js/cn2t';
import type { CitizenPack } from '../src/copy/citizen-pack.ts';

/** What is written otherwise than OpenCC's standard of Taiwan has it, because readers everywhere write it so. */
const REVIEWED: readonly (readonly [converted: string, written: string])[] = [['臺', '台']];

const convert = Converter({ from: 'cn', to: 'tw' });

/** A text in 繁體, in the same words. */
export function traditional(text: string): string {
  return REVIEWED.reduce((converted, [from, to]) => converted.replaceAll(from, to), convert(text));
}

/** The zh-CN texts of the touchscreen in 繁體. */
export function inTraditional(pack: CitizenPack): CitizenPack {
  return JSON.parse(
    JSON.stringify(pack, (_key, value: unknown) => (typeof value === 'string' ? traditional(value) : value)),
  ) as CitizenPack;
}
