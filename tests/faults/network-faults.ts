import { sleep, systemClock } from '../../src/platform/clock.ts';
import { agentAfter, agentInstance } from '../live-kiosk/kill.ts';
import { endOf, startDistantScene, type DistantScene, type Pace } from './distant-kiosk.ts';
import type { Ending, FaultProxy, Weather } from './fault-proxy.ts';
import { sayOf, type Fault, type FaultOptions, type FaultReport } from './fault.ts';
import {
  HELD_WITHIN_MS,
  MID_BODY_DOTS,
  aftermath,
  untilHeld,
  visit,
  visitor,
  type HeldCall,
  type Told,
  type Visitor,
} from './visit.ts';

/** Calls of an issuance, of recovery, and the probe, each with the one before it on the wire. */
const CALLS = {
  identify: undefined,
  reserve: 'identify',
  activate: 'reserve',
  void: 'reserve',
  confirm: 'activate',
  listOpenOperations: undefined,
  listNotices: undefined,
} as const;
type Call = keyof typeof CALLS;

/** Where the call is: on its way, at the centre and not begun, done and not answered, its answer on its way. */
type Moment = 'going' | 'before' | 'after' | 'answering';

interface Strike {
  readonly call: Call;
  readonly moment: Moment;
  /** Bytes into the record at which a connection ends, for what is on its way. */
  readonly bytes: number;
}

/** One kind of trouble on the way to the centre. */
interface Trouble {
  readonly name: string;
  /** Until it is over, ms. */
  readonly lastsMs: number;
  strike(proxy: FaultProxy, where: Strike): void;
  readonly moments: readonly Moment[];
}

const ON_ITS_WAY: readonly Moment[] = ['going', 'before', 'after', 'answering'];
/** In the header of a record, in its first bytes, far into it. */
const PLACES = [3, 40, 300];

const ending = (name: string, how: Ending): Trouble => ({
  name,
  lastsMs: 0,
  moments: ON_ITS_WAY,
  strike: (proxy, { moment, bytes }) => {
    if (moment === 'before' || moment === 'after') proxy.end(how);
    else proxy.trap = { direction: moment === 'going' ? 'up' : 'down', records: 0, bytes, ending: how };
  },
});

const weather = (name: string, what: Weather, lastsMs: number): Trouble => ({
  name,
  lastsMs,
  moments: ['going', 'before', 'after'],
  strike: (proxy) => {
    proxy.weather = what;
  },
});

const TROUBLES: readonly Trouble[] = [
  ending('reset', 'reset'),
  ending('answers cut', 'cut'),
  ending('half-open', 'half-open'),
  // A call and its repetitions all come too late, and still come.
  weather('delay', { delayMs: 300 }, 2_000),
  weather('throttle', { bytesPerSecond: 4_000 }, 3_000),
  // One byte at a time.
  weather('slow loris', { bytesPerSecond: 50 }, 3_000),
  weather('black hole', { hole: true }, 1_000),
  // Longer than activation is asked for.
  weather('long black hole', { hole: true }, 4_500),
  {
    ...weather('refused', {}, 1_500),
    strike: (proxy) => {
      proxy.weather = { refuse: true };
      proxy.end('reset');
    },
  },
];

/** What `npm test` has time for: kinds of trouble that have little in common, one after the other. */
const IN_SHORT: readonly (readonly [trouble: string, strike: Strike])[] = [
  ['reset', { call: 'activate', moment: 'after', bytes: 0 }],
  ['answers cut', { call: 'reserve', moment: 'answering', bytes: 40 }],
  ['half-open', { call: 'identify', moment: 'before', bytes: 0 }],
  ['refused', { call: 'void', moment: 'before', bytes: 0 }],
];

/** Every kind of trouble on the way to the centre at every call. */
export const networkFaults: readonly Fault[] = TROUBLES.map((trouble) => ({
  name: `network: ${trouble.name}`,
  run: (options) =>
    runStrikes(
      `network: ${trouble.name}`,
      strikesOf(trouble).map((strike) => [trouble, strike]),
      { ...options, pace: 'quick' },
    ),
}));

/** The same on one kiosk, each kind once at most. */
export const networkInShort: Fault = {
  name: 'network',
  run: (options) =>
    runStrikes(
      'network',
      IN_SHORT.flatMap(([name, strike]) => {
        const trouble = TROUBLES.find((one) => one.name === name);
        return trouble === undefined ? [] : [[trouble, strike] as const];
      }),
      // Beside other work, and none of these is about time.
      { ...options, pace: 'unhurried' },
    ),
};

