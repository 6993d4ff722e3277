import { z } from 'zod';
import { shownText } from '../platform/shown-text.ts';
import type { NoticePage, NoticeText } from '../view/directory-view.ts';

const shown = (most: number) =>
  z
    .string()
    .max(most)
    .transform(shownText)
    .refine((text) => text !== '');
const noticeId = z.string().min(1).max(64);
const day = z.iso.date();

const head = z.object({ noticeId, revision: z.string().min(1).max(64) });
const heads = z.object({ notices: z.array(head).max(30) });

const paragraph = z.object({
  text: shown(72),
  recording: z
    .object({ recordingId: z.string().min(1).max(64), sha256: z.string().regex(/^[0-9a-f]{64}$/) })
    .optional(),
});
const section = z.object({
  heading: shown(11),
  paragraphs: z.array(paragraph).min(1).max(6),
});
const notice = z.object({
  ...head.shape,
  kind: z.enum(['guide', 'announcement']),
  title: shown(20),
  publishedOn: day,
  until: day.optional(),
  sections: z.array(section).min(1).max(9),
});
const kept = z.object({ notices: z.array(notice).max(30) });

/** Which notices there are, and in which revision. */
export type NoticeHead = z.output<typeof head>;
/** A whole notice, as the centre tells and the cache keeps it. */
export type Notice = z.output<typeof notice>;
type Paragraph = Notice['sections'][number]['paragraphs'][number];

/** The centre's list; undefined when it is anything else. Never throws. */
export function readNoticeHeads(content: unknown): readonly NoticeHead[] | undefined {
  const parsed = heads.safeParse(content);
  return parsed.success ? parsed.data.notices : undefined;
}

/** One notice of the centre; undefined when it is anything else. Never throws. */
export function readNotice(content: unknown): Notice | undefined {
  const parsed = notice.safeParse(content);
  return parsed.success ? parsed.data : undefined;
}

/** What the cache keeps; undefined when it is anything else. Never throws. */
export function readKeptNotices(content: unknown): readonly Notice[] | undefined {
  const parsed = kept.safeParse(content);
  return parsed.success ? parsed.data.notices : undefined;
}

/** All recordings that a notice has. */
export function recordingsOf({ sections }: Notice): readonly NonNullable<Paragraph['recording']>[] {
  return sections
    .flatMap(({ paragraphs }) => paragraphs)
    .flatMap(({ recording }) => (recording === undefined ? [] : [recording]));
}

/**
 * The notices that hold on a day, each cut into the pages of the reader: a paragraph is a page.
 *
 * @param today `YYYY-MM-DD`, Asia/Shanghai
 * @param soundOf where a paragraph's sound is had; undefined: there is none
 */
export function noticeTexts(
  notices: readonly Notice[],
  today: string,
  soundOf: (paragraph: Paragraph) => string | undefined,
): readonly NoticeText[] {
  return notices
    .filter(({ publishedOn, until }) => publishedOn <= today && (until ?? today) >= today)
    .map(({ kind, title, sections }) => ({
      kind,
      title,
      pages: sections.flatMap(({ heading, paragraphs }, index) =>
        paragraphs.map((paragraph): NoticePage => {
          const recording = soundOf(paragraph);
          const page = { section: index + 1, heading, text: paragraph.text };
          return recording === undefined ? page : { ...page, recording };
        }),
      ),
    }));
}
