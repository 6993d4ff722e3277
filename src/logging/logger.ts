import pino from 'pino';
import { EVENTS, FIELD_PATTERNS, LONGEST_WORD, type EventFields, type EventId } from './events.ts';

/** Logs events of the catalogue, and nothing else. */
export interface Logger {
  emit<Id extends EventId>(id: Id, fields: EventFields<Id>): void;
}

/** What is written in place of a string that no log may hold. */
export const WITHHELD = '[withheld]';

/**
 * JSON lines, one event each: `level`, `time` (ms since 1970), `event` and its fields. A field that is not in the catalogue
 * is dropped; a string that does not look like a code or an operation's id is replaced. So a mistake at a call site
 * costs a word, never a name.
 */
export function createLogger(destination?: { write(line: string): void }): Logger {
  const log = pino(
    { base: null, level: 'debug', timestamp: pino.stdTimeFunctions.epochTime },
    destination ?? pino.destination({ fd: 1, sync: true }),
  );
  return {
    emit: (id, fields) => {
      const { level } = EVENTS[id];
      log[level]({ event: id, ...permitted(id, fields) });
    },
  };
}

/** The fields that may be logged. */
function permitted(id: EventId, fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kinds: Readonly<Record<string, string>> = EVENTS[id].fields;
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([name, value]) => name in kinds && value !== undefined)
      .map(([name, value]) => [name, permittedValue(kinds[name], value)]),
  );
}

function permittedValue(kind: string | undefined, value: unknown): unknown {
  if (kind === 'number' || kind === 'boolean') return typeof value === kind ? value : WITHHELD;
  if (typeof value !== 'string' || value.length > LONGEST_WORD) return WITHHELD;
  if (kind === 'uuid') return FIELD_PATTERNS.uuid.test(value) ? value : WITHHELD;
  return FIELD_PATTERNS.word.test(value) ? value : WITHHELD;
}
