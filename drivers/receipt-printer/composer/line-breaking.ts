/** Width of a text in dots. */
export type Measure = (text: string) => number;

/** CLREQ 3.1.4: these may not begin a line … */
const NOT_FIRST = /^[\p{Pe}\p{Pf}，。、；：！？·•‧・.,;:!?%]/u;
/** … and these may not end one. */
const NOT_LAST = /[\p{Ps}\p{Pi}]$/u;
const ENDS_IN_DIGIT = /\d$/u;
const BEGINS_WITH_NUMBER_OR_UNIT = /^[\d年月日天张份]/u;
/** A reader pauses behind these: the best places for a break. */
const CLAUSE_END = /(?<=[，。、；：！？])/u;
const QUOTED = /(“[^”]*”)/u;

const words = new Intl.Segmenter('zh-CN', { granularity: 'word' });
const characters = new Intl.Segmenter('zh-CN', { granularity: 'grapheme' });

/**
 * Breaks a paragraph by meaning: at LF, then between clauses, and only inside of a clause that is wider than the paper between
 * words (never inside of quotation marks, between a number and its unit, before closing or after opening punctuation); such a
 * clause is spread so that its last line is not one lonely word. What is wider still is broken anywhere. Lines are trimmed.
 */
export function breakLines(text: string, widthDots: number, measure: Measure): readonly string[] {
  return text.split('\n').flatMap((paragraph) => {
    const clauses = paragraph.split(CLAUSE_END).flatMap((clause) => {
      if (measure(clause.trim()) <= widthDots) return [clause];
      return balance(wordPieces(clause), widthDots, measure);
    });
    return fill(clauses, widthDots, measure);
  });
}

/** The narrowest measure that needs no more lines: so the lines come out about equally long. */
function balance(pieces: readonly string[], widthDots: number, measure: Measure): readonly string[] {
  const fitting = pieces.flatMap((piece) => chop(piece, widthDots, measure));
  let best = fill(fitting, widthDots, measure);
  const fewest = best.length;
  const step = Math.max(1, Math.floor(widthDots / 24));
  for (let width = widthDots - step; width > 0; width -= step) {
    const lines = fill(fitting, width, measure);
    if (lines.length > fewest || lines.some((line) => measure(line) > width)) break;
    best = lines;
  }
  return best;
}

function fill(pieces: readonly string[], widthDots: number, measure: Measure): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces) {
    if (line !== '' && measure((line + piece).trim()) > widthDots) {
      lines.push(line.trim());
      line = piece;
    } else {
      line += piece;
    }
  }
  lines.push(line.trim());
  return lines;
}

function wordPieces(clause: string): readonly string[] {
  const segments = clause
    .split(QUOTED)
    .flatMap((part) =>
      QUOTED.test(part) ? [part] : Array.from(words.segment(part), ({ segment }) => segment),
    );
  const pieces: string[] = [];
  for (const segment of segments) {
    const last = pieces.at(-1);
    const glued =
      last !== undefined &&
      (NOT_FIRST.test(segment) ||
        NOT_LAST.test(last) ||
        (ENDS_IN_DIGIT.test(last) && BEGINS_WITH_NUMBER_OR_UNIT.test(segment)));
    if (glued) pieces[pieces.length - 1] = last + segment;
    else pieces.push(segment);
  }
  return pieces;
}

/** What does not fit on a line of its own is broken inside, between graphemes. */
function chop(piece: string, widthDots: number, measure: Measure): readonly string[] {
  if (measure(piece.trim()) <= widthDots) return [piece];
  const parts: string[] = [];
  for (const { segment } of characters.segment(piece)) {
    const last = parts.at(-1);
    if (last !== undefined && measure(last + segment) <= widthDots) parts[parts.length - 1] = last + segment;
    else parts.push(segment);
  }
  return parts;
}
