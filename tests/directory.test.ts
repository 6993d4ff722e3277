import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CentralClient } from '../src/central-api/client.ts';
import {
  createDirectory,
  type DirectoryParts,
  type DirectoryRefresh,
  type DirectoryService,
  type DirectorySource,
} from '../src/directory/directory.ts';
import { espeak } from '../src/directory/speech.ts';
import { systemClock } from '../src/platform/clock.ts';
import { systemRandom } from '../src/platform/random.ts';
import { err, ok } from '../src/platform/result.ts';
import { shanghaiDay } from '../src/platform/shanghai-day.ts';
import { openStore, type Store } from '../src/store/open-store.ts';
import { createManualClock } from './fixtures/manual-clock.ts';
import { SandboxCentre } from './fixtures/sandbox-centre.ts';

const PLACE = { latitude: 31.2311, longitude: 121.4702 };
const HOUR_MS = 3_600_000;
let folder = '';
const closers: (() => unknown)[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'directory-'));
});
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
  rmSync(folder, { recursive: true, force: true });
});

async function store(): Promise<Store> {
  const opened = await openStore({ directory: folder, clock: systemClock, random: systemRandom });
  if (!opened.ok) throw new Error(opened.error.kind);
  return opened.value;
}

function clientOf(centre: SandboxCentre): CentralClient {
  const client = centre.client();
  closers.push(() => client.close());
  return client;
}

/** A directory that has been started, and the outcome of each of its refreshes. */
function started(parts: Pick<DirectoryParts, 'source' | 'keeping'> & Partial<DirectoryParts>): {
  directory: DirectoryService;
  refreshed: () => Promise<DirectoryRefresh>;
} {
  const waiting: ((refresh: DirectoryRefresh) => void)[] = [];
  const done: DirectoryRefresh[] = [];
  const directory = createDirectory({
    clock: systemClock,
    random: systemRandom,
    kiosk: { id: 'kiosk-1', place: PLACE },
    refreshMs: 6 * HOUR_MS,
    today: () => shanghaiDay((parts.clock ?? systemClock).wallClockMs()),
    onRefresh: (refresh) => {
      const next = waiting.shift();
      if (next === undefined) done.push(refresh);
      else next(refresh);
    },
    ...parts,
  });
  directory.start();
  closers.push(() => {
    directory.stop();
  });
  return {
    directory,
    refreshed: () =>
      new Promise((resolve) => {
        const last = done.shift();
        if (last === undefined) waiting.push(resolve);
        else resolve(last);
      }),
  };
}

const namesOf = (directory: DirectoryService) =>
  directory.now().terminalPages.flatMap(({ terminals }) => terminals.map(({ name }) => name));
const titlesOf = (directory: DirectoryService) => directory.now().notices.map(({ title }) => title);

describe('over real HTTPS, in a real file', () => {
  test('what the sandbox centre says is shown, and is still there after a restart without network', async () => {
    const centre = await new SandboxCentre().start();
    const first = await store();
    const seen = started({ source: clientOf(centre), keeping: first.directory });
    expect(await seen.refreshed()).toMatchObject({ outcome: 'complete', terminals: 9 });
    const before = seen.directory.now();
    expect(namesOf(seen.directory).slice(0, 3)).toEqual([
      '银杏里邻里汇',
      '长乐社区服务中心',
      '荷花池公园东门',
    ]);
    // 梧桐地铁站 is out of service.
    expect(namesOf(seen.directory)).toHaveLength(8);
    expect(titlesOf(seen.directory)).toContain('加装电梯提取公积金');
    expect(titlesOf(seen.directory)[0]).toBe('离线码怎么领、怎么用');
    const sounds = before.notices[0]?.pages.map(({ recording }) => recording ?? '') ?? [];
    expect(new Set(sounds).size).toBe(7);
    for (const sound of sounds) {
      const bytes = await seen.directory.recording(sound);
      expect(
        createHash('sha256')
          .update(bytes ?? '')
          .digest('hex'),
      ).toBe(sound);
    }
    seen.directory.stop();
    first.close();
    await centre.stop();

    const second = await store();
    closers.push(() => {
      second.close();
    });
    const offline = started({ source: clientOf(centre), keeping: second.directory });
    expect(offline.directory.now()).toEqual(before);
    expect(await offline.refreshed()).toEqual({
      outcome: 'failed',
      terminals: 9,
      notices: before.notices.length,
    });
    expect(offline.directory.now()).toEqual(before);
    expect(await offline.directory.recording(sounds[0] ?? '')).toBeDefined();
  }, 30_000);
});

