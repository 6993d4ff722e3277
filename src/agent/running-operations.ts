import { createHash } from 'node:crypto';
import type { PrintDocument } from '../slip/print-document.ts';
import type { SessionHold } from './live-session.ts';

/** What a slip says besides whose it is. */
export interface SlipFact {
  readonly kind: 'apply' | 'reissue';
  readonly issuedOn: string;
  readonly validUntil: string;
}

interface Running {
  readonly hold: SessionHold;
  slip?: SlipFact;
  bodySha256?: string;
}

/**
 * The operations whose outcome somebody waits for, each bound to the session that started it: what the centre answers for an
 * operation and what the printer is given for it meet that session's vault, never the one that happens to be open.
 */
export class RunningOperations {
  readonly #running = new Map<string, Running>();

  begin(opId: string, hold: SessionHold): void {
    this.#running.set(opId, { hold });
  }

  /** The session that started it; undefined when its outcome is known or the session over: then nothing of it is kept. */
  holdOf(opId: string): SessionHold | undefined {
    const hold = this.#running.get(opId)?.hold;
    return hold?.ended.aborted === false ? hold : undefined;
  }

  reserved(opId: string, slip: SlipFact): void {
    const running = this.#running.get(opId);
    if (running !== undefined) running.slip = slip;
  }

  slip(opId: string): SlipFact | undefined {
    return this.#running.get(opId)?.slip;
  }

  /** The document that is printed as body: its hash goes to the centre as evidence. */
  printed(opId: string, body: PrintDocument): void {
    const running = this.#running.get(opId);
    if (running !== undefined) running.bodySha256 = sha256Of(body);
  }

  /** SHA-256 of the body, hexadecimal; undefined when none was printed. */
  bodySha256(opId: string): string | undefined {
    return this.#running.get(opId)?.bodySha256;
  }

  /** The outcome is known: no later answer means anything. */
  end(opId: string): void {
    this.#running.delete(opId);
  }
}

function sha256Of(body: PrintDocument): string {
  const hash = createHash('sha256');
  for (const element of body.elements) {
    hash.update(
      JSON.stringify(element.type === 'qr' ? { ...element, symbol: element.symbol.size } : element),
    );
    if (element.type === 'qr') hash.update(element.symbol.modules);
  }
  return hash.digest('hex');
}
