import type { Answer, Request, ScannerLanguage } from './family.ts';

/** `SYN T CR`, `SYN U CR`, `SYN BEL CR`, and `SYN M CR` with a command up to `!` or `.` (device-protocols 2.2, 2.7). */
const SYN = '\u{16}';
const BELL = '\u{07}';
const REQUEST = new RegExp(`${SYN}(?:([TU${BELL}])\r|M\r([A-Z0-9]{6})([^!.${SYN}]{0,200})([!.]))`, 'i');
const LONGEST = 256;

const FACTORY = {
  TRGMOD: '3',
  BEPBEP: '1',
  SCNLED: '1',
  TRGSTO: '30000',
  DLYRRD: '750',
} as const;

const REVISIONS =
  'Product Name: Vuquest 3330g\r\nBoot Revision: 8992\r\nSoftware Part Number: CW000082BBA\r\n' +
  'Software Revision: $ProjectRevision: 16345 \r\nSerial Number: SIM3330001\r\n';

const marks = new WeakMap<Request, string>();

/** A scanner with Honeywell's menu. */
export const honeywell: ScannerLanguage = {
  parser() {
    let pending = '';
    return {
      push(bytes) {
        pending += Buffer.from(bytes).toString('latin1');
        const requests: Request[] = [];
        for (let match = REQUEST.exec(pending); match; match = REQUEST.exec(pending)) {
          pending = pending.slice(match.index + match[0].length);
          requests.push(requestOf(match[1], match[2] ?? '', match[3] ?? '', match[4] ?? ''));
        }
        pending = pending.slice(-LONGEST);
        return requests;
      },
    };
  },
  answer(request, verdict) {
    if (request.kind === 'trigger' || request.kind === 'beep') return undefined;
    const status = verdict.kind === 'done' ? '\u{06}' : verdict.kind === 'refused' ? '\u{15}' : '\u{05}';
    const value = verdict.kind === 'done' ? (verdict.value ?? '') : '';
    const name = request.kind === 'get' ? request.address + value : request.name;
    const bytes = Buffer.from(name + status + (marks.get(request) ?? '.'), 'latin1');
    return request.kind === 'identity' && verdict.kind === 'done'
      ? { bytes, text: Buffer.from(REVISIONS, 'latin1') }
      : { bytes };
  },
  spoil({ bytes, text }: Answer) {
    // There is no check sum: a status that is none.
    const spoiled = Uint8Array.from(bytes);
    spoiled[spoiled.length - 2] = 0x3f;
    return { bytes: spoiled, ...(text && { text }) };
  },
  factory: FACTORY,
  behaviour: (settings) => ({
    mode: settings.get('TRGMOD') === '0' ? 'trigger' : 'continuous',
    readTimeoutMs: Number(settings.get('TRGSTO')),
    sameCodeMs: Number(settings.get('DLYRRD')),
    setUpCodes: true,
    beeper: settings.get('BEPBEP') === '1',
    framing: 'suffix',
    aimPrefix: false,
  }),
};

function requestOf(direct: string | undefined, address: string, value: string, mark: string): Request {
  const request =
    direct === undefined ? menuOf(address.toUpperCase(), value, mark === '.') : directOf(direct);
  marks.set(request, mark);
  return request;
}

function directOf(letter: string): Request {
  if (letter === BELL) return { kind: 'beep', name: 'beep' };
  const on = letter.toUpperCase() === 'T';
  return { kind: 'trigger', name: on ? 'trigger on' : 'trigger off', on };
}

function menuOf(address: string, value: string, permanent: boolean): Request {
  const name = address + value;
  if (address === 'REVINF') return { kind: 'identity', name };
  if (address === 'DEFALT' || address === 'DEFOVR') return { kind: 'factory-reset', name };
  if (!(address in FACTORY)) return { kind: 'unknown', name };
  return value === '?' ? { kind: 'get', name, address } : { kind: 'set', name, address, value, permanent };
}
