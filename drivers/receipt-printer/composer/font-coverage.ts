import { closeSync, openSync, readSync } from 'node:fs';

/** Tells whether a font has a glyph for a code point. */
export type FontCoverage = (codePoint: number) => boolean;

/** `cmap` subtable of segmented coverage, the only one that reaches beyond U+FFFF (OpenType 1.9 `cmap`). */
const SEGMENTED_COVERAGE = 12;

/**
 * Which characters a font file (OpenType, TrueType, or the first face of a collection) has, from its `cmap` table. The canvas
 * can't be asked: it silently falls back to another font, or to a box. Undefined when the file is missing or no such font.
 */
export function readFontCoverage(path: string): FontCoverage | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    const groups = readCoverageGroups(file);
    return groups === undefined ? undefined : (codePoint) => isCovered(groups, codePoint);
  } catch {
    return undefined;
  } finally {
    closeSync(file);
  }
}

/** Pairs of first and last code point, ascending. */
function readCoverageGroups(file: number): Uint32Array | undefined {
  const head = read(file, 0, 16);
  const face = head.toString('latin1', 0, 4) === 'ttcf' ? head.readUInt32BE(12) : 0;
  const tableCount = read(file, face + 4, 2).readUInt16BE(0);
  const directory = read(file, face + 12, tableCount * 16);
  for (let entry = 0; entry < directory.length; entry += 16) {
    if (directory.toString('latin1', entry, entry + 4) !== 'cmap') continue;
    const cmap = read(file, directory.readUInt32BE(entry + 8), directory.readUInt32BE(entry + 12));
    return segmentedCoverage(cmap);
  }
  return undefined;
}

function segmentedCoverage(cmap: Buffer): Uint32Array | undefined {
  const subtables = cmap.readUInt16BE(2);
  for (let index = 0; index < subtables; index++) {
    const start = cmap.readUInt32BE(4 + index * 8 + 4);
    if (cmap.readUInt16BE(start) !== SEGMENTED_COVERAGE) continue;
    const count = cmap.readUInt32BE(start + 12);
    const groups = new Uint32Array(count * 2);
    for (let group = 0; group < count; group++) {
      groups[group * 2] = cmap.readUInt32BE(start + 16 + group * 12);
      groups[group * 2 + 1] = cmap.readUInt32BE(start + 16 + group * 12 + 4);
    }
    return groups;
  }
  return undefined;
}

function isCovered(groups: Uint32Array, codePoint: number): boolean {
  let low = 0;
  let high = groups.length / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (codePoint < (groups[middle * 2] ?? 0)) high = middle - 1;
    else if (codePoint > (groups[middle * 2 + 1] ?? 0)) low = middle + 1;
    else return true;
  }
  return false;
}

/** Throws (RangeError) when the file ends before; caught above. */
function read(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  if (readSync(file, bytes, 0, length, position) < length) throw new RangeError('font file too short');
  return bytes;
}
