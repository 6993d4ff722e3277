/**
 * The thirty lines of the checklist (elderly-ux §7): what proves each, or why only people can. `proof` names tests as
 * `file › part of a title`; `tests/a11y-checklist.test.ts` holds that they are there.
 */
interface ChecklistLine {
  readonly line: number;
  readonly what: string;
  readonly proof: readonly string[];
  /** What no program can tell, and must be tried with people or on the machine itself. */
  readonly people?: string;
}

const GEOMETRY = 'screens-geometry.test.ts › can be reached, hit and read';

export const CHECKLIST: readonly ChecklistLine[] = [
  { line: 1, what: 'no text below 44 px, 56 px in 特大字', proof: [GEOMETRY] },
  {
    line: 2,
    what: 'text 8:1, body 16:1, 4.5:1 for aged eyes',
    proof: [
      'screens-contrast.test.ts › can be read',
      'screens-contrast.test.ts › as dark as can be',
      'screens-seen.test.ts › can be read, also by a 70-year-old',
    ],
  },
  { line: 3, what: 'edges 6:1, 3:1 for aged eyes', proof: ['screens-contrast.test.ts › can be told from'] },
  { line: 4, what: 'targets of 104 px, the main key 200 px high', proof: [GEOMETRY] },
  { line: 5, what: 'gaps of 32 px', proof: [GEOMETRY] },
  {
    line: 6,
    what: 'a finger may drift 24 px beyond a key',
    proof: ['screens-press.test.ts › a finger that drifts', 'screens-press.test.ts › toward a neighbour'],
  },
  {
    line: 7,
    what: 'presses of 40 ms to any length, no double strike within 700 ms',
    proof: ['screens-press.test.ts › a press of %d ms', 'screens-press.test.ts › a tremor, not a wish'],
  },
  {
    line: 8,
    what: 'no target above y 640 on an upright panel',
    proof: [GEOMETRY],
    people: 'the height at which the machine is mounted',
  },
  {
    line: 9,
    what: 'at most four choices and four keys in the footer, one main key',
    proof: ['screens-copy.test.ts › at most four choices'],
  },
  {
    line: 10,
    what: 'three touches from home to the slip, four for 补领',
    proof: [
      'journeys/id-card.spec.ts › in three touches',
      'journeys/reissue.spec.ts › exactly the new one verifies',
    ],
  },
  {
    line: 11,
    what: 'short titles and sentences, no banned words',
    proof: [
      'copy.test.ts › no title is longer',
      'copy.test.ts › no sentence is longer',
      'screens-copy.test.ts › more than 60 hanzi',
      'screens-copy.test.ts › more than two sentences',
      'copy.test.ts › nobody is blamed',
      'copy-languages.test.ts › titles of 40 characters',
      'copy-languages.test.ts › blames and hurries nobody',
    ],
  },
  {
    line: 12,
    what: 'lines 1.5 and 1.3 apart, titles of two lines at most',
    proof: ['screens-copy.test.ts › lines stand apart'],
  },
  {
    line: 13,
    what: '90 s without a touch, 120 s on the confirmation; paused while a device works',
    proof: [
      'session-limits.test.ts › is asked after 90 s',
      'session-limits.test.ts › is not suspected while',
    ],
  },
  {
    line: 14,
    what: 'a warning of 60 s, extended without end, seen and heard',
    proof: ['session-limits.test.ts › is asked after 90 s', 'screens-voice.test.ts › says what stands on it'],
  },
  {
    line: 15,
    what: 'nothing of a person is left',
    proof: [
      'screens-privacy.test.ts › covers everything',
      'screens-privacy.test.ts › no view has a number',
      'journeys/walk-away.spec.ts › and then forgotten',
    ],
  },
  {
    line: 16,
    what: 'every screen and error speaks, again when asked, silent under a finger',
    proof: [
      'screens-voice.test.ts › says what stands on it',
      'screens-voice.test.ts › silences it within 100 ms',
      'voice-assets.test.ts › takes about as long',
    ],
  },
  {
    line: 17,
    what: 'three steps of volume, reset for each person',
    proof: [
      'screens-adjust.test.ts › louder and softer',
      'screens-adjust.test.ts › the next person',
      'screens-beeps.test.ts › never louder than the words',
    ],
    people: 'how loud 65 dBA is in its hall',
  },
  {
    line: 18,
    what: 'every change is text, picture and sound',
    proof: ['screens-voice.test.ts › says what stands on it', 'screens-beeps.test.ts › as its mark looks'],
    people: 'lamps at the parts of the machine',
  },
  {
    line: 19,
    what: 'nothing flashes; still when motion is unwanted',
    proof: ['screens-motion.test.ts › nothing moves faster', 'screens-motion.test.ts › stands still'],
  },
  {
    line: 20,
    what: 'every error says what happened, what to do, and who helps',
    proof: ['copy.test.ts › every error says', 'screens-copy.test.ts › every error leads to a person'],
  },
  {
    line: 21,
    what: 'nothing that cannot be undone without a sentence before it',
    proof: ['journeys/reissue.spec.ts › says beforehand'],
  },
  {
    line: 22,
    what: 'help at the same place, answered within 2 s',
    proof: ['screens-geometry.test.ts › stand at the same place', 'help-line.test.ts › nothing else'],
    people: 'that somebody comes',
  },
  {
    line: 23,
    what: 'a quarter larger at a touch, 200 % of zoom without loss, both orientations',
    proof: [
      GEOMETRY,
      'screens-adjust.test.ts › larger type',
      'screens-zoom.test.ts › everything stands where it stood',
      'screens-zoom.test.ts › loses nothing',
    ],
  },
  {
    line: 24,
    what: 'all flows with five keys, static text too; the ring of 12 px in two colours always seen',
    proof: [
      'journeys/five-keys.spec.ts › with five keys',
      'screens-keyboard.test.ts › reach every text and key',
      'screens-keyboard.test.ts › by keyboard alone',
      'screens-press.test.ts › the focus can be seen',
      'screens-seen.test.ts › the ring of two colours is on the glass',
      'screens-seen.test.ts › the ring is on the glass',
    ],
  },
  {
    line: 25,
    what: 'no meaning by colour alone',
    proof: ['screens-seen.test.ts › is still seen', 'screens-seen.test.ts › are still seen'],
    people: 'pictures without colour are looked at (npm run screens); npm test has an OCR read some of them',
  },
  {
    line: 26,
    what: 'a pressed key looks pressed at once',
    proof: ['screens-press.test.ts › looks pressed at once'],
  },
  {
    line: 27,
    what: 'rare names on screen and paper',
    proof: ['screens-privacy.test.ts › rare characters', 'slip-on-paper.test.ts › shows rare characters'],
  },
  {
    line: 28,
    what: 'no advertising, no questions, no riddles',
    proof: ['screens-gallery.test.ts › nothing that the session cannot show'],
  },
  {
    line: 29,
    what: 'maintenance is not to be found by people',
    proof: ['screens-gallery.test.ts › nothing that the session cannot show'],
  },
  {
    line: 30,
    what: 'unassisted in 90 s by nine of ten',
    proof: [],
    people: 'at least sixteen people of 60 and older',
  },
];
