/** Where keys stand in a TOML text, for messages; the parser itself keeps no positions. */
export interface TomlLines {
  /** 1-based line of a dotted key; of its nearest written ancestor when it is absent; 1 when nothing of it is there. */
  lineOf(path: readonly string[]): number;
}

const BARE = String.raw`[A-Za-z0-9_-]+`;
const QUOTED = String.raw`"(?:[^"\\]|\\.)*"|'[^']*'`;
const PART = new RegExp(`${BARE}|${QUOTED}`, 'g');
const HEADER = new RegExp(
  String.raw`^\s*\[\s*((?:${BARE}|${QUOTED})(?:\s*\.\s*(?:${BARE}|${QUOTED}))*)\s*\]`,
);
const PAIR = new RegExp(String.raw`^\s*((?:${BARE}|${QUOTED})(?:\s*\.\s*(?:${BARE}|${QUOTED}))*)\s*=`);

function parts(dotted: string): string[] {
  return [...dotted.matchAll(PART)].map(([part]) => part.replace(/^["']|["']$/g, ''));
}

/** Finds section headers and keys at the beginning of lines; what multi-line strings hide is not looked for. */
export function tomlLines(text: string): TomlLines {
  const found = new Map<string, number>();
  let section: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const header = HEADER.exec(line)?.[1];
    const pair = header === undefined ? PAIR.exec(line)?.[1] : undefined;
    if (header !== undefined) section = parts(header);
    const path = pair === undefined ? section : [...section, ...parts(pair)];
    const key = path.join('\n');
    if ((header !== undefined || pair !== undefined) && !found.has(key)) found.set(key, index + 1);
  }
  return {
    lineOf(path) {
      for (let length = path.length; length > 0; length -= 1) {
        const line = found.get(path.slice(0, length).join('\n'));
        if (line !== undefined) return line;
      }
      return 1;
    },
  };
}
