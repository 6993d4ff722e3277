import { beforeAll, describe, expect, test } from 'vitest';
import { CITIZEN_PACKS, SPOKEN_LANGUAGES } from '../src/copy/citizen-languages.ts';
import { recordingOf, slotsOf, spoken, spokenSlots } from '../src/copy/spoken-slots.ts';
import { spokenOfView } from '../src/screens/voice/spoken-view.ts';
import { galleryOfTests } from './fixtures/gallery-of-tests.ts';
import { GALLERY_VIEWS } from '../sandbox/gallery/views.ts';

/** Nobody is there, or nobody has read it aloud. */
const SILENT_VIEWS = Object.keys(GALLERY_VIEWS).filter((name) =>
  /^(?:attract$|out-of-service|notice(?:$|-))/.test(name),
);

const gallery = galleryOfTests();

/** As it is compared: without blanks, and without marks that only stand on one side. */
const bare = (text: string) => text.replaceAll(/[\s，。？：、“”.,?]/g, '');

describe.for(SPOKEN_LANGUAGES)('in %s', (language) => {
  beforeAll(async () => {
    await gallery.setUp({ language });
  });
  const slots = spokenSlots(language);

  test.each(Object.keys(GALLERY_VIEWS))('%s says what stands on it, its title first', async (name) => {
    const view = GALLERY_VIEWS[name];
    if (view === undefined) throw new Error('no such view');
    await gallery.show(name);
    const said = slotsOf(spokenOfView(view), language).map((slot) => bare(slots.get(slot) ?? '?'));
    if (SILENT_VIEWS.includes(name)) {
      expect(said).toEqual([]);
      return;
    }
    const [glass, title] = await gallery.page.evaluate(() => {
      const heading = document.querySelector('[role="dialog"] .title, [role="alertdialog"] .title, h1');
      return [document.body.innerText, heading?.textContent ?? ''];
    });
    expect(said.join('').startsWith(bare(title))).toBe(true);
    // Overlapping copies of a sentence (its date, its title) are found wherever they stand.
    for (const text of said) expect(bare(glass)).toContain(text);
  });

  test('nothing of a person is among what can be said', () => {
    const { name, idNumber } = CITIZEN_PACKS[language].screen.confirmIdentity;
    const all = [...slots.values()];
    // The words may be spoken of (看照片和姓名), what stands beside them never.
    expect(all.filter((text) => text === name || text === idNumber)).toEqual([]);
    expect(all.join('\n')).not.toMatch(/\{\{|\d{6}/);
  });

  test('a date that nobody has spoken leaves its sentence out', () => {
    const said = slotsOf(spoken('screen.takeSlip.validUntil', { date: '2027-05-20' }), language);
    const [year, month, day] = ['date.year.2027', 'date.month.5', 'date.day.20'] as const;
    expect(said).toEqual([
      'screen.takeSlip.validUntil-0',
      ...(language === 'en' ? [day, month, year] : [year, month, day]),
    ]);
    for (const date of ['1999-01-01', '2027-13-01', '2027-00-10', 'soon', ''])
      expect(slotsOf(spoken('screen.takeSlip.validUntil', { date }), language)).toEqual([]);
    for (const number of [0, -1, 181, 1.5, Number.NaN])
      expect(slotsOf(spoken('screen.codeStatus.daysLeft', { number }), language)).toEqual([]);
  });
});

test.each(SPOKEN_LANGUAGES)(
  'a notice is said by its own recording, wherever the agent has it (%s)',
  async (language) => {
    const view = GALLERY_VIEWS['notice'];
    if (view?.screen.name !== 'notice') throw new Error('no notice');
    const content = { ...view.screen.content, recording: 'text-1f' };
    const said = slotsOf(spokenOfView({ ...view, screen: { ...view.screen, content } }), language);
    expect(said.map(recordingOf)).toEqual(['text-1f']);
    expect([...spokenSlots(language).keys()].map(recordingOf).filter((name) => name !== undefined)).toEqual(
      [],
    );
  },
);

test('of the list of terminals only its title is said', () => {
  const view = GALLERY_VIEWS['nearby'];
  expect(view && slotsOf(spokenOfView(view), 'zh-CN')).toEqual(['screen.nearby.title']);
});

test('a screen is heard, and a finger on the glass silences it within 100 ms', async () => {
  await gallery.page.evaluate(() => {
    const heard: { started: number; stopped: number[] } = { started: 0, stopped: [] };
    Object.assign(window, { heard });
    const listen = (name: 'start' | 'stop', note: () => void) => {
      const original = AudioBufferSourceNode.prototype[name];
      Reflect.set(
        AudioBufferSourceNode.prototype,
        name,
        function (this: AudioBufferSourceNode, when?: number) {
          note();
          original.call(this, when);
        },
      );
    };
    listen('start', () => (heard.started += 1));
    listen('stop', () => heard.stopped.push(performance.now()));
  });
  await gallery.show('present-id-card');
  await expect
    .poll(
      () => gallery.page.evaluate(() => (window as unknown as { heard: { started: number } }).heard.started),
      {
        timeout: 5_000,
      },
    )
    .toBeGreaterThanOrEqual(2);
  const latencyMs = await gallery.page.evaluate(async () => {
    const { heard } = window as unknown as { heard: { stopped: number[] } };
    const touched = performance.now();
    document.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
    await new Promise((resolve) => {
      setTimeout(resolve, 150);
    });
    return (heard.stopped[0] ?? Number.POSITIVE_INFINITY) - touched;
  });
  expect(latencyMs).toBeLessThan(100);
});

test('who goes back to the title by an arrow hears the screen once more', async () => {
  const started = () =>
    gallery.page.evaluate(() => (window as unknown as { heard: { started: number } }).heard.started);
  await gallery.page.keyboard.press('ArrowDown');
  const before = await started();
  await gallery.page.keyboard.press('ArrowUp');
  await expect.poll(started, { timeout: 5_000 }).toBeGreaterThan(before);
});
