import { spokenLanguage } from '../../copy/citizen-languages.ts';
import type { SpokenSlot } from '../../copy/spoken-slots.ts';
import type { Adjustments, Dialect } from '../adjustments.ts';

/** People's own recordings stand before what was rendered: `assets/voice/README.md`. */
const rendered = import.meta.glob<string>('../../../assets/voice/{zh-CN,en}/*/*.opus', {
  query: '?url',
  import: 'default',
  eager: true,
});
/** `recorded-voice` is a folder that the build names (vite.config.ts). */
const recorded = import.meta.glob<string>('recorded-voice/{zh-CN,en,wuu}/*.{opus,wav,mp3}', {
  query: '?url',
  import: 'default',
  eager: true,
});

/** By language, speed and slot. */
const renderedUrls = byPlace(rendered, 3);
/** By language and slot: people record at one pace, which is theirs. */
const recordedUrls = byPlace(recorded, 2);

/** The last parts of each file's path, without its ending, and where the page gets it. */
function byPlace(files: Readonly<Record<string, string>>, parts: number): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(files).map(([file, url]) => [
      file.slice(0, file.lastIndexOf('.')).split('/').slice(-parts).join('/'),
      url,
    ]),
  );
}

/** Dialects that people have recorded. */
export const recordedDialects: readonly Dialect[] = (['wuu'] as const).filter((dialect) =>
  [...recordedUrls.keys()].some((place) => place.startsWith(`${dialect}/`)),
);

/**
 * Where the page gets the recordings of what is said at once; undefined: there is none. A dialect is heard where all of it was
 * recorded: nobody changes tongues in the middle of a sentence.
 */
export function voiceUrls(
  slots: readonly SpokenSlot[],
  { language, dialect, pace }: Adjustments,
): readonly (string | undefined)[] {
  const spoken = spokenLanguage(language);
  if (dialect !== 'mandarin' && spoken === 'zh-CN') {
    const inDialect = slots.map((slot) => recordedUrls.get(`${dialect}/${slot}`));
    if (!inDialect.includes(undefined)) return inDialect;
  }
  return slots.map(
    (slot) => recordedUrls.get(`${spoken}/${slot}`) ?? renderedUrls.get(`${spoken}/${pace}/${slot}`),
  );
}
