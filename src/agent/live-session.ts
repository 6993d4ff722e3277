import { timingSafeEqual } from 'node:crypto';
import type { OpenSession, Sessions } from '../store/sessions.ts';
import type { SealedColumn } from '../store/vault.ts';
import type { SignInMethod } from '../view/kiosk-view.ts';

/** What the centre needs to know again whose turn it is: id of the sign-in and its token. */
export interface SignedIn {
  readonly identificationId: string;
  readonly subjectToken: string;
}

/**
 * One session's vault and row, as an adapter holds it while the world answers. Once that session is over the hold is worth
 * nothing, whoever came next: a late answer finds no vault, and never the next person's.
 */
export interface SessionHold {
  /** Aborts when the session ends. */
  readonly ended: AbortSignal;
  /** Seals a text. False when the session is over: the text is dropped. */
  put(column: SealedColumn, text: string): boolean;
  /** A sealed text; undefined when there is none (any more). */
  get(column: SealedColumn): string | undefined;
  /** Forgets a sealed text that nobody needs any more. */
  drop(column: SealedColumn): void;
  /** Whether `text` is what is sealed there, in a time that tells nothing of it; undefined when nothing is sealed (any more). */
  matches(column: SealedColumn, text: string): boolean | undefined;
  /** Who is signed in; undefined when nobody is. */
  signedIn(): SignedIn | undefined;
  setMethod(method: SignInMethod): void;
  setOperation(opId: string): void;
}

/**
 * Why a hold has ended. No Error: for as long as its signal is held anywhere, the frames of an Error's stack would hold on to
 * whoever called here, and to the person in the session's context.
 */
const SESSION_OVER = { name: 'AbortError', code: 'ABORT_ERR' } as const;

/** The one open session of the store. Personal data goes into its vault and out of it again, and nobody else holds any. */
export class LiveSession {
  readonly #sessions: Pick<Sessions, 'begin'>;
  #open:
    | { readonly row: OpenSession; readonly hold: SessionHold; readonly ending: AbortController }
    | undefined;

  constructor(sessions: Pick<Sessions, 'begin'>) {
    this.#sessions = sessions;
  }

  /** Opens row and vault of a new session. Throws when one is open: that is a bug. */
  begin(epoch: number): void {
    if (this.#open !== undefined) throw new Error('a session is open already');
    const row = this.#sessions.begin(epoch);
    const ending = new AbortController();
    this.#open = { row, hold: holdOf(row, ending.signal), ending };
  }

  /** The hold on the session of this moment; undefined between two people. */
  current(): SessionHold | undefined {
    return this.#open?.hold;
  }

  /** Closes the row with its outcome and wipes everything personal. */
  end(outcome: string): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    try {
      open.row.end(outcome);
    } finally {
      open.ending.abort(SESSION_OVER);
    }
  }
}

function holdOf(row: OpenSession, ended: AbortSignal): SessionHold {
  const get = (column: SealedColumn): string | undefined => {
    const value = row.vault.use(column, (bytes) => bytes.toString('utf8'));
    return value.ok ? value.value : undefined;
  };
  return {
    ended,
    put: (column, text) => row.vault.put(column, Buffer.from(text, 'utf8')),
    get,
    drop: (column) => {
      row.vault.drop(column);
    },
    matches: (column, text) => {
      const given = Buffer.from(text, 'utf8');
      const same = row.vault.use(
        column,
        (sealed) => sealed.length === given.length && timingSafeEqual(sealed, given),
      );
      given.fill(0);
      return same.ok ? same.value : undefined;
    },
    signedIn: () => {
      const identificationId = get('identificationId');
      const subjectToken = get('subjectToken');
      return identificationId === undefined || subjectToken === undefined
        ? undefined
        : { identificationId, subjectToken };
    },
    setMethod: (method) => {
      if (!ended.aborted) row.setMethod(method);
    },
    setOperation: (opId) => {
      if (!ended.aborted) row.setOperation(opId);
    },
  };
}
