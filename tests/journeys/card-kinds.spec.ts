import { expect, test } from '@playwright/test';
import { inFullRunOnly } from './harness/bounded.ts';
import { Kiosk } from './harness/kiosk.ts';
import { person } from '../live-kiosk/people.ts';
import { filesHolding } from '../live-kiosk/residue.ts';
import { decodeSlip } from '../live-kiosk/slip.ts';

test.describe.configure({ mode: 'serial' });

let kiosk: Kiosk;
test.beforeAll(async () => {
  kiosk = await Kiosk.start({ pictures: 'card-kinds', line: 'tcp' });
});
test.afterAll(async () => {
  await kiosk.stop();
});

const OTHERS = [
  ['a residence permit', 'kwok-meiling', '郭*玲', '819***********9763'],
  ["a foreigner's card of 2017", 'lindqvist', 'L***, *** ***A', 'XXA********1798'],
  ["a foreigner's card of 2023", 'abernathy', 'A***-***, *** *** *E', '900***********9816'],
  ["a foreigner's card of 2023 with a Chinese name", 'an-ruolan', '安*兰', '900***********9826'],
] as const;

for (const [what, id, maskedName, maskedIdNumber] of OTHERS) {
  const isMore = id !== 'abernathy';
  test(
    `somebody with ${what} gets a code that verifies, masked on screen and paper`,
    inFullRunOnly(isMore),
    async () => {
      const citizen = person(id);
      const before = (await kiosk.slips()).length;
      await kiosk.identify(citizen);
      const shown = (await kiosk.glass.text()).replaceAll(/\s+/g, '');
      expect(shown).toContain(maskedName.replaceAll(' ', ''));
      expect(shown).toContain(maskedIdNumber);
      expect(shown).not.toContain(citizen.idNumber);
      await kiosk.glass.picture(`S5-${id}`);
      await kiosk.glass.touch('show-full-name');
      await expect(kiosk.glass.page.locator('[data-fact="name"]')).toHaveText(citizen.name);
      await kiosk.glass.picture(`S5-${id}-full-name`);
      await kiosk.glass.touch('confirm');
      await kiosk.glass.shows('take-slip', 30_000);
      const [token] = await decodeSlip(kiosk.slipPicture(await kiosk.slipAfter(before)));
      expect(await kiosk.client('verifier-sandbox').verify(token ?? '')).toMatchObject({
        ok: true,
        value: { status: 'valid', maskedName, maskedIdNumber },
      });
      await kiosk.leave();
    },
  );
}

test('afterwards no file holds a name or a number of theirs', () => {
  const canaries = OTHERS.map(([, id]) => person(id)).flatMap(({ name, idNumber, englishName }) => [
    name,
    idNumber,
    ...(englishName === undefined ? [] : [englishName]),
  ]);
  const found = filesHolding(kiosk.stack.directory, canaries).filter((file) => !file.startsWith('central/'));
  expect(found).toEqual([]);
});
