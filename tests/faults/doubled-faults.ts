import { sleep, systemClock } from '../../src/platform/clock.ts';
import type { Answer, Asked } from '../fixtures/tls-proxy.ts';
import { agentAfter, agentInstance } from '../live-kiosk/kill.ts';
import { endOf, startShownScene, type ShownScene } from './distant-kiosk.ts';
import { sayOf, type Fault, type FaultReport } from './fault.ts';
import { HELD_WITHIN_MS, MID_BODY_DOTS, aftermath, visit, visitor } from './visit.ts';

const CALLS = [
  ['identify', 'POST', /^\/v1\/identifications$/],
  ['reserve', 'PUT', /^\/v1\/operations\/[^/]+$/],
  ['activate', 'POST', /\/activate$/],
  ['void', 'POST', /\/void$/],
  ['confirm', 'POST', /\/confirm$/],
  ['listOpenOperations', 'GET', /^\/v1\/operations\?/],
  ['listNotices', 'GET', /^\/v1\/notices$/],
] as const;
type Call = (typeof CALLS)[number][0];

/** Which copy's answer reaches the kiosk. */
type Answered = 'the first' | 'the second';

/** Each signed request arrives twice, byte for byte. The centre does it once, and the kiosk may hear either answer. */
export const doubledFaults: readonly Fault[] = (['the first', 'the second'] as const).map((answered) => ({
  name: `network: doubled, ${answered} answered`,
  run: ({ bounded, onProgress }) =>
    runDoubled(answered, bounded ? ['reserve', 'confirm'] : CALLS.map(([call]) => call), onProgress),
}));

async function runDoubled(
  answered: Answered,
  calls: readonly Call[],
  onProgress: (what: string) => void,
): Promise<FaultReport> {
  const fault = `network: doubled, ${answered} answered`;
  const wrong: string[] = [];
  let scene: ShownScene | undefined;
  for (const call of calls) {
    onProgress(`${call} doubled, ${answered} answered`);
    const found: string[] = [];
    try {
      scene ??= await startShownScene();
      found.push(...(await doubled(scene, call, answered)));
    } catch (error) {
      found.push(sayOf(error), ...(await endOf(scene)));
      scene = undefined;
    }
    wrong.push(...found.map((what) => `${call}: ${what}`));
  }
  wrong.push(...(await endOf(scene)));
  return { fault, cases: calls.length, wrong };
}

/** The next call of this kind is doubled while somebody is served; all of them where the first copy is answered. */
async function doubled(scene: ShownScene, call: Call, answered: Answered): Promise<readonly string[]> {
  const { kiosk, proxy, people } = scene;
  const wrong: string[] = [];
  let times = 0;
  proxy.handle = async (asked) => {
    const meant = callOf(asked) === call && (answered === 'the first' || times === 0);
    if (!meant) return asked.send();
    times += 1;
    const first = await asked.send();
    const second = await asked.send();
    if (!isReplay(second)) wrong.push('the centre took it twice');
    return answered === 'the first' ? first : second;
  };
  const came = await visitor(scene, people.next());
  if (call === 'void')
    await kiosk.printer.command('stop-after-dots', { n: MID_BODY_DOTS, reason: 'cover-open' });
  if (call === 'listOpenOperations') {
    const instance = await agentInstance(kiosk);
    kiosk.stack.agent.kill();
    await agentAfter(kiosk, instance);
    await kiosk.lookAnew();
    await kiosk.ready();
  }
  const told = await visit(scene, came);
  if (call === 'void') await kiosk.printer.command('cover', { open: false });
  wrong.push(...(await aftermath(scene, came, told, systemClock.monotonicMs())));
  if (call !== 'void' && told.screen.name !== 'take-slip')
    wrong.push(`it came to ${JSON.stringify(told.screen)}`);
  // The probe may have to be waited for.
  const deadline = systemClock.monotonicMs() + HELD_WITHIN_MS;
  const never = () => times === 0 && systemClock.monotonicMs() < deadline;
  while (never()) await sleep(systemClock, 50);
  if (times === 0) wrong.push('it never came');
  proxy.handle = (asked) => asked.send();
  return wrong;
}

function callOf({ method, path }: Asked): Call | undefined {
  return CALLS.find(([, verb, where]) => verb === method && where.test(path))?.[0];
}

function isReplay({ status, body }: Answer): boolean {
  return status >= 400 && body.toString().includes(':problem:replayed"');
}
