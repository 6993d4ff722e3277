import { create } from 'qrcode';
import { err, ok } from '../platform/result.ts';
import type { Result } from '../platform/result.ts';
import type { QrSymbol } from './print-document.ts';

/** ISO/IEC 18004 version 8: 49 × 49 modules, whatever the length of the text, so that every slip looks and wears the same. */
const VERSION = 8;
/** ISO/IEC 18004 table 7: alphanumeric characters in a symbol of version 8, level H. */
const LONGEST_TEXT = 122;
const ALPHANUMERIC = /^[0-9A-Z $%*+\-./:]+$/;

/** Why a text is no QR symbol of ours. */
export type QrSymbolError = 'qr.empty' | 'qr.too-long' | 'qr.not-alphanumeric';

/** A QR symbol of version 8, error correction H (30 %), alphanumeric mode: up to 122 of `0-9 A-Z space $%*+-./:`. */
export function qrSymbol(text: string): Result<QrSymbol, QrSymbolError> {
  if (text.length === 0) return err('qr.empty');
  if (!ALPHANUMERIC.test(text)) return err('qr.not-alphanumeric');
  if (text.length > LONGEST_TEXT) return err('qr.too-long');
  const { modules } = create([{ data: text, mode: 'alphanumeric' }], {
    version: VERSION,
    errorCorrectionLevel: 'H',
  });
  return ok({ size: modules.size, modules: Uint8Array.from(modules.data, (bit) => (bit ? 1 : 0)) });
}
