import * as fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { readerFaults } from '../drivers/id-card-reader/card-reading/card-reading.ts';
import { sdtStatusOf } from '../drivers/id-card-reader/sdt/sdt-status.ts';
import type { ReaderWarning } from '../drivers/id-card-reader/reader-warnings.ts';
import type { ScannerWarning } from '../drivers/qr-scanner/scanner-faults.ts';
import { routes } from '../src/central-api/routes.ts';
import { TRANSITIONS } from '../src/issuance/transitions.ts';
import { configurationSchema } from '../src/configuration/configuration.ts';
import { events } from '../src/logging/events.ts';
import type { EventFields, EventId } from '../src/logging/events.ts';
import { createLogger } from '../src/logging/logger.ts';
import type { Logger } from '../src/logging/logger.ts';
import { createManualClock } from './fixtures/manual-clock.ts';

type NamedWarning = Exclude<ReaderWarning, `status-${string}` | `reader.${string}`> | ScannerWarning;

const IDS = Object.keys(events) as EventId[];
const OP_ID = '3f0c8a52-7f3e-4f0e-9a1d-0b1c2d3e4f50';

function capture(level: 'debug' | 'info' = 'debug') {
  const lines: string[] = [];
  const logger = createLogger({
    destination: { write: (line: string) => lines.push(line) },
    level,
    clock: createManualClock(),
  });
  return { logger, lines };
}

/** As a mistaken caller would who went around the types. */
function emitAnything(logger: Logger, id: EventId, fields: Record<string, unknown>): void {
  const untyped: { emit: (id: EventId, fields: never) => void } = logger;
  untyped.emit(id, fields as never);
}

/** An invented person, in every form in which somebody might slip into a log. */
const CANARIES: readonly unknown[] = [
  '测试一',
  'ZhangSan',
  'zhangsan',
  'zhang-san',
  'ZHANG SAN',
  '310199194912319999',
  310199194912319,
  '13800138000',
  13_800_138_000,
  '测*一',
  '310***********9999',
  'OC1ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  'ABCD-EFGH-JKLM',
  '1949-12-31',
  { toString: () => 'zhangsan', toJSON: () => 'zhangsan' },
  ['zhangsan'],
  new Error('zhangsan'),
];

const traces = /测|zhang|3101991949|13800138000|310\*|OC1|ABCD|1949/i;

