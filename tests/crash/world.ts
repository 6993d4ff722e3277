import type { Citizen } from '../../sandbox/citizens/citizen.ts';
import { citizens } from '../../sandbox/citizens/citizens.ts';
import { codesOf, type CodeAtCentre, type World } from '../live-kiosk/invariants.ts';
import type { LiveKiosk } from '../live-kiosk/live-kiosk.ts';
import { PaperTrail } from '../live-kiosk/paper.ts';
import { shanghaiDay } from '../live-kiosk/people.ts';
import type { Kind } from './cases.ts';

/** Whose right to a code hangs on today's date or on a limit; a run may go on past midnight. */
const TROUBLESOME = new Set([
  'under-60',
  'turns-60-tomorrow',
  'turns-60-today',
  'no-photo',
  'card-expired',
  'card-last-day',
  'code-last-day',
  'daily-limit',
  'one-below-daily-limit',
  'under-60-and-no-photo',
]);
const MOST_A_DAY = 3;

/** Everybody has had what they may have today: a new kiosk has new people. */
export class NobodyLeft extends Error {}

/** The people of one kiosk and all that centre and paper know of them. Who is not looked at anew is as they were left. */
export class KnownWorld {
  readonly #kiosk: LiveKiosk;
  readonly #trail: PaperTrail;
  readonly #waiting: Citizen[];
  readonly #codes = new Map<string, readonly CodeAtCentre[]>();

  constructor(kiosk: LiveKiosk) {
    this.#kiosk = kiosk;
    this.#trail = new PaperTrail(kiosk);
    this.#waiting = citizens(shanghaiDay(0)).filter((one) => !TROUBLESOME.has(one.case));
  }

  /** Somebody who can come for this, the longest unseen first; undefined: all have had their codes of today. */
  async next(kind: Kind): Promise<Citizen | undefined> {
    for (const citizen of this.#waiting) {
      const codes = this.#codes.get(citizen.id) ?? (await this.look(citizen));
      const wanted = codes.some(({ state }) => state === 'active') ? 'reissue' : 'apply';
      if (wanted !== kind || countOfToday(codes) >= MOST_A_DAY) continue;
      this.#waiting.splice(this.#waiting.indexOf(citizen), 1);
      this.#waiting.push(citizen);
      return citizen;
    }
    return undefined;
  }

  /** All codes of a person, as the centre has them now. */
  async look(citizen: Citizen): Promise<readonly CodeAtCentre[]> {
    const codes = await codesOf(this.#kiosk, citizen);
    this.#codes.set(citizen.id, codes);
    return codes;
  }

  /** By what nobody may be known to the kiosk's files. */
  async personalTexts(citizen: Citizen): Promise<readonly string[]> {
    const codes = await this.look(citizen);
    return [citizen.name, citizen.idNumber, ...codes.flatMap(({ token, shortCode }) => [token, shortCode])];
  }

  /** Centre and paper at this moment; of the people only the given one is looked at anew. */
  async at(citizen: Citizen): Promise<World> {
    // First what is said to be on paper, then the paper.
    await this.look(citizen);
    return { people: new Map(this.#codes), pieces: await this.#trail.pieces() };
  }

  /** The same, with everybody looked at anew. */
  async whole(): Promise<World> {
    for (const citizen of this.#waiting) await this.look(citizen);
    return { people: new Map(this.#codes), pieces: await this.#trail.pieces() };
  }
}

function countOfToday(codes: readonly CodeAtCentre[]): number {
  const today = shanghaiDay(0);
  return codes.filter(
    ({ state, activatedAt }) => state !== 'void' && activatedAt !== undefined && dayOf(activatedAt) === today,
  ).length;
}

function dayOf(instant: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date(instant));
}
