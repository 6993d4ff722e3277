/** Bytes of a SAM number in the answer to `12 FF`. */
const SAM_ID_BYTES = 16;

/**
 * The number of the security module as its maker prints it, e.g. `05.03-20120314-000123456-123456789`; undefined when the
 * bytes are not one. It identifies the reader in the audit log, not a person.
 */
export function parseSamId(data: Uint8Array): string | undefined {
  if (data.length !== SAM_ID_BYTES) return undefined;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const type = `${twoDigits(view.getUint8(0))}.${twoDigits(view.getUint8(2))}`;
  const date = view.getUint32(4, true);
  const serial = view.getUint32(8, true).toString().padStart(9, '0');
  return `${type}-${date}-${serial}-${view.getUint32(12, true)}`;
}

function twoDigits(value: number): string {
  return value.toString().padStart(2, '0');
}
