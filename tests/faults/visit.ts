import type { Citizen } from '../../sandbox/citizens/citizen.ts';
import { sleep, systemClock } from '../../src/platform/clock.ts';
import type { Screen } from '../../src/view/kiosk-view.ts';
import { codesOf, lookAround, violations, type CodeAtCentre } from '../live-kiosk/invariants.ts';
import { journalOnDisk } from '../live-kiosk/kill.ts';
import type { LiveKiosk } from '../live-kiosk/live-kiosk.ts';
import type { ShellWithoutAScreen } from '../live-kiosk/shell-without-a-screen.ts';
import type { Scene } from './distant-kiosk.ts';

const DEVICE = 'kiosk-sandbox-1';
export const SCREEN_WITHIN_MS = 25_000;
/** The figure: from the end of an outage until somebody can be served. */
export const BACK_WITHIN_MS = 10_000;
const CLOSED_WITHIN_MS = 30_000;
/** A probe is on its way every 6 s at least. */
export const HELD_WITHIN_MS = 25_000;
/** The first symbol of a body is on paper then, the second is not. */
export const MID_BODY_DOTS = 640;
const LOOK_EVERY_MS = 20;

/** What somebody came with. */
export interface Visitor {
  readonly citizen: Citizen;
  readonly earlier: CodeAtCentre | undefined;
  /** Their codes until now. */
  readonly known: ReadonlySet<string>;
  readonly piecesBefore: number;
}

/** What somebody was told in the end, and how the earlier code was at that moment. */
export interface Told {
  readonly screen: Screen;
  readonly earlierThen: CodeAtCentre['state'] | undefined;
}

/** Looks at somebody who is about to come. */
export async function visitor({ kiosk, trail }: Scene, citizen: Citizen): Promise<Visitor> {
  const codes = await codesOf(kiosk, citizen);
  return {
    citizen,
    earlier: codes.find(({ state }) => state === 'active'),
    known: new Set(codes.map(({ operationId }) => operationId)),
    piecesBefore: (await trail.pieces()).length - 1,
  };
}

/** A call that the centre holds, before it begins it or before it answers. */
export interface HeldCall {
  readonly operation: string;
  readonly when: 'before' | 'after';
}

/** Waits until the call has come to the centre and is held there. */
export async function untilHeld({ kiosk }: Scene, { operation, when }: HeldCall): Promise<void> {
  const deadline = systemClock.monotonicMs() + HELD_WITHIN_MS;
  for (;;) {
    const { waiting } = await kiosk.central.get<{ waiting: readonly HeldCall[] }>('/hold');
    if (waiting.some((call) => call.operation === operation && call.when === when)) return;
    if (systemClock.monotonicMs() > deadline) throw new Error(`${operation} never came`);
    await sleep(systemClock, 10);
  }
}

/** Goes through a visit as far as the kiosk lets, takes what there is, and leaves. Throws when a screen never goes on. */
export async function visit({ kiosk }: Scene, { citizen, earlier }: Visitor): Promise<Told> {
  const shell = await kiosk.shell();
  await kiosk.atHome();
  await chooseOnceOffered(shell, earlier === undefined ? 'apply' : 'reissue');
  await shell.until(['choose-method'], SCREEN_WITHIN_MS);
  await shell.choose('use-id-card');
  if ((await screenOf(kiosk, 'present-id-card')).name === 'present-id-card') await kiosk.layCard(citizen);
  if ((await screenOf(kiosk, 'confirm-identity')).name === 'confirm-identity') await kiosk.confirm();
  const screen = await screenOf(kiosk, 'take-slip');
  const codes = await codesOf(kiosk, citizen);
  const earlierThen = codes.find(({ operationId }) => operationId === earlier?.operationId)?.state;
  await kiosk.atHome();
  return { screen, earlierThen };
}

/** What has just happened may be noticed under the finger, and the key is gone; it is back within the time that is promised. */
export async function chooseOnceOffered(
  shell: ShellWithoutAScreen,
  errand: 'apply' | 'reissue',
): Promise<void> {
  const deadline = systemClock.monotonicMs() + BACK_WITHIN_MS;
  for (;;) {
    try {
      await shell.choose(errand);
      return;
    } catch (error) {
      if (systemClock.monotonicMs() > deadline) throw error;
      await sleep(systemClock, LOOK_EVERY_MS);
    }
  }
}

