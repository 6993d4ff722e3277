/** Where a field lies in a record, bytes. */
export type FieldPlace = readonly [offset: number, bytes: number];

/**
 * The text of a field, UTF-16LE without its padding (spaces; some makers write zeros). Undefined when half of a surrogate pair
 * stands alone. Private-use characters are kept: old cards carry rare characters there.
 */
export function fieldText(record: Uint8Array, [offset, bytes]: FieldPlace): string | undefined {
  const text = decodeUtf16(record.subarray(offset, offset + bytes));
  return text === undefined ? undefined : withoutPadding(text);
}

/**
 * The text of a field that goes on at a second place when the first is full. A space at the seam belongs to the text, so padding
 * is cut behind the whole; a first part that is not full was broken between two words.
 */
export function joinedFieldText(
  record: Uint8Array,
  first: FieldPlace,
  overflow: FieldPlace,
): string | undefined {
  const bytes = new Uint8Array(first[1] + overflow[1]);
  bytes.set(record.subarray(first[0], first[0] + first[1]));
  bytes.set(record.subarray(overflow[0], overflow[0] + overflow[1]), first[1]);
  const text = decodeUtf16(bytes);
  bytes.fill(0);
  if (text === undefined) return undefined;
  const begun = text.slice(0, first[1] / 2);
  const rest = withoutPadding(text.slice(first[1] / 2));
  const beginning = withoutPadding(begun);
  if (rest === '') return beginning;
  return beginning.length === begun.length ? begun + rest : `${beginning} ${rest.trimStart()}`;
}

function decodeUtf16(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-16le', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function withoutPadding(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === ' ' || text[end - 1] === '\0')) end -= 1;
  return text.slice(0, end);
}
