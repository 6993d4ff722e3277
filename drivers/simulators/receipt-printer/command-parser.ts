/** A command at the front of the receive buffer, or a character to print. */
export interface ParsedCommand {
  /** Name in the table below, `text` or `ignored`. */
  readonly name: string;
  /** Bytes it takes in the buffer. */
  readonly length: number;
  readonly args: Uint8Array;
}

/** How many argument bytes follow; `'more'`: cannot be said before more bytes come. */
export type Arguments = number | ((rest: Uint8Array) => number | 'more');

/** Commands by their bytes in hexadecimal. */
export type CommandTable = Readonly<Record<string, readonly [name: string, args: Arguments]>>;

const word = (rest: Uint8Array, at: number) => (rest[at] ?? 0) | ((rest[at + 1] ?? 0) << 8);

/** pL pH and as many bytes, after `before` bytes of function letter. */
const counted =
  (before: number): Arguments =>
  (rest) =>
    rest.length < before + 2 ? 'more' : before + 2 + word(rest, before);

const untilNul: Arguments = (rest) => {
  const end = rest.indexOf(0);
  return end < 0 ? 'more' : end + 1;
};

const cut: Arguments = (rest) => (rest.length === 0 ? 'more' : [65, 66].includes(rest[0] ?? 0) ? 2 : 1);

const bitImage: Arguments = (rest) =>
  rest.length < 3 ? 'more' : 3 + word(rest, 1) * ((rest[0] ?? 0) >= 32 ? 3 : 1);

const barcode: Arguments = (rest) => {
  if (rest.length < 2) return 'more';
  if ((rest[0] ?? 0) > 6) return 2 + (rest[1] ?? 0);
  const end = rest.indexOf(0, 1);
  return end < 0 ? 'more' : end + 1;
};

const largeGraphics: Arguments = (rest) =>
  rest.length < 5 ? 'more' : 5 + word(rest, 1) + word(rest, 3) * 0x1_0000;

const realTime: Arguments = (rest) => (rest.length === 0 ? 'more' : rest[0] === 8 ? 8 : 3);

/** Commands of device-protocols 3.1–3.5 that this printer knows; all others come out as garbage, as on real ones. */
const TABLE: CommandTable = {
  '09': ['tab', 0],
  '0a': ['line-feed', 0],
  '0d': ['ignored', 0],
  '0c': ['ignored', 0],
  '18': ['ignored', 0],
  '1004': ['ignored', 1],
  '1005': ['ignored', 1],
  '1014': ['ignored', realTime],
  '1b20': ['ignored', 1],
  '1b21': ['print-mode', 1],
  '1b24': ['position', 2],
  '1b2a': ['bit-image', bitImage],
  '1b2d': ['underline', 1],
  '1b32': ['default-line-spacing', 0],
  '1b33': ['line-spacing', 1],
  '1b3d': ['ignored', 1],
  '1b40': ['initialize', 0],
  '1b42': ['ignored', 2],
  '1b44': ['ignored', untilNul],
  '1b45': ['bold', 1],
  '1b47': ['bold', 1],
  '1b4a': ['feed-dots', 1],
  '1b4d': ['font', 1],
  '1b52': ['ignored', 1],
  '1b5c': ['move', 2],
  '1b61': ['align', 1],
  '1b63': ['ignored', 2],
  '1b64': ['feed-lines', 1],
  '1b69': ['cut-now', 0],
  '1b6d': ['cut-now', 0],
  '1b70': ['ignored', 3],
  '1b74': ['ignored', 1],
  '1b7b': ['ignored', 1],
  '1c21': ['ignored', 1],
  '1c26': ['two-byte-on', 0],
  '1c28': ['ignored', counted(1)],
  '1c2d': ['ignored', 1],
  '1c2e': ['two-byte-off', 0],
  '1c53': ['ignored', 2],
  '1c57': ['ignored', 1],
  '1d21': ['size', 1],
  '1d28': ['extended', counted(1)],
  '1d38': ['large-graphics', largeGraphics],
  '1d42': ['reverse', 1],
  '1d48': ['ignored', 1],
  '1d49': ['identify', 1],
  '1d4c': ['left-margin', 2],
  '1d50': ['ignored', 2],
  '1d56': ['cut', cut],
  '1d57': ['print-width', 2],
  '1d61': ['automatic-status', 1],
  '1d66': ['ignored', 1],
  '1d68': ['ignored', 1],
  '1d6b': ['ignored', barcode],
  '1d72': ['transmit-status', 1],
  '1d77': ['ignored', 1],
  // The rows of the image follow; they are taken from the buffer one by one as they are printed.
  '1d7630': ['raster', 5],
};

const LONGEST_CODE = 3;

/** The table of a printer that knows `own` besides, or instead. */
export function tableWith(own: CommandTable): CommandTable {
  return { ...TABLE, ...own };
}

/** The command at the front of `buffered`; `'more'` when it is not complete yet. Never fails: what is unknown is text. */
export function parseCommand(
  buffered: Uint8Array,
  twoByteText: boolean,
  table: CommandTable = TABLE,
): ParsedCommand | 'more' {
  const first = buffered[0];
  if (first === undefined) return 'more';
  if (first >= 0x20) return parseText(buffered, first, twoByteText);
  let code = '';
  for (let length = 1; length <= LONGEST_CODE; length += 1) {
    const byte = buffered[length - 1];
    if (byte === undefined) return 'more';
    code += byte.toString(16).padStart(2, '0');
    const found = table[code];
    if (found) return withArguments(found[0], found[1], buffered, length);
    if (!Object.keys(table).some((known) => known.startsWith(code))) break;
  }
  // The control byte is swallowed, and what should have been its parameters prints as letters.
  return { name: 'ignored', length: 1, args: new Uint8Array(0) };
}

function withArguments(
  name: string,
  args: Arguments,
  buffered: Uint8Array,
  codeLength: number,
): ParsedCommand | 'more' {
  const rest = buffered.subarray(codeLength);
  const count = typeof args === 'number' ? args : args(rest);
  if (count === 'more' || rest.length < count) return 'more';
  return { name, length: codeLength + count, args: rest.slice(0, count) };
}

function parseText(buffered: Uint8Array, first: number, twoByteText: boolean): ParsedCommand | 'more' {
  if (!twoByteText || first < 0x81 || first === 0xff) {
    return { name: 'text', length: 1, args: buffered.slice(0, 1) };
  }
  const second = buffered[1];
  if (second === undefined) return 'more';
  // A GBK character ROM takes no second byte below 40: four-byte GB18030 falls apart into single bytes.
  const length = second >= 0x40 && second !== 0x7f ? 2 : 1;
  return { name: 'text', length, args: buffered.slice(0, length) };
}
