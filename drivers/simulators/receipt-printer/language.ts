import { type CommandTable, parseCommand, type ParsedCommand, tableWith } from './command-parser.ts';
import { type Effect, Interpreter, type TextMake } from './interpreter.ts';

/** What a command does to the printer itself, not to the paper. */
export type DeviceEffect =
  | { readonly kind: 'retract' }
  /** The presenter's own timer; 0 switches it off. */
  | { readonly kind: 'auto-retract'; readonly ms: number }
  /** Custom's automatic full status. */
  | { readonly kind: 'automatic-full-status'; readonly mask: number }
  /** Star: status is sent at changes, or not. */
  | { readonly kind: 'automatic-star-status'; readonly on: boolean }
  /** Star: count, and say so, when everything before it is on paper. */
  | { readonly kind: 'etb' }
  | { readonly kind: 'etb-reset' };

/** All that a command can do. */
export type PrinterEffect = Effect | DeviceEffect;

/** A command language: what stands at the front of the buffer, and what it does. */
export interface CommandLanguage {
  parse(buffered: Uint8Array): ParsedCommand | 'more';
  run(command: ParsedCommand): readonly PrinterEffect[];
  /** Modes as after switching on. */
  initialize(): void;
}

/** ESC/POS, with the commands that a family has of its own. */
export function escPosLanguage(
  headDots: number,
  own: CommandTable,
  text: TextMake | undefined,
): CommandLanguage {
  const interpreter = text === undefined ? new Interpreter(headDots) : new Interpreter(headDots, text);
  const table = tableWith(own);
  return {
    parse: (buffered) => parseCommand(buffered, interpreter.twoByteText, table),
    run: (command) => presenterEffects(command) ?? interpreter.run(command),
    initialize: () => interpreter.initialize(),
  };
}

function presenterEffects({ name, args }: ParsedCommand): readonly DeviceEffect[] | undefined {
  const n = args[0] ?? 0;
  switch (name) {
    case 'retract':
      return [{ kind: 'retract' }];
    case 'auto-retract-seconds':
      return [{ kind: 'auto-retract', ms: n * 1000 }];
    case 'automatic-full-status':
      return [{ kind: 'automatic-full-status', mask: n }];
    case 'ejector':
      // 3 presents, which this presenter does by itself.
      return n === 2 ? [{ kind: 'retract' }] : [];
    default:
      return undefined;
  }
}
