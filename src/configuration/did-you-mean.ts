/** Number of single-character changes between two words (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 0; i < from.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j += 1) {
      const substitution = (row[j] ?? 0) + (from[i] === to[j] ? 0 : 1);
      next.push(Math.min(substitution, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

const plain = (word: string) => word.toLowerCase().replace(/[-_.]/g, '');

/** The known word that was probably meant; undefined when none is near (more than a third different). */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  const written = plain(word).slice(0, 64);
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const far = distance(written, plain(candidate));
    if (far < bestDistance && far <= Math.max(1, Math.floor(candidate.length / 3))) {
      best = candidate;
      bestDistance = far;
    }
  }
  return best;
}
