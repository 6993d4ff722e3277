import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { ok } from '../../src/platform/result.ts';
import { shanghaiDate } from './calendar.ts';
import type { Answer, Handlers } from './call.ts';
import { NOTICE_TEXTS, type NoticeText } from './notice-texts.ts';
import { recordingFile } from './recordings.ts';
import { refuse } from './refusal.ts';

type Notice = Answer<'getNotice'>;

/** By recording id. */
const recordings = new Map<string, Uint8Array>();
const NOTICES: readonly Notice[] = NOTICE_TEXTS.map(noticeOf);

function noticeOf(text: NoticeText): Notice {
  const sections = text.sections.map(({ heading, paragraphs }, section) => ({
    heading,
    paragraphs: paragraphs.map((paragraph, index) => ({
      text: paragraph,
      ...recordingOf(recordingFile(text.noticeId, section + 1, index + 1)),
    })),
  }));
  const { noticeId, kind, title, publishedOn, until } = text;
  const head = { noticeId, kind, title, publishedOn, ...(until === undefined ? {} : { until }) };
  const whole = JSON.stringify({ head, sections });
  const revision = createHash('sha256').update(whole).digest('hex').slice(0, 16);
  return { ...head, revision, sections };
}

/** Only the offline code's own guide was read aloud; the others have no recording, as at any centre. */
function recordingOf(file: string): Pick<Notice['sections'][number]['paragraphs'][number], 'recording'> {
  if (!existsSync(file)) return {};
  const sound = readFileSync(file);
  const sha256 = createHash('sha256').update(sound).digest('hex');
  const recordingId = sha256.slice(0, 32);
  recordings.set(recordingId, sound);
  return { recording: { recordingId, sha256, bytes: sound.length } };
}

function isCurrent({ publishedOn, until }: Notice, nowMs: number): boolean {
  const today = shanghaiDate(nowMs);
  return publishedOn <= today && (until ?? today) >= today;
}

/** `GET /v1/notices`: those that are out and not over. */
export const listNotices: Handlers['listNotices'] = (_centre, { nowMs }) =>
  ok({ notices: NOTICES.filter((notice) => isCurrent(notice, nowMs)) });

/** `GET /v1/notices/{noticeId}` */
export const getNotice: Handlers['getNotice'] = (_centre, { params, nowMs }) => {
  const found = NOTICES.find(({ noticeId }) => noticeId === params.noticeId);
  return found !== undefined && isCurrent(found, nowMs) ? ok(found) : refuse('not-found');
};

/** `GET /v1/notices/{noticeId}/recordings/{recordingId}` */
export const getRecording: Handlers['getRecording'] = (_centre, { params }) => {
  const sound = recordings.get(params.recordingId);
  return sound === undefined ? refuse('not-found') : ok(sound);
};
