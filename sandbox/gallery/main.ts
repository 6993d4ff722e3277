/**
 * All screens without devices, for designers, translators and whoever changes a sentence: choose a screen, upright or wide, in
 * both sizes of type and in each language.
 *
 *   npm run gallery -- [--port N]
 */
import { Command } from 'commander';
import { requireNodeVersion } from '../../src/platform/node-version.ts';
import { serveGallery } from './serve-gallery.ts';

requireNodeVersion();

const { port } = new Command('gallery')
  .description('All screens of the kiosk, without devices')
  .option('--port <port>', 'port on 127.0.0.1 (0 = any free one)', Number, 0)
  .parse()
  .opts<{ port: number }>();

process.stdout.write('正在生成 · building …\n');
const gallery = await serveGallery(port);
process.stdout.write(`所有屏幕 · all screens: ${gallery.url}\n`);
