import { execFile } from 'node:child_process';

/** Says a text: a whole sound file, or undefined where that cannot be done now. Never rejects. */
export type SpeakText = (text: string) => Promise<Uint8Array | undefined>;

/** A paragraph is said within some 30 s, and made within a second. */
const LIMITS = { timeoutMs: 10_000, bytes: 4 * 1024 * 1024 };
/** About 153 syllables a minute (elderly-ux §4). */
const PACE = ['-s', '140', '-g', '2', '-p', '40'];

/**
 * espeak-ng as a program of its own (its licence does not become ours). The text goes in as pinyin on standard input: Debian's
 * voice for hanzi reads them as English.
 *
 * @param program looked for on the PATH
 */
export function espeak(program = 'espeak-ng'): SpeakText {
  return async (text) => {
    // The dictionary takes some megabytes: only machines that speak themselves carry it.
    const { spellAloud } = await import('./spelling.ts');
    return new Promise((resolve) => {
      const child = execFile(
        program,
        ['-v', 'cmn-latn-pinyin', ...PACE, '--stdin', '--stdout'],
        { encoding: 'buffer', timeout: LIMITS.timeoutMs, maxBuffer: LIMITS.bytes },
        (error, sound) => {
          resolve(error === null && isWave(sound) ? sound : undefined);
        },
      );
      // A program that is not there, or is gone already, takes nothing; the callback says so.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(spellAloud(text));
    });
  };
}

function isWave(sound: Uint8Array): boolean {
  return Buffer.from(sound.subarray(0, 4)).toString('latin1') === 'RIFF';
}
