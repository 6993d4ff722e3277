import { systemClock } from '../../src/platform/clock.ts';
import { issue, makeAuthority, type Signed } from '../fixtures/authority.ts';
import { endOf, startShownScene, type ShownScene } from './distant-kiosk.ts';
import { sayOf, type Fault, type FaultOptions, type FaultReport } from './fault.ts';
import { comesBack, isHonest } from './out-of-service.ts';
import { aftermath, untilHeld, visit, visitor } from './visit.ts';

/** A certificate that must not be trusted. */
interface Bad {
  readonly name: string;
  readonly make: (authority: Signed) => Promise<Signed>;
}

const EXPIRED: Bad = {
  name: 'expired',
  make: (authority) => issue(authority, { fromDays: -30, toDays: -1 }),
};
const FOREIGN: Bad = { name: 'of a foreign authority', make: async () => issue(await makeAuthority()) };
const BAD: readonly Bad[] = [
  EXPIRED,
  { name: 'not yet valid', make: (authority) => issue(authority, { fromDays: 1, toDays: 30 }) },
  FOREIGN,
  { name: 'for another host', make: (authority) => issue(authority, { host: 'centre.example' }) },
];

/** When the certificate is bad: from the start of the agent, while nobody is there, between activation and its answer. */
type Moment = 'at boot' | 'while idle' | 'during a session';

/** Each bad certificate at each moment; afterwards the good one is back. */
export const certificateFaults: readonly Fault[] = BAD.map((bad) => ({
  name: `certificate: ${bad.name}`,
  run: (options) =>
    runCases(
      `certificate: ${bad.name}`,
      (['at boot', 'while idle', 'during a session'] as const).map((moment) => [bad, moment]),
      options,
    ),
}));

export const certificatesInShort: Fault = {
  name: 'certificates',
  run: (options) =>
    runCases(
      'certificates',
      [
        [EXPIRED, 'at boot'],
        [FOREIGN, 'while idle'],
      ],
      options,
    ),
};

async function runCases(
  fault: string,
  cases: readonly (readonly [Bad, Moment])[],
  { onProgress }: FaultOptions,
): Promise<FaultReport> {
  const wrong: string[] = [];
  let backMsMax = 0;
  let scene: ShownScene | undefined;
  for (const [bad, moment] of cases) {
    onProgress(`certificate ${bad.name} ${moment}`);
    const found: string[] = [];
    try {
      const atBoot = moment === 'at boot';
      if (atBoot) found.push(...(await endOf(scene)));
      if (atBoot) scene = await startShownScene({ first: bad.make, unready: true });
      scene ??= await startShownScene();
      const seen = atBoot ? await idleCase(scene, undefined) : await shownTo(scene, bad, moment);
      found.push(...seen.wrong);
      backMsMax = Math.max(backMsMax, seen.backMs);
    } catch (error) {
      found.push(sayOf(error), ...(await endOf(scene)));
      scene = undefined;
    }
    wrong.push(...found.map((what) => `${bad.name} ${moment}: ${what}`));
  }
  wrong.push(...(await endOf(scene)));
  return { fault, cases: cases.length, wrong, backMsMax };
}

interface Seen {
  readonly wrong: readonly string[];
  readonly backMs: number;
}

async function shownTo(scene: ShownScene, bad: Bad, moment: Moment): Promise<Seen> {
  const shown = await bad.make(scene.authority);
  return moment === 'while idle' ? idleCase(scene, shown) : sessionCase(scene, shown);
}

/** `shown`: what is shown from now on; undefined: it is already. Then the good one, and somebody comes. */
async function idleCase(scene: ShownScene, shown: Signed | undefined): Promise<Seen> {
  const { proxy, people } = scene;
  if (shown !== undefined) proxy.show(shown);
  const requestsBefore = proxy.requests;
  const wrong = [...(await isHonest(scene, 'untrusted'))];
  wrong.push(...sentSince(scene, requestsBefore));
  proxy.show(scene.good);
  const back = await comesBack(scene, systemClock.monotonicMs());
  wrong.push(...back.wrong);
  const came = await visitor(scene, people.next());
  const told = await visit(scene, came);
  wrong.push(...(await aftermath(scene, came, told, systemClock.monotonicMs())));
  if (told.screen.name !== 'take-slip')
    wrong.push(`nobody is served afterwards: ${JSON.stringify(told.screen)}`);
  return { wrong, backMs: back.backMs };
}

/** The code is active when the certificate changes, and its answer does not come. */
async function sessionCase(scene: ShownScene, shown: Signed): Promise<Seen> {
  const { proxy, people, kiosk } = scene;
  const came = await visitor(scene, people.next());
  const held = { operation: 'activate', when: 'after' } as const;
  await kiosk.central.post('/hold', held);
  const going = visit(scene, came);
  // Awaited below; a rejection before that is no surprise to the process.
  going.catch(() => undefined);
  await untilHeld(scene, held);
  proxy.show(shown);
  const requestsBefore = proxy.requests;
  await kiosk.central.post('/release', {});
  const told = await going;
  const wrong = [...(await isHonest(scene, 'untrusted'))];
  wrong.push(...sentSince(scene, requestsBefore));
  proxy.show(scene.good);
  const healedAtMs = systemClock.monotonicMs();
  const back = await comesBack(scene, healedAtMs);
  wrong.push(...back.wrong, ...(await aftermath(scene, came, told, healedAtMs)));
  return { wrong, backMs: back.backMs };
}

function sentSince({ proxy }: ShownScene, before: number): readonly string[] {
  const sent = proxy.requests - before;
  return sent === 0 ? [] : [`${sent} requests were sent to who is not trusted`];
}
