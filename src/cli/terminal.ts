import { styleText } from 'node:util';
import stringWidth from 'string-width';

/** How something is: well, to be watched, out of order, or no matter of well or ill. Never told by colour alone. */
export type Mark = 'well' | 'watch' | 'bad' | 'plain';

const SIGNS = { well: '✓', watch: '!', bad: '×' } as const;
const COLOURS = { well: 'green', watch: 'yellow', bad: 'red' } as const;
/** Longer lines are hard to follow, and phones that look in over SSH are narrow. Columns. */
const WIDEST = 100;
const NARROWEST = 40;
/** What may not begin a line in Chinese. */
const NEVER_FIRST = /^[，。；：、！？）”…,.;:!?)]/u;

/** Where a technician reads. */
export interface Terminal {
  line(text?: string): void;
  mark(mark: Mark): string;
  strong(text: string): string;
  faint(text: string): string;
  /** Columns that a line may have. */
  readonly columns: number;
}

/** Writes to a stream; in colour only on a terminal, and not when NO_COLOR is set. */
export function terminalOn(stream: NodeJS.WriteStream): Terminal {
  return {
    line: (text = '') => {
      stream.write(`${text}\n`);
    },
    mark: (mark) => (mark === 'plain' ? ' ' : styleText(COLOURS[mark], SIGNS[mark], { stream })),
    strong: (text) => styleText('bold', text, { stream }),
    faint: (text) => styleText('dim', text, { stream }),
    columns: Math.max(NARROWEST, Math.min(stream.columns ?? WIDEST, WIDEST)),
  };
}

/** A label and a text beside it; further lines of the text stand under its first. `before` begins the first line. */
export function indented(label: string, columns: number, text: string, before: string, out: Terminal): void {
  const lines = folded(text, out.columns - widest([before]) - columns);
  for (const [index, line] of lines.entries()) {
    out.line(
      index === 0
        ? `${before}${padded(label, columns)}${line}`
        : `${' '.repeat(widest([before]) + columns)}${line}`,
    );
  }
}

/** Cause and remedy of something, under it; what is not known is left out. */
export function remedyLines(
  { why, remedy }: { readonly why?: string | undefined; readonly remedy?: string | undefined },
  label: { readonly why: string; readonly remedy: string },
  out: Terminal,
  before = '    ',
): void {
  const columns = widest([label.why, label.remedy]) + 2;
  if (why !== undefined && why !== '') indented(label.why, columns, why, before, out);
  if (remedy !== undefined && remedy !== '') indented(label.remedy, columns, remedy, before, out);
}

/** Filled with spaces up to so many columns; a Chinese character has two. */
function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - stringWidth(text)));
}

/** The columns of the widest of some texts. */
export function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => stringWidth(text)));
}

/** As much of a text as has room in so many columns. */
export function cutTo(text: string, columns: number): string {
  let cut = '';
  for (const character of text) {
    if (stringWidth(cut + character) > columns) return cut;
    cut += character;
  }
  return cut;
}

/** A text in lines of at most so many columns, broken between words. A longer word stays whole: paths are copied. */
function folded(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of unbreakable(text)) {
    if (line !== '' && stringWidth(line + word.trimEnd()) > columns) {
      lines.push(line.trimEnd());
      line = word.trimStart();
    } else {
      line += word;
    }
  }
  return [...lines, line.trimEnd()];
}

/** Words as a reader of Chinese or English would break them: no closing mark comes first, and nothing of ASCII is torn. */
function unbreakable(text: string): readonly string[] {
  const pieces: string[] = [];
  for (const { segment } of new Intl.Segmenter('zh', { granularity: 'word' }).segment(text)) {
    const last = pieces.at(-1);
    const together =
      last !== undefined &&
      (NEVER_FIRST.test(segment) || /[（“]$/u.test(last) || (/[!-~]$/.test(last) && /^[!-~]/.test(segment)));
    if (together) pieces[pieces.length - 1] = last + segment;
    else pieces.push(segment);
  }
  return pieces;
}
