import type { Scene } from './scene.ts';

/** One sentence for a person, in both languages of the report. */
export interface Text {
  readonly zh: string;
  readonly en: string;
}

/** Pairs the two languages of a sentence. */
export function text(zh: string, en: string): Text {
  return { zh, en };
}

/** Who makes a call. `otherDevice`: a second kiosk, for what one kiosk may not do to another's operations. */
export type PartyName = 'device' | 'otherDevice' | 'portal' | 'verifier' | 'operator';

/** One thing the contract promises, and how to see whether a centre keeps it. */
export interface Check {
  /** Stable, `area.behaviour`; `--only` takes it or its beginning. */
  readonly id: string;
  readonly title: Text;
  /** Keys it needs; without one of them it is not run. */
  readonly parties: readonly PartyName[];
  /** Cases of test persons it needs. */
  readonly subjects: readonly string[];
  /** How long the centre's time has to go on while it runs, ms; absent: not at all. */
  readonly passesMs?: number;
  run(scene: Scene): Promise<void>;
}

/** Ends a check: the centre did not do what the contract says. Caught by the suite. */
export class Mismatch extends Error {
  readonly text: Text;

  constructor(what: Text) {
    super(what.en);
    this.name = 'Mismatch';
    this.text = what;
  }
}

/** Ends a check that cannot be made now (no test person is left, say). Caught by the suite. */
export class NotRun extends Error {
  readonly text: Text;

  constructor(why: Text) {
    super(why.en);
    this.name = 'NotRun';
    this.text = why;
  }
}

/** Both values must be the same, compared as JSON. What is compared must hold nothing of a person: it is printed. */
export function expectEqual(what: Text, actual: unknown, expected: unknown): void {
  const [is, shouldBe] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is === shouldBe) return;
  throw new Mismatch(
    text(`${what.zh}：应为 ${shouldBe}，实际为 ${is}`, `${what.en}: should be ${shouldBe}, is ${is}`),
  );
}

/** The condition must hold; for what may not be printed. */
export function expectTrue(what: Text, holds: boolean): void {
  if (!holds) throw new Mismatch(what);
}
