import type { Answer, Request, ScannerLanguage, Verdict } from './family.ts';

/** `~ SOH 0000`, storage, command, `; ETX` (device-protocols 2.4). */
const SOH = '\u{01}';
const ETX = '\u{03}';
const REQUEST = new RegExp(`~${SOH}0000([@#])([A-Z]{6})([^;${ETX}]{0,200});${ETX}`);
/** Beginnings are kept, noise is not. */
const LONGEST = 256;

const FACTORY = {
  SCNMOD: '2',
  GRBENA: '1',
  ILLSCN: '1',
  ORTSET: '30000',
  RRDDUR: '1000',
} as const;

const SYSTEM_TEXT = 'Product Name: FM430\r\nFirmware Version: V1.00.008\r\nSerial Number: SIM430001\r\n';

/** Commands and answers carry their storage mark; the answer repeats it. */
const marks = new WeakMap<Request, string>();

/** A scanner with Newland's unified commands. */
export const newland: ScannerLanguage = {
  parser() {
    let pending = '';
    return {
      push(bytes) {
        pending += Buffer.from(bytes).toString('latin1');
        const requests: Request[] = [];
        for (let match = REQUEST.exec(pending); match; match = REQUEST.exec(pending)) {
          pending = pending.slice(match.index + match[0].length);
          requests.push(requestOf(match[1] ?? '', match[2] ?? '', match[3] ?? ''));
        }
        pending = pending.slice(-LONGEST);
        return requests;
      },
    };
  },
  answer(request, verdict) {
    const status = verdict.kind === 'done' ? '\u{06}' : verdict.kind === 'refused' ? '\u{15}' : '\u{05}';
    const body = bodyOf(request, verdict);
    return {
      bytes: Buffer.from(`\u{02}\u{01}0000${marks.get(request) ?? '#'}${body}${status};\u{03}`, 'latin1'),
    };
  },
  spoil: ({ bytes }: Answer) => {
    // There is no check sum: a damaged status is as bad as it gets.
    const spoiled = Uint8Array.from(bytes);
    spoiled[spoiled.length - 3] = 0x3f;
    return { bytes: spoiled };
  },
  factory: FACTORY,
  behaviour: (settings) => ({
    mode: settings.get('SCNMOD') === '0' ? 'trigger' : 'continuous',
    readTimeoutMs: Number(settings.get('ORTSET')),
    sameCodeMs: Number(settings.get('RRDDUR')),
    setUpCodes: true,
    beeper: settings.get('GRBENA') === '1',
    framing: 'suffix',
    aimPrefix: false,
  }),
};

function requestOf(mark: string, address: string, value: string): Request {
  const request = meaningOf(mark === '@', address, value);
  marks.set(request, mark);
  return request;
}

function meaningOf(permanent: boolean, address: string, value: string): Request {
  const name = address + value;
  if (address === 'SCNTRG') return { kind: 'trigger', name, on: value === '1' };
  if (address === 'QRYSYS') return { kind: 'identity', name };
  if (address === 'FACDEF') return { kind: 'factory-reset', name };
  if (!(address in FACTORY)) return { kind: 'unknown', name };
  return value === '*' ? { kind: 'get', name, address } : { kind: 'set', name, address, value, permanent };
}

function bodyOf(request: Request, verdict: Verdict): string {
  const value = verdict.kind === 'done' ? (verdict.value ?? '') : '';
  if (request.kind === 'identity') return `QRYSYS${SYSTEM_TEXT}`;
  if (request.kind === 'get') return request.address + value;
  return request.name;
}
