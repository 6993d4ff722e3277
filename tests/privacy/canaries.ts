import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { citizens } from '../../sandbox/citizens/citizens.ts';
import type { Citizen } from '../../sandbox/citizens/citizen.ts';
import { maskIdNumber, maskName } from '../../sandbox/central-service/masking.ts';

/** What of a person is looked for. */
export type CanaryKind =
  | 'name'
  | 'idNumber'
  | 'address'
  | 'maskedName'
  | 'maskedIdNumber'
  | 'photoRef'
  | 'photo'
  | 'livingCode'
  | 'token'
  | 'shortCode';

/** Something of somebody that must stay nowhere, and the bytes in which it could lie about. */
export interface Canary {
  readonly kind: CanaryKind;
  /** Absent: it is no text. */
  readonly text?: string;
  readonly forms: readonly Buffer[];
}

/** A canary that was found. Says what and where, never whose or which. */
export interface Hit {
  readonly kind: CanaryKind;
  readonly where: string;
}

/** Fewer bytes than these turn up by chance. */
const SHORTEST_FORM_BYTES = 6;

/** A text in UTF-8, UTF-16LE, the printers' GB 18030, escaped as in JSON and as in an address. */
export function textCanary(kind: CanaryKind, text: string): Canary {
  const escaped = Array.from(text, (character) =>
    character < '\u0080'
      ? character
      : Array.from(
          { length: character.length },
          (_nothing, at) => String.raw`\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
        ).join(''),
  ).join('');
  const written = [text, escaped, escaped.toUpperCase().replaceAll('\\U', '\\u'), encodeURIComponent(text)];
  const forms = [
    ...new Set(written.map((form) => Buffer.from(form, 'utf8').toString('latin1'))),
    Buffer.from(text, 'utf16le').toString('latin1'),
    ...gb18030(text),
  ];
  return {
    kind,
    text,
    forms: [...new Set(forms)]
      .map((form) => Buffer.from(form, 'latin1'))
      .filter(({ length }) => length >= SHORTEST_FORM_BYTES),
  };
}

/** A piece from the middle of a picture: that of nobody else has it. */
export function photoCanary(photo: Uint8Array): Canary {
  const middle = photo.length >> 1;
  return { kind: 'photo', forms: [Buffer.from(photo.subarray(middle, middle + 32))] };
}

/** What card and centre say of somebody. */
export function canariesOf(citizen: Citizen): readonly Canary[] {
  return [
    textCanary('name', citizen.name),
    ...(citizen.englishName === undefined ? [] : [textCanary('name', citizen.englishName)]),
    textCanary('idNumber', citizen.idNumber),
    textCanary('maskedName', maskName(citizen.name)),
    textCanary('maskedIdNumber', maskIdNumber(citizen.idNumber)),
  ];
}

/** What the paper says of a code. */
export function canariesOfCode(code: {
  readonly token: string;
  readonly shortCode: string;
}): readonly Canary[] {
  const groups = code.shortCode.match(/.{1,4}/g) ?? [];
  return [
    textCanary('token', code.token),
    textCanary('shortCode', code.shortCode),
    textCanary('shortCode', groups.join(' ')),
  ];
}

/** Everybody whom the sandbox's centre knows, whoever of them was at a kiosk. */
export function canariesOfEverybody(): readonly Canary[] {
  // Of whom today's date only changes ages.
  return citizens('2026-11-22').flatMap(canariesOf);
}

/** What of the canaries lies in the files of a directory (a kiosk's data, its runtime files), in one file (its log), or in a text. None is well. */
export function canariesIn(
  place: { readonly directory: string } | { readonly file: string } | { readonly text: string },
  canaries: readonly Canary[] = canariesOfEverybody(),
): readonly Hit[] {
  const finder = new CanaryFinder(canaries);
  if ('text' in place) return finder.hits(Buffer.from(place.text, 'utf8'), 'text');
  if ('file' in place) return finder.hits(readFileSync(place.file), path.basename(place.file));
  return readdirSync(place.directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return finder.hits(readFileSync(file), path.relative(place.directory, file));
    });
}

/** Looks for all canaries in one go, as many as there are. */
export class CanaryFinder {
  /** By the first four bytes of each form. */
  readonly #forms = new Map<number, { readonly form: Buffer; readonly canary: Canary }[]>();
  /** Whether any form begins with these two bytes: most places are passed over by it. */
  readonly #beginnings = new Uint8Array(0x1_00_00);

  constructor(canaries: readonly Canary[]) {
    for (const canary of canaries) {
      for (const form of canary.forms) {
        const first = form.readUInt32BE(0);
        this.#forms.set(first, [...(this.#forms.get(first) ?? []), { form, canary }]);
        this.#beginnings[first >>> 16] = 1;
      }
    }
  }

  /** Each canary counts once. */
  hits(bytes: Buffer, where: string): readonly Hit[] {
    return Array.from(this.occurrences(bytes).keys(), ({ kind }) => ({ kind, where }));
  }

  /** How often each canary is there that is; only those that begin `before` so many bytes. */
  occurrences(bytes: Buffer, before = bytes.length): ReadonlyMap<Canary, number> {
    const found = new Map<Canary, number>();
    const end = Math.min(before, bytes.length - SHORTEST_FORM_BYTES + 1);
    let two = bytes[0] ?? 0;
    for (let at = 0; at < end; at += 1) {
      two = ((two << 8) | (bytes[at + 1] ?? 0)) & 0xff_ff;
      if (this.#beginnings[two] === 0) continue;
      for (const { form, canary } of this.#forms.get(bytes.readUInt32BE(at)) ?? []) {
        if (bytes.compare(form, 0, form.length, at, Math.min(at + form.length, bytes.length)) === 0)
          found.set(canary, (found.get(canary) ?? 0) + 1);
      }
    }
    return found;
  }
}

/** Two-byte characters of GB 18030 by what they mean; Node only decodes. */
let twoByteCodes: ReadonlyMap<string, string> | undefined;

/** The bytes of a text in GB 18030, as latin-1; none when it has characters beyond two bytes, which no printer has either. */
function gb18030(text: string): readonly string[] {
  twoByteCodes ??= readTwoByteCodes();
  const codes = Array.from(text, (character) =>
    character < '\u0080' ? character : twoByteCodes?.get(character),
  );
  return codes.includes(undefined) ? [] : [codes.join('')];
}

function readTwoByteCodes(): ReadonlyMap<string, string> {
  const decoder = new TextDecoder('gb18030');
  const codes = new Map<string, string>();
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      if (trail === 0x7f) continue;
      const bytes = Buffer.of(lead, trail);
      codes.set(decoder.decode(bytes), bytes.toString('latin1'));
    }
  }
  return codes;
}
