import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Cancel, Clock } from '../platform/clock.ts';
import type { RandomSource } from '../platform/random.ts';
import type { Result } from '../platform/result.ts';
import type { Directory } from '../view/directory-view.ts';
import {
  noticeTexts,
  readKeptNotices,
  readNotice,
  readNoticeHeads,
  recordingsOf,
  type Notice,
} from './notices.ts';
import type { Place } from './places.ts';
import type { SpeakText } from './speech.ts';
import { readTerminals, terminalPages, type Terminal } from './terminals.ts';

/** Where the lists come from: the centre. Never rejects; what an error is does not matter here. */
export interface DirectorySource {
  terminals(near: Place | undefined): Promise<Result<unknown, unknown>>;
  notices(): Promise<Result<unknown, unknown>>;
  notice(noticeId: string): Promise<Result<unknown, unknown>>;
  recording(noticeId: string, recordingId: string): Promise<Result<Uint8Array, unknown>>;
}

/** Where the lists are kept for days without network (`store`'s `DirectoryCache`). */
export interface DirectoryKeeping {
  get(list: 'terminals' | 'notices'): unknown;
  put(list: 'terminals' | 'notices', content: unknown): void;
  readonly recordings: {
    get(sha256: string): Uint8Array | undefined;
    has(sha256: string): boolean;
    put(sha256: string, sound: Uint8Array): void;
    keepOnly(sha256s: readonly string[]): void;
  };
}

/** What became of one look at the centre, for the log. `failed`: something was not to be had, or not what it should be. */
export interface DirectoryRefresh {
  readonly outcome: 'complete' | 'failed';
  readonly terminals: number;
  readonly notices: number;
}

export interface DirectoryParts {
  readonly source: DirectorySource;
  readonly keeping: DirectoryKeeping;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly kiosk: { readonly id: string; readonly place?: Place | undefined };
  /** Between two looks at the centre that found everything, ms. */
  readonly refreshMs: number;
  /** The centre's day, `YYYY-MM-DD`: until when a notice stands. */
  readonly today: () => string;
  /** Reads aloud what has no recording; absent: it stays unread. */
  readonly speak?: SpeakText | undefined;
  readonly onRefresh: (refresh: DirectoryRefresh) => void;
}

/** What the kiosk can tell everybody: other terminals and notices. */
export interface DirectoryService {
  now(): Directory;
  /** Called with each new state of it. */
  onChange(listener: (directory: Directory) => void): Cancel;
  /** The sound behind a page's `recording`, Ogg or WAV; undefined: there is none (any more). */
  recording(ref: string): Promise<Uint8Array | undefined>;
  start(): void;
  /** The centre answers again: what failed is not waited for any longer. */
  centreReachable(): void;
  stop(): void;
}

/** After a failure, ms, doubled each time up to the longest. */
const RETRY_MS = { first: 60_000, longest: 3_600_000 };
/** By so much more or less: a whole city's kiosks were started by the same power cut. */
const JITTER = 0.2;
/** A notice ends at midnight even without network. */
const LOOK_AT_THE_DAY_MS = 600_000;
const LARGEST_RECORDING = 400_000;

/**
 * Keeps the lists fresh. What is not what it should be is refused, and what was there before stays, in SQLite, until something
 * better comes.
 */
