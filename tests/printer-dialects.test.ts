import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noFlags, withFittedSensors } from '../drivers/receipt-printer/status/printer-flags.ts';
import type { PrinterFlags } from '../drivers/receipt-printer/status/printer-flags.ts';
import { readStarStatus, starStatusLength } from '../drivers/receipt-printer/status/star-status.ts';
import {
  statusDialects,
  withAnswer,
  withAutomaticStatus,
  withFullStatus,
} from '../drivers/receipt-printer/status/status-dialects.ts';
import type { DialectName } from '../drivers/receipt-printer/status/status-dialects.ts';
import { StatusStream } from '../drivers/receipt-printer/status/status-stream.ts';
import type { StatusItem, StreamForm } from '../drivers/receipt-printer/status/status-stream.ts';

const bytesOf = (hex: string) => [...Buffer.from(hex.replaceAll(' ', ''), 'hex')];

const setIn = (flags: PrinterFlags) =>
  Object.entries(flags)
    .filter(([, isSet]) => isSet)
    .map(([flag]) => flag);

function told(dialect: DialectName, name: string, hex: string): string[] {
  const question = statusDialects[dialect].questions.find((candidate) => candidate.name === name);
  if (question === undefined) throw new Error(`${dialect} has no ${name}`);
  return setIn(withAnswer(noFlags, question, bytesOf(hex)));
}

const automatic = (dialect: DialectName, hex: string) =>
  setIn(withAutomaticStatus(noFlags, statusDialects[dialect], bytesOf(hex)));

function read(form: StreamForm, hex: string, cuts: readonly number[] = []): readonly StatusItem[] {
  const bytes = Uint8Array.from(bytesOf(hex));
  const stream = new StatusStream(form);
  const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
  return places.slice(1).flatMap((end, index) => stream.push(bytes.subarray(places[index], end)));
}

describe('what a printer says in the dialect of its family', () => {
  // device-protocols §3.6 and the manuals behind it.
  it.each([
    ['masung', 'DLE EOT 5', '00', []],
    ['masung', 'DLE EOT 5', '04', ['paperAtExit']],
    // The same with the pattern of all other answers around it.
    ['masung', 'DLE EOT 5', '16', ['paperAtExit']],
    ['masung', 'DLE EOT 5', '01', ['jamAtExit']],
    ['masung', 'DLE EOT 5', '08', ['jamAtExit']],
    ['masung', 'DLE EOT 5', '02', []],
    ['masung', 'DLE EOT 5', '80', ['presenterError']],
    ['citizen', 'DLE EOT 4', '12', []],
    ['citizen', 'DLE EOT 4', '52', ['paperAtExit']],
    ['citizen', 'DLE EOT 4', '3E', ['paperNearEnd', 'paperEnd']],
    ['citizen', 'DLE EOT 5', '1A', ['recoverableError']],
    ['citizen', 'DLE EOT 5', '32', ['voltageError']],
    ['citizen', 'DLE EOT 6', '32', ['presenterError']],
    ['citizen', 'DLE EOT 6', '16', ['unrecoverableError']],
    ['snbc-kiosk', 'DLE EOT 1', '16', []],
    ['snbc-kiosk', 'DLE EOT 3', '16', ['mechanicalError']],
    ['snbc-kiosk', 'DLE EOT 3', '52', ['recoverableError']],
    ['custom', 'DLE EOT 20', '00 00 00 00', []],
    ['custom', 'DLE EOT 20', '20 00 00 00', ['paperAtExit']],
    ['custom', 'DLE EOT 20', '05 00 00 00', ['paperEnd', 'paperNearEnd']],
    ['custom', 'DLE EOT 20', '40 00 00 00', ['paperNearEnd']],
    ['custom', 'DLE EOT 20', '00 01 00 00', ['coverOpen']],
    ['custom', 'DLE EOT 20', '00 02 00 00', ['coverOpen']],
    // Spooling, motor and keys are nobody's business.
    ['custom', 'DLE EOT 20', '00 6C 22 00', []],
    ['custom', 'DLE EOT 20', '00 00 09 00', ['recoverableError', 'voltageError']],
    ['custom', 'DLE EOT 20', '00 00 00 01', ['cutterError']],
    ['custom', 'DLE EOT 20', '00 00 00 0C', ['unrecoverableError']],
    ['custom', 'GS e 6', '80', ['jamAtExit']],
    ['custom', 'GS e 6', '40', ['presenterError']],
    // Near end, paper, a slip in the output, motors that turn.
    ['custom', 'GS e 6', '3B', []],
  ] as const)('%s: %s answered %s means %j', (dialect, question, hex, flags) => {
    expect(told(dialect, question, hex).toSorted()).toEqual([...flags].toSorted());
  });

  it('a slip at the exit of a Citizen is no paper end', () => {
    expect(automatic('citizen', '10 00 08 00')).toEqual(['paperAtExit']);
    expect(automatic('citizen', '18 00 07 00')).toEqual(['offline', 'paperEnd', 'paperNearEnd']);
    // The same byte of an Epson: both paper-end bits are one sensor.
    expect(automatic('epson', '10 00 08 00')).toEqual(['paperEnd']);
  });

  it('Custom tells only the bytes that it was asked to tell', () => {
    const dialect = statusDialects.custom;
    const before = { ...noFlags, coverOpen: true };
    expect(setIn(withFullStatus(before, dialect, 0x01, [0x20]))).toEqual(['coverOpen', 'paperAtExit']);
    expect(setIn(withFullStatus(before, dialect, 0x0a, [0x00, 0x01]))).toEqual(['cutterError']);
  });

  it('a sensor that is not fitted says nothing', () => {
    const all = { ...noFlags, paperNearEnd: true, coverOpen: true, paperAtExit: true, paperEnd: true };
    const fitted = { nearEnd: false, cover: false, exit: false };
    expect(setIn(withFittedSensors(all, fitted))).toEqual(['paperEnd']);
  });
});

