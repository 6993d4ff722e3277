/** Who the printer says it is; nothing of it can be trusted on real ones either (device-protocols 3.4). */
export interface PrinterIdentity {
  readonly firmware: string;
  readonly maker: string;
  readonly model: string;
  readonly serial: string;
  readonly romLanguage: string;
}

/** GS I n, n = 65 … 69. */
const TEXTS = ['firmware', 'maker', 'model', 'serial', 'romLanguage'] as const;
/** GS I 1 model, 2 type (two-byte characters, autocutter), 3 ROM version. */
const BYTES: Readonly<Record<number, number>> = { 1: 0x20, 2: 0x03, 3: 0x01 };

/** The answer to GS I n; undefined for an n that it does not know. */
export function identityAnswer(n: number, identity: PrinterIdentity): Uint8Array | undefined {
  const byte = BYTES[n % 48];
  if (byte !== undefined) return Uint8Array.of(byte);
  const field = TEXTS[n - 65];
  return (
    field && Buffer.concat([Uint8Array.of(0x5f), Buffer.from(identity[field], 'latin1'), Uint8Array.of(0)])
  );
}

/** The IEEE 1284 device id of a printer with this identity, as GET_DEVICE_ID gives it, without its length. */
export function deviceIdText(identity: PrinterIdentity, language: 'esc-pos' | 'star-line'): string {
  const command = language === 'star-line' ? 'STAR' : 'ESC/POS';
  return `MFG:${identity.maker};CMD:${command};MDL:${identity.model};CLS:PRINTER;SN:${identity.serial};`;
}