export function createDirectory(parts: DirectoryParts): DirectoryService {
  const { source, keeping, clock, random, kiosk } = parts;
  const listeners = new Set<(directory: Directory) => void>();
  let terminals: readonly Terminal[] = readTerminals(keeping.get('terminals')) ?? [];
  let notices: readonly Notice[] = readKeptNotices(keeping.get('notices')) ?? [];
  let failures = 0;
  let refreshing = false;
  let stopped = false;
  let cancelRefresh: Cancel = () => undefined;
  let cancelDay: Cancel = () => undefined;
  let shown = directoryNow();

  function isKept(sha256: string): boolean {
    try {
      return keeping.recordings.has(sha256);
    } catch {
      // A disk that fails has no sound either.
      return false;
    }
  }

  function directoryNow(): Directory {
    return {
      terminalPages: terminalPages(terminals, kiosk),
      notices: noticeTexts(notices, parts.today(), ({ text, recording }) => {
        if (recording !== undefined && isKept(recording.sha256)) return recording.sha256;
        return parts.speak && refOfText(text);
      }),
    };
  }

  function publish(): void {
    const next = directoryNow();
    if (isDeepStrictEqual(next, shown)) return;
    shown = next;
    for (const listener of listeners) listener(next);
  }

  async function refreshTerminals(): Promise<boolean> {
    const answer = await source.terminals(kiosk.place);
    const read = answer.ok ? readTerminals(answer.value) : undefined;
    if (read === undefined || stopped) return false;
    terminals = read;
    keeping.put('terminals', { terminals: read });
    return true;
  }

  /** A notice that cannot be had keeps the form it had; all others are taken over. */
  async function refreshNotices(): Promise<boolean> {
    const answer = await source.notices();
    const heads = answer.ok ? readNoticeHeads(answer.value) : undefined;
    if (heads === undefined) return false;
    const next: Notice[] = [];
    let complete = true;
    for (const { noticeId, revision } of heads) {
      const before = notices.find((notice) => notice.noticeId === noticeId);
      const fetched = before?.revision === revision ? before : await fetchNotice(noticeId);
      complete &&= fetched !== undefined;
      const notice = fetched ?? before;
      if (notice !== undefined) next.push(notice);
    }
    if (stopped) return false;
    notices = next;
    keeping.put('notices', { notices: next });
    return (await refreshRecordings()) && complete;
  }

  async function fetchNotice(noticeId: string): Promise<Notice | undefined> {
    const answer = await source.notice(noticeId);
    const notice = answer.ok ? readNotice(answer.value) : undefined;
    return notice?.noticeId === noticeId ? notice : undefined;
  }

  async function refreshRecordings(): Promise<boolean> {
    let complete = true;
    for (const notice of notices) {
      for (const { recordingId, sha256 } of recordingsOf(notice)) {
        if (keeping.recordings.has(sha256)) continue;
        const answer = await source.recording(notice.noticeId, recordingId);
        if (stopped) return false;
        const sound = answer.ok && isRecording(answer.value, sha256) ? answer.value : undefined;
        if (sound === undefined) complete = false;
        else keeping.recordings.put(sha256, sound);
      }
    }
    keeping.recordings.keepOnly(notices.flatMap(recordingsOf).map(({ sha256 }) => sha256));
    return complete;
  }

  async function lookAtAll(): Promise<boolean> {
    try {
      const gotTerminals = await refreshTerminals();
      return (await refreshNotices()) && gotTerminals;
    } catch {
      // A disk that is full or failing: the journal finds that out for itself, and nobody is sent away for a list.
      return false;
    }
  }

  async function refresh(): Promise<void> {
    if (refreshing || stopped) return;
    refreshing = true;
    cancelRefresh();
    const complete = await lookAtAll();
    refreshing = false;
    if (stopped) return;
    failures = complete ? 0 : failures + 1;
    publish();
    parts.onRefresh({
      outcome: complete ? 'complete' : 'failed',
      terminals: terminals.length,
      notices: notices.length,
    });
    refreshAfter(
      complete ? parts.refreshMs : Math.min(RETRY_MS.longest, RETRY_MS.first * 2 ** (failures - 1)),
    );
  }

  function refreshAfter(delayMs: number): void {
    const jittered = delayMs * (1 - JITTER + 2 * JITTER * random.fraction());
    cancelRefresh = clock.schedule(jittered, () => void refresh());
  }

  function lookAtTheDay(): void {
    publish();
    cancelDay = clock.schedule(LOOK_AT_THE_DAY_MS, lookAtTheDay);
  }

  async function spoken(ref: string): Promise<Uint8Array | undefined> {
    const texts = notices.flatMap(({ sections }) => sections.flatMap(({ paragraphs }) => paragraphs));
    const text = texts.find((paragraph) => refOfText(paragraph.text) === ref)?.text;
    return text === undefined ? undefined : parts.speak?.(text);
  }

  return {
    now: () => shown,
    onChange(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    recording: async (ref) => keeping.recordings.get(ref) ?? (await spoken(ref)),
    start() {
      void refresh();
      lookAtTheDay();
    },
    centreReachable() {
      // After an outage all kiosks would come at once, and a while later is as good.
      if (failures > 0 && !refreshing && !stopped) {
        failures = 1;
        cancelRefresh();
        refreshAfter(RETRY_MS.first);
      }
    },
    stop() {
      stopped = true;
      cancelRefresh();
      cancelDay();
    },
  };
}

function isRecording(sound: Uint8Array, sha256: string): boolean {
  return sound.length <= LARGEST_RECORDING && createHash('sha256').update(sound).digest('hex') === sha256;
}

/** Names a paragraph that is read aloud by this machine. */
function refOfText(text: string): string {
  return `text-${createHash('sha256').update(text).digest('hex')}`;
}
