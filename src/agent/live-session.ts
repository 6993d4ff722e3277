import type { OpenSession, Sessions } from '../store/sessions.ts';
import type { SealedColumn } from '../store/vault.ts';

/** What the centre needs to know again whose turn it is: id of the sign-in and its token. */
export interface SignedIn {
  readonly identificationId: string;
  readonly subjectToken: string;
}

/**
 * The one open session of the store, as the adapters see it: they put personal data into its vault and take it out again,
 * and nobody else holds any.
 */
export class LiveSession {
  readonly #sessions: Sessions;
  #open: OpenSession | undefined;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  /** Opens row and vault of a new session and returns its id. Throws when one is open: that is a bug. */
  begin(epoch: number): string {
    if (this.#open !== undefined) throw new Error('a session is open already');
    this.#open = this.#sessions.begin(epoch);
    return this.#open.sessionId;
  }

  /** The row of the open session; undefined when there is none. */
  get row(): Pick<OpenSession, 'setMethod' | 'setOperation'> | undefined {
    return this.#open;
  }

  /** Closes the row with its outcome and wipes everything personal. */
  end(outcome: string): void {
    const open = this.#open;
    this.#open = undefined;
    open?.end(outcome);
  }

  /** Seals a text. False when the session is over meanwhile: the text is dropped. */
  put(column: SealedColumn, text: string): boolean {
    return this.#open?.vault.put(column, Buffer.from(text, 'utf8')) ?? false;
  }

  /** A sealed text; undefined when there is none (any more). */
  get(column: SealedColumn): string | undefined {
    const value = this.#open?.vault.use(column, (bytes) => bytes.toString('utf8'));
    return value?.ok === true ? value.value : undefined;
  }

  /** Who is signed in; undefined when nobody is. */
  signedIn(): SignedIn | undefined {
    const identificationId = this.get('identificationId');
    const subjectToken = this.get('subjectToken');
    return identificationId === undefined || subjectToken === undefined
      ? undefined
      : { identificationId, subjectToken };
  }
}
