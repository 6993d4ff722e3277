import { readFileSync } from 'node:fs';
import path from 'node:path';
import { cardOf } from '../../sandbox/citizens/card.ts';
import type { Citizen } from '../../sandbox/citizens/citizen.ts';
import type { Stack } from '../../sandbox/launcher/stack.ts';
import { createCentralClient } from '../../src/central-api/client.ts';
import { sleep, systemClock } from '../../src/platform/clock.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { Control } from './control.ts';

/** A slip that fell out of the simulated printer. */
export interface Slip {
  readonly id: string;
  readonly file: string;
  readonly heightMm: number;
  readonly bytes: number;
  readonly firstByteAtMs: number;
  /** Still at the exit, in somebody's hand, or pulled back into the machine. */
  readonly fate: 'waiting' | 'taken' | 'retracted';
}

/** What can be seen and done around a kiosk without its screen: devices, paper, centre. */
export class KioskOutside {
  readonly stack: Stack;
  readonly reader: Control;
  readonly scanner: Control;
  readonly printer: Control;
  readonly central: Control;

  constructor(stack: Stack) {
    this.stack = stack;
    this.reader = new Control(stack.reader);
    this.scanner = new Control(stack.scanner);
    this.printer = new Control(stack.printer);
    this.central = new Control(stack.centralControl);
  }

  /** Lays a citizen's card on the reader. */
  async layCard(citizen: Citizen): Promise<void> {
    await this.reader.command('lay-card', { card: cardOf(citizen) });
  }

  async liftCard(): Promise<void> {
    await this.reader.command('lift-card');
  }

  /** All slips that were cut off until now. */
  async slips(): Promise<readonly Slip[]> {
    const slips = await this.printer.get<Slip[]>('/slips');
    return slips;
  }

  /** Waits for the next slip after the given number of them. */
  async slipAfter(count: number, limitMs = 20_000): Promise<Slip> {
    const deadline = systemClock.monotonicMs() + limitMs;
    while (systemClock.monotonicMs() < deadline) {
      const slip = (await this.slips())[count];
      if (slip !== undefined) return slip;
      await sleep(systemClock, 100);
    }
    throw new Error('no slip came out');
  }

  /** The path of a slip's picture. */
  slipPicture(slip: Slip): string {
    return path.resolve(this.stack.slipsDirectory, slip.file);
  }

  /** A client of the central service under another role's key. */
  client(keyId: 'verifier-sandbox' | 'portal-sandbox' | 'operator-sandbox' | 'kiosk-sandbox-2') {
    return createCentralClient({
      url: this.stack.centralUrl,
      caPem: readFileSync(this.stack.caFile, 'utf8'),
      keyId,
      privateKeyPem: readFileSync(this.stack.privateKeyFile(keyId), 'utf8'),
      clock: systemClock,
      random: systemRandom,
    });
  }
}
