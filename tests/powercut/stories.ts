import { sleep, systemClock } from '../../src/platform/clock.ts';
import { killAgent } from '../live-kiosk/kill.ts';
import type { LiveKiosk } from '../live-kiosk/live-kiosk.ts';
import type { Citizen } from '../../sandbox/citizens/citizen.ts';

/** What becomes of one person's errand while the disk is watched. */
export interface Story {
  readonly name: string;
  /** Named like a person of the sandbox. */
  readonly who: string;
  readonly errand: 'apply' | 'reissue';
  /** Whether an operation is begun. */
  readonly confirms: boolean;
  /** From the home screen until nothing more happens to this person. `died`: called at once after the agent was killed. */
  readonly tell: (kiosk: LiveKiosk, citizen: Citizen, died: () => void) => Promise<void>;
}

const HOLDS_WITHIN_MS = 15_000;
/** The first symbol is on paper, the second is not. */
const MID_BODY_DOTS = 640;
/** More repetitions than there is time for. */
const EVERY_CALL = 1_000;

/** Ordinary ones first: a short run takes the first few. */
export const STORIES: readonly Story[] = [
  {
    name: 'a code is issued',
    who: 'chen-fusheng',
    errand: 'apply',
    confirms: true,
    tell: async (kiosk, citizen) => {
      await kiosk.issue(citizen, 'apply');
    },
  },
  {
    name: 'killed when the centre has activated and not answered',
    who: 'pan-linsheng',
    errand: 'reissue',
    confirms: true,
    tell: async (kiosk, citizen, died) => {
      await kiosk.central.post('/hold', { operation: 'activate', when: 'after', drop: true });
      await begin(kiosk, citizen, 'reissue');
      await until(() => centreHolds(kiosk));
      killAgent(kiosk, []);
      died();
      await kiosk.central.post('/release', {});
    },
  },
  {
    name: 'a code is issued in place of another',
    who: 'wu-yuzhu',
    errand: 'reissue',
    confirms: true,
    tell: async (kiosk, citizen) => {
      await kiosk.issue(citizen, 'reissue');
    },
  },
  {
    name: 'somebody opens the cover in the body',
    who: 'sun-yonglin',
    errand: 'reissue',
    confirms: true,
    tell: async (kiosk, citizen) => {
      await kiosk.printer.command('stop-after-dots', { n: MID_BODY_DOTS, reason: 'cover-open' });
      await kiosk.issue(citizen, 'reissue');
      await kiosk.printer.command('cover', { open: false });
    },
  },
  {
    name: 'the knife does not fall',
    who: 'lu-yun',
    errand: 'apply',
    confirms: true,
    tell: async (kiosk, citizen) => {
      await kiosk.printer.command('hold-at', { what: 'cut' });
      await kiosk.issue(citizen, 'apply');
      // What is owed to the paper is paid when a printer comes back.
      await kiosk.printer.command('unplug');
      await kiosk.printer.command('release');
      await kiosk.printer.command('replug');
    },
  },
  {
    name: 'killed when the footer is due',
    who: 'gu-cuiying',
    errand: 'apply',
    confirms: true,
    tell: async (kiosk, citizen, died) => {
      await kiosk.printer.command('hold-at', { what: 'footer' });
      await begin(kiosk, citizen, 'apply');
      await until(() => printerHolds(kiosk));
      killAgent(kiosk, []);
      died();
      await kiosk.printer.command('release');
    },
  },
  answersLost('activate', {
    name: 'the answer to the activation is lost every time',
    who: 'cao-genmei',
    errand: 'reissue',
  }),
  answersLost('reserve', {
    name: 'the answer to the reservation is lost every time',
    who: 'he-shan',
    errand: 'apply',
  }),
  {
    name: 'the person says that nothing came out',
    who: 'li-xiuzhen',
    errand: 'apply',
    confirms: true,
    tell: async (kiosk, citizen) => {
      await kiosk.issue(citizen, 'apply');
      await (await kiosk.shell()).choose('no-paper-came');
    },
  },
  {
    name: 'the person walks away before confirming',
    who: 'zhang-guoqiang',
    errand: 'apply',
    confirms: false,
    tell: async (kiosk, citizen) => {
      await kiosk.signIn(citizen, 'apply');
    },
  },
];

function answersLost(
  operation: 'reserve' | 'activate',
  story: Pick<Story, 'name' | 'who' | 'errand'>,
): Story {
  return {
    ...story,
    confirms: true,
    tell: async (kiosk, citizen) => {
      await kiosk.central.post('/hold', { operation, when: 'after', drop: true, ms: 0, count: EVERY_CALL });
      await kiosk.issue(citizen, story.errand);
      await kiosk.central.post('/release', {});
    },
  };
}

async function begin(kiosk: LiveKiosk, citizen: Citizen, errand: Story['errand']): Promise<void> {
  await kiosk.signIn(citizen, errand);
  await kiosk.confirm();
}

async function centreHolds(kiosk: LiveKiosk): Promise<boolean> {
  const { waiting } = await kiosk.central.get<{ waiting: readonly unknown[] }>('/hold');
  return waiting.length > 0;
}

async function printerHolds(kiosk: LiveKiosk): Promise<boolean> {
  const { held } = await kiosk.printer.state<{ held: unknown }>();
  return held !== null;
}

/** Asks again and again; throws when it never comes. */
export async function until(
  holds: () => Promise<boolean> | boolean,
  limitMs = HOLDS_WITHIN_MS,
): Promise<void> {
  const deadline = systemClock.monotonicMs() + limitMs;
  while (!(await holds())) {
    if (systemClock.monotonicMs() > deadline) throw new Error('what was waited for does not come');
    await sleep(systemClock, 20);
  }
}

/** A story as it happens to somebody else. */
export function storyOf(name: string, who: string): Story {
  const story = STORIES.find((one) => one.name === name);
  if (story === undefined) throw new Error(`there is no story ${name}`);
  return { ...story, who };
}
