import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** Every regular file under a directory. */
function filesUnder(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** Files that hold one of the texts, in UTF-8, UTF-16LE or GB 18030-free escaped JSON; by relative name. */
export function filesHolding(directory: string, texts: readonly string[]): readonly string[] {
  const needles = texts.flatMap((text) => [
    Buffer.from(text, 'utf8'),
    Buffer.from(text, 'utf16le'),
    Buffer.from(JSON.stringify(text).slice(1, -1), 'utf8'),
  ]);
  return filesUnder(directory)
    .filter((file) => statSync(file).size > 0)
    .filter((file) => {
      const bytes = readFileSync(file);
      return needles.some((needle) => bytes.includes(needle));
    })
    .map((file) => path.relative(directory, file));
}
