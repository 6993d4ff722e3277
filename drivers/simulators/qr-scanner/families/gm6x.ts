import { hexOf, type Answer, type Request, type ScannerLanguage } from './family.ts';

/** `7E 00 type length address data CRC` (device-protocols 2.5). */
const HEAD = [0x7e, 0x00];
const UNCHECKED = 0xabcd;
const TRIGGER_ZONE = 0x0002;
const RESTORE_ZONE = 0x00d9;

/** Zones by their address; a zone that is not here is unknown. */
const FACTORY: Record<string, string> = {
  '0000': 'D6',
  '0003': '00',
  '0006': '32',
  '000D': '00',
  '0013': '85',
  '002A': '39',
  '0060': '01',
  '00D0': '00',
  '00E1': '64',
  '00E2': '69',
};

/** Continues a CRC-16 with polynomial 1021 by one byte, through its shifted copies. */
function crcStep(crc: number, byte: number): number {
  const x = ((crc >> 8) ^ byte) & 0xff;
  const y = x ^ (x >> 4);
  return ((crc << 8) ^ (y << 12) ^ (y << 5) ^ y) & 0xffff;
}

const crcOf = (bytes: Uint8Array) => bytes.reduce(crcStep, 0);

/** A scanner with Grow's zones. */
export const gm6x: ScannerLanguage = {
  parser() {
    let pending: number[] = [];
    return {
      push(bytes) {
        pending.push(...bytes);
        const requests: Request[] = [];
        for (;;) {
          const begin = pending.findIndex(
            (byte, index) => byte === HEAD[0] && [HEAD[1], undefined].includes(pending[index + 1]),
          );
          pending = begin < 0 ? [] : pending.slice(begin);
          const dataBytes = pending[3] ?? 0;
          const whole = 6 + dataBytes + 2;
          if (pending.length < 4 || pending.length < whole) return requests;
          requests.push(requestOf(Uint8Array.from(pending.slice(2, whole))));
          pending = pending.slice(whole);
        }
      },
    };
  },
  answer(request, verdict) {
    if (request.kind === 'damaged' || request.kind === 'unknown') return undefined;
    const data =
      verdict.kind === 'done' && verdict.value !== undefined ? Buffer.from(verdict.value, 'hex') : [0];
    return { bytes: reply(verdict.kind === 'done' ? 0 : 1, Uint8Array.from(data)) };
  },
  spoil({ bytes }: Answer) {
    const spoiled = Uint8Array.from(bytes);
    spoiled[spoiled.length - 1] = (spoiled.at(-1) ?? 0) ^ 0x5a;
    return { bytes: spoiled };
  },
  factory: FACTORY,
  behaviour(settings) {
    const zone = (address: string) => Number.parseInt(settings.get(address) ?? '0', 16);
    const same = zone('0013');
    return {
      mode: (zone('0000') & 3) === 1 ? 'trigger' : 'continuous',
      readTimeoutMs: zone('0006') * 100,
      sameCodeMs: same >= 0x80 ? (same & 0x7f) * 100 : 0,
      setUpCodes: (zone('0003') & 2) === 0,
      beeper: (zone('0000') & 0x40) !== 0,
      framing: zone('0060') >= 0x80 ? 'GM' : 'suffix',
      aimPrefix: zone('00D0') === 0x80,
    };
  },
};

function reply(status: number, data: Uint8Array): Uint8Array {
  const checked = Uint8Array.of(status, data.length, ...data);
  const crc = crcOf(checked);
  return Uint8Array.of(0x02, 0x00, ...checked, crc >> 8, crc & 0xff);
}

/** From the type to the end of the CRC. */
function requestOf(frame: Uint8Array): Request {
  const checked = frame.subarray(0, -2);
  const crc = ((frame.at(-2) ?? 0) << 8) | (frame.at(-1) ?? 0);
  const [type, , high = 0, low = 0, ...data] = checked;
  const zone = (high << 8) | low;
  const address = hexOf(zone, 2);
  const value = data.map((byte) => hexOf(byte)).join('');
  if (crc !== UNCHECKED && crc !== crcOf(checked)) return { kind: 'damaged', name: `zone ${address}` };
  if (type === 0x07) return readOf(address);
  if (type === 0x09) return { kind: 'save', name: 'save' };
  if (type !== 0x08) return { kind: 'unknown', name: `type ${hexOf(type ?? 0)}` };
  const name = `zone ${address} = ${value}`;
  if (zone === TRIGGER_ZONE) return { kind: 'trigger', name, on: value === '01' };
  if (zone === RESTORE_ZONE) return { kind: 'factory-reset', name };
  if (!(address in FACTORY)) return { kind: 'unknown', name };
  return { kind: 'set', name, address, value, permanent: false };
}

function readOf(address: string): Request {
  const name = `zone ${address}`;
  return address in FACTORY ? { kind: 'get', name, address } : { kind: 'unknown', name };
}
