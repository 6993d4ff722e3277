import type { Citizen } from '../../sandbox/citizens/citizen.ts';
import { maskName } from '../../sandbox/central-service/masking.ts';
import { sleep, systemClock } from '../../src/platform/clock.ts';
import { codesOf } from '../live-kiosk/invariants.ts';
import { rowsOf } from '../live-kiosk/paper.ts';
import { person, shanghaiDay } from '../live-kiosk/people.ts';
import { decodeSlip } from '../live-kiosk/slip.ts';
import { canariesIn, type Canary, type CanaryKind, type Hit } from './canaries.ts';
import { meet, SESSION_ENDS, takesSlip, type Ended, type SessionEnd } from './session-ends.ts';
import { linesOf, ownLines } from './slip-lines.ts';
import { FILE_PLACES, WatchedKiosk, type FilePlace } from './watched-kiosk.ts';

/** So long after a session's end nothing of it may be anywhere, ms. */
const GONE_AFTER_MS = 2_000;
/** Raw memory is measured once more, ms after the end, when nobody came meanwhile. */
const LATE_MS = 60_000;

const PLACES = [...FILE_PLACES, 'heap', 'messages', 'slip'] as const;
type Place = (typeof PLACES)[number];

/** What one kind of end left behind. */
export interface EndReport {
  readonly end: string;
  /** Canaries found in each place; all must be 0. */
  readonly hits: Readonly<Record<Place, number>>;
  readonly found: readonly (Hit & { readonly place: Place })[];
  /** How many different canaries were looked for, of this person and of all before. */
  readonly canaries: number;
  /** Messages to the page of the person after, and lines of the slip of theirs that were compared. */
  readonly messages: number;
  readonly slipLines: number;
  readonly seconds: number;
}

/** Occurrences in the agent's raw memory; freed memory is not overwritten, so this is told and not judged. */
export interface ResidueReport {
  readonly end: string;
  readonly afterMs: number;
  readonly mebibytes: number;
  readonly hits: Readonly<Partial<Record<CanaryKind, number>>>;
}

export interface PrivacyReport {
  readonly ends: readonly EndReport[];
  /** The same looks while somebody is signed in: they must find something, or they are blind. */
  readonly control: { readonly heap: number; readonly messages: number; readonly memory: number } | undefined;
  readonly residue: readonly ResidueReport[];
  readonly hits: number;
  readonly seconds: number;
}

/** Ordinary people, photo on file and no code yet: those whose sessions end, and those who come after. */
const FIRST =
  'wang-guilan li-xiuzhen xu-meifang gu-cuiying yu-axiang situ-wanqing zhaxi anna guo-changgeng'.split(' ');
const NEXT =
  'chen-fusheng zhang-guoqiang shen-dexing qian-baosheng ouyang-jianping gulimire abudu lin-suzhen gao-jianguo'.split(
    ' ',
  );
/** Who is looked for while signed in, and who is waited for longest. */
const CONTROL = 'dong-azhong';

/**
 * Runs a session to each kind of end on a live kiosk and looks for what is left of the person; `ends`: how many kinds, from the
 * first one on; `long`: with the looks at somebody signed in and at raw memory after a minute.
 */
export async function privacyProof(options: {
  ends: number;
  long: boolean;
  onProgress: (what: string) => void;
}): Promise<PrivacyReport> {
  const sinceMs = systemClock.monotonicMs();
  options.onProgress('a kiosk');
  const kiosk = await WatchedKiosk.start();
  try {
    const gone: Canary[] = [];
    const residue: ResidueReport[] | undefined = options.long ? [] : undefined;
    const control = residue ? await lookAtSomebody(kiosk, gone, residue, options.onProgress) : undefined;
    const ends: EndReport[] = [];
    for (const [at, end] of SESSION_ENDS.slice(0, options.ends).entries()) {
      options.onProgress(end.name);
      const [first, next] = [invented(FIRST[at]), invented(NEXT[at])];
      ends.push(await lookAfter(kiosk, end, { first, next, gone, residue }));
    }
    return {
      ends,
      control,
      residue: residue ?? [],
      hits: ends.reduce((sum, { found }) => sum + found.length, 0),
      seconds: (systemClock.monotonicMs() - sinceMs) / 1000,
    };
  } finally {
    await kiosk.stop();
  }
}

/** With an address that nobody else has. */
function invented(id: string | undefined): Citizen {
  const citizen = person(id ?? '');
  return { ...citizen, address: `样板区${maskName(citizen.name).length}弄${citizen.idNumber.slice(-7)}号` };
}

