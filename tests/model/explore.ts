import { broken, isIdle, revives } from './invariants.ts';
import type { Invariant } from './invariants.ts';
import { movesFrom } from './moves.ts';
import type { Rules } from './rules.ts';
import { initialState, keyOf } from './state.ts';
import type { Adversary, State } from './state.ts';

/** How the first state that breaks an invariant was come by. */
export interface Counterexample {
  readonly invariant: Invariant;
  readonly steps: readonly string[];
}

/** What looking at every reachable state came to. */
export interface Exploration {
  readonly states: number;
  readonly transitions: number;
  /** The shortest one for each invariant that was broken. */
  readonly violations: readonly Counterexample[];
  /** States that nothing leads out of, and that are not idle. */
  readonly deadlocks: number;
  /** States from which no way leads to rest. */
  readonly unreachableIdle: number;
  /** False: the search stopped at the violation it was to look for. */
  readonly complete: boolean;
}

/** Ends a search early. */
export interface SearchLimits {
  /** A violation of this is enough. */
  readonly until?: Invariant;
}

/** Breadth first from a person with and one without a code, so that the first counterexample is a shortest one. */
export function explore(adversary: Adversary, rules: Rules, limits: SearchLimits = {}): Exploration {
  const numbers = new Map<string, number>();
  const parents: number[] = [];
  const names: string[] = [];
  const edges: { from: number[]; to: number[] } = { from: [], to: [] };
  const idle: number[] = [];
  const found = new Map<Invariant, Counterexample>();
  let deadlocks = 0;

  const stepsTo = (number: number): string[] => {
    const steps: string[] = [];
    for (let at = number; at >= 0; at = parents[at] ?? -1) steps.unshift(names[at] ?? '');
    return steps;
  };

  const summary = (complete: boolean): Exploration => ({
    states: numbers.size,
    transitions: edges.from.length,
    violations: [...found.values()],
    deadlocks,
    unreachableIdle: complete ? numbers.size - reaching(idle, edges, numbers.size) : 0,
    complete,
  });

  for (const hadCode of [true, false]) {
    let frontier: { state: State; number: number }[] = [];
    const blame = (invariant: Invariant, steps: () => readonly string[]) => {
      if (!found.has(invariant)) found.set(invariant, { invariant, steps: steps() });
    };
    const meet = (state: State, parent: number, name: string): number => {
      const key = `${hadCode ? 1 : 0}${keyOf(state)}`;
      const known = numbers.get(key);
      if (known !== undefined) return known;
      const number = numbers.size;
      numbers.set(key, number);
      parents.push(parent);
      names.push(name);
      if (isIdle(state)) idle.push(number);
      for (const invariant of broken(state, rules, hadCode)) blame(invariant, () => stepsTo(number));
      frontier.push({ state, number });
      return number;
    };
    meet(initialState(adversary, hadCode), -1, hadCode ? 'a person with a code' : 'a person without a code');
    while (frontier.length > 0) {
      const now = frontier;
      frontier = [];
      for (const { state, number } of now) {
        const moves = movesFrom(state, rules);
        let led = false;
        for (const { name, next } of moves) {
          const target = meet(next, number, name);
          if (target === number) continue;
          if (revives(state, next)) blame('P6', () => [...stepsTo(number), name]);
          led = true;
          edges.from.push(number);
          edges.to.push(target);
        }
        if (!led && !isIdle(state)) deadlocks += 1;
      }
      if (limits.until !== undefined && found.has(limits.until)) return summary(false);
    }
  }
  return summary(true);
}

/** How many states lead to one of the given ones. */
function reaching(
  goals: readonly number[],
  edges: { readonly from: readonly number[]; readonly to: readonly number[] },
  count: number,
): number {
  const first = new Int32Array(count).fill(-1);
  const others = new Int32Array(edges.from.length).fill(-1);
  edges.to.forEach((to, edge) => {
    others[edge] = first[to] ?? -1;
    first[to] = edge;
  });
  const seen = new Uint8Array(count);
  const waiting = [...goals];
  for (const goal of goals) seen[goal] = 1;
  let reached = goals.length;
  for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
    for (let edge = first[state] ?? -1; edge >= 0; edge = others[edge] ?? -1) {
      const from = edges.from[edge] ?? 0;
      if (seen[from] === 1) continue;
      seen[from] = 1;
      reached += 1;
      waiting.push(from);
    }
  }
  return reached;
}
