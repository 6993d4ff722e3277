import { beforeAll, expect, test } from 'vitest';
import { PAPERS, printSlips, SAMPLE_SLIP } from './fixtures/printed-slips.ts';
import type { SlipPicture } from './fixtures/slip-picture.ts';
import { wearAndRead, type LevelReport } from './slip-wear/wear-run.ts';

const TOKEN = SAMPLE_SLIP.token;
/** One at each distance. */
const N = 3;

let picture: SlipPicture;
let levels: readonly LevelReport[];
beforeAll(async () => {
  const [slip] = await printSlips(PAPERS[0], false, [SAMPLE_SLIP]);
  if (slip === undefined) throw new Error('no slip came out');
  picture = slip.picture;
  levels = await wearAndRead(picture, TOKEN, { n: N, seed: 1 });
}, 120_000);

const at = (name: LevelReport['level']) => levels.find(({ level }) => level === name);

test('a fresh slip is read however it is held', () => {
  expect(at('L0')).toMatchObject({ n: N, readEither: 1 });
});

test('wear takes its toll: what months do to a slip is seen by the decoders', () => {
  const single = levels.map(({ decoders }) => decoders.zbar + decoders.zxing);
  expect(single[3]).toBeLessThan(single[0] ?? 0);
});

test('the same seed wears and looks the same', async () => {
  const looks = async (seed: number) => {
    const seen: number[] = [];
    const onPhotograph = (_name: string, { grey }: { grey: Uint8ClampedArray }) => {
      seen.push(grey.reduce((sum, level, place) => (sum + level * (place % 9_973)) % 2_147_483_647, 0));
    };
    await wearAndRead(picture, TOKEN, { n: 1, seed, onPhotograph });
    return seen;
  };
  const once = await looks(1);
  expect(await looks(1)).toEqual(once);
  expect(await looks(2)).not.toEqual(once);
}, 60_000);
