import { spawnSync } from 'node:child_process';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskIdNumber, maskName } from '../sandbox/central-service/masking.ts';
import { placesOf } from '../src/agent/ways-out.ts';
import { events, type EventId } from '../src/logging/events.ts';
import { createLogger, type Logger } from '../src/logging/logger.ts';

const anyOf = (characters: string) => fc.constantFrom(...Array.from(characters));
/** Characters of names, from common to those that only GB 18030 has. */
const hanzi = anyOf('王李张刘陈杨赵黄周吴桂兰福生秀珍国强美芳德兴翠英古丽米热㛃䶮𬱖');
const chineseName = fc
  .tuple(fc.string({ unit: hanzi, minLength: 2, maxLength: 6 }), fc.constantFrom('', '·吐尔逊'))
  .map((parts) => parts.join(''));
const digits = (length: number) =>
  fc.string({ unit: anyOf('0123456789'), minLength: length, maxLength: length });
const birthDate = fc
  .tuple(
    fc.integer({ min: 1910, max: 1966 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 28 }),
  )
  .map(([year, month, day]) => `${year}${String(month).padStart(2, '0')}${String(day).padStart(2, '0')}`);
const idNumber = fc
  .tuple(fc.constantFrom('310199', '819999'), birthDate, digits(3), anyOf('0123456789X'))
  .map((parts) => parts.join(''));
const telephone = digits(9).map((rest) => `13${rest}`);
const token = fc
  .string({ unit: anyOf('ABCDEFGHJKMNPQRSTVWXYZ234567'), minLength: 31, maxLength: 31 })
  .map((rest) => `OC1${rest}`);
const englishName = fc.constantFrom('MARTIN', 'EMMA', 'ERIKSSON, ANNA', 'ESTHER', 'ENOCH', 'Wang Guilan');

/** What somebody is known by, written as a text. */
const personalText = fc.oneof(
  chineseName,
  chineseName.map(maskName).filter((masked) => masked.length > 2),
  idNumber,
  idNumber.map(maskIdNumber),
  telephone,
  token,
  englishName,
  birthDate.map((day) => `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`),
);
/** The same inside something longer that is in order. */
const around = fc.constantFrom(
  (text: string) => text,
  (text: string) => `reader.${text}`,
  (text: string) => `E${text}`,
  (text: string) => `SQLITE_CONSTRAINT: ${text}`,
  (text: string) => `limits.${text}`,
  (text: string) => `1.0.${text}`,
  (text: string) => `status-${text}`,
  (text: string) => `${text}\n{"level":"info","event":"${text}"}`,
  (text: string) => `P-03 ${text}`,
);
const IDS = Object.keys(events) as EventId[];
const FRAME = ['level', 'time', 'event', 'dropped'];

/** As a mistaken caller would who went around the types. */
function emitAnything(logger: Logger, id: EventId, fields: Record<string, unknown>): void {
  const untyped: { emit: (id: EventId, fields: never) => void } = logger;
  untyped.emit(id, fields as never);
}

/** What a device says of itself is words of its maker's, so only what is personal and nothing else is known there. */
const DEVICE_NAMES = ['model', 'firmware'];

/**
 * One line for each event of the catalogue, with the value in every field it has, and in one it has not.
 *
 * @param alone what devices say their name is
 */
function linesWith(value: unknown, alone: unknown = value): readonly string[] {
  const lines: string[] = [];
  const logger = createLogger({ destination: { write: (line: string) => lines.push(line) }, level: 'debug' });
  for (const id of IDS) {
    const declared = Object.keys(events[id].fields);
    emitAnything(logger, id, {
      ...Object.fromEntries(declared.map((name) => [name, DEVICE_NAMES.includes(name) ? alone : value])),
      other: value,
    });
  }
  return lines;
}

/** The time of a line is made by the log itself. */
const withoutTime = (line: string) => line.replace(/"time":"[^"]*"/, '');

describe('P15: personal text', () => {
  it('is in no line of the log, whatever event and field it is put into, and whatever stands around it', () => {
    fc.assert(
      fc.property(personalText, around, (text, within) => {
        const lines = linesWith(within(text), text);
        expect(lines).toHaveLength(IDS.length);
        for (const line of lines) expect(withoutTime(line)).not.toContain(text);
      }),
      { numRuns: 300 },
    );
  });

  it('is in none as a number either: no id, no telephone, and no day of birth where things are counted', () => {
    const number = fc.oneof(telephone, birthDate, digits(15)).map(Number);
    fc.assert(
      fc.property(number, (value) => {
        for (const line of linesWith(value)) {
          const { event, ...fields } = JSON.parse(line) as { event: EventId } & Record<string, unknown>;
          const kept = Object.keys(fields).filter((name) => fields[name] === value);
          // A duration may be as long as a date looks.
          expect(
            kept.filter((name) => !/[mM]s$/.test(name)),
            event,
          ).toEqual([]);
          if (value > 8_640_000_000) expect(kept).toEqual([]);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('finds in each line only what the catalogue declares for its event', () => {
    const anything = fc.oneof(fc.anything(), personalText);
    fc.assert(
      fc.property(anything, (value) => {
        for (const line of linesWith(value)) {
          const written = JSON.parse(line) as { event: EventId };
          const allowed = [...FRAME, ...Object.keys(events[written.event].fields)];
          expect(Object.keys(written).filter((name) => !allowed.includes(name))).toEqual([]);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('is in nothing that is told of an exception, however it got into its message', () => {
    const shape = fc.constantFrom(
      (text: string) => text,
      (text: string) => `cannot read ${text}\n    at ${text}`,
      (text: string) => `odd\n    at ${text} (${path.resolve('src/agent/main.ts')}x:1:2)`,
      (text: string) => `odd\n    at read (/${text}/a.ts:1:2)\n    at /${text}:3:4`,
      (text: string) => `odd\n    at Object.${text} [as read] (file:///${text}.ts:1:2)\n${text}`,
    );
    fc.assert(
      fc.property(personalText, shape, (text, message) => {
        const words = message(text);
        const named = Object.assign(new Error(words), { name: text });
        const caused = new Error('caused', { cause: new Error(words) });
        const joined = new AggregateError([new Error(words)], words);
        const rewritten = new Error(words);
        rewritten.message = 'changed';
        for (const error of [new Error(words), new TypeError(words), named, caused, joined, rewritten])
          expect(placesOf(error)).not.toContain(text);
        for (const thrown of [words, { message: words }, [words]])
          expect(placesOf(thrown)).toBe('not an Error\n');
      }),
    );
  });

  it('leaves the places of an exception to be read', () => {
    expect(placesOf(new RangeError('odd')).split('\n').slice(0, 2)).toEqual([
      'RangeError',
      expect.stringMatching(/^ {4}at tests\/personal-text\.test\.ts:\d+:\d+$/) as string,
    ]);
  });

  it('is not on the error output of an agent that ends by such an exception', () => {
    const program = `
      import { createLogger } from '${path.resolve('src/logging/logger.ts')}';
      import { crashOnUncaught } from '${path.resolve('src/agent/ways-out.ts')}';
      crashOnUncaught(createLogger());
      const error = new Error('odd\\n    at 王桂兰 (/310199195304129008:1:2)');
      throw Object.assign(error, { code: 'EWANGGUILAN', cause: '王桂兰' });
    `;
    const ended = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
    expect(ended.status).toBe(70);
    expect(ended.stdout).toContain('"cause":"uncaught"');
    expect(`${ended.stdout}${ended.stderr}`).not.toMatch(/王桂兰|310199|GUILAN/);
  });
});
