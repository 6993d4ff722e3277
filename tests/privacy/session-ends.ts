import type { Citizen } from '../../sandbox/citizens/citizen.ts';
import { sleep, systemClock } from '../../src/platform/clock.ts';
import type { Screen } from '../../src/view/kiosk-view.ts';
import { codesOf } from '../live-kiosk/invariants.ts';
import { agentAfter, agentInstance, killAgent } from '../live-kiosk/kill.ts';
import type { LiveKiosk } from '../live-kiosk/live-kiosk.ts';
import { canariesOf, canariesOfCode, photoCanary, textCanary, type Canary, type Hit } from './canaries.ts';
import type { FilePlace, WatchedKiosk } from './watched-kiosk.ts';

/** Somebody on the confirmation page, after the agent has shown all it ever shows of them. */
export interface Met {
  readonly citizen: Citizen;
  readonly epoch: number;
  readonly photoRef: string;
  readonly canaries: readonly Canary[];
}

/** A session that is over. */
export interface Ended extends Met {
  /** The agent ended with it: what its files held before anybody started another one. */
  readonly atDeath?: ReadonlyMap<FilePlace, readonly Hit[]>;
  /** The next person who stands there already, signed in by the same touch. */
  readonly next?: Met;
  /** Puts the world in order again. */
  readonly restore?: () => Promise<void>;
}

/** A way in which sessions end. */
export interface SessionEnd {
  readonly name: string;
  /** Serves somebody up to the end of their session; returns at that moment. */
  run(kiosk: WatchedKiosk, citizen: Citizen, next: Citizen): Promise<Ended>;
}

const SCREEN_WITHIN_MS = 20_000;
const OVER_WITHIN_MS = 40_000;
/** Half of a body. */
const MID_BODY_DOTS = 640;

/** Signs somebody in and has shown what can be shown: masked texts, portrait, full name. */
export async function meet(
  kiosk: LiveKiosk,
  citizen: Citizen,
  method: 'id-card' | 'suishen-code' = 'id-card',
): Promise<Met> {
  if (method === 'id-card') {
    await kiosk.signIn(citizen, 'apply');
    return shown(kiosk, citizen, []);
  }
  const shell = await kiosk.shell();
  await kiosk.atHome();
  await shell.choose('apply');
  await shell.until(['choose-method'], SCREEN_WITHIN_MS);
  await shell.choose('use-suishen-code');
  await shell.until(['present-suishen-code'], SCREEN_WITHIN_MS);
  const answer = await kiosk.client('portal-sandbox').issueSuishenCode(citizen.idNumber);
  if (!answer.ok) throw new Error('the sandbox makes no living code');
  await kiosk.scanner.command('show-code', { text: answer.value.code });
  await shell.until(['confirm-identity'], SCREEN_WITHIN_MS);
  return shown(kiosk, citizen, [textCanary('livingCode', answer.value.code)]);
}

async function shown(kiosk: LiveKiosk, citizen: Citizen, more: readonly Canary[]): Promise<Met> {
  const shell = await kiosk.shell();
  const { epoch, screen } = shell.view();
  const photoRef = screen.name === 'confirm-identity' ? screen.person.photoRef : undefined;
  if (photoRef === undefined) throw new Error('the confirmation page has no portrait');
  const photo = await shell.photo(epoch, photoRef);
  await shell.choose('show-full-name');
  const fullName = await shell.fullName(epoch);
  if (photo === undefined || fullName !== citizen.name) throw new Error('portrait or full name is not shown');
  return {
    citizen,
    epoch,
    photoRef,
    canaries: [
      ...canariesOf(citizen),
      textCanary('address', citizen.address),
      textCanary('photoRef', photoRef),
      photoCanary(photo),
      ...more,
    ],
  };
}

/** Waits until the person's session is over, and adds what was on their paper. */
async function over(kiosk: LiveKiosk, met: Met): Promise<Ended> {
  const shell = await kiosk.shell();
  const deadline = systemClock.monotonicMs() + OVER_WITHIN_MS;
  while (shell.view().epoch <= met.epoch) {
    if (systemClock.monotonicMs() > deadline) throw new Error('the session does not end');
    await sleep(systemClock, 10);
  }
  const codes = await codesOf(kiosk, met.citizen);
  return { ...met, canaries: [...met.canaries, ...codes.flatMap(canariesOfCode)] };
}

async function confirmed(kiosk: LiveKiosk, until: Screen['name']): Promise<void> {
  await kiosk.confirm();
  const shell = await kiosk.shell();
  const { name } = await shell.until([until, 'error', 'take-slip'], SCREEN_WITHIN_MS);
  if (name !== until) throw new Error(`${name} instead of ${until}`);
}

/** From 是我 to the home screen: slip and card are taken. */
export async function takesSlip(kiosk: LiveKiosk, met: Met): Promise<Ended> {
  const shell = await kiosk.shell();
  await confirmed(kiosk, 'take-slip');
  await kiosk.printer.command('take-paper');
  await kiosk.liftCard();
  await shell.choose('got-everything');
  return over(kiosk, met);
}

