import { systemClock, withTimeLimit } from '../../src/platform/clock.ts';
import type { Citizen } from '../../sandbox/citizens/citizen.ts';
import type { Choice, Screen } from '../../src/view/kiosk-view.ts';
import { violations, type World } from '../live-kiosk/invariants.ts';
import { journalOnDisk } from '../live-kiosk/kill.ts';
import type { LiveKiosk } from '../live-kiosk/live-kiosk.ts';
import type { ShellWithoutAScreen } from '../live-kiosk/shell-without-a-screen.ts';
import { until } from './stories.ts';
import { backAgain } from './traced-run.ts';

const DEVICE = 'kiosk-sandbox-1';
const RECOVERED_WITHIN_MS = 30_000;
const ERRAND_WITHIN_MS = 20_000;
const TOUCH_WITHIN_MS = 1_000;

/** What is touched on a screen, the first of these that is there; on others the kiosk goes on by itself. */
const WAY: Readonly<Partial<Record<Screen['name'], readonly Choice[]>>> = {
  attract: ['start'],
  'choose-method': ['use-id-card'],
  'confirm-identity': ['confirm'],
  'confirm-reissue': ['confirm-reissue'],
  'take-slip': ['got-everything'],
  error: ['got-everything', 'home', 'cancel'],
};

/** Touches what leads to a slip and away from it, until home is reached again or the agent has died. */
export async function serveUntil(
  kiosk: LiveKiosk,
  citizen: Citizen,
  errand: 'apply' | 'reissue',
  died: () => boolean,
): Promise<void> {
  const shell = await kiosk.shell();
  await kiosk.liftCard();
  let begun = false;
  let seen = '';
  await until(async () => {
    if (died()) return true;
    const { screen, choices } = shell.view();
    if (begun && screen.name === 'home') return true;
    const isNew = screen.name !== seen;
    seen = screen.name;
    if (isNew && screen.name === 'present-id-card') await kiosk.layCard(citizen);
    if (isNew && begun && (screen.name === 'take-slip' || screen.name === 'error')) await kiosk.liftCard();
    const way = screen.name === 'home' ? [errand] : (WAY[screen.name] ?? []);
    const choice = way.find((one) => choices.includes(one));
    // Refused: the screen has changed under the finger, or there is nobody behind it any more.
    const taken = choice !== undefined && (await touched(shell, choice));
    if (screen.name === 'home' && taken) begun = true;
    return false;
  }, ERRAND_WITHIN_MS);
}

/** A touch that no one answers is one that nobody felt. */
async function touched(shell: ShellWithoutAScreen, choice: Choice): Promise<boolean> {
  const accepted = shell.choose(choice).then(
    () => true,
    () => false,
  );
  return (await withTimeLimit(systemClock, TOUCH_WITHIN_MS, accepted)) === true;
}

/** Waits until the agent serves again; it may die on the way there. */
export function backFor(kiosk: LiveKiosk): Promise<void> {
  const isBack = () =>
    backAgain(kiosk).then(
      () => true,
      () => false,
    );
  return until(isBack, RECOVERED_WITHIN_MS);
}

/** P1–P5 from centre and paper, and what must hold when nothing is under way (P16, P21, P23). */
export function brokenInReality(world: World, cameWithCode: string | undefined): readonly string[] {
  const broken = [...violations(world, DEVICE)];
  for (const [id, codes] of world.people) {
    const own = codes.filter(({ deviceId }) => deviceId === DEVICE);
    if (own.some(({ state }) => state === 'pending')) broken.push(`P16: ${id} has a pending code`);
    if (own.some(({ state, delivery }) => state === 'active' && delivery === undefined))
      broken.push(`P21: nobody was told how the code of ${id} was delivered`);
    if (id === cameWithCode && !codes.some(({ state }) => state === 'active'))
      broken.push(`P23: ${id} came with a code and has none`);
  }
  return broken;
}

/** Waits until every operation is closed. */
export function closed(kiosk: LiveKiosk): Promise<void> {
  return until(() => isEmpty(kiosk.stack.dataDirectory), RECOVERED_WITHIN_MS);
}

/** False also while the files change under the copy. */
function isEmpty(dataDirectory: string): boolean {
  try {
    return journalOnDisk(dataDirectory).length === 0;
  } catch {
    return false;
  }
}
