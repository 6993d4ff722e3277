import { expect, test } from '@playwright/test';
import { codesOf, lookAround, violations } from '../live-kiosk/invariants.ts';
import { agentAfter, agentInstance, journalOnDisk, killAgent } from '../live-kiosk/kill.ts';
import { PaperTrail } from '../live-kiosk/paper.ts';
import { person } from '../live-kiosk/people.ts';
import { codeFromElsewhere } from './harness/earlier-code.ts';
import { Kiosk } from './harness/kiosk.ts';

let kiosk: Kiosk;
test.beforeAll(async () => {
  kiosk = await Kiosk.start({ pictures: 'kill', line: 'tcp' });
});
test.afterAll(async () => {
  await kiosk.stop();
});

// At which instants an agent may be killed, and what must come of it, is the business of `npm run crash`; here it is the glass.
test('killed in mid-print, the glass comes back by itself with nobody on it, and the same person is served', async () => {
  const citizen = person('wang-guilan');
  const trail = new PaperTrail(kiosk);
  const earlier = await codeFromElsewhere(kiosk, citizen);
  const instance = await agentInstance(kiosk);
  await kiosk.printer.command('hold-at', { what: 'body' });
  await confirms();
  await expect
    .poll(async () => (await kiosk.printer.state<{ held: string | null }>()).held, { timeout: 20_000 })
    .toBe('body');
  await kiosk.glass.shows('printing');

  const { journal } = killAgent(kiosk, [citizen.name, citizen.idNumber]);
  expect(journal.map(({ state }) => state)).toEqual(['PRINTING']);
  await kiosk.glass.shows('preparing');
  expect(await kiosk.glass.text()).not.toMatch(new RegExp(`${citizen.name[0]}\\*`));
  await kiosk.glass.picture('agent-gone-in-mid-print');
  await agentAfter(kiosk, instance);
  await kiosk.printer.command('release');
  await kiosk.atRest();
  await kiosk.liftCard();
  await expect.poll(journalIsEmpty, { timeout: 20_000 }).toBe(true);
  expect((await trail.pieces()).at(-2)).toMatchObject({ marks: ['void'] });
  const verified = await kiosk.client('verifier-sandbox').verify(earlier);
  expect(verified).toMatchObject({ ok: true, value: { status: 'valid' } });

  await confirms();
  await kiosk.glass.shows('take-slip', 25_000);
  await kiosk.leave();
  expect((await codesOf(kiosk, citizen)).at(-1)).toMatchObject({ state: 'active' });
  const world = await lookAround(kiosk, trail, [citizen]);
  expect(violations(world, 'kiosk-sandbox-1')).toEqual([]);
  expect(world.pieces.at(-2)).toMatchObject({ marks: ['valid'] });

  async function confirms(): Promise<void> {
    await kiosk.identify(citizen, 'reissue');
    await kiosk.glass.touch('confirm');
    await kiosk.glass.shows('confirm-reissue');
    await kiosk.glass.touch('confirm-reissue');
  }
});

/** False also while the files change under the copy. */
function journalIsEmpty(): boolean {
  try {
    return journalOnDisk(kiosk.stack.dataDirectory).length === 0;
  } catch {
    return false;
  }
}
