import { err, ok, type Result } from '../../src/platform/result.ts';

/** The control interface of one simulated device (`drivers/simulators/control.ts`), from outside. */
export interface DeviceControl {
  /** Its state, or undefined while it cannot be reached. */
  state(): Promise<Record<string, unknown> | undefined>;
  /** The error is the simulator's sentence about what was wrong. */
  command(body: Readonly<Record<string, unknown>>): Promise<Result<void, string>>;
  /** A JSON list or a picture under it; undefined when there is none. */
  fetch(path: string): Promise<Response | undefined>;
}

const LIMIT_MS = 5_000;

/** Speaks to the simulator at `url`. */
export function deviceControl(url: string): DeviceControl {
  const get = async (path: string): Promise<Response | undefined> => {
    try {
      const answer = await fetch(url + path, { signal: AbortSignal.timeout(LIMIT_MS) });
      return answer.ok ? answer : undefined;
    } catch {
      // The simulator is not running: the page shows it as gone.
      return undefined;
    }
  };
  return {
    fetch: get,
    async state() {
      return (await (await get('/state'))?.json()) as Record<string, unknown> | undefined;
    },
    async command(body) {
      try {
        const answer = await fetch(`${url}/commands`, {
          method: 'POST',
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(LIMIT_MS),
        });
        if (answer.ok) return ok(undefined);
        const { error } = (await answer.json()) as { error?: unknown };
        return err(typeof error === 'string' ? error : `answer ${answer.status}`);
      } catch {
        return err('模拟设备没有在运行');
      }
    },
  };
}
