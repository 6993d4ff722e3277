import type { TextStyle } from './text-line.ts';

/** What makers of printers disagree on in enlarging text. */
export interface TextHabits {
  /**
   * What enlarges Chinese characters: `both` `GS !` and `FS !`, the last of them holds (Epson, most clones); `gs`: `FS !` and
   * `FS W` do nothing; `fs`: `GS !` and `ESC !` enlarge letters only.
   */
  readonly scalesChineseBy: 'both' | 'gs' | 'fs';
  /** `GS !` with a larger factor is not obeyed: some stop at 2. */
  readonly largestScale: number;
}

interface Scale {
  readonly width: number;
  readonly height: number;
}

interface Spacing {
  readonly before: number;
  readonly after: number;
}

const SINGLE: Scale = { width: 1, height: 1 };
const NONE: Spacing = { before: 0, after: 0 };

/** The modes in which characters are printed; letters and Chinese characters have sizes and spacings of their own. */
export class TextModes {
  readonly #habits: TextHabits;
  #letters: Scale = SINGLE;
  #chinese: Scale = SINGLE;
  #letterSpacing: Spacing = NONE;
  #chineseSpacing: Spacing = NONE;
  #bold = false;
  #underline = false;
  #chineseUnderline = false;
  #reverse = false;
  #fontB = false;

  constructor(habits: TextHabits) {
    this.#habits = habits;
  }

  /** As after switching on (ESC @). */
  initialize(): void {
    this.#letters = SINGLE;
    this.#chinese = SINGLE;
    this.#letterSpacing = NONE;
    this.#chineseSpacing = NONE;
    this.#bold = false;
    this.#underline = false;
    this.#chineseUnderline = false;
    this.#reverse = false;
    this.#fontB = false;
  }

  /** How a character is printed now. */
  style(twoByte: boolean): TextStyle {
    const { width, height } = twoByte ? this.#chinese : this.#letters;
    const { before, after } = twoByte ? this.#chineseSpacing : this.#letterSpacing;
    return {
      widthScale: width,
      heightScale: height,
      before: before * width,
      after: after * width,
      bold: this.#bold,
      underline: this.#underline || (twoByte && this.#chineseUnderline),
      reverse: this.#reverse,
      fontB: this.#fontB,
    };
  }

  /** A command by its name in the parser's table, with its first two arguments; false when it is none of these. */
  set(name: string, n: number, second: number): boolean {
    switch (name) {
      case 'print-mode':
        this.#printMode(n);
        return true;
      case 'size':
        this.#enlarge({ width: ((n >> 4) & 7) + 1, height: (n & 7) + 1 });
        return true;
      case 'bold':
        this.#bold = (n & 1) !== 0;
        return true;
      case 'underline':
        this.#underline = (n & 3) !== 0;
        return true;
      case 'reverse':
        this.#reverse = (n & 1) !== 0;
        return true;
      case 'font':
        this.#fontB = (n & 1) !== 0;
        return true;
      case 'character-spacing':
        this.#letterSpacing = { before: 0, after: n };
        return true;
      default:
        return this.#setChinese(name, n, second);
    }
  }

  #setChinese(name: string, n: number, second: number): boolean {
    switch (name) {
      case 'chinese-mode':
        this.#enlargeChinese({ width: (n & 0x04) === 0 ? 1 : 2, height: (n & 0x08) === 0 ? 1 : 2 });
        this.#chineseUnderline = (n & 0x80) !== 0;
        return true;
      case 'chinese-quadruple':
        this.#enlargeChinese((n & 1) === 0 ? SINGLE : { width: 2, height: 2 });
        return true;
      case 'chinese-spacing':
        this.#chineseSpacing = { before: n, after: second };
        return true;
      default:
        return false;
    }
  }

  #printMode(n: number): void {
    this.#fontB = (n & 1) !== 0;
    this.#bold = (n & 0x08) !== 0;
    this.#underline = (n & 0x80) !== 0;
    this.#enlarge({ width: (n & 0x20) === 0 ? 1 : 2, height: (n & 0x10) === 0 ? 1 : 2 });
  }

  #enlarge(scale: Scale): void {
    if (Math.max(scale.width, scale.height) > this.#habits.largestScale) return;
    this.#letters = scale;
    if (this.#habits.scalesChineseBy !== 'fs') this.#chinese = scale;
  }

  #enlargeChinese(scale: Scale): void {
    if (this.#habits.scalesChineseBy !== 'gs') this.#chinese = scale;
  }
}
