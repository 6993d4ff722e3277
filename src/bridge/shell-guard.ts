import { createHash, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RandomSource } from '../platform/random.ts';

/** The cookie that carries the shell's right to the page. */
export const SHELL_COOKIE = 'kiosk-shell';

/**
 * Who may load the page. The agent writes a one-time code into a file that only the shell's user can read; whoever brings
 * it gets a cookie, and the code is replaced at once. Only the newest cookie counts. Its hash outlives the agent, so that a
 * page finds its way back after the agent was restarted; the cookie itself is nowhere on disk.
 */
export class ShellGuard {
  readonly #codeFile: string;
  readonly #cookieHashFile: string;
  readonly #random: RandomSource;
  #code: string;

  /** Writes nothing yet: where the port turns out to be taken, the other agent's code stays good. */
  constructor(options: { codeFile: string; random: RandomSource }) {
    this.#codeFile = options.codeFile;
    this.#cookieHashFile = `${options.codeFile}.session`;
    this.#random = options.random;
    this.#code = this.#secret();
  }

  /** Puts the code where the shell finds it. Throws when the file cannot be written. */
  publish(): void {
    mkdirSync(path.dirname(this.#codeFile), { recursive: true, mode: 0o700 });
    writePrivately(this.#codeFile, this.#code);
  }

  /** Exchanges the one-time code for a cookie value; undefined when the code is wrong. */
  exchange(code: string): string | undefined {
    if (!sameText(code, this.#code)) return undefined;
    const cookie = this.#secret();
    writePrivately(this.#cookieHashFile, hash(cookie));
    this.#code = this.#secret();
    this.publish();
    return cookie;
  }

  /** Whether a `Cookie` header carries the right of the attached shell. */
  admits(cookieHeader: string | undefined): boolean {
    const cookie = cookieHeader
      ?.split(';')
      .map((pair) => pair.trim().split('='))
      .find(([name]) => name === SHELL_COOKIE)?.[1];
    if (cookie === undefined) return false;
    const known = readIfThere(this.#cookieHashFile);
    return known !== undefined && sameText(hash(cookie), known);
  }

  #secret(): string {
    return Buffer.from(this.#random.bytes(32)).toString('base64url');
  }
}

/** A new file each time: one that lies there already would keep its mode and whoever has it open. */
function writePrivately(file: string, text: string): void {
  const temporary = `${file}.new`;
  rmSync(temporary, { force: true });
  writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' });
  renameSync(temporary, file);
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