async function lookAfter(
  kiosk: WatchedKiosk,
  end: SessionEnd,
  people: { first: Citizen; next: Citizen; gone: Canary[]; residue: ResidueReport[] | undefined },
): Promise<EndReport> {
  const sinceMs = systemClock.monotonicMs();
  const { first, next, gone, residue } = people;
  const { live } = kiosk;
  const ended = await end.run(kiosk, first, next);
  gone.push(...ended.canaries);
  await sleep(systemClock, GONE_AFTER_MS);
  // Before the snapshot, whose garbage collection nobody makes in a kiosk.
  residue?.push({ end: end.name, afterMs: GONE_AFTER_MS, ...kiosk.memory(ended.canaries) });
  const found: (Hit & { place: Place })[] = [];
  const add = (place: Place, hits: readonly Hit[]) => found.push(...hits.map((hit) => ({ ...hit, place })));
  const addFiles = (files: ReadonlyMap<FilePlace, readonly Hit[]>) => {
    for (const [place, hits] of files) add(place, hits);
  };
  if (ended.atDeath !== undefined) addFiles(ended.atDeath);
  addFiles(kiosk.files(gone));
  add('heap', await kiosk.heap(gone));
  await ended.restore?.();

  const slipsBefore = (await live.slips()).length;
  const met = ended.next ?? (await meet(live, next));
  add('messages', await asksForThePersonBefore(kiosk, ended));
  const nextEnded = await takesSlip(live, met);
  const messages = kiosk.messagesAfter(ended.epoch);
  for (const text of messages) add('messages', canariesIn({ text }, gone));
  const slip = await lookAtSlips(kiosk, slipsBefore, ended, next);
  add('slip', slip.hits);
  gone.push(...nextEnded.canaries);

  const hits = Object.fromEntries(
    PLACES.map((place) => [place, found.filter((hit) => hit.place === place).length]),
  ) as Record<Place, number>;
  return {
    end: end.name,
    hits,
    found,
    canaries: gone.length - nextEnded.canaries.length,
    messages: messages.length,
    slipLines: slip.lines,
    seconds: Math.round(systemClock.monotonicMs() - sinceMs) / 1000,
  };
}

/** A page of the session before asks on, with its epoch and the portrait's name. */
async function asksForThePersonBefore({ live }: WatchedKiosk, ended: Ended): Promise<readonly Hit[]> {
  const shell = await live.shell();
  const answers = [
    await shell.fullName(ended.epoch),
    await shell.photo(ended.epoch, ended.photoRef),
    await shell.photo(shell.view().epoch, ended.photoRef),
  ];
  return answers.some((answer) => answer !== undefined) ? [{ kind: 'photo', where: 'asked again' }] : [];
}

/** The next person's paper against what the one before has, or would have, on theirs. */
async function lookAtSlips(
  { live }: WatchedKiosk,
  before: number,
  ended: Ended,
  next: Citizen,
): Promise<{ hits: readonly Hit[]; lines: number }> {
  const [codes, nextCodes] = await Promise.all([codesOf(live, ended.citizen), codesOf(live, next)]);
  const slip = {
    issuedOn: shanghaiDay(0),
    validUntil: shanghaiDay(179),
    kind: 'apply',
    maskedName: maskName(ended.citizen.name),
    token: codes.at(-1)?.token ?? `OC1${'B'.repeat(31)}`,
    shortCode: codes.at(-1)?.shortCode ?? 'BBBBCCCCDDDD',
  } as const;
  const theirs = ownLines(slip);
  const owned = ownLines({ ...slip, maskedName: maskName(next.name), ...nextCodes.at(-1) });
  const hits: Hit[] = [];
  let lines = 0;
  let recognised = 0;
  for (const one of (await live.slips()).slice(before)) {
    const picture = live.slipPicture(one);
    const onPaper = linesOf(await rowsOf(picture));
    lines += onPaper.length;
    recognised += onPaper.filter((line) => owned.has(line)).length;
    hits.push(
      ...onPaper.filter((line) => theirs.has(line)).map((): Hit => ({ kind: 'maskedName', where: one.file })),
    );
    for (const token of await decodeSlip(picture)) {
      if (nextCodes.every((code) => code.token !== token)) hits.push({ kind: 'token', where: one.file });
    }
  }
  // Name, short code and symbol of their own are there, or the comparison sees nothing.
  if (recognised < 3) throw new Error('the next person’s own slip is not recognised');
  return { hits, lines };
}

/** What all looks see of somebody who stands there, and what raw memory holds of them when they have left and nobody came. */
async function lookAtSomebody(
  kiosk: WatchedKiosk,
  gone: Canary[],
  residue: ResidueReport[],
  onProgress: (what: string) => void,
): Promise<PrivacyReport['control']> {
  onProgress('somebody signed in');
  const met = await meet(kiosk.live, invented(CONTROL));
  const heap = (await kiosk.heap(met.canaries)).length;
  const memory = Object.values(kiosk.memory(met.canaries).hits).reduce((sum, hits) => sum + hits, 0);
  const messages = kiosk
    .messagesAfter(met.epoch - 1)
    .flatMap((text) => canariesIn({ text }, met.canaries)).length;
  const ended = await takesSlip(kiosk.live, met);
  gone.push(...ended.canaries);
  onProgress('a minute without anybody');
  for (const afterMs of [GONE_AFTER_MS, LATE_MS]) {
    await sleep(systemClock, afterMs === LATE_MS ? LATE_MS - GONE_AFTER_MS : GONE_AFTER_MS);
    residue.push({ end: 'nobody came after', afterMs, ...kiosk.memory(ended.canaries) });
  }
  return { heap, messages, memory };
}