/** Waits for this screen or for an error that is no mere wait. */
async function screenOf(kiosk: LiveKiosk, name: Screen['name']): Promise<Screen> {
  const shell = await kiosk.shell();
  const deadline = systemClock.monotonicMs() + SCREEN_WITHIN_MS;
  for (;;) {
    const { screen } = shell.view();
    const over = screen.name === 'error' && !screen.code.startsWith('E13');
    if (over || screen.name === name) return screen;
    if (systemClock.monotonicMs() > deadline) throw new Error(`it stays at ${screen.name}`);
    await sleep(systemClock, LOOK_EVERY_MS);
  }
}

/**
 * Waits until everything is at rest, with the faults over since `healedAtMs`; then everything that is not as it was promised and
 * told, each as one sentence.
 */
export async function aftermath(
  scene: Scene,
  came: Visitor,
  told: Told,
  healedAtMs: number,
): Promise<readonly string[]> {
  const { kiosk, trail, people } = scene;
  const wrong = await rest(scene, healedAtMs);
  const world = await lookAround(kiosk, trail, people.all);
  wrong.push(...violations(world, DEVICE));
  const codes = world.people.get(came.citizen.id) ?? [];
  const active = codes.find(({ state }) => state === 'active');
  const fresh = active !== undefined && !came.known.has(active.operationId) ? active : undefined;
  if (came.earlier !== undefined && active === undefined)
    wrong.push('P23: came with a valid code, left without');
  for (const { operationId, state, delivery } of codes) {
    if (state === 'pending') wrong.push(`P16: ${operationId} is pending still`);
    if (state === 'active' && !came.known.has(operationId) && delivery === undefined)
      wrong.push(`P21: nobody knows how ${operationId} was delivered`);
  }
  const pieces = world.pieces.slice(came.piecesBefore, -1);
  if (world.pieces.at(-1)?.blank !== true) wrong.push('something hangs in the printer');
  const valid = pieces.filter(({ marks }) => marks.includes('valid'));
  wrong.push(...untruths(came, told, fresh, valid.length));
  return wrong;
}

/** What the last screen said, held against what is. */
function untruths(
  { earlier }: Visitor,
  { screen, earlierThen }: Told,
  fresh: CodeAtCentre | undefined,
  validSlips: number,
): readonly string[] {
  const said = screen.name === 'error' ? screen.code : screen.name;
  const wrong: string[] = [];
  if (said === 'take-slip' || said === 'E19b') {
    if (fresh === undefined) wrong.push(`${said}: there is no new code`);
    if (said === 'take-slip' && validSlips !== 1) wrong.push(`${said}: ${validSlips} valid slips came out`);
    if (said === 'take-slip' && !['cut', 'taken', 'scanned'].includes(fresh?.delivery ?? ''))
      wrong.push(`${said}: the delivery is ${fresh?.delivery ?? 'unknown'}`);
    return wrong;
  }
  if (fresh !== undefined) wrong.push(`${said}: there is a new code all the same`);
  if (validSlips > 0) wrong.push(`${said}: a valid slip came out all the same`);
  const promisesEarlier = said === 'E19a' || said === 'E12';
  if (promisesEarlier && earlier !== undefined && earlierThen !== 'active')
    wrong.push(`${said} while the earlier code was ${earlierThen ?? 'unknown'}`);
  if (said === 'E20')
    wrong.push(`E20 ${screen.name === 'error' ? screen.reference : ''}: nobody knows what happened`);
  return wrong;
}

/** Waits for service and for an empty journal. */
async function rest({ kiosk }: Scene, healedAtMs: number): Promise<string[]> {
  const leftMs = (limitMs: number) => limitMs - (systemClock.monotonicMs() - healedAtMs);
  const wrong: string[] = [];
  try {
    await kiosk.ready(Math.max(0, leftMs(BACK_WITHIN_MS)));
  } catch {
    wrong.push(`no service ${BACK_WITHIN_MS} ms after the fault`);
    await kiosk.ready();
  }
  while (journalOnDisk(kiosk.stack.dataDirectory).length > 0) {
    if (leftMs(CLOSED_WITHIN_MS) < 0) {
      wrong.push(`an operation is open ${CLOSED_WITHIN_MS} ms after the fault`);
      break;
    }
    await sleep(systemClock, 50);
  }
  return wrong;
}
