import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../src/platform/clock.ts';
import { systemRandom } from '../src/platform/random.ts';
import { openStore } from '../src/store/open-store.ts';
import { BEGUN } from './fixtures/journal-operation.ts';
import { seeded } from './simulation/seeded.ts';
import type { Image } from './powercut/disk-model.ts';
import { judge } from './powercut/judge.ts';
import type { Move } from './powercut/moves.ts';
import { imageOf } from './powercut/traced-run.ts';
import type { Truth } from './powercut/world-at-cut.ts';

const OP = '10000000-0000-4000-8000-000000000001';

/** A whole issuance that came to its slip, as the agent's log tells it. */
const MOVES: readonly Move[] = (
  [
    ['NONE', 'INTENT', 'begin'],
    ['INTENT', 'RESERVED', 'reserved'],
    ['RESERVED', 'PRINTING', 'proceed'],
    ['PRINTING', 'PRINTED', 'proof'],
    ['PRINTED', 'ACTIVATING', 'proceed'],
    ['ACTIVATING', 'ACTIVE', 'activated'],
    ['ACTIVE', 'FOOTER', 'proceed'],
    ['FOOTER', 'DONE', 'proof'],
  ] as const
).map(([from, to, trigger]) => ({ event: 'issuance.transition', opId: OP, from, to, trigger }));

const TRUTH: Truth = {
  hadCode: new Set(['somebody']),
  operations: new Map([
    [
      OP,
      {
        person: 'somebody',
        kind: 'reissue',
        reserved: true,
        activated: true,
        body: 'all',
        footer: 'all',
        state: 'active',
        delivery: 'cut',
      },
    ],
  ]),
};

let directory = '';
/** The disk after each of the moves. */
const images: Image[] = [];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'powercut-judge-'));
  const data = join(directory, 'written');
  const opened = await openStore({ directory: data, clock: systemClock, random: systemRandom });
  if (!opened.ok) throw new Error(opened.error.kind);
  const { journal } = opened.value;
  images.length = 0;
  for (const { from, to } of MOVES) {
    if (from === 'NONE') journal.insert({ ...BEGUN, opId: OP });
    else if (to !== 'CLOSED') journal.move(OP, from, to, {});
    images.push(imageOf(data) ?? new Map());
  }
  opened.value.close();
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** The disk after so many moves, when so many were acknowledged. */
function verdict(
  onDisk: number,
  acknowledged: number,
  image = images[onDisk - 1] ?? new Map<string, Buffer>(),
) {
  return judge(image, join(directory, 'image'), { moves: MOVES, acknowledged, truth: TRUTH }, seeded(1));
}

test.for(MOVES.map(({ to }, at) => [at + 1, to] as const))(
  'a disk that knows what was acknowledged (%i: %s), or one move more, is sound and recovers rightly',
  async ([moves]) => {
    expect(await verdict(moves, moves)).toEqual({ lostCommits: 0, corrupt: null, wrong: [] });
    expect(await verdict(moves, moves - 1)).toEqual({ lostCommits: 0, corrupt: null, wrong: [] });
  },
);

test('a disk that has forgotten acknowledged moves is found out, and what that does to somebody with a slip', async () => {
  expect(await verdict(1, 2)).toMatchObject({ lostCommits: 1, corrupt: null });
  const late = await verdict(6, 8);
  expect(late).toMatchObject({ lostCommits: 2, corrupt: null });
  expect(late.wrong).toContain(`P22: the slip of ${OP} is void`);
});

test('a disk that knows what never was is found out', async () => {
  expect((await verdict(5, 2)).wrong).toContain('the journal is none that ever was');
});

test('a disk whose database is damaged is found out', async () => {
  const sound = images.at(-1) ?? new Map<string, Buffer>();
  const image = new Map([...sound, ['kiosk.db', Buffer.alloc(8_192, 0xa5)]]);
  expect((await verdict(8, 8, image)).corrupt).not.toBeNull();
});
