/** A bare item of a structured field (RFC 9651 §3.3), as far as message signatures use them. */
export type BareItem =
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'token'; readonly value: string }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly kind: 'boolean'; readonly value: boolean };

/** Parameters in the order in which they came; a repeated name keeps its first place and its last value. */
export type Parameters = ReadonlyMap<string, BareItem>;

/** A bare item with its parameters. */
export interface Item {
  readonly item: BareItem;
  readonly parameters: Parameters;
}

/** A member of a dictionary: one item, or a list of items in brackets. */
export type Member =
  | ({ readonly kind: 'item' } & Item)
  | { readonly kind: 'inner-list'; readonly items: readonly Item[]; readonly parameters: Parameters };

/** No header of a signed request is longer than this many characters; what is, counts as malformed. */
const LONGEST_FIELD = 8192;

const KEY = /[a-z*][a-z0-9_.*-]*/y;
const INTEGER = /-?[0-9]{1,15}(?![0-9.])/y;
const STRING = /"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"/y;
const TOKEN = /[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*/y;
const BYTES = /:(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?:/y;
const BOOLEAN = /\?[01]/y;

/** Reads along a string; every method gives `undefined` where the grammar is left, and nothing throws. */
class FieldReader {
  private position = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  get atEnd(): boolean {
    return this.position >= this.text.length;
  }

  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.position += found.length;
    return found;
  }

  /** Takes the one character `char` if it comes next. */
  skip(char: string): boolean {
    if (this.text[this.position] !== char) return false;
    this.position += 1;
    return true;
  }

  skipAll(chars: string): number {
    const start = this.position;
    while (!this.atEnd && chars.includes(this.text.charAt(this.position))) this.position += 1;
    return this.position - start;
  }
}

/**
 * Reads a dictionary field (RFC 9651 §4.2.2). Decimals, dates and display strings are not taken: no field of a message
 * signature has them. Gives `undefined` for anything that does not follow the grammar.
 */
export function parseDictionary(text: string): ReadonlyMap<string, Member> | undefined {
  if (text.length > LONGEST_FIELD) return undefined;
  const reader = new FieldReader(text);
  const members = new Map<string, Member>();
  reader.skipAll(' ');
  while (!reader.atEnd) {
    const key = reader.take(KEY);
    if (key === undefined) return undefined;
    const member = reader.skip('=') ? readMember(reader) : readFlag(reader);
    if (member === undefined) return undefined;
    members.set(key, member);
    reader.skipAll(' \t');
    if (reader.atEnd) return members;
    if (!reader.skip(',')) return undefined;
    reader.skipAll(' \t');
    if (reader.atEnd) return undefined;
  }
  return members;
}

function readMember(reader: FieldReader): Member | undefined {
  if (reader.skip('(')) return readInnerList(reader);
  const item = readItem(reader);
  return item && { kind: 'item', ...item };
}

function readFlag(reader: FieldReader): Member | undefined {
  const parameters = readParameters(reader);
  return parameters && { kind: 'item', item: { kind: 'boolean', value: true }, parameters };
}

function readInnerList(reader: FieldReader): Member | undefined {
  const items: Item[] = [];
  for (;;) {
    const spaces = reader.skipAll(' ');
    if (reader.skip(')')) break;
    if (items.length > 0 && spaces === 0) return undefined;
    const item = readItem(reader);
    if (item === undefined) return undefined;
    items.push(item);
  }
  const parameters = readParameters(reader);
  return parameters && { kind: 'inner-list', items, parameters };
}

function readItem(reader: FieldReader): Item | undefined {
  const item = readBareItem(reader);
  const parameters = item && readParameters(reader);
  return item && parameters && { item, parameters };
}

function readParameters(reader: FieldReader): Parameters | undefined {
  const parameters = new Map<string, BareItem>();
  while (reader.skip(';')) {
    reader.skipAll(' ');
    const key = reader.take(KEY);
    if (key === undefined) return undefined;
    const value: BareItem | undefined = reader.skip('=')
      ? readBareItem(reader)
      : { kind: 'boolean', value: true };
    if (value === undefined) return undefined;
    parameters.set(key, value);
  }
  return parameters;
}

function readBareItem(reader: FieldReader): BareItem | undefined {
  const integer = reader.take(INTEGER);
  if (integer !== undefined) return { kind: 'integer', value: Number(integer) };
  const string = reader.take(STRING);
  if (string !== undefined) {
    return { kind: 'string', value: string.slice(1, -1).replaceAll(/\\(["\\])/g, '$1') };
  }
  const bytes = reader.take(BYTES);
  if (bytes !== undefined) return { kind: 'bytes', value: Buffer.from(bytes.slice(1, -1), 'base64') };
  const boolean = reader.take(BOOLEAN);
  if (boolean !== undefined) return { kind: 'boolean', value: boolean === '?1' };
  const token = reader.take(TOKEN);
  return token === undefined ? undefined : { kind: 'token', value: token };
}

/** Writes a bare item in its one canonical form (RFC 9651 §4.1.3). A string may hold printable ASCII only. */
export function serializeBareItem(item: BareItem): string {
  if (item.kind === 'integer') return String(item.value);
  if (item.kind === 'string') return `"${item.value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
  if (item.kind === 'token') return item.value;
  if (item.kind === 'bytes') return `:${Buffer.from(item.value).toString('base64')}:`;
  return item.value ? '?1' : '?0';
}

function serializeParameters(parameters: Parameters): string {
  return Array.from(parameters, ([name, value]) =>
    value.kind === 'boolean' && value.value ? `;${name}` : `;${name}=${serializeBareItem(value)}`,
  ).join('');
}

/** Writes an inner list in its one canonical form (RFC 9651 §4.1.1.1): what `@signature-params` holds. */
export function serializeInnerList(items: readonly Item[], parameters: Parameters): string {
  const inside = items
    .map(({ item, parameters: own }) => serializeBareItem(item) + serializeParameters(own))
    .join(' ');
  return `(${inside})${serializeParameters(parameters)}`;
}
