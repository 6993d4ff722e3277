/**
 * What a printer's command is, told from its first bytes: `more` it takes another byte to say · `keep` so many parameters follow,
 * which are nobody's · `hide` so many bytes of print data follow. Undefined: no command that is known to hold nothing personal.
 */
export type CommandRule = 'more' | { readonly keep: number } | { readonly hide: number } | undefined;

/** Parameters of the commands that have a fixed number of them, by the byte behind ESC, FS, GS (device-protocols 3.1, 3.2, 3.6). */
const ESC_COMMANDS = new Map([
  [0x40, 0],
  [0x61, 1],
  [0x4a, 1],
  [0x64, 1],
  [0x45, 1],
  [0x47, 1],
  [0x21, 1],
  [0x2d, 1],
  [0x32, 0],
  [0x33, 1],
  [0x52, 1],
  [0x74, 1],
  [0x69, 0],
  [0x6d, 0],
  [0x76, 0],
]);
const FS_COMMANDS = new Map([
  [0x26, 0],
  [0x2e, 0],
  [0x21, 1],
  [0x57, 1],
  [0x2d, 1],
]);
const GS_COMMANDS = new Map([
  [0x21, 1],
  [0x42, 1],
  [0x49, 1],
  [0x4c, 2],
  [0x57, 2],
  [0x61, 1],
  [0x72, 1],
  [0xe0, 1],
]);
/** Line feed, carriage return, NUL, CAN. */
const CONTROLS: readonly number[] = [0x0a, 0x0d, 0x00, 0x18];
const PROCESS_ID = 0x48;
const LONGEST_PROCESS_ID = 6;

/** The commands of ESC/POS. Never throws. */
export function escPosRule(bytes: readonly number[]): CommandRule {
  const [first, second] = bytes;
  if (first !== undefined && CONTROLS.includes(first)) return { keep: 0 };
  if (first === undefined || ![0x10, 0x1b, 0x1c, 0x1d].includes(first)) return undefined;
  if (second === undefined) return 'more';
  if (first === 0x1b) return fixed(ESC_COMMANDS, second);
  if (first === 0x1c) return fixed(FS_COMMANDS, second);
  return first === 0x10 ? realTimeRule(second, bytes) : gsRule(second, bytes);
}

function fixed(commands: ReadonlyMap<number, number>, second: number): CommandRule {
  const keep = commands.get(second);
  return keep === undefined ? undefined : { keep };
}

/** `DLE EOT n`, `DLE ENQ n`, `DLE DC4` fn 8 (clear buffers). */
function realTimeRule(second: number, [, , third]: readonly number[]): CommandRule {
  if (second === 0x04 || second === 0x05) return { keep: 1 };
  if (second !== 0x14) return undefined;
  if (third === undefined) return 'more';
  return third === 0x08 ? { keep: 7 } : undefined;
}

function gsRule(second: number, bytes: readonly number[]): CommandRule {
  const [, , third, fourth, fifth] = bytes;
  switch (second) {
    // Cut: 41, 42 and their kin feed first and say how far.
    case 0x56:
      if (third === undefined) return 'more';
      return { keep: third >= 0x41 ? 1 : 0 };
    // Custom 65 (retract, present so many steps), Citizen 52 (retract, after so many seconds).
    case 0x65:
    case 0x52:
      if (third === undefined) return 'more';
      return { keep: third === 0x03 || third === 0x31 ? 1 : 0 };
    case 0x76:
      return rasterRule(bytes);
    case 0x28: {
      if (fifth === undefined) return 'more';
      const length = (fourth ?? 0) | (fifth << 8);
      return third === PROCESS_ID && length <= LONGEST_PROCESS_ID ? { keep: length } : { hide: length };
    }
    default:
      return fixed(GS_COMMANDS, second);
  }
}

/** `GS v 0 m xL xH yL yH`, then the dots. */
function rasterRule(bytes: readonly number[]): CommandRule {
  const [, , zero, , xL = 0, xH = 0, yL = 0, yH = 0] = bytes;
  if (zero !== undefined && zero !== 0x30) return undefined;
  if (bytes.length < 8) return 'more';
  return { hide: (xL | (xH << 8)) * (yL | (yH << 8)) };
}

const NUMBER_BYTES = 6;

/** The commands of Star Line (Star Line Mode Command Specifications). `drawing`: between `ESC * r A` and `ESC * r B`. Never throws. */
export function starRule(bytes: readonly number[], drawing: boolean): CommandRule {
  const [first, second, third] = bytes;
  if (first === 0x17 || (first !== undefined && CONTROLS.includes(first))) return { keep: 0 };
  if (first === 0x62 && drawing) {
    return bytes.length < 3 ? 'more' : { hide: (second ?? 0) | ((third ?? 0) << 8) };
  }
  if (first !== 0x1b) return undefined;
  switch (second) {
    case undefined:
      return 'more';
    case 0x40:
      return { keep: 0 };
    case 0x06:
    case 0x64:
    case 0x4a:
      return { keep: 1 };
    case 0x1e:
    case 0x16:
      return { keep: 2 };
    case 0x2a:
      return starRasterRule(bytes);
    default:
      return undefined;
  }
}

/** `ESC * r A`, `ESC * r B`, and others with a number in digits and a NUL. */
function starRasterRule(bytes: readonly number[]): CommandRule {
  const [, , third, letter, ...number] = bytes;
  if (third !== undefined && third !== 0x72) return undefined;
  if (letter === undefined) return 'more';
  if (letter === 0x41 || letter === 0x42 || number.at(-1) === 0) return { keep: 0 };
  return number.length < NUMBER_BYTES ? 'more' : undefined;
}

/** Whether a drawing has begun (true) or ended (false) with this command; undefined: neither. */
export function beginsStarDrawing(bytes: readonly number[]): boolean | undefined {
  const [first, second, third, letter] = bytes;
  if (first !== 0x1b || second !== 0x2a || third !== 0x72) return undefined;
  return letter === 0x41 ? true : letter === 0x42 ? false : undefined;
}
