import { connectMaintenance } from '../bridge/maintenance-client.ts';
import { systemClock, withTimeLimit } from '../platform/clock.ts';
import { err, ok, type Result } from '../platform/result.ts';

/** Why the agent could not be asked. `code`: what the system called it. */
export interface Unreachable {
  readonly kind: 'noSocket' | 'noListener' | 'notPermitted' | 'pathUnusable' | 'silent' | 'other';
  readonly code: string;
}

type Agent = ReturnType<typeof connectMaintenance>;

const KINDS: Readonly<Record<string, Unreachable['kind']>> = {
  ENOENT: 'noSocket',
  ECONNREFUSED: 'noListener',
  EACCES: 'notPermitted',
  EPERM: 'notPermitted',
  EINVAL: 'pathUnusable',
  ENAMETOOLONG: 'pathUnusable',
  ENOTSOCK: 'pathUnusable',
  ENOTDIR: 'pathUnusable',
};

/** Asks the agent one question through its socket and waits for the answer at most `limitMs`. Never rejects. */
export async function askAgent<T>(
  socketPath: string,
  limitMs: number,
  question: (agent: Agent) => Promise<T>,
): Promise<Result<T, Unreachable>> {
  const agent = connectMaintenance(socketPath);
  try {
    const answer = await withTimeLimit(systemClock, limitMs, question(agent));
    return answer === 'timed-out' ? err({ kind: 'silent', code: 'timeout' }) : ok(answer);
  } catch (error) {
    const code = systemCodeOf(error);
    return err({ kind: KINDS[code] ?? 'other', code });
  }
}

/** The agent begins to tell at once; longer than this it hangs. Milliseconds. */
const BEGIN_LIMIT_MS = 10_000;

/**
 * Has the agent do something and hears how it goes, until it is over or `signal` aborts (then the agent stops, too). Never
 * rejects for what an agent can do.
 */
export async function followAgent<T>(
  socketPath: string,
  signal: AbortSignal,
  question: (agent: Agent, signal: AbortSignal) => Promise<AsyncIterable<T>>,
  onEvent: (event: T, agent: Agent) => void | Promise<void>,
): Promise<Result<void, Unreachable>> {
  const agent = connectMaintenance(socketPath);
  try {
    const events = await withTimeLimit(systemClock, BEGIN_LIMIT_MS, question(agent, signal));
    if (events === 'timed-out') return err({ kind: 'silent', code: 'timeout' });
    for await (const event of events) await onEvent(event, agent);
    return ok(undefined);
  } catch (error) {
    if (signal.aborted) return ok(undefined);
    const code = systemCodeOf(error);
    return err({ kind: KINDS[code] ?? 'other', code });
  }
}

/** Node's name of the failure, somewhere down the causes; never the message, which may be anything. */
function systemCodeOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as { code?: unknown };
    if (typeof code === 'string') return code;
  }
  return 'unexpected-answer';
}