const TERMINALS = {
  terminals: [
    { ...PLACE, terminalId: 't1', name: '甲', address: '甲路', openingHours: '9:00', inService: true },
  ],
};
const SOUND = new TextEncoder().encode('OggS and what follows');
const SHA = createHash('sha256').update(SOUND).digest('hex');
const noticeOf = (noticeId: string, revision: string, recording?: string) => ({
  noticeId,
  revision,
  kind: 'guide',
  title: `${noticeId} ${revision}`,
  publishedOn: '2026-01-01',
  sections: [
    {
      heading: '谁',
      paragraphs: [
        {
          text: '谁都可以。',
          ...(recording === undefined ? {} : { recording: { recordingId: 'r', sha256: recording } }),
        },
      ],
    },
  ],
});

/** A centre whose answers the test sets, and what it was asked. */
function centreByHand() {
  const asked: string[] = [];
  const answers = {
    terminals: ok(TERMINALS) as Awaited<ReturnType<DirectorySource['terminals']>>,
    notices: [noticeOf('a', '1'), noticeOf('b', '1')] as readonly ReturnType<typeof noticeOf>[],
    notice: (id: string): Awaited<ReturnType<DirectorySource['notice']>> => {
      const found = answers.notices.find(({ noticeId }) => noticeId === id);
      return found === undefined ? err('not-found') : ok(found);
    },
    recording: ok(SOUND) as Awaited<ReturnType<DirectorySource['recording']>>,
    reachable: true,
  };
  const answer = <T>(what: string, value: () => T): Promise<T> => {
    asked.push(what);
    return Promise.resolve(answers.reachable ? value() : (err('unreachable') as T));
  };
  const source: DirectorySource = {
    terminals: () => answer('terminals', () => answers.terminals),
    notices: () => answer('notices', () => ok({ notices: answers.notices })),
    notice: (id) => answer(`notice ${id}`, () => answers.notice(id)),
    recording: (id) => answer(`recording ${id}`, () => answers.recording),
  };
  return { source, asked, answers };
}

async function byHand(rest: Partial<DirectoryParts> = {}) {
  const clock = createManualClock();
  const kept = await store();
  closers.push(() => {
    kept.close();
  });
  const centre = centreByHand();
  const { directory } = started({
    source: centre.source,
    keeping: kept.directory,
    clock,
    random: { ...systemRandom, fraction: () => 0.5 },
    ...rest,
  });
  await clock.settle();
  return { ...centre, clock, directory, kept };
}

