import type { kioskctl } from './zh-cn/kioskctl.ts';
import type { technician } from './zh-cn/technician.ts';

/** The technician's words: Chinese is written first, every other language has the same keys. */
export type TechnicianText = typeof technician;

/** The sentences of `kioskctl`, likewise. */
export type KioskctlText = typeof kioskctl;

/** What a fault is, why it comes about, and what to do. */
type FaultText = TechnicianText['faults']['link.lost'];

/** What is known of a fault code; of an unknown one nothing but the code itself. */
export function faultText(text: TechnicianText, code: string): Partial<FaultText> & Pick<FaultText, 'what'> {
  const unknownStatus = /^reader\.status-([0-9a-f]{2})$/.exec(code)?.[1];
  if (unknownStatus !== undefined) return text.unknownReaderStatus(unknownStatus);
  return wordOf<Partial<FaultText> & Pick<FaultText, 'what'>>(text.faults, code, { what: code });
}

/** The word for a state or part; the state itself when there is no word for it (yet). */
export function wordFor(words: Readonly<Record<string, string>>, state: string): string {
  return wordOf(words, state, state);
}

function wordOf<T>(words: Readonly<Record<string, T>>, key: string, otherwise: T): T {
  return Object.hasOwn(words, key) ? (words[key] ?? otherwise) : otherwise;
}
