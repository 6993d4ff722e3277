import { sleep, systemClock } from '../../../src/platform/clock.ts';
import type { CodeAtCentre } from './invariants.ts';
import type { Kiosk } from './kiosk.ts';

/** When the held world goes on: while nobody is there, when the agent is back, or when it has long put everything in order. */
type Release = 'before the restart' | 'after the restart' | 'after recovery' | 'nothing held';

export interface KillCase {
  readonly name: string;
  readonly who: string;
  readonly kind: 'apply' | 'reissue';
  /** Makes the world hold its answer, before the person confirms. */
  readonly arm: (kiosk: Kiosk) => Promise<void>;
  /** What the person still does after the confirmation. */
  readonly goOn?: (kiosk: Kiosk) => Promise<void>;
  /** Whether the world holds now. */
  readonly holds: (kiosk: Kiosk) => Promise<boolean>;
  readonly release: (kiosk: Kiosk) => Promise<void>;
  readonly released: Release;
  readonly journal: string;
  /** The operation at the centre when the agent is dead; `none`: it never heard of it. */
  readonly atKill: CodeAtCentre['state'] | 'none';
  readonly centre: CodeAtCentre['state'] | 'none';
  readonly delivery?: 'cut' | 'unconfirmed';
  /** `bare`: body without any mark. */
  readonly paper: 'none' | 'void' | 'valid' | 'bare';
}

const centralHold = (operation: string, when: 'before' | 'after', drop: boolean) => ({
  arm: async (kiosk: Kiosk) => {
    await kiosk.central.post('/hold', { operation, when, drop });
  },
  holds: async (kiosk: Kiosk) => {
    const { waiting } = await kiosk.central.get<{ waiting: { operation: string; when: string }[] }>('/hold');
    return waiting.some((call) => call.operation === operation && call.when === when);
  },
  release: async (kiosk: Kiosk) => {
    await kiosk.central.post('/release', {});
  },
});

/** The first answer is lost, the answer to the repetition is held. */
const centralLoss = (operation: string) => {
  const held = centralHold(operation, 'after', false);
  return {
    ...held,
    arm: async (kiosk: Kiosk) => {
      await kiosk.central.post('/hold', { operation, when: 'after', drop: true, ms: 0 });
      await held.arm(kiosk);
    },
  };
};

interface PrinterState {
  readonly held: string | number | null;
  readonly printing: boolean;
  readonly bufferedBytes: number;
  readonly bytesReceived: number;
  readonly sinceLastSlip: { readonly dots: number };
}

const printerHold = (what: 'body' | 'fence' | 'footer' | 'cut') => ({
  arm: (kiosk: Kiosk) => kiosk.printer.command('hold-at', { what }),
  holds: standsStill,
  release: (kiosk: Kiosk) => kiosk.printer.command('release'),
});

/** The printer is held, and what the agent had to send is in its buffer. */
async function standsStill(kiosk: Kiosk): Promise<boolean> {
  const before = await kiosk.printer.state<PrinterState>();
  if (before.held === null) return false;
  await sleep(systemClock, LINE_SILENCE_MS);
  const { bytesReceived } = await kiosk.printer.state<PrinterState>();
  return bytesReceived - before.bytesReceived < QUESTION_BYTES;
}

/** Lets the printer go on only when the agent that came back has emptied it: the footer is lost. */
async function releasePurged(kiosk: Kiosk): Promise<void> {
  const deadline = systemClock.monotonicMs() + PURGED_WITHIN_MS;
  while ((await kiosk.printer.state<PrinterState>()).bufferedBytes > PURGE_BYTES) {
    if (systemClock.monotonicMs() > deadline) throw new Error('nobody empties the printer');
    await sleep(systemClock, 20);
  }
  await kiosk.printer.command('release');
}

const PURGED_WITHIN_MS = 15_000;
/** What may lie in an emptied printer that stands still: the question whether it is empty. */
const PURGE_BYTES = 64;

/** Print data never pauses for so long while there is more. */
const LINE_SILENCE_MS = 150;
/** Status questions go on while the printer stands. */
const QUESTION_BYTES = 24;

/** A body on paper is longer than this, dots: 100 mm. */
const BODY_DOTS = 800;

