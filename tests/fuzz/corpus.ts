import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** An input that is kept, and where it lies. */
export interface KeptInput {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** Where the kept inputs lie: `<decoder>/<what>.hex` or `.txt`. */
export const CORPUS = path.join(import.meta.dirname, 'corpus');

/**
 * The kept inputs of a decoder, in the order of their names. `.hex`: hexadecimal digits, blanks and line ends between them, `#` begins a
 * remark. `.txt`: the bytes of the file, without one line end at the end.
 */
export function readCorpus(decoder: string, folder = CORPUS): readonly KeptInput[] {
  const place = path.join(folder, decoder);
  if (!existsSync(place)) return [];
  return readdirSync(place)
    .filter((name) => /\.(?:hex|txt)$/.test(name))
    .toSorted()
    .map((name) => {
      const file = path.join(place, name);
      const content = readFileSync(file);
      return {
        file,
        bytes: name.endsWith('.hex') ? bytesOfHex(content.toString('latin1')) : withoutLineEnd(content),
      };
    });
}

/** Bytes from hexadecimal text with remarks. */
function bytesOfHex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(/#.*$/gm, '').replaceAll(/\s/g, ''), 'hex'));
}

function withoutLineEnd(content: Buffer): Uint8Array {
  return Uint8Array.from(content.at(-1) === 0x0a ? content.subarray(0, -1) : content);
}

/** Keeps an input and gives the file's name; the same input is kept once. `remarks` go above the bytes. */
export function keepInput(
  decoder: string,
  prefix: string,
  bytes: Uint8Array,
  remarks: readonly string[],
  folder = CORPUS,
): string {
  const place = path.join(folder, decoder);
  mkdirSync(place, { recursive: true });
  const name = createHash('sha256').update(bytes).digest('hex').slice(0, 8);
  const file = path.join(place, `${prefix}-${name}.hex`);
  const head = remarks.map((remark) => `# ${remark.replaceAll(/\s+/g, ' ')}\n`).join('');
  writeFileSync(file, `${head}${hexLines(bytes)}\n`);
  return file;
}

function hexLines(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let start = 0; start < bytes.length; start += 32) {
    lines.push(
      Array.from(bytes.subarray(start, start + 32), (byte) => byte.toString(16).padStart(2, '0')).join(' '),
    );
  }
  return lines.join('\n');
}
