import type { CentreTrouble } from '../../src/bridge/ports.ts';
import { askAgent } from '../../src/cli/ask-agent.ts';
import { sleep, systemClock } from '../../src/platform/clock.ts';
import { BACK_WITHIN_MS } from './visit.ts';
import type { Scene } from './distant-kiosk.ts';
import { sayOf } from './fault.ts';

/** A probe every 5 s ± 20 %, its limit of 3 s, and what a busy machine takes. */
const NOTICED_WITHIN_MS = 30_000;
const ANSWER_WITHIN_MS = 5_000;

/** Waits until the kiosk has noticed; then what is wrong with what it says to people at its home screen, and to technicians. */
export async function isHonest({ kiosk }: Scene, trouble: CentreTrouble): Promise<readonly string[]> {
  const shell = await kiosk.shell();
  const deadline = systemClock.monotonicMs() + NOTICED_WITHIN_MS;
  while (!shell.view().readiness.obstacles.includes('centre-unreachable')) {
    if (systemClock.monotonicMs() > deadline) return ['it goes on as if the centre could be reached'];
    await sleep(systemClock, 20);
  }
  await kiosk.atHome();
  const { choices, readiness } = shell.view();
  const offered = (['apply', 'reissue', 'check'] as const).filter((choice) => choices.includes(choice));
  const wrong = offered.map((choice) => `the home screen offers ${choice}`);
  if (readiness.issue || readiness.check) wrong.push('it takes itself for ready');
  // On a busy machine the probe that noticed may have had no answer in time; the next one tells more.
  let told = await toldTechnicians(kiosk.stack.socketPath);
  while (told !== trouble && systemClock.monotonicMs() < deadline) {
    await sleep(systemClock, 100);
    told = await toldTechnicians(kiosk.stack.socketPath);
  }
  if (told !== trouble) wrong.push(`technicians are told ${told ?? 'nothing'} for ${trouble}`);
  return wrong;
}

/** What the technician's program is told of the centre, or why it is told nothing. */
async function toldTechnicians(socketPath: string): Promise<string | undefined> {
  const report = await askAgent(socketPath, ANSWER_WITHIN_MS, (agent) => agent.report());
  return report.ok ? report.value.centre.trouble : report.error.code;
}

/** Waits until somebody can be served again, from the end of a fault; how long that took, ms, and what was wrong with it. */
export async function comesBack(
  { kiosk }: Scene,
  healedAtMs: number,
): Promise<{ readonly backMs: number; readonly wrong: readonly string[] }> {
  try {
    await kiosk.ready();
    const backMs = Math.round(systemClock.monotonicMs() - healedAtMs);
    return { backMs, wrong: backMs > BACK_WITHIN_MS ? [`back only after ${backMs} ms`] : [] };
  } catch (error) {
    return { backMs: systemClock.monotonicMs() - healedAtMs, wrong: [sayOf(error)] };
  }
}
