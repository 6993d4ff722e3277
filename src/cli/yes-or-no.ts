import { createInterface } from 'node:readline/promises';

/** Where a person can be asked. */
export interface Asker {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}

const YES = /^(?:y|yes|是|对|好|1)$/i;
const NO = /^(?:n|no|否|不|不是|没|没有|0)$/i;

/** Whether there is a person: both ends are a terminal. */
export function canAsk({ input, output }: Asker): boolean {
  return input.isTTY && output.isTTY;
}

/**
 * Asks a question that is answered with yes or no; Enter alone means "do not know" and gives undefined. Anything else is asked
 * again. Undefined, too, when `signal` aborts; Ctrl-C calls `onInterrupt`.
 */
export async function askYesOrNo(
  question: string,
  asker: Asker,
  signal: AbortSignal,
  onInterrupt: () => void,
): Promise<boolean | undefined> {
  const lines = createInterface(asker);
  // While a line is read, the terminal hands Ctrl-C to the reader and to nobody else.
  lines.on('SIGINT', onInterrupt);
  try {
    for (;;) {
      const answer = (await lines.question(question, { signal })).trim();
      if (YES.test(answer)) return true;
      if (NO.test(answer)) return false;
      if (answer === '') return undefined;
    }
  } catch {
    // Aborted, or the terminal is gone.
    return undefined;
  } finally {
    lines.close();
  }
}
