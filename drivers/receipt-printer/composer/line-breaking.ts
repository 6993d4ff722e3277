/** Width of a text in dots. */
export type Measure = (text: string) => number;

/** GB/T 15834 and CLREQ: these may not begin a line … */
const NOT_FIRST = /^[\p{Pe}\p{Pf}，。、；：！？）》」』”’·.,;:!?%]/u;
/** … and these may not end one. */
const NOT_LAST = /[\p{Ps}\p{Pi}（《「『“‘]$/u;
const ENDS_IN_DIGIT = /\d$/u;
const BEGINS_WITH_NUMBER_OR_UNIT = /^[\d年月日天张份]/u;

const words = new Intl.Segmenter('zh-CN', { granularity: 'word' });
const characters = new Intl.Segmenter('zh-CN', { granularity: 'grapheme' });

/**
 * Breaks a paragraph at LF and at word boundaries (never between a number and its unit, before closing or after opening
 * punctuation), and spreads it so that the last line is not one lonely word. A word wider than the paper is broken anywhere.
 */
export function breakLines(text: string, widthDots: number, measure: Measure): readonly string[] {
  return text.split('\n').flatMap((paragraph) => {
    const greedy = fill(paragraph, widthDots, measure);
    return greedy.length < 2 ? greedy : balance(paragraph, widthDots, measure, greedy);
  });
}

/** The narrowest measure that needs no more lines: so the lines come out about equally long. */
function balance(
  paragraph: string,
  widthDots: number,
  measure: Measure,
  greedy: readonly string[],
): readonly string[] {
  let best = greedy;
  const step = Math.max(1, Math.floor(widthDots / 24));
  for (let width = widthDots - step; width > 0; width -= step) {
    const lines = fill(paragraph, width, measure);
    if (lines.length > greedy.length || lines.some((line) => measure(line) > width)) break;
    best = lines;
  }
  return best;
}

function fill(paragraph: string, widthDots: number, measure: Measure): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of unbreakablePieces(paragraph).flatMap((whole) => chop(whole, widthDots, measure))) {
    if (line !== '' && measure((line + piece).trimEnd()) > widthDots) {
      lines.push(line.trimEnd());
      line = piece.trimStart();
    } else {
      line += piece;
    }
  }
  lines.push(line.trimEnd());
  return lines;
}

function unbreakablePieces(paragraph: string): readonly string[] {
  const pieces: string[] = [];
  for (const { segment } of words.segment(paragraph)) {
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

/** Only what would not fit on a line of its own is broken inside, between graphemes. */
function chop(piece: string, widthDots: number, measure: Measure): readonly string[] {
  if (measure(piece.trimEnd()) <= widthDots) return [piece];
  const parts: string[] = [];
  for (const { segment } of characters.segment(piece)) {
    const last = parts.at(-1);
    if (last !== undefined && measure(last + segment) <= widthDots) parts[parts.length - 1] = last + segment;
    else parts.push(segment);
  }
  return parts;
}
