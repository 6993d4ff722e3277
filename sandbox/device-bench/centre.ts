import { type CentralClient, type CentralError, createCentralClient } from '../../src/central-api/client.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { shanghaiDay } from '../../src/platform/shanghai-day.ts';
import { err, ok, type Result } from '../../src/platform/result.ts';

/** What the bench asks of the central service: as the portal through its contract, and through the sandbox's own handle. */
export interface BenchCentre {
  /** The centre's date, YYYY-MM-DD; this machine's while the centre cannot be asked. */
  today(): Promise<string>;
  readonly networkAway: boolean;
  takeNetwork(away: boolean): Promise<Result<void, string>>;
  /** A fresh living code of a citizen. */
  freshCode(idNumber: string): Promise<Result<string, string>>;
  /** 挂失. Gives how many codes it revoked. */
  reportLoss(idNumber: string): Promise<Result<number, string>>;
  /** What is printed on the newest slip of a citizen. */
  newestPaperCode(idNumber: string): Promise<Result<string, string>>;
  close(): Promise<void>;
}

/** Where the centre is; parts that were not given answer with a sentence. */
export interface CentreOptions {
  readonly control: string | undefined;
  readonly portal: Parameters<typeof createCentralClient>[0] | undefined;
  readonly clock: Clock;
}

const LIMIT_MS = 5_000;
const NO_PORTAL = '没有配置中心地址和门户密钥';
const NO_CONTROL = '没有配置沙箱中心的控制口';

/** Opens the bench's way to the centre; nothing is sent before it is asked. */
export function benchCentre({ control, portal, clock }: CentreOptions): BenchCentre {
  const client: CentralClient | undefined = portal && createCentralClient(portal);
  let networkAway = false;

  const ask = async (path: string, body?: unknown): Promise<Result<unknown, string>> => {
    if (control === undefined) return err(NO_CONTROL);
    try {
      const answer = await fetch(control + path, {
        ...(body === undefined
          ? {}
          : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(LIMIT_MS),
      });
      return answer.ok ? ok(await answer.json()) : err(`沙箱中心答复 ${answer.status}`);
    } catch {
      return err('沙箱中心没有在运行');
    }
  };

  return {
    get networkAway() {
      return networkAway;
    },
    async today() {
      const clockState = await ask('/clock');
      const today = clockState.ok ? (clockState.value as { today?: unknown }).today : undefined;
      return typeof today === 'string' ? today : shanghaiDay(clock.wallClockMs());
    },
    async takeNetwork(away) {
      const done = await ask('/offline', { on: away });
      if (!done.ok) return done;
      networkAway = away;
      return ok(undefined);
    },
    async freshCode(idNumber) {
      if (!client) return err(NO_PORTAL);
      const made = await client.issueSuishenCode(idNumber);
      return made.ok ? ok(made.value.code) : err(sentenceOf(made.error));
    },
    async reportLoss(idNumber) {
      if (!client) return err(NO_PORTAL);
      const reported = await client.reportLoss(idNumber);
      return reported.ok ? ok(reported.value.revoked) : err(sentenceOf(reported.error));
    },
    async newestPaperCode(idNumber) {
      const known = await ask(`/codes?idNumber=${encodeURIComponent(idNumber)}`);
      if (!known.ok) return known;
      const { codes = [] } = known.value as { codes?: { token?: unknown }[] };
      const token = codes.at(-1)?.token;
      return typeof token === 'string' ? ok(token) : err('这个人还没有离线码');
    },
    async close() {
      await client?.close();
    },
  };
}

function sentenceOf(error: CentralError): string {
  if (error.kind === 'problem') return `中心不同意：${error.name}`;
  return error.kind === 'unreachable' ? '连不上中心' : `中心没有可用的答复：${error.kind}`;
}
