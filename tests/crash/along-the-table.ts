import { TRANSITIONS } from '../../src/issuance/transitions.ts';
import { moveIn, type Move } from '../powercut/moves.ts';

type State = Move['from'] | Move['to'];

/**
 * P8, by the log of an agent with all its lives: every move of every operation is one of the table, and begins where the one before
 * it has ended. A killed life may have left one move on the disk that it did not live to tell, and never more.
 */
export function offTheTable(log: string): readonly string[] {
  const broken: string[] = [];
  const known = new Map<string, { state: State; life: number }>();
  let life = 0;
  for (const line of log.split('\n')) {
    if (line.includes('"agent.starting"')) life += 1;
    const move = moveIn(line);
    if (move === null) continue;
    const { opId, from, to, trigger } = move;
    const before = known.get(opId) ?? { state: 'NONE', life: Math.max(0, life - 1) };
    if (!isReachable(before.state, from, life - before.life))
      broken.push(`P8: ${opId} was ${before.state} and goes on from ${from}`);
    if (!TRANSITIONS.some((row) => row.from === from && row.trigger === trigger && row.to === to))
      broken.push(`P8: ${opId} ${from} —${trigger}→ ${to} is not in the table`);
    known.set(opId, { state: to, life });
  }
  return broken;
}

/** In no more moves than there were kills. */
function isReachable(from: State, to: State, kills: number): boolean {
  if (from === to) return true;
  if (kills <= 0) return false;
  return TRANSITIONS.some((row) => row.from === from && isReachable(row.to, to, kills - 1));
}
