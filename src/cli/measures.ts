import type { KioskctlText } from '../copy/technician-text.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A span in its two largest units: `3 天 4 小时`, `12 min 5 s`; below ten seconds with a tenth. */
export function spokenDuration(ms: number, words: KioskctlText['duration']): string {
  if (ms < 10 * SECOND_MS) return `${Math.round(ms / 100) / 10} ${words.second}`;
  const [large, small, rest] =
    ms >= DAY_MS
      ? ([DAY_MS, HOUR_MS, [words.day, words.hour]] as const)
      : ms >= HOUR_MS
        ? ([HOUR_MS, MINUTE_MS, [words.hour, words.minute]] as const)
        : ([MINUTE_MS, SECOND_MS, [words.minute, words.second]] as const);
  const whole = Math.floor(ms / large);
  const part = Math.floor((ms % large) / small);
  return [whole > 0 ? `${whole} ${rest[0]}` : '', part > 0 ? `${part} ${rest[1]}` : '']
    .filter((text) => text !== '')
    .join(' ');
}

/** Bytes as people say them: `640 KB`, `1.2 MB` (powers of 1024). */
export function spokenBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${Math.round(bytes / 1024)} KB`;
  if (bytes < 1024 ** 3) return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
  return `${(bytes / 1024 ** 3).toFixed(1)} GB`;
}
