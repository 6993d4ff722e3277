import type { Choice, KioskView } from '../../src/view/kiosk-view.ts';
import { CHOICES } from '../../src/view/kiosk-view.ts';
import type { CentreModel, Person } from './centre-model.ts';
import { SMEARED } from './desk.ts';
import type { Chance, Odds } from './fates.ts';
import type { PersonFault } from './faults.ts';
import type { Kiosk } from './kiosk.ts';
import type { Slip } from './printer-model.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { Watch } from './watch.ts';

/** Looks at the screen so often before giving up; a visit may take a quarter of an hour. */
const LOOKS_MOST = 400;
/** A kiosk that shows nothing is waited for so long, looks. */
const PATIENCE = 25;

/** What somebody does next: a choice, something with the hands, or nothing. */
type Deed = Choice | 'lay-card' | 'show-phone' | 'show-slip' | 'take-slip' | 'lift-card' | 'look-on' | 'go';

export interface VisitorParts {
  readonly clock: VirtualClock;
  readonly centre: CentreModel;
  readonly watch: Watch;
  readonly kiosk: Kiosk;
  readonly person: Person;
  readonly others: readonly Person[];
  readonly chance: Chance;
  readonly odds: Odds<PersonFault>;
  readonly struck: (fault: PersonFault) => void;
  readonly tookSlip: (slip: Slip) => void;
}

/** Somebody who wants something of a kiosk, does what its screen says, most of the time, and goes away again. */
export class Visitor {
  readonly #parts: VisitorParts;
  readonly #chance: Chance;
  readonly #errand: Choice;
  readonly #byPhone: boolean;
  #began = false;
  #gone = false;
  /** The card that told nothing is lifted before it is laid again. */
  #card: 'in-hand' | 'laid' | 'lifted' = 'in-hand';
  #slips: Slip[] = [];
  #denies = false;
  #leavesSlip = false;
  #leavesCard = false;
  #retries = 0;

  constructor(parts: VisitorParts) {
    this.#parts = parts;
    this.#chance = parts.chance;
    const wish = parts.chance.fraction();
    this.#errand = wish < 0.55 ? 'apply' : wish < 0.85 ? 'reissue' : 'check';
    this.#byPhone = parts.chance.happens(0.4);
  }

