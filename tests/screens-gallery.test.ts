import { expect, test } from 'vitest';
import { GALLERY_VIEWS } from '../sandbox/gallery/views.ts';
import { everyView, lookOf } from './fixtures/every-look.ts';

const shown = new Map(Object.entries(GALLERY_VIEWS).map(([name, view]) => [lookOf(view), name]));
const reached = everyView().then((views) => new Set(views.map(lookOf)));

test('whatever the session can show has its place in the gallery', { timeout: 120_000 }, async () => {
  expect([...(await reached)].filter((look) => !shown.has(look))).toEqual([]);
});

test('the gallery shows nothing that the session cannot show', { timeout: 120_000 }, async () => {
  const looks = await reached;
  expect([...shown].filter(([look]) => !looks.has(look)).map(([, name]) => name)).toEqual([]);
});