/** The body is on paper and its proof is held. */
async function inMidOperation(kiosk: LiveKiosk): Promise<void> {
  await kiosk.printer.command('hold-at', { what: 'fence' });
  await kiosk.confirm();
  const deadline = systemClock.monotonicMs() + SCREEN_WITHIN_MS;
  while ((await kiosk.printer.state<{ held: string | null }>()).held === null) {
    if (systemClock.monotonicMs() > deadline) throw new Error('the printer does not come to its hold');
    await sleep(systemClock, 20);
  }
}

export const SESSION_ENDS: readonly SessionEnd[] = [
  {
    name: 'slip taken',
    run: async ({ live }, citizen) => takesSlip(live, await meet(live, citizen)),
  },
  {
    name: 'killed in mid-session',
    run: async (kiosk, citizen) => {
      const { live } = kiosk;
      const met = await meet(live, citizen);
      await inMidOperation(live);
      const codes = (await codesOf(live, citizen)).flatMap(canariesOfCode);
      const instance = await agentInstance(live);
      killAgent(live, []);
      const atDeath = kiosk.files([...met.canaries, ...codes]);
      await live.printer.command('release');
      await agentAfter(live, instance);
      return { ...(await over(live, met)), atDeath };
    },
  },
  {
    name: 'signed in by living code',
    run: async ({ live }, citizen) => takesSlip(live, await meet(live, citizen, 'suishen-code')),
  },
  {
    name: 'cancelled on the confirmation page',
    run: async ({ live }, citizen) => {
      const met = await meet(live, citizen);
      const shell = await live.shell();
      await shell.choose('not-me');
      await shell.until(['error'], SCREEN_WITHIN_MS);
      await live.liftCard();
      await shell.choose('home');
      return over(live, met);
    },
  },
  {
    name: 'walked away',
    run: async ({ live }, citizen) => over(live, await meet(live, citizen)),
  },
  {
    name: 'card swapped on the reader',
    run: async ({ live }, citizen, next) => {
      const met = await meet(live, citizen);
      const shell = await live.shell();
      await live.liftCard();
      await live.layCard(next);
      // Nobody is taken for somebody else while they read.
      await sleep(systemClock, 1_000);
      const { screen, epoch } = shell.view();
      if (screen.name !== 'confirm-identity' || epoch !== met.epoch) throw new Error('the page has changed');
      await shell.choose('not-me');
      await shell.until(['error'], SCREEN_WITHIN_MS);
      await shell.choose('retry');
      const ended = await over(live, met);
      await shell.until(['choose-method', 'present-id-card', 'confirm-identity'], SCREEN_WITHIN_MS);
      if (shell.view().screen.name === 'choose-method') await shell.choose('use-id-card');
      await shell.until(['confirm-identity'], SCREEN_WITHIN_MS);
      return { ...ended, next: await shown(live, next, []) };
    },
  },
  {
    name: 'print failed',
    run: async ({ live }, citizen) => {
      await live.printer.command('stop-after-dots', { n: MID_BODY_DOTS, reason: 'jam' });
      const met = await meet(live, citizen);
      await confirmed(live, 'error');
      await live.printer.command('clear-jam');
      await live.liftCard();
      const shell = await live.shell();
      await shell.choose('home');
      return over(live, met);
    },
  },
  {
    name: 'network lost at activate',
    run: async ({ live }, citizen) => {
      const met = await meet(live, citizen);
      await live.central.post('/hold', { operation: 'activate', when: 'before', drop: true, count: 100 });
      await live.confirm();
      const deadline = systemClock.monotonicMs() + SCREEN_WITHIN_MS;
      while ((await live.central.get<{ waiting: unknown[] }>('/hold')).waiting.length === 0) {
        if (systemClock.monotonicMs() > deadline) throw new Error('nothing is activated');
        await sleep(systemClock, 20);
      }
      await live.central.post('/offline', { on: true });
      await live.central.post('/release', {});
      await live.liftCard();
      const shell = await live.shell();
      await shell.until(['error'], SCREEN_WITHIN_MS);
      await shell.choose('home');
      const ended = await over(live, met);
      return {
        ...ended,
        restore: async () => {
          await live.central.post('/offline', { on: false });
          await live.ready();
        },
      };
    },
  },
  {
    name: 'SIGTERM in mid-session',
    run: async (kiosk, citizen) => {
      const { live } = kiosk;
      const met = await meet(live, citizen);
      await inMidOperation(live);
      const codes = (await codesOf(live, citizen)).flatMap(canariesOfCode);
      await live.stack.agent.stop();
      const atDeath = kiosk.files([...met.canaries, ...codes]);
      await live.printer.command('release');
      await live.stack.agent.start();
      return { ...(await over(live, met)), atDeath };
    },
  },
];