  /** Resolves when the person has gone. */
  async visit(): Promise<void> {
    let blank = 0;
    for (let look = 0; look < LOOKS_MOST && !this.#gone; look += 1) {
      await this.#wait(this.#thinkMs());
      const view = this.#parts.kiosk.view();
      if (view === null) {
        blank += 1;
        if (blank > PATIENCE) break;
        continue;
      }
      if (await this.#deviates(view)) continue;
      this.#act(this.#deed(view), view);
    }
    this.#leave();
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#parts.clock.schedule(ms, resolve);
    });
  }

  #thinkMs(): number {
    return this.#chance.between(500, 2_500);
  }

  #leave(): void {
    const { reader } = this.#parts.kiosk;
    if (reader.card === this.#parts.person && !this.#leavesCard) reader.lift();
    if (!this.#leavesSlip) this.#takeSlip();
  }

  /** People do what nobody expects. True: that was all for now. */
  async #deviates(view: KioskView): Promise<boolean> {
    const { kiosk } = this.#parts;
    const struck = this.#chance.fault(this.#parts.odds);
    if (struck === null) return false;
    const { fault, how } = struck;
    this.#parts.struck(fault);
    switch (fault) {
      case 'walks-away':
        this.#gone = true;
        this.#leavesSlip = how < 0.4;
        // Whoever comes next finds it.
        this.#leavesCard = how < 0.2;
        return true;
      case 'leaves-and-comes-back':
        await this.#wait(20_000 + how * 120_000);
        return true;
      case 'hesitates':
        await this.#wait(10_000 + how * 60_000);
        return true;
      case 'swaps-card': {
        const other = this.#parts.others[Math.floor(how * this.#parts.others.length)];
        if (other !== undefined) kiosk.reader.lay(other);
        return true;
      }
      case 'presses-anything': {
        const choice = view.choices[Math.floor(how * view.choices.length)];
        if (choice !== undefined) kiosk.choose(view.epoch, choice);
        return true;
      }
      case 'presses-stale':
        this.#pressStale(view, how);
        return true;
      case 'leaves-slip':
        this.#leavesSlip = true;
        return false;
      case 'says-no-paper':
        this.#denies = true;
        return false;
      case 'card-unreadable':
      case 'not-an-id-card':
      case 'code-smeared':
      case 'code-of-another-kind':
        // Met at the reader and under the scanner.
        return false;
    }
  }

  /** A choice of an earlier session, or one that is not offered, changes nothing (P12). */
  #pressStale(view: KioskView, how: number): void {
    const { kiosk, watch } = this.#parts;
    const before = JSON.stringify({ ...view, remainingMs: 0 });
    const any = CHOICES[Math.floor(how * CHOICES.length)] ?? 'home';
    const answer = kiosk.choose(view.epoch - 1, any);
    watch.expect(answer === 'stale', 'P12', `a choice of an earlier session was ${answer}`);
    if (!view.choices.includes(any)) {
      const refused = kiosk.choose(view.epoch, any);
      watch.expect(refused === 'not-offered', 'P12', `${any} is not offered and was ${refused}`);
    }
    const after = kiosk.view();
    const same = after !== null && JSON.stringify({ ...after, remainingMs: 0 }) === before;
    watch.expect(same, 'P12', `${any} of another session changed what is shown`);
  }

  /** What the screen asks for, or what somebody makes of it. */
  #deed({ screen, overlay, choices }: KioskView): Deed {
    if (overlay !== undefined) return overlay.name === 'still-there' ? 'still-here' : 'close-help';
    const first = (...wanted: Choice[]): Choice | undefined =>
      wanted.find((choice) => choices.includes(choice));
    switch (screen.name) {
      case 'attract':
        return this.#began ? 'go' : 'start';
      case 'home':
        if (this.#began) return 'go';
        if (this.#parts.kiosk.printer.atExit.length > 0 && this.#chance.happens(0.7)) return 'take-slip';
        return first(this.#errand, 'apply', 'reissue', 'check') ?? 'look-on';
      case 'how-to':
      case 'nearby':
      case 'nearby-map':
      case 'address-slip':
      case 'notices':
      case 'notice':
        return first('back') ?? 'look-on';
      case 'choose-method':
        this.#began = true;
        if (this.#byPhone) return first('use-suishen-code', 'use-id-card', 'have-neither') ?? 'back';
        return first('use-id-card', 'use-suishen-code', 'have-neither') ?? 'back';
      case 'bring-id-card':
        return 'home';
      case 'present-id-card':
        return this.#card === 'laid' ? 'look-on' : 'lay-card';
      case 'present-suishen-code':
        return 'show-phone';
      case 'suishen-code-help':
        return 'back';
      case 'identifying':
      case 'printing':
        return 'look-on';
      case 'confirm-identity':
        if (screen.person.maskedName !== this.#parts.person.maskedName) return 'not-me';
        return this.#chance.happens(0.05) ? 'show-full-name' : 'confirm';
      case 'confirm-reissue':
        return this.#chance.happens(0.9) ? 'confirm-reissue' : 'decline-reissue';
      case 'code-status':
        return this.#chance.happens(0.5) ? 'home' : (first('confirm-reissue', 'apply-now') ?? 'home');
      case 'take-slip':
        return this.#atSlip(screen.toTake.includes('slip'));
      case 'read-back':
        return this.#chance.happens(0.8) && this.#slips.length > 0 ? 'show-slip' : this.#skips(choices);
      case 'finished':
        return this.#chance.happens(0.5) ? 'home' : 'go';
      case 'take-id-card':
        return 'lift-card';
      case 'error':
        return this.#atError(screen.code, choices);
    }
  }

  #skips(choices: readonly Choice[]): Choice {
    return this.#chance.happens(0.5) && choices.includes('cannot-scan') ? 'cannot-scan' : 'skip-read-back';
  }

  #atSlip(slipLies: boolean): Deed {
    if (this.#denies) return 'no-paper-came';
    if (this.#leavesSlip) return this.#chance.happens(0.5) ? 'go' : 'got-everything';
    const { kiosk } = this.#parts;
    if (kiosk.printer.atExit.length > 0) return 'take-slip';
    if (kiosk.reader.card === this.#parts.person) return 'lift-card';
    return slipLies && this.#slips.length === 0 ? 'no-paper-came' : 'got-everything';
  }

  #atError(code: string, choices: readonly Choice[]): Deed {
    const { printer } = this.#parts.kiosk;
    if (printer.atExit.length > 0 && !this.#leavesSlip && this.#chance.happens(0.8)) return 'take-slip';
    if (code === 'E01' || code === 'E03') this.#card = 'in-hand';
    if (code === 'E19b') return this.#slips.length > 0 ? 'got-everything' : 'no-paper-came';
    if (choices.includes('keep-waiting'))
      return choices.includes('cancel') && this.#chance.happens(0.3) ? 'cancel' : 'keep-waiting';
    const again = (['retry', 'confirm-reissue', 'use-id-card', 'use-suishen-code'] as const).find((choice) =>
      choices.includes(choice),
    );
    this.#retries += 1;
    if (again !== undefined && this.#retries < 6 && this.#chance.happens(0.7)) return again;
    return choices.includes('home') ? 'home' : 'look-on';
  }

  #act(deed: Deed, view: KioskView): void {
    const { kiosk, person } = this.#parts;
    switch (deed) {
      case 'look-on':
        return;
      case 'go':
        this.#gone = true;
        return;
      case 'lay-card':
        if (kiosk.reader.card !== null) kiosk.reader.lift();
        this.#card = 'laid';
        kiosk.reader.lay(person);
        return;
      case 'lift-card':
        this.#card = 'lifted';
        if (kiosk.reader.card !== null) kiosk.reader.lift();
        else if (view.choices.includes('home')) kiosk.choose(view.epoch, 'home');
        return;
      case 'take-slip':
        this.#takeSlip();
        return;
      case 'show-phone':
        kiosk.scanner.show(this.#phoneOrElse());
        return;
      case 'show-slip':
        kiosk.scanner.show(this.#slipText());
        return;
      default:
        if (view.choices.includes(deed)) kiosk.choose(view.epoch, deed);
    }
  }

  #takeSlip(): void {
    for (const slip of this.#parts.kiosk.printer.takePaper()) {
      this.#slips.push(slip);
      this.#parts.tookSlip(slip);
    }
  }

  #phoneOrElse(): string {
    const { centre, person } = this.#parts;
    const struck = this.#chance.fault(this.#oddsUnderScanner);
    if (struck === null) return centre.signIns.livingCode(person);
    this.#parts.struck(struck.fault);
    if (struck.fault === 'code-smeared') return SMEARED;
    return struck.how < 0.5 ? `OC1${'A'.repeat(27)}` : `SS1${'0'.repeat(20)}`;
  }

  get #oddsUnderScanner(): Odds<PersonFault> {
    return this.#parts.odds.filter(([fault]) => fault === 'code-smeared' || fault === 'code-of-another-kind');
  }

  /** What the newest slip in the hand shows. */
  #slipText(): string {
    const shown = this.#slips.at(-1)?.find(({ shortCode }) => shortCode !== null)?.shortCode;
    const code = this.#parts.centre.codeOf(shown ?? '');
    return this.#chance.happens(0.9) ? (code?.token ?? SMEARED) : SMEARED;
  }
}
