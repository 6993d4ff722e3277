import { mkdtempSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { machinePhoto } from '../sandbox/gallery/machine-photo.ts';
import { readMachinePictures } from '../src/configuration/machine-pictures.ts';
import { galleryOfTests } from './fixtures/gallery-of-tests.ts';

const png = machinePhoto('slot') ?? new Uint8Array();
const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 0x10]);
const webp = Buffer.from('RIFF\0\0\0\0WEBPVP8 ', 'latin1');

const folder = () => mkdtempSync(path.join(tmpdir(), 'machine-'));

test('each part is known by its file’s name, and its kind by its first bytes', () => {
  const directory = folder();
  writeFileSync(path.join(directory, 'cardReader.jpg'), jpeg);
  writeFileSync(path.join(directory, 'scanner.jpg'), png);
  writeFileSync(path.join(directory, 'slot'), webp);
  const { pictures, unusable } = readMachinePictures(directory);
  expect([...pictures].map(([part, { type }]) => [part, type])).toEqual([
    ['cardReader', 'image/jpeg'],
    ['scanner', 'image/png'],
    ['slot', 'image/webp'],
  ]);
  expect(pictures.get('scanner')?.bytes).toEqual(new Uint8Array(png));
  expect(unusable).toEqual([]);
});

test('what cannot be shown is named with its reason, and the rest is shown', () => {
  const directory = folder();
  writeFileSync(path.join(directory, 'window.png'), png);
  writeFileSync(path.join(directory, 'reader.png'), png);
  writeFileSync(path.join(directory, 'slot.png'), '<svg onload="alert(1)"/>');
  writeFileSync(path.join(directory, 'scanner.png'), png);
  truncateSync(path.join(directory, 'scanner.png'), 4 * 1024 * 1024 + 1);
  mkdirSync(path.join(directory, 'cardReader'));
  const { pictures, unusable } = readMachinePictures(directory);
  expect([...pictures.keys()]).toEqual(['window']);
  expect(unusable).toEqual([
    { file: 'cardReader', why: 'unreadable' },
    { file: 'reader.png', why: 'unknown-name' },
    { file: 'scanner.png', why: 'too-large' },
    { file: 'slot.png', why: 'no-picture' },
  ]);
});

test('a folder that is not there is one finding', () => {
  const directory = path.join(folder(), 'gone');
  expect(readMachinePictures(directory)).toEqual({
    pictures: new Map(),
    unusable: [{ file: directory, why: 'unreadable' }],
  });
});

const gallery = galleryOfTests({ photos: true });

test.each([
  ['present-id-card', 'cardReader', 1],
  ['present-suishen-code', 'scanner', 1],
  ['take-slip', 'slot', 1],
  ['printing', 'slot', 0],
])('on %s the photo of this machine’s %s is shown, with %d arrow', async (view, part, arrows) => {
  await gallery.show(view);
  const photo = gallery.page.locator('.drawing image');
  expect(await photo.getAttribute('href')).toBe(`./machine/${part}.png`);
  const file = new URL(`machine/${part}.png`, gallery.page.url());
  expect((await gallery.page.request.get(file.href)).headers()['content-type']).toBe('image/png');
  expect(await gallery.page.locator('.drawing use[href$="#arrow"]').count()).toBe(arrows);
});

test('a part without a photo is drawn', async () => {
  await gallery.show('help');
  expect(await gallery.page.locator('.drawing use[href$="#service-window"]').count()).toBe(1);
  expect(gallery.complaints).toEqual([]);
});
