/**
 * Takes a picture of every screen, in every setting and through other eyes, and puts them on contact sheets; an OCR reads title,
 * main key and sentences of each.
 *
 *   npm run screens -- [--eyes plain aged …] [--languages zh-CN en zh-Hant] [--only TEXT] [--every N] [--pictures FOLDER]
 *     [--sheets FOLDER] [--read] [--json] [--out FILE]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command, Option } from 'commander';
import { PNG } from 'pngjs';
import { CITIZEN_LANGUAGES, type CitizenLanguage } from '../src/copy/citizen-languages.ts';
import { SETTINGS, type Setting } from '../tests/a11y/axe-looks.ts';
import { contactSheet, type SheetPicture } from '../tests/a11y/contact-sheet.ts';
import { EYES, lookThrough, type Eyes } from '../tests/a11y/eyes.ts';
import { pieceOf, unreadByMachine, type PieceOfText } from '../tests/a11y/read-aloud.ts';
import { openGallery } from '../tests/fixtures/open-gallery.ts';
import { lookAt, LOOKS } from '../tests/fixtures/own-dialogs.ts';
import { wholeNumber } from './whole-number.ts';

const options = new Command('screens')
  .addOption(new Option('--eyes <names...>', 'whose eyes').choices(EYES).default(['plain']))
  .addOption(
    new Option('--languages <names...>', 'in which languages').choices(CITIZEN_LANGUAGES).default(['zh-CN']),
  )
  .option('--only <text>', 'only screens with this in their name', '')
  .option(
    '--every <n>',
    'of the screens, each n-th in each setting through each pair of eyes, others in the next',
    wholeNumber(1),
    1,
  )
  .option('--pictures <folder>', 'the pictures', 'var/screens')
  .option('--sheets <folder>', 'one sheet for each setting and pair of eyes; else beside the pictures')
  .option('--read', 'an OCR reads each picture', false)
  .option('--json', 'one JSON object on standard output', false)
  .option('--out <file>', 'writes the JSON object there as well')
  .parse()
  .opts<{
    eyes: readonly Eyes[];
    languages: readonly CitizenLanguage[];
    only: string;
    every: number;
    pictures: string;
    sheets?: string;
    read: boolean;
    json: boolean;
    out?: string;
  }>();

const names = LOOKS.filter((name) => name.includes(options.only));
/** On a sheet: as wide as it can be read, so many that a sheet is no longer than it is wide. */
const SHEET = { portrait: { widthPx: 216, columns: 12 }, landscape: { widthPx: 384, columns: 8 } } as const;
/** Title, main key and sentences, each read by itself, as eyes go from one to the next. */
const PIECES = '.title, .attract-title, .key.primary .big-button-label, .body';
/** So long icons may take after the words, ms. */
const ICONS_MS = 100;

interface Piece extends PieceOfText {
  readonly screen: string;
}

interface Unread {
  readonly where: string;
  readonly what: string;
  readonly share: number;
}
const unread: Unread[] = [];
let looks = 0;
let pictures = 0;
let texts = 0;
const gallery = await openGallery();
try {
  for (const setting of SETTINGS.filter(({ language }) => options.languages.includes(language))) {
    await gallery.setUp(setting);
    // The drawings come with the first screen that has one.
    for (const name of ['attract', 'home']) await gallery.show(name);
    await gallery.page.waitForLoadState('networkidle');
    for (const seen of options.eyes) {
      const turn = looks % options.every;
      looks += 1;
      const chosen = names.filter((_name, at) => at % options.every === turn);
      await takeAll(setting, seen, chosen);
    }
  }
} finally {
  await gallery.close();
}
const report = {
  screens: names.length,
  pictures,
  texts,
  unread: unread.length,
  examples: unread.map(({ where, what, share }) => `${where}: ${what} (${Math.round(share * 100)} %)`),
};
const json = JSON.stringify(report);
if (options.out !== undefined) writeFileSync(options.out, json);
if (options.json) console.log(json);
else {
  for (const example of report.examples) console.log(`✗ ${example}`);
  console.log(
    `${pictures} pictures of ${names.length} screens${options.read ? `, ${unread.length} of ${texts} texts not read` : ''}`,
  );
}
process.exit((options.read ? texts : pictures) > 0 && unread.length === 0 ? 0 : 1);

async function takeAll(setting: Setting, seen: Eyes, chosen: readonly string[]): Promise<void> {
  const { language, orientation, size } = setting;
  const where = `${language}-${orientation}-${size}-${seen}`;
  console.error(`… ${where}`);
  const folder = path.join(options.pictures, where);
  mkdirSync(folder, { recursive: true });
  const taken: SheetPicture[] = [];
  const pieces: Piece[] = [];
  for (const name of chosen) {
    await lookAt(gallery, name, async () => {
      await lookThrough(gallery, seen);
      // Icons are parts of another file: on a busy machine they come a moment after the words.
      await gallery.page.waitForTimeout(ICONS_MS);
      const png = await gallery.page.screenshot();
      writeFileSync(path.join(folder, `${name}.png`), png);
      taken.push({ name, png });
      if (options.read) pieces.push(...(await piecesOf({ name, png })));
    });
  }
  pictures += taken.length;
  texts += pieces.length;
  for (const { piece, share } of unreadByMachine(pieces, language))
    unread.push({ where: `${where} ${piece.screen}`, what: piece.what, share });
  const sheets = options.sheets ?? options.pictures;
  mkdirSync(sheets, { recursive: true });
  writeFileSync(path.join(sheets, `${where}.webp`), await contactSheet(taken, SHEET[orientation]));
}

/** Title, main key and sentences of the screen that is up, as they are on its picture. */
async function piecesOf({ name, png }: SheetPicture): Promise<readonly Piece[]> {
  const screenshot = PNG.sync.read(Buffer.from(png));
  const pieces: Piece[] = [];
  for (const element of await gallery.page.locator(PIECES).filter({ visible: true }).all()) {
    const box = await element.boundingBox();
    if (box !== null)
      pieces.push({ screen: name, what: await element.innerText(), picture: pieceOf(screenshot, box) });
  }
  return pieces;
}