async function runStrikes(
  fault: string,
  strikes: readonly (readonly [Trouble, Strike])[],
  { onProgress, pace }: FaultOptions & { readonly pace: Pace },
): Promise<FaultReport> {
  const wrong: string[] = [];
  let scene: DistantScene | undefined;
  for (const [trouble, strike] of strikes) {
    const name = `${trouble.name}, ${strike.call} ${strike.moment}${strike.bytes > 0 ? ` ${strike.bytes}` : ''}`;
    onProgress(name);
    try {
      scene ??= await startDistantScene(pace);
      wrong.push(...(await struck(scene, trouble, strike)).map((what) => `${name}: ${what}`));
    } catch (error) {
      wrong.push(`${name}: ${sayOf(error)}`);
      wrong.push(...(await endOf(scene)));
      scene = undefined;
    }
  }
  wrong.push(...(await endOf(scene)));
  return { fault, cases: strikes.length, wrong };
}

function strikesOf({ moments }: Trouble): readonly Strike[] {
  return (Object.keys(CALLS) as Call[]).flatMap((call) =>
    moments.flatMap((moment) =>
      (moments === ON_ITS_WAY && (moment === 'going' || moment === 'answering') ? PLACES : [0]).map(
        (bytes) => ({
          call,
          moment,
          bytes,
        }),
      ),
    ),
  );
}

/** Somebody comes, the trouble strikes at its place, passes, and what came of it is looked at. */
async function struck(scene: DistantScene, trouble: Trouble, strike: Strike): Promise<readonly string[]> {
  const { kiosk, proxy, people } = scene;
  const came = await visitor(scene, people.next());
  const held = heldCall(strike);
  if (held !== undefined) await kiosk.central.post('/hold', held);
  if (strike.call === 'void')
    await kiosk.printer.command('stop-after-dots', { n: MID_BODY_DOTS, reason: 'cover-open' });
  const idle = strike.call === 'listNotices' || strike.call === 'listOpenOperations';
  const going = idle ? undefined : visit(scene, came);
  // Awaited below; a rejection before that is no surprise to the process.
  going?.catch(() => undefined);
  if (held === undefined) trouble.strike(proxy, strike);
  const instance = strike.call === 'listOpenOperations' ? await agentInstance(kiosk) : undefined;
  if (instance !== undefined) kiosk.stack.agent.kill();
  if (held !== undefined) {
    await Promise.race([untilHeld(scene, held), ...(going === undefined ? [] : [endedBefore(held, going)])]);
    trouble.strike(proxy, strike);
    await kiosk.central.post('/release', {});
  }
  await sleep(systemClock, trouble.lastsMs);
  // A trap waits for the call it is for.
  if (held === undefined || strike.moment === 'going' || strike.moment === 'answering')
    await untilSprung(proxy);
  proxy.heal();
  if (strike.call === 'void') {
    // Also where it has not stopped yet: from now on the printer has no trouble either.
    await kiosk.printer.command('release', {});
    await kiosk.printer.command('cover', { open: false });
  }
  const healedAtMs = systemClock.monotonicMs();
  if (instance !== undefined) {
    await agentAfter(kiosk, instance);
    await kiosk.lookAnew();
  }
  const told = await (going ?? visitWhenReady(scene, came));
  return aftermath(scene, came, told, idle ? systemClock.monotonicMs() : healedAtMs);
}

/** The kiosk is idle when it strikes: whoever comes afterwards must be served as if nothing had been. */
async function visitWhenReady(scene: DistantScene, came: Visitor): Promise<Told> {
  await scene.kiosk.ready(10_000);
  return visit(scene, came);
}

/** Rejects with how a visit ended that never came to the call. */
async function endedBefore({ operation }: HeldCall, going: Promise<Told>): Promise<never> {
  const { screen } = await going;
  const said = screen.name === 'error' ? screen.code : screen.name;
  throw new Error(`the visit ended at ${said}, and ${operation} never came`);
}

/** The call that the centre holds when it is time; what is on its way to it is known by the answer before. */
function heldCall({ call, moment }: Strike): HeldCall | undefined {
  if (moment === 'before') return { operation: call, when: 'before' };
  if (moment !== 'going') return { operation: call, when: 'after' };
  const earlier = CALLS[call];
  return earlier && { operation: earlier, when: 'after' };
}

async function untilSprung(proxy: FaultProxy): Promise<void> {
  const deadline = systemClock.monotonicMs() + HELD_WITHIN_MS;
  while (proxy.trap !== undefined && systemClock.monotonicMs() < deadline) await sleep(systemClock, 10);
  if (proxy.trap !== undefined) throw new Error('nothing came to the trap');
}