describe('what is refused', () => {
  test('leaves what was there before, and everything else is taken over', async () => {
    const { answers, clock, directory } = await byHand();
    expect([namesOf(directory), titlesOf(directory)]).toEqual([['甲'], ['a 1', 'b 1']]);
    answers.terminals = ok({ terminals: [{ ...TERMINALS.terminals[0], latitude: 400 }] });
    answers.notices = [noticeOf('a', '2'), noticeOf('b', '2'), noticeOf('c', '1')];
    answers.notice = (id) => (id === 'a' ? ok({ nonsense: true }) : ok(answers.notices[id === 'b' ? 1 : 2]));
    await clock.advance(6 * HOUR_MS);
    expect([namesOf(directory), titlesOf(directory)]).toEqual([['甲'], ['a 1', 'b 2', 'c 1']]);
    // Another notice than was asked for is no answer.
    answers.notice = () => ok(answers.notices[2]);
    await clock.advance(60_000);
    expect(titlesOf(directory)).toEqual(['a 1', 'b 2', 'c 1']);
  });

  test('keeps no recording of another notice away', async () => {
    const { answers, clock, directory } = await byHand();
    answers.notices = [noticeOf('a', '2'), noticeOf('b', '2', SHA)];
    answers.notice = (id) => ok(id === 'a' ? { nonsense: true } : answers.notices[1]);
    await clock.advance(6 * HOUR_MS);
    expect(directory.now().notices.map(({ pages }) => pages[0]?.recording)).toEqual([undefined, SHA]);
  });

  test('is a list that is too long', async () => {
    const { answers, clock, directory } = await byHand();
    answers.terminals = ok({ terminals: Array.from({ length: 101 }, () => TERMINALS.terminals[0]) });
    await clock.advance(6 * HOUR_MS);
    expect(namesOf(directory)).toEqual(['甲']);
  });

  test('is a recording that is not what its notice says, or too long', async () => {
    const { answers, clock, directory, kept } = await byHand();
    const large = new Uint8Array(400_001);
    const sums = [SHA, createHash('sha256').update(large).digest('hex')];
    answers.notices = [noticeOf('a', '2', sums[0]), noticeOf('b', '2', sums[1])];
    answers.recording = ok(new TextEncoder().encode('OggS of somebody else'));
    await clock.advance(6 * HOUR_MS);
    expect(directory.now().notices.flatMap(({ pages }) => pages.map(({ recording }) => recording))).toEqual([
      undefined,
      undefined,
    ]);
    answers.recording = ok(large);
    await clock.advance(60_000);
    expect(kept.directory.recordings.has(sums[1] ?? '')).toBe(false);
    answers.recording = ok(SOUND);
    await clock.advance(120_000);
    expect(directory.now().notices[0]?.pages[0]?.recording).toBe(SHA);
    expect(await directory.recording(SHA)).toEqual(Buffer.from(SOUND));
  });

  test('is what an earlier or damaged cache holds, without an end', async () => {
    const kept = await store();
    kept.directory.put('terminals', { terminals: 'many' });
    kept.directory.put('notices', [1, 2, 3]);
    const centre = centreByHand();
    centre.answers.reachable = false;
    const { directory } = started({ source: centre.source, keeping: kept.directory });
    expect(directory.now()).toEqual({ terminalPages: [], notices: [] });
    directory.stop();
    kept.close();
  });
});

