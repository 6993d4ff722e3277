/** What the bench's server says of the simulated devices; `null` while a simulator is not running. */
export interface BenchState {
  readonly reader: { readonly pluggedIn: boolean; readonly onReader: string; readonly stage: string } | null;
  readonly scanner: { readonly pluggedIn: boolean; readonly codeInView: boolean } | null;
  readonly printer: PrinterState | null;
  readonly slips: readonly SlipOfBench[];
  readonly networkAway: boolean;
}

/** The printer's state, as its control interface shows it. */
export interface PrinterState {
  readonly pluggedIn: boolean;
  readonly paper: 'full' | 'low' | 'out';
  readonly cover: 'open' | 'closed';
  readonly cutter: 'ok' | 'jammed';
  readonly jammed: boolean;
  readonly printing: boolean;
  readonly bufferedBytes: number;
  readonly sinceLastSlip: { readonly dots: number; readonly visibleDots: number };
  readonly slipsAtExit: number;
}

/** A slip that came out. */
export interface SlipOfBench {
  readonly id: number;
  readonly file: string;
  readonly heightMm: number;
  readonly cut: boolean;
  readonly cutAtMs: number;
}

/** A person the bench can send to the kiosk. */
export interface PersonOfBench {
  readonly id: string;
  readonly name: string;
  readonly idNumber: string;
  readonly sex: string;
  readonly born: string;
  readonly address: string;
  readonly hasPhoto: boolean;
  readonly about: string;
}

/** The element with this id; the page is made with it. */
export function element(id: string): HTMLElement {
  return elementOf(id, HTMLElement);
}

/** The element with this id, of a certain kind. */
export function elementOf<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no #${id}`);
  return found;
}

/** Asks the server; undefined when it cannot be reached. */
export async function ask<T>(path: string): Promise<T | undefined> {
  try {
    const answer = await fetch(path);
    return answer.ok ? ((await answer.json()) as T) : undefined;
  } catch {
    return undefined;
  }
}