describe('Star’s status', () => {
  it.each([
    ['23 06 00 00 00 00 00 00 00', []],
    ['23 06 20 00 00 00 00 00 00', ['coverOpen']],
    ['23 06 08 00 00 08 00 00 00', ['offline', 'paperEnd']],
    ['23 06 00 00 00 04 00 00 00', ['paperNearEnd']],
    ['23 06 00 48 00 00 00 00 00', ['cutterError', 'recoverableError']],
    ['23 06 00 24 00 00 00 00 00', ['mechanicalError', 'unrecoverableError']],
    ['23 06 00 00 04 00 00 00 00', ['jamAtExit']],
    ['23 06 00 00 00 00 00 00 02', []],
    ['23 06 00 00 00 00 00 00 06', ['paperAtExit']],
    ['23 06 00 00 00 00 00 00 0C', ['slipRetracted']],
    ['23 06 00 00 00 00 00 00 0E', ['slipTaken']],
    // Seven bytes, as models without counter and presenter send.
    ['0F 02 00 00 00 08 00', ['paperEnd']],
  ])('%s means %j', (hex, flags) => {
    expect(setIn(readStarStatus(bytesOf(hex)).flags).toSorted()).toEqual(flags);
  });

  it.each([
    ['23 06 02 00 00 00 00 02 00', true, 1],
    ['23 06 00 00 00 00 00 0E 00', false, 7],
    ['23 06 02 00 00 00 00 20 00', true, 8],
    ['23 06 02 00 00 00 00 6E 00', true, 31],
    ['0F 02 02 00 00 00 00', true, undefined],
  ])('%s: an ETB was reached: %j, the count is %j', (hex, etbExecuted, etbCount) => {
    expect(readStarStatus(bytesOf(hex))).toMatchObject({ etbExecuted, etbCount });
  });

  it('has its length in its headers, two bytes more on Ethernet models', () => {
    expect([starStatusLength(0x23, 0x06), starStatusLength(0x0f, 0x02)]).toEqual([9, 7]);
    expect(starStatusLength(0x23, 0x86)).toBe(11);
    expect(starStatusLength(0x01, 0x06)).toBe(0);
  });

  it('is found whole behind noise, behind one that lost a byte, and with its length bytes', () => {
    const whole = '23 06 00 00 00 00 00 02 06';
    expect(read('star', `FF 12 ${whole}`).at(-1)).toEqual({ kind: 'starStatus', bytes: bytesOf(whole) });
    expect(read('star', `23 06 00 00 00 ${whole}`).at(-1)).toEqual({
      kind: 'starStatus',
      bytes: bytesOf(whole),
    });
    const onEthernet = '23 86 00 00 00 00 00 02 06 00 00';
    expect(read('star', `${onEthernet} ${whole}`).map(({ kind }) => kind)).toEqual([
      'starStatus',
      'starStatus',
    ]);
  });
});

