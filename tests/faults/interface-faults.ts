import path from 'node:path';
import { sleep, systemClock } from '../../src/platform/clock.ts';
import { alsoStopping, endOf, startShownScene, type ShownScene } from './distant-kiosk.ts';
import { sayOf, type Fault, type FaultReport } from './fault.ts';
import { comesBack, isHonest } from './out-of-service.ts';
import { OwnNetwork, type End } from './own-network.ts';
import { SCREEN_WITHIN_MS, aftermath, chooseOnceOffered, untilHeld, visit, visitor } from './visit.ts';

/** Where the network goes: nobody is there, a card is asked for, the code is active and its answer under way. */
type Moment = 'idle' | 'card asked for' | 'activation unanswered';

interface Case {
  readonly end: End;
  readonly moment: Moment;
  /** After the kiosk has noticed, ms. */
  readonly downMs: number;
}

const FAULT = 'interface down';
/** Several probes' time, so that the kiosk comes back from any place between two of them. */
const DOWN_MS = [0, 1_500, 3_000, 4_500];
const CASES: readonly Case[] = (['kiosk', 'switch'] as const).flatMap((end) => [
  ...DOWN_MS.map((downMs): Case => ({ end, moment: 'idle', downMs })),
  { end, moment: 'card asked for', downMs: 0 },
  { end, moment: 'activation unanswered', downMs: 0 },
]);
const IN_SHORT: readonly Case[] = [{ end: 'switch', moment: 'card asked for', downMs: 0 }];
const CARD_LIES_MS = 1_500;

/** The kernel's own network between kiosk and centre goes down and comes up again. */
export const interfaceFaults: Fault = {
  name: FAULT,
  run: async ({ bounded, onProgress }): Promise<FaultReport> => {
    let network: OwnNetwork;
    try {
      network = new OwnNetwork();
    } catch (error) {
      const said = (error as { stderr?: string }).stderr ?? sayOf(error);
      return { fault: FAULT, cases: 0, wrong: [], skipped: `no network namespace here: ${said.trim()}` };
    }
    const cases = bounded ? IN_SHORT : CASES;
    const wrong: string[] = [];
    let backMsMax = 0;
    let scene: ShownScene | undefined;
    for (const one of cases) {
      const name = `${one.end}'s end, ${one.moment}, ${one.downMs} ms more`;
      onProgress(`${FAULT}: ${name}`);
      const found: string[] = [];
      try {
        scene ??= await startInside(network);
        const seen = await runCase(scene, network, one);
        found.push(...seen.wrong);
        backMsMax = Math.max(backMsMax, seen.backMs);
      } catch (error) {
        found.push(sayOf(error), ...(await endOf(scene)));
        scene = undefined;
      }
      wrong.push(...found.map((what) => `${name}: ${what}`));
    }
    wrong.push(...(await endOf(scene)));
    await network.close();
    return { fault: FAULT, cases: cases.length, wrong, backMsMax };
  },
};

/** The agent runs inside; devices and page reach it through files, the centre over the cable. */
function startInside(network: OwnNetwork): Promise<ShownScene> {
  return startShownScene({
    host: network.host,
    line: 'serial',
    launch: { prefix: network.prefix },
    prepare: async (stack) => {
      await network.relay(Number(new URL(stack.kioskUrl).port), path.join(stack.directory, 'bridge.sock'));
      return alsoStopping(stack, () => network.endRelays());
    },
  });
}

async function runCase(
  scene: ShownScene,
  network: OwnNetwork,
  { end, moment, downMs }: Case,
): Promise<{ readonly wrong: readonly string[]; readonly backMs: number }> {
  const { kiosk, people } = scene;
  const came = await visitor(scene, people.next());
  const wrong: string[] = [];
  const held = { operation: 'activate', when: 'after' } as const;
  if (moment === 'activation unanswered') await kiosk.central.post('/hold', held);
  const going = moment === 'activation unanswered' ? visit(scene, came) : undefined;
  // Awaited below; a rejection before that is no surprise to the process.
  going?.catch(() => undefined);
  if (going !== undefined) await untilHeld(scene, held);
  if (moment === 'card asked for') await cardAskedFor(scene);
  network.set(end, 'down');
  try {
    if (going !== undefined) await kiosk.central.post('/release', {});
    if (moment === 'card asked for') wrong.push(...(await readsNoCard(scene, came.citizen)));
    const early = await going;
    wrong.push(...(await isHonest(scene, 'no-answer')));
    await sleep(systemClock, downMs);
    network.set(end, 'up');
    const healedAtMs = systemClock.monotonicMs();
    const back = await comesBack(scene, healedAtMs);
    wrong.push(...back.wrong);
    const told = early ?? (await visit(scene, came));
    wrong.push(...(await aftermath(scene, came, told, early ? healedAtMs : systemClock.monotonicMs())));
    if (early === undefined && told.screen.name !== 'take-slip')
      wrong.push(`nobody is served afterwards: ${JSON.stringify(told.screen)}`);
    return { wrong, backMs: back.backMs };
  } finally {
    network.set(end, 'up');
  }
}

async function cardAskedFor({ kiosk }: ShownScene): Promise<void> {
  const shell = await kiosk.shell();
  await kiosk.atHome();
  await chooseOnceOffered(shell, 'apply');
  await shell.until(['choose-method'], SCREEN_WITHIN_MS);
  await shell.choose('use-id-card');
  await shell.until(['present-id-card'], SCREEN_WITHIN_MS);
}

interface ReaderState {
  /** When it last gave away something of a card. */
  readonly lastRecordByteAtMs?: number | null;
}

/** The screen says that it cannot go on, and a card that is laid down all the same is not read. */
async function readsNoCard(
  { kiosk }: ShownScene,
  citizen: Parameters<ShownScene['kiosk']['layCard']>[0],
): Promise<readonly string[]> {
  const shell = await kiosk.shell();
  const screen = await shell.until(['error'], SCREEN_WITHIN_MS);
  if (screen.name !== 'error' || screen.code !== 'E12') return [`it says ${JSON.stringify(screen)}`];
  const before = await kiosk.reader.state<ReaderState>();
  await kiosk.layCard(citizen);
  await sleep(systemClock, CARD_LIES_MS);
  const after = await kiosk.reader.state<ReaderState>();
  await kiosk.liftCard();
  const read = before.lastRecordByteAtMs !== after.lastRecordByteAtMs;
  return read ? ['a card was read that could not be used'] : [];
}