export const KILL_CASES: readonly KillCase[] = [
  {
    name: 'reserve, not yet heard by the centre',
    who: 'wu-yuzhu',
    kind: 'reissue',
    ...centralHold('reserve', 'before', false),
    released: 'after recovery',
    journal: 'INTENT',
    atKill: 'none',
    centre: 'none',
    paper: 'none',
  },
  {
    name: 'reserve, done, answer never sent',
    who: 'chen-fusheng',
    kind: 'apply',
    ...centralHold('reserve', 'after', true),
    released: 'before the restart',
    journal: 'INTENT',
    atKill: 'pending',
    centre: 'void',
    paper: 'none',
  },
  {
    name: 'reserve, answer lost, repetition held',
    who: 'lu-yun',
    kind: 'apply',
    ...centralLoss('reserve'),
    released: 'after recovery',
    journal: 'INTENT',
    atKill: 'pending',
    centre: 'void',
    paper: 'none',
  },
  {
    name: 'body, after its first row',
    who: 'sun-yonglin',
    kind: 'reissue',
    ...printerHold('body'),
    released: 'before the restart',
    journal: 'PRINTING',
    atKill: 'pending',
    centre: 'void',
    paper: 'void',
  },
  {
    name: 'body, on paper, proof held',
    who: 'li-xiuzhen',
    kind: 'apply',
    ...printerHold('fence'),
    released: 'after the restart',
    journal: 'PRINTING',
    atKill: 'pending',
    centre: 'void',
    paper: 'void',
  },
  {
    name: 'body, on paper, proof lost',
    who: 'zhang-guoqiang',
    kind: 'apply',
    arm: (kiosk: Kiosk) => kiosk.printer.command('answers', { mode: 'never', only: 'fences' }),
    holds: async (kiosk: Kiosk) => {
      const { printing, bufferedBytes, sinceLastSlip } = await kiosk.printer.state<PrinterState>();
      return !printing && bufferedBytes === 0 && sinceLastSlip.dots > BODY_DOTS;
    },
    release: (kiosk: Kiosk) => kiosk.printer.command('answers', { mode: 'normal' }),
    released: 'before the restart',
    journal: 'PRINTING',
    atKill: 'pending',
    centre: 'void',
    paper: 'void',
  },
  {
    name: 'activate, not yet heard by the centre',
    who: 'cao-genmei',
    kind: 'reissue',
    ...centralHold('activate', 'before', false),
    released: 'after recovery',
    journal: 'ACTIVATING',
    atKill: 'pending',
    centre: 'void',
    paper: 'void',
  },
  {
    name: 'activate, done, answer never sent',
    who: 'pan-linsheng',
    kind: 'reissue',
    ...centralHold('activate', 'after', true),
    released: 'before the restart',
    journal: 'ACTIVATING',
    atKill: 'active',
    centre: 'void',
    paper: 'void',
  },
  {
    name: 'activate, answer lost, repetition held',
    who: 'he-shan',
    kind: 'apply',
    ...centralLoss('activate'),
    released: 'after recovery',
    journal: 'ACTIVATING',
    atKill: 'active',
    centre: 'void',
    paper: 'void',
  },
  {
    name: 'footer, before its first row, printed on',
    who: 'gu-cuiying',
    kind: 'apply',
    ...printerHold('footer'),
    released: 'before the restart',
    journal: 'FOOTER',
    atKill: 'active',
    centre: 'active',
    delivery: 'unconfirmed',
    paper: 'valid',
  },
  {
    name: 'footer, before its first row, purged',
    who: 'han-fengxian',
    kind: 'reissue',
    ...printerHold('footer'),
    release: releasePurged,
    released: 'after the restart',
    journal: 'FOOTER',
    atKill: 'active',
    centre: 'active',
    delivery: 'unconfirmed',
    paper: 'bare',
  },
  {
    name: 'footer, on paper, before the knife falls',
    who: 'qian-baosheng',
    kind: 'apply',
    ...printerHold('cut'),
    released: 'after the restart',
    journal: 'FOOTER',
    atKill: 'active',
    centre: 'active',
    delivery: 'unconfirmed',
    paper: 'valid',
  },
  {
    name: 'the person has not said how it was taken',
    who: 'yu-axiang',
    kind: 'apply',
    arm: () => Promise.resolve(),
    goOn: (kiosk: Kiosk) => kiosk.glass.shows('take-slip', 25_000),
    holds: () => Promise.resolve(true),
    release: () => Promise.resolve(),
    released: 'nothing held',
    journal: 'DONE',
    atKill: 'active',
    centre: 'active',
    delivery: 'unconfirmed',
    paper: 'valid',
  },
  {
    name: 'confirm, not yet heard by the centre',
    who: 'shen-dexing',
    kind: 'apply',
    ...centralHold('confirm', 'before', false),
    goOn: takeSlip,
    released: 'after recovery',
    journal: 'DONE',
    atKill: 'active',
    centre: 'active',
    delivery: 'cut',
    paper: 'valid',
  },
  {
    name: 'confirm, done, answer never sent',
    who: 'ouyang-jianping',
    kind: 'apply',
    ...centralHold('confirm', 'after', true),
    goOn: takeSlip,
    released: 'before the restart',
    journal: 'DONE',
    atKill: 'active',
    centre: 'active',
    delivery: 'cut',
    paper: 'valid',
  },
  {
    name: 'void, while the cover stands open',
    who: 'situ-wanqing',
    kind: 'apply',
    arm: async (kiosk: Kiosk) => {
      await centralHold('void', 'before', false).arm(kiosk);
      await kiosk.printer.command('stop-after-dots', { n: BODY_DOTS, reason: 'cover-open' });
    },
    holds: centralHold('void', 'before', false).holds,
    release: async (kiosk: Kiosk) => {
      await kiosk.printer.command('cover', { open: false });
      await kiosk.central.post('/release', {});
    },
    released: 'after the restart',
    journal: 'VOIDING',
    atKill: 'pending',
    centre: 'void',
    paper: 'void',
  },
];

async function takeSlip(kiosk: Kiosk): Promise<void> {
  await kiosk.glass.shows('take-slip', 25_000);
  await kiosk.glass.touch('got-everything');
}
