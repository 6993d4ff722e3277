import { execFile } from 'node:child_process';

/** Asking takes a few ms; a pty that was pulled out meanwhile must not hold anything up. */
const ASK_LIMIT_MS = 2000;

/**
 * The speed that the computer has set on its end of a pty, bits per second. A pty carries bytes at any speed, but its termios
 * keeps what was set. Undefined: it cannot be read (the pty is gone).
 */
export function speedOfPty(path: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    execFile('stty', ['-F', path, 'speed'], { timeout: ASK_LIMIT_MS }, (error, answer) => {
      const speed = Number(answer);
      resolve(error || !Number.isSafeInteger(speed) ? undefined : speed);
    });
  });
}
