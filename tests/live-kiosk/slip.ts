import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What reads the slip: not ours, and a process of its own. */
export const SLIP_DECODER = 'zbarimg';

/** Every QR text that an independent decoder finds in the picture of a slip, one entry per copy. */
export async function decodeSlip(pngFile: string): Promise<readonly string[]> {
  try {
    const { stdout } = await run(SLIP_DECODER, ['--raw', '-q', '-Sdisable', '-Sqrcode.enable', pngFile]);
    return stdout.split('\n').filter((line) => line !== '');
  } catch (error) {
    // Exit code 4: the picture holds no code.
    if ((error as { code?: unknown }).code === 4) return [];
    throw error;
  }
}