describe('how often the centre is asked', () => {
  test('once in refreshHours while all is well, and only for notices that have changed', async () => {
    const { asked, answers, clock } = await byHand();
    expect(asked).toEqual(['terminals', 'notices', 'notice a', 'notice b']);
    asked.length = 0;
    await clock.advance(6 * HOUR_MS - 1);
    expect(asked).toEqual([]);
    answers.notices = [noticeOf('a', '1'), noticeOf('b', '2')];
    await clock.advance(1);
    expect(asked).toEqual(['terminals', 'notices', 'notice b']);
  });

  test('after a failure in a minute, then in twice as long, never more seldom than hourly', async () => {
    const { asked, answers, clock } = await byHand();
    answers.reachable = false;
    await clock.advance(6 * HOUR_MS);
    const gaps: number[] = [];
    let lastMs = clock.monotonicMs();
    asked.length = 0;
    for (let minutes = 0; minutes < 360; minutes += 1) {
      await clock.advance(60_000);
      if (!asked.includes('terminals')) continue;
      gaps.push((clock.monotonicMs() - lastMs) / 60_000);
      lastMs = clock.monotonicMs();
      asked.length = 0;
    }
    expect(gaps).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
  });

  test('a minute after the centre answers again, however long it was away', async () => {
    const { asked, answers, clock, directory } = await byHand();
    answers.reachable = false;
    await clock.advance(12 * HOUR_MS);
    answers.reachable = true;
    asked.length = 0;
    directory.centreReachable();
    directory.centreReachable();
    await clock.advance(60_000);
    expect(asked).toEqual(['terminals', 'notices']);
    directory.centreReachable();
    await clock.advance(60_000);
    expect(asked).toEqual(['terminals', 'notices']);
  });

  test('a minute later where the disk would not keep what came, and what was shown stays', async () => {
    const { answers, asked, clock, directory, kept } = await byHand();
    answers.notices = [noticeOf('a', '1', SHA), noticeOf('b', '1')];
    kept.close();
    asked.length = 0;
    await clock.advance(6 * HOUR_MS);
    expect(asked).toEqual(['terminals']);
    expect([namesOf(directory), titlesOf(directory)]).toEqual([['甲'], ['a 1', 'b 1']]);
    await clock.advance(60_000);
    expect(asked).toEqual(['terminals', 'terminals']);
  });

  test('never again once it is stopped', async () => {
    const { clock, directory } = await byHand();
    directory.stop();
    expect(clock.pendingTasks()).toBe(0);
  });
});

test('a notice ends at midnight in Shanghai, network or not, and whoever listens is told once', async () => {
  const { answers, clock, directory } = await byHand();
  answers.notices = [{ ...noticeOf('a', '2'), until: '2026-11-22' } as ReturnType<typeof noticeOf>];
  await clock.advance(6 * HOUR_MS);
  expect(titlesOf(directory)).toEqual(['a 2']);
  answers.reachable = false;
  const told: number[] = [];
  directory.onChange(({ notices }) => told.push(notices.length));
  // 2026-11-22T00:00Z is 8 in the morning there.
  await clock.advance(10 * HOUR_MS - 1);
  expect(told).toEqual([]);
  await clock.advance(600_001);
  expect([titlesOf(directory), told]).toEqual([[], [0]]);
});

describe('read aloud', () => {
  test('is by the centre’s recording where there is one, else by this machine where it can speak', async () => {
    const said: string[] = [];
    const speak = (text: string) => {
      said.push(text);
      return Promise.resolve(new TextEncoder().encode('RIFF'));
    };
    const { answers, clock, directory } = await byHand({ speak });
    answers.notices = [noticeOf('a', '2', SHA), noticeOf('b', '1')];
    await clock.advance(6 * HOUR_MS);
    const [recorded, spoken] = directory.now().notices.map(({ pages }) => pages[0]?.recording ?? '');
    expect(recorded).toBe(SHA);
    expect(await directory.recording(spoken ?? '')).toEqual(new TextEncoder().encode('RIFF'));
    expect(said).toEqual(['谁都可以。']);
    expect(await directory.recording('text-of-nothing')).toBeUndefined();
    expect(await directory.recording("' OR 1=1 --")).toBeUndefined();
  });

  test('by espeak-ng is a sound of about the right length; a machine without it stays silent', async () => {
    const text = '到期以后，请带身份证再领一张，一共 180 天。';
    expect(await espeak('no-such-program')(text)).toBeUndefined();
    // A program that says something else than a sound.
    expect(await espeak('cat')(text)).toBeUndefined();
    const wave = Buffer.from((await espeak()(text)) ?? []);
    if (wave.length === 0) {
      process.stderr.write('speech at run time not heard: no espeak-ng\n');
      return;
    }
    const bytesPerSecond = wave.readUInt32LE(28);
    const syllables = 22;
    expect(wave.subarray(8, 12).toString()).toBe('WAVE');
    const seconds = (wave.length - 44) / bytesPerSecond;
    expect(seconds).toBeGreaterThan((syllables / 250) * 60);
    expect(seconds).toBeLessThan((syllables / 110) * 60);
  });
});
