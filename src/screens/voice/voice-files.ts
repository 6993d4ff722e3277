import { spokenLanguage, type SpokenLanguage } from '../../copy/citizen-languages.ts';
import { recordingOf, type SpokenSlot } from '../../copy/spoken-slots.ts';
import type { Adjustments, Dialect } from '../adjustments.ts';

type Files = Readonly<Record<string, string>>;
type Urls = ReadonlyMap<string, string>;

/** What was rendered, by language: long tables, fetched with the first sentence that is said in it. */
const RENDERED: Readonly<Record<SpokenLanguage, () => Promise<{ readonly files: Files }>>> = {
  'zh-CN': () => import('./rendered-mandarin.ts'),
  en: () => import('./rendered-english.ts'),
};
/** People's own recordings stand before them (`assets/voice/README.md`); `recorded-voice` is a folder that the build names. */
const recordedUrls = byPlace(
  import.meta.glob<string>('recorded-voice/{zh-CN,en,wuu}/*.{opus,wav,mp3}', {
    query: '?url',
    import: 'default',
    eager: true,
  }),
);

/** By folder and slot: each file's address. */
function byPlace(files: Files): Urls {
  return new Map(
    Object.entries(files).map(([file, url]) => [
      file.slice(0, file.lastIndexOf('.')).split('/').slice(-2).join('/'),
      url,
    ]),
  );
}

/** Dialects that people have recorded. */
export const recordedDialects: readonly Dialect[] = (['wuu'] as const).filter((dialect) =>
  [...recordedUrls.keys()].some((place) => place.startsWith(`${dialect}/`)),
);

const known = new Map<SpokenLanguage, Urls>();

/** A table that cannot be had, for the agent is gone, leaves the page silent; the next sentence asks for it again. */
async function renderedUrls(language: SpokenLanguage): Promise<Urls> {
  const before = known.get(language);
  if (before !== undefined) return before;
  try {
    const urls = byPlace((await RENDERED[language]()).files);
    known.set(language, urls);
    return urls;
  } catch {
    return new Map();
  }
}

/**
 * Where the page gets the recordings of what is said at once; undefined: there is none. A dialect is heard where all of it was
 * recorded: nobody changes tongues in the middle of a sentence. People record at one pace, which is theirs.
 */
export async function voiceUrls(
  slots: readonly SpokenSlot[],
  { language, dialect, pace }: Adjustments,
): Promise<readonly (string | undefined)[]> {
  const elsewhere = slots.map(recordingOf);
  if (!elsewhere.includes(undefined))
    return elsewhere.map((name) => `/recordings/${encodeURIComponent(name ?? '')}`);
  const spoken = spokenLanguage(language);
  if (dialect !== 'mandarin' && spoken === 'zh-CN') {
    const inDialect = slots.map((slot) => recordedUrls.get(`${dialect}/${slot}`));
    if (!inDialect.includes(undefined)) return inDialect;
  }
  const rendered = await renderedUrls(spoken);
  return slots.map((slot) => recordedUrls.get(`${spoken}/${slot}`) ?? rendered.get(`${pace}/${slot}`));
}
