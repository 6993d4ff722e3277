/**
 * When a shell waits, reloads, restarts, or leaves the page alone for a while. Pure: the shell tells what happened and does
 * what it is told. Failures are only forgotten by growing old, never by a successful restart, so that a page that dies at
 * once after each start is started ever more slowly; and there is always a next try.
 */

/** How often the agent is asked while it is waited for, ms. */
const PROBE_MS = 500;
/** The agent has this long to take the one-time code, ms. */
const ATTACH_LIMIT_MS = 10_000;
/** A page has this long to show its first screen, ms. */
const LOAD_LIMIT_MS = 20_000;
/** How often a page that is up is asked whether it lives, ms. */
const PING_MS = 5_000;
/** A page that stays silent to this many pings in a row hangs. */
const SILENT_PINGS = 4;
/** Failures older than this are forgotten, ms. */
export const FAILURE_MEMORY_MS = 10 * 60_000;
/** The longest rest between two tries, ms. */
export const LONGEST_REST_MS = 60_000;

/** What a shell sees. */
export type ShellEvent =
  | { readonly kind: 'started' }
  | { readonly kind: 'agent-answers' }
  | { readonly kind: 'agent-silent' }
  | { readonly kind: 'attached' }
  | { readonly kind: 'attach-failed' }
  /** The page shows a screen. */
  | { readonly kind: 'page-shown' }
  /** The page could not be loaded, or the agent refused it (the shell's right is gone). */
  | { readonly kind: 'page-lost' }
  /** The page's process is gone. */
  | { readonly kind: 'page-crashed' }
  | { readonly kind: 'page-answers' }
  | { readonly kind: 'page-silent' }
  /** The time asked for by `wakeAtMs` has come. */
  | { readonly kind: 'time' };

/**
 * What a shell is to do. `probe-agent` ask `/health` · `attach` bring the one-time code, which loads the page ·
 * `ping-page` ask the page whether it shows a screen · `cover` show the calm page of its own · `restart-page` throw the page's
 * process away and begin with a new one, covered.
 */
export type ShellAction = 'probe-agent' | 'attach' | 'ping-page' | 'cover' | 'restart-page';

/** Where the shell stands. */
export type ShellPhase = 'waiting' | 'attaching' | 'loading' | 'shown' | 'resting';

/** Everything the machine remembers. */
export interface ShellState {
  readonly phase: ShellPhase;
  /** When each failure of the last ten minutes happened, monotonic ms. */
  readonly failures: readonly number[];
  /** Pings in a row without an answer. */
  readonly silentPings: number;
  /** When the shell sends `time`, monotonic ms. */
  readonly wakeAtMs: number;
}

/** One step's outcome. */
export interface ShellStep {
  readonly state: ShellState;
  readonly actions: readonly ShellAction[];
}

/** Nothing has happened yet; begin with the event `started`. */
export const INITIAL_SHELL_STATE: ShellState = {
  phase: 'waiting',
  failures: [],
  silentPings: 0,
  wakeAtMs: Number.POSITIVE_INFINITY,
};

/** How long to rest after the given number of failures within ten minutes, ms: 0.5 s, doubled up to a minute. */
export function restAfter(failures: number): number {
  return Math.min(LONGEST_REST_MS, 500 * 2 ** Math.max(0, Math.min(failures, 10) - 1));
}

function enter(
  state: ShellState,
  phase: ShellPhase,
  wakeAtMs: number,
  actions: readonly ShellAction[],
): ShellStep {
  return { state: { ...state, phase, wakeAtMs, silentPings: 0 }, actions };
}

/** The first failure is mended by loading the page again; from the second on its process is thrown away too. */
function fail(state: ShellState, nowMs: number, pageIsDead: boolean): ShellStep {
  const failures = [...state.failures.filter((atMs) => nowMs - atMs < FAILURE_MEMORY_MS), nowMs];
  const repair = pageIsDead || failures.length > 1 ? 'restart-page' : 'cover';
  return enter({ ...state, failures }, 'resting', nowMs + restAfter(failures.length), [repair]);
}

function waitForAgent(state: ShellState, nowMs: number): ShellStep {
  return enter(state, 'waiting', nowMs + ATTACH_LIMIT_MS, ['probe-agent']);
}

const unchanged = (state: ShellState): ShellStep => ({ state, actions: [] });

function onTime(state: ShellState, nowMs: number): ShellStep {
  if (nowMs < state.wakeAtMs) return unchanged(state);
  switch (state.phase) {
    case 'waiting':
    case 'resting':
      return waitForAgent(state, nowMs);
    case 'attaching':
    case 'loading':
      return fail(state, nowMs, false);
    case 'shown':
      return { state: { ...state, wakeAtMs: nowMs + PING_MS }, actions: ['ping-page'] };
    default:
      return state.phase satisfies never;
  }
}

function onSilence(state: ShellState, nowMs: number): ShellStep {
  if (state.phase !== 'shown') return unchanged(state);
  const silentPings = state.silentPings + 1;
  if (silentPings >= SILENT_PINGS) return fail(state, nowMs, true);
  return unchanged({ ...state, silentPings });
}

/** The next state, and what the shell does now. An event that means nothing in the phase changes nothing. */
export function stepShell(state: ShellState, event: ShellEvent, nowMs: number): ShellStep {
  const { phase } = state;
  const pageIsUp = phase === 'attaching' || phase === 'loading' || phase === 'shown';
  switch (event.kind) {
    case 'started':
      return enter(state, 'waiting', nowMs + ATTACH_LIMIT_MS, ['cover', 'probe-agent']);
    case 'agent-answers':
      return phase === 'waiting'
        ? enter(state, 'attaching', nowMs + ATTACH_LIMIT_MS, ['attach'])
        : unchanged(state);
    case 'agent-silent':
      return phase === 'waiting' ? unchanged({ ...state, wakeAtMs: nowMs + PROBE_MS }) : unchanged(state);
    case 'attached':
      return phase === 'attaching' ? enter(state, 'loading', nowMs + LOAD_LIMIT_MS, []) : unchanged(state);
    case 'attach-failed':
      return phase === 'attaching' ? fail(state, nowMs, false) : unchanged(state);
    case 'page-shown':
      return pageIsUp && phase !== 'shown' ? enter(state, 'shown', nowMs + PING_MS, []) : unchanged(state);
    case 'page-lost':
      return pageIsUp ? fail(state, nowMs, false) : unchanged(state);
    case 'page-crashed':
      return pageIsUp ? fail(state, nowMs, true) : { state, actions: ['restart-page'] };
    case 'page-answers':
      return phase === 'shown' ? unchanged({ ...state, silentPings: 0 }) : unchanged(state);
    case 'page-silent':
      return onSilence(state, nowMs);
    case 'time':
      return onTime(state, nowMs);
    default:
      return event satisfies never;
  }
}
