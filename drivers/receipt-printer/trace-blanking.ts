import { maskedBytes, plainBytes } from '../trace/masked-bytes.ts';
import type { TraceBlanker } from '../trace/trace-blanker.ts';
import { beginsStarDrawing, escPosRule, starRule } from './commands/trace-commands.ts';
import type { CommandRule } from './commands/trace-commands.ts';

/** How the printer is spoken to; as its driver is told. */
export interface TracedPrinter {
  readonly language: 'esc-pos' | 'star-line';
  /** Where the trace begins: at a command, or perhaps in the middle of one, whose data could be taken for commands. */
  readonly begins: 'at-a-command' | 'anywhere';
}

/** With these every job begins: modes to default, automatic status on. Too long to come about in a drawing. */
const JOB_BEGINS = {
  'esc-pos': [0x1b, 0x40, 0x1d, 0x61],
  'star-line': [0x1b, 0x40, 0x1b, 0x1e],
} as const;

/**
 * Blanks what goes to a printer: dots and text are hidden, commands and their parameters told, the process ids of `GS ( H` among
 * them. What comes from a printer is told as it is: status, echoes, its own name.
 */
export function createPrinterTraceBlanker({ language, begins }: TracedPrinter): TraceBlanker {
  const parser = createCommandParser(language);
  let synchronised = begins === 'at-a-command';
  return {
    out(bytes) {
      // Real-time commands go between the pieces of a drawing and are no part of it.
      if (isRealTimeCommand(bytes, language)) return plainBytes(bytes);
      if (JOB_BEGINS[language].every((byte, index) => bytes[index] === byte)) {
        // Whatever was cut off before: the printer was emptied, and this is a command again.
        synchronised = true;
        parser.restart();
      }
      return maskedBytes(
        bytes,
        bytes.map((byte) => (synchronised ? parser.tells(byte) : 0)),
      );
    },
    in: (bytes) => Uint8Array.from(bytes),
    flush: () => new Uint8Array(),
  };
}

function createCommandParser(language: TracedPrinter['language']) {
  let command: number[] = [];
  let kept = 0;
  let hidden = 0;
  let drawing = false;
  const ruleOf = (bytes: readonly number[]): CommandRule =>
    language === 'star-line' ? starRule(bytes, drawing) : escPosRule(bytes);

  return {
    restart(): void {
      command = [];
      kept = 0;
      hidden = 0;
      drawing = false;
    },
    /** 1: this byte may be told. */
    tells(byte: number): 0 | 1 {
      if (kept > 0) {
        kept -= 1;
        return 1;
      }
      if (hidden > 0) {
        hidden -= 1;
        return 0;
      }
      command.push(byte);
      const rule = ruleOf(command);
      if (rule === 'more') return 1;
      if (language === 'star-line') drawing = beginsStarDrawing(command) ?? drawing;
      command = [];
      if (rule === undefined) return 0;
      if ('keep' in rule) kept = rule.keep;
      else hidden = rule.hide;
      return 1;
    },
  };
}

/** One that stands alone in what was written: `DLE EOT`, `DLE ENQ`, `DLE DC4` fn 8; Star's `ESC ACK SOH` and `CAN`. */
function isRealTimeCommand(bytes: Uint8Array, language: TracedPrinter['language']): boolean {
  const hex = Buffer.from(bytes).toString('hex');
  return language === 'star-line'
    ? ['1b0601', '18'].includes(hex)
    : /^10(?:04(?:0[1-6]|14)|050[12])$/.test(hex) || hex === '10140801031401060208';
}