describe('a stream in which Custom’s full status may stand', () => {
  const WHOLE = '10 0F 20 00 00 01 12 10 01 04 37 22 50 30 30 31 00 14 00 00 0F 10 06 02 08';
  const ITEMS: readonly StatusItem[] = [
    { kind: 'fullStatus', mask: 0x0f, bytes: [0x20, 0, 0, 1] },
    { kind: 'realTime', byte: 0x12 },
    { kind: 'fullStatus', mask: 0x01, bytes: [0x04] },
    { kind: 'printed', id: 'P001' },
    { kind: 'automatic', bytes: [0x14, 0, 0, 0x0f] },
    { kind: 'fullStatus', mask: 0x06, bytes: [0x02, 0x08] },
  ];

  it('is told apart however it is split', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(25), { maxLength: 10 }), (cuts) => {
        expect(read('full', WHOLE, cuts)).toEqual(ITEMS);
      }),
    );
  });

  it('has no full status where the dialect has none: the same bytes are an automatic status', () => {
    expect(read('common', '10 0F 20 00')).toEqual([{ kind: 'automatic', bytes: [0x10, 0x0f, 0x20, 0] }]);
  });
});

describe('an answer without a pattern', () => {
  const asked = () => {
    const stream = new StatusStream();
    stream.expectAnyByte(true);
    return stream;
  };

  it('is taken whatever it is, and only while it is awaited', () => {
    expect(asked().push(Uint8Array.of(0x84))).toEqual([{ kind: 'realTime', byte: 0x84 }]);
    expect(new StatusStream().push(Uint8Array.of(0x84))).toEqual([{ kind: 'stray', byte: 0x84 }]);
  });

  it('that looks like the beginning of a status is one when nothing follows', () => {
    const stream = asked();
    expect(stream.push(Uint8Array.of(0x14))).toEqual([]);
    expect(stream.holdsLoneByte()).toBe(true);
    expect(stream.pause()).toEqual([{ kind: 'realTime', byte: 0x14 }]);
    expect(stream.pause()).toEqual([]);
  });

  it('never takes a byte of a status that comes meanwhile, nor of a proof', () => {
    const stream = asked();
    expect(stream.push(Uint8Array.of(0x14, 0, 0, 0x0f))).toEqual([
      { kind: 'automatic', bytes: [0x14, 0, 0, 0x0f] },
    ]);
    expect(stream.push(Uint8Array.from(bytesOf('37 22 50 30 30 31 00')))).toEqual([
      { kind: 'printed', id: 'P001' },
    ]);
    expect(stream.push(Uint8Array.of(0x04))).toEqual([{ kind: 'realTime', byte: 0x04 }]);
  });
});

describe('any bytes in any stream', () => {
  it.each(['common', 'full', 'star'] as const)('%s: give items, no more than bytes, and end', (form) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, anyByte) => {
        const stream = new StatusStream(form);
        stream.expectAnyByte(anyByte);
        const items = [...stream.push(bytes), ...stream.pause()];
        expect(items.length).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });

  it.each(['common', 'full', 'star'] as const)(
    '%s: XON and XOFF are told, and leave the rest whole',
    (form) => {
      fc.assert(
        fc.property(
          fc
            .uint8Array({ maxLength: 60 })
            .map((bytes) => bytes.filter((byte) => byte !== 0x11 && byte !== 0x13)),
          fc.array(fc.tuple(fc.nat(60), fc.boolean()), { maxLength: 6 }),
          (bytes, flow) => {
            const plain = new StatusStream(form).push(bytes);
            const mixed = [...bytes];
            for (const [at, mayFlow] of flow) mixed.splice(at, 0, mayFlow ? 0x11 : 0x13);
            const heard: boolean[] = [];
            const stream = new StatusStream(form, (mayFlow) => heard.push(mayFlow));
            expect(stream.push(Uint8Array.from(mixed))).toEqual(plain);
            expect(heard).toHaveLength(flow.length);
          },
        ),
      );
    },
  );
});
