import { beforeAll, expect, test } from 'vitest';
import { PAPERS, printSlips, SAMPLE_SLIP } from './fixtures/printed-slips.ts';
import type { GreyPicture, SlipPicture } from './fixtures/slip-picture.ts';
import { WEAR_LEVELS, type WearLevel } from './slip-wear/wear-levels.ts';
import { wearAndRead, type LevelReport } from './slip-wear/wear-run.ts';

const { token } = SAMPLE_SLIP;
/** One at each distance; more of them are worn in a layer of its own (`npm run slip`). */
const N = 3;

let picture: SlipPicture;
beforeAll(async () => {
  const [slip] = await printSlips(PAPERS[0], false, [SAMPLE_SLIP]);
  if (slip === undefined) throw new Error('no slip came out');
  picture = slip.picture;
}, 60_000);

function levelOf(name: WearLevel['name']): WearLevel {
  const level = WEAR_LEVELS.find((one) => one.name === name);
  if (level === undefined) throw new Error(`no level ${name}`);
  return level;
}

const worn = (name: WearLevel['name']): Promise<LevelReport> =>
  wearAndRead(picture, { token, level: levelOf(name), n: N, seed: 1 });

test('a fresh slip is read however it is held, a worn one less: the decoders see what months do to it', async () => {
  const fresh = await worn('L0');
  expect(fresh).toMatchObject({ n: N, readEither: 1 });
  const { decoders } = await worn('L3');
  expect(decoders.zbar + decoders.zxing).toBeLessThan(fresh.decoders.zbar + fresh.decoders.zxing);
}, 60_000);

test('what is not on the slip is not read', async () => {
  const other = `${token.slice(0, -1)}Z`;
  const report = await wearAndRead(picture, { token: other, level: levelOf('L0'), n: 1, seed: 1 });
  expect(report).toMatchObject({ readEither: 0, decoders: { zbar: 0, zxing: 0 } });
}, 60_000);

test('the same seed wears and looks the same', async () => {
  const looks = async (seed: number) => {
    const seen: number[] = [];
    const onPhotograph = (_name: string, { grey }: GreyPicture) => {
      seen.push(grey.reduce((sum, level, place) => (sum + level * (place % 9_973)) % 2_147_483_647, 0));
    };
    await wearAndRead(picture, { token, level: levelOf('L3'), n: 1, seed, onPhotograph });
    return seen;
  };
  const once = await looks(1);
  expect(await looks(1)).toEqual(once);
  expect(await looks(2)).not.toEqual(once);
}, 60_000);
