import type { Citizen } from '../../sandbox/citizens/citizen.ts';
import { codesOf, lookAround, violations } from '../live-kiosk/invariants.ts';
import type { KioskOutside } from '../live-kiosk/kiosk-outside.ts';
import { PaperTrail } from '../live-kiosk/paper.ts';
import { person } from '../live-kiosk/people.ts';

/** Who comes: most have no code yet, some have one, a few are refused. Each may have three a day; after that it is refused (E11). */
const PEOPLE = (
  'wang-guilan wu-yuzhu chen-fusheng ding-longbao li-xiuzhen sun-yonglin zhang-guoqiang xu-meifang zhu-haigen shen-dexing ' +
  'cao-genmei gu-cuiying jiang-xiaomei qian-baosheng hu-yindi yu-axiang shi-huijuan he-shan xie-jincai lu-yun han-fengxian ' +
  'fang-xiaojun ouyang-jianping dong-azhong pan-linsheng gulimire lin-suzhen'
).split(' ');
const DEVICE = 'kiosk-sandbox-1';

/** What stands around the kiosk: people with their cards and phones, and the centre that knows how many codes it gave. */
export class Surroundings {
  readonly #kiosk: KioskOutside;
  readonly #random: () => number;
  readonly #people = PEOPLE.map(person);
  readonly #served = new Set<Citizen>();
  /** Of this session: who was there, with how many codes before it. */
  readonly #here = new Map<Citizen, number>();
  #next: number;
  /** Choices of this session each of which may begin an issuance. */
  #meant = 0;

  constructor(kiosk: KioskOutside, random: () => number) {
    this.#kiosk = kiosk;
    this.#random = random;
    this.#next = Math.floor(random() * PEOPLE.length);
  }

  /**
   * Gives the kiosk what it asks for, though not always at once: the keys there are tried, too. At the end of a session the card
   * is lifted; returns what is wrong then.
   */
  async attend(screen: string): Promise<string | undefined> {
    const kiosk = this.#kiosk;
    if (screen === 'attract' || screen === 'home') return this.#sessionOver();
    if (this.#random() < 0.5) return undefined;
    if (screen === 'take-id-card') await kiosk.liftCard();
    if (screen === 'present-id-card') {
      await kiosk.liftCard();
      await kiosk.layCard(await this.#somebody());
    }
    if (screen === 'present-suishen-code') {
      const code = await kiosk.client('portal-sandbox').issueSuishenCode((await this.#somebody()).idNumber);
      if (code.ok) await kiosk.scanner.command('show-code', { text: code.value.code });
    }
    return undefined;
  }

  /** A choice was made. 补领新的 on S9 is no other wish than 是我 before it. */
  chosen(choice: string, screen: string): void {
    const again = screen === 'error' && ['retry', 'no-paper-came', 'confirm-reissue'].includes(choice);
    if (choice === 'confirm' || again) this.#meant += 1;
  }

  /** Centre and all paper, when all is over. */
  async wrong(): Promise<readonly string[]> {
    const world = await lookAround(this.#kiosk, new PaperTrail(this.#kiosk), [...this.#served]);
    return violations(world, DEVICE);
  }

  async #somebody(): Promise<Citizen> {
    const citizen = this.#people[this.#next % this.#people.length];
    if (citizen === undefined) throw new Error('nobody comes');
    this.#next += 1;
    if (!this.#here.has(citizen)) this.#here.set(citizen, (await codesOf(this.#kiosk, citizen)).length);
    this.#served.add(citizen);
    return citizen;
  }

  async #sessionOver(): Promise<string | undefined> {
    await this.#kiosk.liftCard();
    let codes = 0;
    for (const [citizen, before] of this.#here)
      codes += (await codesOf(this.#kiosk, citizen)).length - before;
    const meant = this.#meant;
    this.#here.clear();
    this.#meant = 0;
    return codes > meant ? `${codes} codes in a session in which ${meant} were asked for` : undefined;
  }
}
