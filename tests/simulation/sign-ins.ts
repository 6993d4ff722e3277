import type { Person } from './centre-model.ts';

const SIGN_IN_MS = 600_000;
const LIVING_CODE_MS = 60_000;

/** Who is signed in where, and the living codes that sign people in. */
export class SignIns {
  readonly #nowMs: () => number;
  readonly #tokens = new Map<
    string,
    { readonly person: Person; readonly device: string; readonly untilMs: number }
  >();
  readonly #livingCodes = new Map<
    string,
    { readonly person: Person; readonly untilMs: number; used: boolean }
  >();
  #serial = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Good for ten minutes, at this device alone. */
  signIn(
    person: Person,
    device: string,
  ): { readonly identificationId: string; readonly subjectToken: string } {
    this.#serial += 1;
    const subjectToken = `subject-token-${String(this.#serial).padStart(12, '0')}`;
    this.#tokens.set(subjectToken, { person, device, untilMs: this.#nowMs() + SIGN_IN_MS });
    return { identificationId: `identification-${this.#serial}`, subjectToken };
  }

  personOf(subjectToken: string, device: string): Person | undefined {
    const found = this.#tokens.get(subjectToken);
    return found?.device === device && found.untilMs > this.#nowMs() ? found.person : undefined;
  }

  livingCode(person: Person): string {
    this.#serial += 1;
    const code = `SS1${String(this.#serial).padStart(20, '0')}`;
    this.#livingCodes.set(code, { person, untilMs: this.#nowMs() + LIVING_CODE_MS, used: false });
    return code;
  }

  /** Whose living code this is; it is used up by that. */
  useLivingCode(
    text: string,
  ): Person | 'suishen-code-foreign' | 'suishen-code-used' | 'suishen-code-expired' {
    const code = this.#livingCodes.get(text);
    if (code === undefined) return 'suishen-code-foreign';
    if (code.used) return 'suishen-code-used';
    if (code.untilMs <= this.#nowMs()) return 'suishen-code-expired';
    code.used = true;
    return code.person;
  }
}
