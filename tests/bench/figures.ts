/** The middle one of sorted figures, and the one that 95 in a hundred do not exceed. */
export interface Spread {
  readonly median: number;
  readonly p95: number;
  readonly count: number;
}

/** Sorts the figures out; rounded to thousandths. */
export function spreadOf(figures: readonly number[]): Spread {
  const sorted = figures.toSorted((a, b) => a - b);
  const at = (share: number) =>
    rounded(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { median: at(0.5), p95: at(0.95), count: sorted.length };
}

export function rounded(figure: number): number {
  return Math.round(figure * 1000) / 1000;
}

/**
 * How long something takes, ms: `warmUp` times unmeasured, then `count` times. What is compared with each other is measured in
 * turns, so that a busy machine is unfair to all alike.
 */
export async function timeInTurns<Name extends string>(
  works: Readonly<Record<Name, () => unknown>>,
  count: number,
  warmUp: number,
): Promise<Record<Name, Spread>> {
  const names = Object.keys(works) as Name[];
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = -warmUp; round < count; round += 1) {
    for (const name of names) {
      const startedMs = performance.now();
      await works[name]();
      if (round >= 0) times.get(name)?.push(performance.now() - startedMs);
    }
  }
  return Object.fromEntries(names.map((name) => [name, spreadOf(times.get(name) ?? [])])) as Record<
    Name,
    Spread
  >;
}