describe('the log', () => {
  it('writes an event as one JSON line with level, time and its fields', () => {
    const { logger, lines } = capture();
    logger.emit('session.end', { epoch: 3, outcome: 'issued', totalMs: 1234, issueMs: 900 });
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        level: 'info',
        time: '2026-11-22T00:00:00.000Z',
        event: 'session.end',
        epoch: 3,
        outcome: 'issued',
        totalMs: 1234,
        issueMs: 900,
      },
    ]);
  });

  it('keeps fault codes, versions, ids of operations and system errors readable', () => {
    const { logger, lines } = capture();
    logger.emit('device.lost', { device: 'idCardReader', fault: 'link.port-missing', retryInMs: 100 });
    logger.emit('agent.starting', { version: '0.1.0', instance: OP_ID });
    logger.emit('bridge.refused', { code: 'EADDRINUSE' });
    logger.emit('store.damaged', { code: 'SQLITE_CORRUPT' });
    logger.emit('configuration.problem', { key: 'limits.idleSeconds', line: 12 });
    logger.emit('session.begin', { epoch: 0 });
    logger.emit('device.lost', { device: 'idCardReader', fault: 'reader.status-5f', retryInMs: 100 });
    expect(lines.join('')).not.toContain('dropped');
    expect(lines.join('')).toContain('link.port-missing');
    expect(lines.join('')).toContain('SQLITE_CORRUPT');
  });

  it('knows every move of the journal and every call of a device', () => {
    const { logger, lines } = capture();
    for (const { from, to, trigger } of TRANSITIONS)
      logger.emit('issuance.transition', { opId: OP_ID, from, to, trigger });
    for (const [route, { roles }] of Object.entries(routes))
      if ((roles as readonly string[]).includes('device'))
        logger.emit('centre.call', { route, status: 200, ms: 3 });
    expect(lines.join('')).not.toMatch(/dropped|unlisted/);
  });

  it('knows every warning of a driver, by its code', () => {
    // Does not compile without one for each.
    const warnings: Readonly<Record<NamedWarning, true>> = {
      'type-flag': true,
      'check-digit': true,
      'photo-undecodable': true,
      'newest-address-unread': true,
      'malformed-reply': true,
      'malformed-name': true,
      'malformed-sex': true,
      'malformed-ethnicCode': true,
      'malformed-birthDate': true,
      'malformed-address': true,
      'malformed-idNumber': true,
      'malformed-issuer': true,
      'malformed-validFrom': true,
      'malformed-validTo': true,
      'malformed-travelPermitNumber': true,
      'malformed-issueCount': true,
      'malformed-englishName': true,
      'malformed-chineseName': true,
      'malformed-nationality': true,
      'malformed-cardVersion': true,
      'malformed-acceptingAuthority': true,
      'malformed-renewalCount': true,
      'malformed-previousVersionLink': true,
      'scanner.no-answer': true,
      'scanner.setting-refused': true,
      'scanner.commands-not-carried': true,
    };
    const { logger, lines } = capture();
    const complaints = [
      // Of a record that was not understood the fields are named.
      ...Object.values(readerFaults).filter((fault) => fault !== readerFaults.recordMalformed),
      ...Array.from({ length: 256 }, (_, sw3) => sdtStatusOf(sw3)).flatMap(({ class: kind, fault }) =>
        kind === 'readerDead' || kind === 'notAnIdCard' ? [] : [fault],
      ),
    ].map(({ code }) => code);
    for (const code of [...Object.keys(warnings), ...complaints, 'status-000050'])
      logger.emit('device.warning', { device: 'idCardReader', code });
    expect(lines.join('')).not.toMatch(/dropped|unlisted/);
  });

  it('writes who a device is, and nothing a device says that could be about somebody', () => {
    const { logger, lines } = capture();
    const samId = '05.03-20120314-000123456-123456789';
    for (const [model, firmware] of [
      ['SAM_V', '1.00'],
      ['TM-T88V', '30.12 ESC/POS'],
      ['FM430', 'V1.00.008'],
      ['XP-S260M', '2.1'],
    ] as const)
      logger.emit('device.identified', { device: 'receiptPrinter', samId, model, firmware });
    expect(lines.join('')).not.toContain('dropped');
    emitAnything(logger, 'device.identified', {
      device: 'receiptPrinter',
      model: 'T88 310199194912319999',
      firmware: '1949-12-31',
    });
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ dropped: 2 });
  });

  it.each(CANARIES.map((canary, index) => [index, canary] as const))(
    'never writes personal value %i, whatever event and field it is put into',
    (_, canary) => {
      const { logger, lines } = capture();
      const heard: unknown[] = [];
      logger.onEvent((id, fields) => heard.push([id, fields]));
      for (const id of IDS) {
        const fields = Object.fromEntries(Object.keys(events[id].fields).map((name) => [name, canary]));
        emitAnything(logger, id, { ...fields, unheardOf: canary, [String(canary)]: 1 });
      }
      expect(lines).toHaveLength(IDS.length);
      expect(lines.join('')).not.toMatch(traces);
      expect(JSON.stringify(heard)).not.toMatch(traces);
    },
  );

  it('writes nothing of an arbitrary text but what the catalogue itself lists', () => {
    const field = fc.constantFrom(
      ...IDS.flatMap((id) => Object.keys(events[id].fields).map((name) => [id, name] as const)),
    );
    fc.assert(
      fc.property(field, fc.string({ minLength: 1, unit: 'grapheme' }), ([id, name], text) => {
        const { logger, lines } = capture();
        emitAnything(logger, id, { [name]: text });
        const { [name]: written, dropped } = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
        if (written === undefined) expect(dropped).toBe(1);
        else expect(written === 'unlisted' || written === text).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('cannot be made to write over its own frame', () => {
    const { logger, lines } = capture();
    emitAnything(logger, 'agent.fatal', {
      level: 'info',
      time: 'x',
      __proto__: { a: 1 },
      constructor: 'y',
      toString: 'z',
    });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'fatal', event: 'agent.fatal', dropped: 4 });
  });

  it('has no field that would hide the frame', () => {
    for (const id of IDS)
      for (const name of ['level', 'time', 'event', 'dropped', 'msg'])
        expect(Object.keys(events[id].fields), id).not.toContain(name);
  });

  it('is as quiet as it was told', () => {
    const { logger, lines } = capture('info');
    logger.emit('centre.call', { route: 'identify', ms: 12 });
    expect(lines).toEqual([]);
  });

  it('does not compile with free text, with a field too many or one too few', () => {
    expectTypeOf<keyof EventFields<'session.begin'>>().toEqualTypeOf<'epoch'>();
    const mistakes = (logger: Logger) => {
      // @ts-expect-error -- a name is no field
      logger.emit('session.begin', { epoch: 1, name: 'x' });
      // @ts-expect-error -- the epoch is missing
      logger.emit('session.begin', {});
      // @ts-expect-error -- no such state
      logger.emit('device.status', { device: 'idCardReader', state: 'x' });
      // @ts-expect-error -- no such event
      logger.emit('person.name', {});
      // @ts-expect-error -- text where a number belongs
      logger.emit('issuance.overdue', { opId: OP_ID, ageMs: 'x' });
    };
    expect(mistakes).toBeTypeOf('function');
  });
});

it('a key of every section of the configuration can be named, and of no other', () => {
  const { key } = events['configuration.problem'].fields;
  const keys = Object.keys(configurationSchema.shape).map((section) => `${section}.someKey`);
  expect(keys.map((name) => key.clean(name))).toEqual(keys);
  expect(key.clean('somebody.someKey')).toBeUndefined();
});
