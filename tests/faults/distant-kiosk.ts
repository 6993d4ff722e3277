import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { citizens } from '../../sandbox/citizens/citizens.ts';
import type { Citizen } from '../../sandbox/citizens/citizen.ts';
import type { AgentLaunch } from '../../sandbox/launcher/agent-process.ts';
import type { Stack } from '../../sandbox/launcher/stack.ts';
import { issue, makeAuthority, type Signed } from '../fixtures/authority.ts';
import { TlsProxy } from '../fixtures/tls-proxy.ts';
import { LiveKiosk, QUICK_ISSUANCE } from '../live-kiosk/live-kiosk.ts';
import { PaperTrail } from '../live-kiosk/paper.ts';
import { shanghaiDay } from '../live-kiosk/people.ts';
import { FaultProxy } from './fault-proxy.ts';
import { sayOf } from './fault.ts';

/** A live kiosk, and whoever comes to it. */
export interface Scene {
  readonly kiosk: LiveKiosk;
  readonly trail: PaperTrail;
  readonly people: People;
}

/** The same with a way to the centre on which things can happen. */
export interface DistantScene extends Scene {
  readonly proxy: FaultProxy;
}

/** One after the other, so that nobody comes to the limit of a day. */
export class People {
  readonly all: readonly Citizen[] = citizens(shanghaiDay(0)).filter(
    ({ case: what, seedCode }) => seedCode === undefined && SERVED.has(what),
  );
  #next = 0;

  next(): Citizen {
    const citizen = this.all[this.#next % this.all.length];
    this.#next += 1;
    if (citizen === undefined) throw new Error('nobody comes');
    return citizen;
  }
}

const SERVED = new Set<string>([
  'ordinary',
  'centenarian',
  'two-character-name',
  'four-character-name',
  'name-with-dot',
  'rare-character',
]);

/** What becomes of the kiosk before its agent starts. */
type Preparation = (stack: Stack) => Promise<Stack>;

/** How a kiosk differs from one over TCP that is waited for. */
interface SceneOptions {
  readonly launch?: AgentLaunch;
  /** Not waited for until somebody can be served. */
  readonly unready?: boolean;
  /** Its devices sit behind pseudo-terminals, and print as slowly as a serial line carries. */
  readonly line?: 'serial';
}

type Limits = Readonly<Record<keyof typeof QUICK_ISSUANCE, number>>;

/** Where calls are not to be late: a handshake more, and a machine that does other things as well, take their time. */
const UNHURRIED = {
  ...QUICK_ISSUANCE,
  requestMs: 4_000,
  activateMs: 8_000,
  printMs: 30_000,
  printerAnswerMs: 3_000,
};

/** A kiosk from cold, its limits divided by twenty. */
async function startScene(
  prepare: Preparation,
  { issuance = QUICK_ISSUANCE, ...options }: SceneOptions & { readonly issuance?: Limits } = {},
): Promise<Scene> {
  const kiosk = await LiveKiosk.start({ issuance, prepare, ...options });
  return { kiosk, trail: new PaperTrail(kiosk), people: new People() };
}

/** Ends a kiosk; what is wrong with what it leaves. */
export async function endOf(scene: Scene | undefined): Promise<readonly string[]> {
  try {
    await scene?.kiosk.stop();
    return [];
  } catch (error) {
    return [sayOf(error)];
  }
}

/** `quick`: answers and calls are given up soon, so that delays count as faults. */
export type Pace = 'quick' | 'unhurried';

/** A kiosk that reaches the centre through a {@link FaultProxy}. */
export async function startDistantScene(pace: Pace): Promise<DistantScene> {
  let proxy: FaultProxy | undefined;
  const prepare: Preparation = async (stack) => {
    const { hostname, port } = new URL(stack.centralUrl);
    const between = await FaultProxy.open({ host: hostname, port: Number(port) });
    proxy = between;
    setCentral(stack.configFile, { url: `https://127.0.0.1:${between.port}` });
    return alsoStopping(stack, () => between.close());
  };
  const scene = await startScene(prepare, pace === 'quick' ? {} : { issuance: UNHURRIED });
  if (proxy === undefined) throw new Error('no proxy');
  return { ...scene, proxy };
}

/** A kiosk with somebody in between who ends its TLS, and can show it whatever certificate. */
export interface ShownScene extends Scene {
  readonly proxy: TlsProxy;
  /** The one it is told to trust. */
  readonly authority: Signed;
  /** A certificate that nothing is wrong with. */
  readonly good: Signed;
}

/** What stands between this kiosk and the centre. */
interface ShownOptions extends SceneOptions {
  /** Where the one in between listens; an address of this machine. */
  readonly host?: string;
  /** What is shown when the agent starts; the good one unless told. */
  readonly first?: (authority: Signed) => Promise<Signed>;
  readonly prepare?: Preparation;
}

/** How long the good certificate lasts, days: a year from now it has ended. */
const GOOD_DAYS = 180;

/** A kiosk that reaches the centre through a {@link TlsProxy}. */
export async function startShownScene(options: ShownOptions = {}): Promise<ShownScene> {
  const { host = '127.0.0.1', first, prepare = (stack) => Promise.resolve(stack), ...rest } = options;
  const authority = await makeAuthority();
  const good = await issue(authority, {
    host: host === '127.0.0.1' ? 'localhost' : host,
    toDays: GOOD_DAYS,
  });
  const shown = first === undefined ? good : await first(authority);
  let proxy: TlsProxy | undefined;
  const scene = await startScene(
    async (stack) => {
      const caFile = path.join(stack.directory, 'shown-authority.pem');
      writeFileSync(caFile, authority.certificatePem);
      const between = await TlsProxy.open({ url: stack.centralUrl, caFile: stack.caFile }, shown, host);
      proxy = between;
      setCentral(stack.configFile, { url: `https://${host}:${between.port}`, caFile });
      return prepare(alsoStopping(stack, () => between.close()));
    },
    { ...rest, issuance: UNHURRIED },
  );
  if (proxy === undefined) throw new Error('nobody in between');
  return { ...scene, proxy, authority, good };
}

/** The stack, and what goes down after it. */
export function alsoStopping(stack: Stack, stop: () => void | Promise<void>): Stack {
  return {
    ...stack,
    stop: async () => {
      await stack.stop();
      await stop();
    },
  };
}

/** Writes other values into `[central]` of the kiosk's configuration. */
function setCentral(file: string, values: Readonly<Record<string, string>>): void {
  const text = readFileSync(file, 'utf8').replace(/^\[central\]\n(?:.+\n)*/m, (section) =>
    Object.entries(values).reduce(
      (lines, [key, value]) =>
        lines.replace(new RegExp(`^${key} = .*$`, 'm'), () => `${key} = ${JSON.stringify(value)}`),
      section,
    ),
  );
  writeFileSync(file, text);
}
