import type { SpokenSlot } from '../../copy/spoken-slots.ts';
import type { Adjustments } from '../adjustments.ts';

/** People's own recordings stand before what was rendered: `assets/voice/README.md`. */
const rendered = import.meta.glob<string>('../../../assets/voice/zh-CN/*/*.opus', {
  query: '?url',
  import: 'default',
  eager: true,
});
const recorded = import.meta.glob<string>('../../../assets/voice/recorded/zh-CN/*.{opus,wav,mp3}', {
  query: '?url',
  import: 'default',
  eager: true,
});

const renderedUrls = new Map(
  Object.entries(rendered).map(([file, url]) => [`${folderOf(file)}/${slotOf(file)}`, url]),
);
const recordedUrls = new Map(Object.entries(recorded).map(([file, url]) => [slotOf(file), url]));

function slotOf(file: string): SpokenSlot {
  return file.slice(file.lastIndexOf('/') + 1, file.lastIndexOf('.'));
}

function folderOf(file: string): string | undefined {
  return file.split('/').at(-2);
}

/** Where the page gets a recording; undefined: there is none. People record at one pace, which is theirs. */
export function voiceUrl(slot: SpokenSlot, pace: Adjustments['pace']): string | undefined {
  return recordedUrls.get(slot) ?? renderedUrls.get(`${pace}/${slot}`);
}
