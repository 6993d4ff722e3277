import { type Clock, sleep } from '../../../src/platform/clock.ts';
import { type CommandFault, CommandFaults } from './command-faults.ts';
import type { Request, ScannerLanguage, Verdict } from './families/family.ts';
import type { FieldOfView } from './field-of-view.ts';
import type { Settings } from './settings.ts';
import type { WayOut } from './way-out.ts';

/** What a command was to the scanner's memory: something it keeps, something it forgets, or nothing of the kind. */
export type Permanence = 'permanent' | 'temporary' | 'none';

/** One command as it was received. */
export interface ReceivedCommand {
  readonly name: string;
  readonly permanence: Permanence;
}

const MOST_REMEMBERED = 500;

/** The part of a scanner that obeys: one command after the other, in the order they came. */
export class CommandedUnit {
  readonly received: ReceivedCommand[] = [];
  readonly faults = new CommandFaults();
  beeps = 0;
  readonly #language: ScannerLanguage;
  readonly #parser: ReturnType<ScannerLanguage['parser']>;
  readonly #settings: Settings;
  readonly #view: FieldOfView;
  readonly #way: WayOut;
  readonly #clock: Clock;
  #atWork: Promise<void> = Promise.resolve();

  constructor(
    language: ScannerLanguage,
    parts: { readonly settings: Settings; readonly view: FieldOfView; readonly way: WayOut },
    clock: Clock,
  ) {
    this.#language = language;
    this.#parser = language.parser();
    this.#settings = parts.settings;
    this.#view = parts.view;
    this.#way = parts.way;
    this.#clock = clock;
  }

  receive(bytes: Uint8Array): void {
    for (const request of this.#parser.push(bytes)) {
      // What it hears about a packet is for the packet that waits, not for the queue of commands.
      if (request.kind === 'code-taken' || request.kind === 'code-again')
        this.#way.packetHeard(request.kind === 'code-taken');
      else this.#atWork = this.#atWork.then(() => this.#serve(request));
    }
  }

  /** A printed set-up code: it is kept without power, as those codes are. False: such codes are closed. */
  readSetUpCode(address: string, value: string): boolean {
    if (!this.#language.behaviour(this.#settings.inForce).setUpCodes) return false;
    this.#settings.set(address, value, true);
    return true;
  }

  async #serve(request: Request): Promise<void> {
    this.received.push({ name: request.name, permanence: permanenceOf(request) });
    if (this.received.length > MOST_REMEMBERED) this.received.shift();
    const fault = this.faults.meet(request.name);
    const answer = this.#language.answer(request, this.#verdict(request, fault));
    if (fault?.fault === 'late') await sleep(this.#clock, fault.delayMs);
    if (!answer || fault?.fault === 'silent') return;
    await this.#way.sendAnswer(fault?.fault === 'wrong-checksum' ? this.#language.spoil(answer) : answer);
  }

  #verdict(request: Request, fault: CommandFault | undefined): Verdict {
    if (fault?.fault === 'refuse') return { kind: 'refused' };
    if (fault?.fault === 'not-known') return { kind: 'unknown' };
    return this.#obey(request);
  }

  #obey(request: Request): Verdict {
    switch (request.kind) {
      case 'set':
        this.#settings.set(request.address, request.value, request.permanent);
        this.#view.look();
        return { kind: 'done' };
      case 'get':
        return { kind: 'done', value: this.#settings.inForce.get(request.address) ?? '' };
      case 'trigger':
        this.#view.trigger(request.on);
        return { kind: 'done' };
      case 'save':
        this.#settings.save();
        return { kind: 'done' };
      case 'factory-reset':
        this.#settings.factoryReset();
        return { kind: 'done' };
      case 'beep':
        this.beeps += 1;
        return { kind: 'done' };
      case 'unknown':
        return { kind: 'unknown' };
      default:
        return { kind: 'done' };
    }
  }
}

function permanenceOf(request: Request): Permanence {
  if (request.kind === 'save' || request.kind === 'factory-reset') return 'permanent';
  if (request.kind !== 'set') return 'none';
  return request.permanent ? 'permanent' : 'temporary';
}
