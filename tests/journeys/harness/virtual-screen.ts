import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { createCanvas } from '@napi-rs/canvas';

const WIDTH = 1080;
const HEIGHT = 1920;

/** A portrait X display without a monitor; what is on it can be seen from outside of every program that draws there. */
export class VirtualScreen {
  /** For the environment of programs that draw on it. */
  readonly display: string;
  readonly #server: ChildProcess;
  readonly #frameFile: string;

  private constructor(display: string, server: ChildProcess, frameFile: string) {
    this.display = display;
    this.#server = server;
    this.#frameFile = frameFile;
  }

  static async start(directory: string): Promise<VirtualScreen> {
    const frames = path.join(directory, 'screen');
    mkdirSync(frames, { recursive: true });
    const server = spawn(
      'Xvfb',
      ['-displayfd', '3', '-screen', '0', `${WIDTH}x${HEIGHT}x24`, '-fbdir', frames, '-nolisten', 'tcp'],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
    );
    const number = await new Promise<string>((resolve, reject) => {
      server.once('error', reject);
      server.once('exit', (code) => {
        reject(new Error(`Xvfb ended (${code})`));
      });
      (server.stdio[3] as Readable).once('data', (chunk: Buffer) => {
        resolve(chunk.toString().trim());
      });
    });
    return new VirtualScreen(`:${number}`, server, path.join(frames, 'Xvfb_screen0'));
  }

  /** Keeps what the X server shows as a PNG. */
  picture(file: string): void {
    mkdirSync(path.dirname(file), { recursive: true });
    const canvas = createCanvas(WIDTH, HEIGHT);
    const context = canvas.getContext('2d');
    const image = context.createImageData(WIDTH, HEIGHT);
    image.data.set(pixelsOf(readFileSync(this.#frameFile)));
    context.putImageData(image, 0, 0);
    writeFileSync(file, canvas.toBuffer('image/png'));
  }

  async stop(): Promise<void> {
    if (this.#server.exitCode !== null) return;
    const ended = new Promise((resolve) => {
      this.#server.once('exit', resolve);
    });
    this.#server.kill('SIGTERM');
    await ended;
  }
}

/** RGBA of an X window dump (XWDFile.h): a header of 32-bit big-endian words, a colour map, 32 bits a pixel as B G R 0. */
function pixelsOf(dump: Buffer): Uint8ClampedArray {
  const word = (index: number) => dump.readUInt32BE(index * 4);
  const headerSize = word(0);
  const colours = word(19);
  const pixels = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  const begin = headerSize + colours * 12;
  for (let at = 0; at < pixels.length; at += 4) {
    pixels[at] = dump[begin + at + 2] ?? 0;
    pixels[at + 1] = dump[begin + at + 1] ?? 0;
    pixels[at + 2] = dump[begin + at] ?? 0;
    pixels[at + 3] = 255;
  }
  return pixels;
}
