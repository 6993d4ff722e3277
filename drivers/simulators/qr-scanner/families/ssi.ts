import { hexOf, type Answer, type Request, type ScannerLanguage } from './family.ts';

/** length, opcode, source, status, data, sum (device-protocols 2.6). */
const HOST = 0x04;
const PERMANENT = 0x08;
const OPCODES: readonly number[] = [
  0xa3, 0xc0, 0xc1, 0xc6, 0xc7, 0xc8, 0xd0, 0xd1, 0xd2, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xeb,
];

/** Parameters by their number. */
const FACTORY: Record<string, string> = {
  '8A': '04',
  '38': '01',
  '88': '63',
  '89': '05',
  EC: '01',
  EE: '00',
};

const REVISION = 'PAAESS00-001-R00 SE4750';

/** A packet of the scanner, or of anybody: whatever is put in, its sum is right. */
export function ssiPacket(
  opcode: number,
  status: number,
  data: Iterable<number> = [],
  source = 0,
): Uint8Array {
  const body = [opcode, source, status, ...data];
  const bytes = [body.length + 1, ...body];
  const sum = (0x10000 - (bytes.reduce((total, byte) => total + byte) & 0xffff)) & 0xffff;
  return Uint8Array.of(...bytes, sum >> 8, sum & 0xff);
}

/** A scanner that speaks SSI. */
export const ssi: ScannerLanguage = {
  parser() {
    let pending: number[] = [];
    return {
      push(bytes) {
        pending.push(...bytes);
        const requests: Request[] = [];
        while (pending.length >= 3) {
          const [length = 0, opcode = 0, source] = pending;
          // A wake-up byte, or noise.
          if (length < 4 || source !== HOST || !OPCODES.includes(opcode)) {
            pending.shift();
            continue;
          }
          if (pending.length < length + 2) break;
          requests.push(requestOf(pending.splice(0, length + 2)));
        }
        return requests;
      },
    };
  },
  answer(request, verdict) {
    if (request.kind === 'code-taken' || request.kind === 'code-again') return undefined;
    // NAK: 01 send again, 02 unknown here, 06 denied.
    if (request.kind === 'damaged') return { bytes: ssiPacket(0xd1, 0, [1]) };
    if (verdict.kind === 'unknown') return { bytes: ssiPacket(0xd1, 0, [2]) };
    if (verdict.kind === 'refused') return { bytes: ssiPacket(0xd1, 0, [6]) };
    if (request.kind === 'identity') return { bytes: ssiPacket(0xa4, 0, Buffer.from(REVISION)) };
    if (request.kind === 'get')
      return {
        bytes: ssiPacket(0xc6, 0, [0xff, ...Buffer.from(request.address + (verdict.value ?? ''), 'hex')]),
      };
    return { bytes: ssiPacket(0xd0, 0) };
  },
  spoil({ bytes }: Answer) {
    const spoiled = Uint8Array.from(bytes);
    spoiled[spoiled.length - 1] = (spoiled.at(-1) ?? 0) ^ 0x5a;
    return { bytes: spoiled };
  },
  factory: FACTORY,
  behaviour(settings) {
    const parameter = (number: string) => Number.parseInt(settings.get(number) ?? '0', 16);
    return {
      mode: settings.get('8A') === '08' ? 'trigger' : 'continuous',
      readTimeoutMs: parameter('88') * 100,
      sameCodeMs: parameter('89') * 100,
      setUpCodes: settings.get('EC') === '01',
      beeper: settings.get('38') === '01',
      framing: settings.get('EE') === '01' ? 'SSI' : 'suffix',
      aimPrefix: false,
    };
  },
};

function requestOf(packet: readonly number[]): Request {
  const checked = packet.slice(0, -2);
  const [, opcode = 0, , status = 0, ...data] = checked;
  const good = ssiPacket(opcode, status, data, HOST);
  const name = `opcode ${hexOf(opcode)}`;
  if (good.at(-2) !== packet.at(-2) || good.at(-1) !== packet.at(-1)) return { kind: 'damaged', name };
  switch (opcode) {
    case 0xd0:
      return { kind: 'code-taken', name };
    case 0xd1:
      return { kind: 'code-again', name };
    case 0xe4:
    case 0xe5:
      return { kind: 'trigger', name, on: opcode === 0xe4 };
    case 0xe6:
      return { kind: 'beep', name };
    case 0xa3:
      return { kind: 'identity', name };
    case 0xc8:
      return { kind: 'factory-reset', name };
    case 0xc6:
    case 0xc7:
      return parameterOf(opcode, (status & PERMANENT) !== 0, data);
    default:
      return { kind: 'unknown', name };
  }
}

/** A setting has a beep code before it. */
function parameterOf(opcode: number, permanent: boolean, data: readonly number[]): Request {
  const address = hexOf((opcode === 0xc6 ? data[1] : data[0]) ?? 0);
  const value = hexOf(data[2] ?? 0);
  const name = opcode === 0xc6 ? `parameter ${address} = ${value}` : `parameter ${address}`;
  if (!(address in FACTORY)) return { kind: 'unknown', name };
  return opcode === 0xc6 ? { kind: 'set', name, address, value, permanent } : { kind: 'get', name, address };
}
