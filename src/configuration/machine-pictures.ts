import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** The parts of a machine that a photo can show, as the copy table (`citizen.part`) names them. */
export const MACHINE_PARTS = ['cardReader', 'scanner', 'slot', 'window'] as const;
export type MachinePart = (typeof MACHINE_PARTS)[number];

/** A photo or drawing of one part of this very machine. */
export interface MachinePicture {
  readonly type: 'image/png' | 'image/jpeg' | 'image/webp';
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Why a file of the folder is not shown. */
export interface UnusablePicture {
  readonly file: string;
  readonly why: 'unreadable' | 'unknown-name' | 'too-large' | 'no-picture';
}

export interface MachinePictures {
  readonly pictures: ReadonlyMap<MachinePart, MachinePicture>;
  readonly unusable: readonly UnusablePicture[];
}

const MOST_BYTES = 4 * 1024 * 1024;

/**
 * Reads `cardReader.jpg`, `scanner.png`, `slot.webp`, `window.jpg` … out of a folder: PNG, JPEG or WebP, 4 MB at most, told by their
 * first bytes and not by their endings. Where one is missing, the built-in drawing stays. Never throws.
 */
export function readMachinePictures(directory: string): MachinePictures {
  let files: readonly string[];
  try {
    files = readdirSync(directory).filter((file) => !file.startsWith('.'));
  } catch {
    return { pictures: new Map(), unusable: [{ file: directory, why: 'unreadable' }] };
  }
  const pictures = new Map<MachinePart, MachinePicture>();
  const unusable: UnusablePicture[] = [];
  for (const file of files.toSorted()) {
    const part = MACHINE_PARTS.find((name) => name === path.parse(file).name);
    const picture = part === undefined ? 'unknown-name' : readPicture(path.join(directory, file));
    if (typeof picture === 'string') unusable.push({ file, why: picture });
    else if (part !== undefined) pictures.set(part, picture);
  }
  return { pictures, unusable };
}

function readPicture(file: string): MachinePicture | UnusablePicture['why'] {
  try {
    if (statSync(file).size > MOST_BYTES) return 'too-large';
    const bytes = new Uint8Array(readFileSync(file));
    const type = typeOf(bytes);
    return type === undefined ? 'no-picture' : { type, bytes };
  } catch {
    return 'unreadable';
  }
}

/** By signature: PNG (ISO/IEC 15948, 5.2), JPEG (ITU-T T.81, SOI), WebP (RFC 9649, 2.4). */
function typeOf(bytes: Uint8Array): MachinePicture['type'] | undefined {
  const ascii = (from: number, to: number) => String.fromCodePoint(...bytes.subarray(from, to));
  if (bytes[0] === 0x89 && ascii(1, 4) === 'PNG') return 'image/png';
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'image/jpeg';
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return 'image/webp';
  return undefined;
}
