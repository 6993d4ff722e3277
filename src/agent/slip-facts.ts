import { createHash } from 'node:crypto';
import type { PrintDocument } from '../slip/print-document.ts';

/** What a slip says besides whose it is. Nothing personal; kept in memory for as long as its operation runs. */
export interface SlipFact {
  readonly kind: 'apply' | 'reissue';
  readonly issuedOn: string;
  readonly validUntil: string;
}

interface Remembered extends SlipFact {
  bodySha256: string;
}

/** The dates and the body's hash of the operations under way, between the centre's answers and the printer's jobs. */
export class SlipFacts {
  readonly #facts = new Map<string, Remembered>();

  remember(opId: string, fact: SlipFact): void {
    this.#facts.set(opId, { ...fact, bodySha256: '' });
  }

  get(opId: string): SlipFact | undefined {
    return this.#facts.get(opId);
  }

  /** The document that is printed as body: its hash goes to the centre as evidence. */
  printed(opId: string, body: PrintDocument): void {
    const fact = this.#facts.get(opId);
    if (fact === undefined) return;
    const hash = createHash('sha256');
    for (const element of body.elements) {
      hash.update(
        JSON.stringify(element.type === 'qr' ? { ...element, symbol: element.symbol.size } : element),
      );
      if (element.type === 'qr') hash.update(element.symbol.modules);
    }
    fact.bodySha256 = hash.digest('hex');
  }

  /** SHA-256 of the body, hexadecimal; of nothing when no body was printed. */
  bodySha256(opId: string): string {
    return this.#facts.get(opId)?.bodySha256 ?? createHash('sha256').digest('hex');
  }

  forget(opId: string): void {
    this.#facts.delete(opId);
  }
}
