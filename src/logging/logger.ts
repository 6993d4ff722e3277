import { pino } from 'pino';
import type { DestinationStream, Level } from 'pino';
import { systemClock } from '../platform/clock.ts';
import type { Cancel, Clock } from '../platform/clock.ts';
import { events } from './events.ts';
import type { EventFields, EventId } from './events.ts';
import type { Field } from './fields.ts';

/** What was left of an event's fields when everything that may not be written was dropped. */
export type CleanFields = Readonly<Record<string, string | number | boolean>>;

/** Writes events of the catalogue, one JSON object a line. Free text cannot be logged. */
export interface Logger {
  emit<K extends EventId>(id: K, fields: EventFields<K>): void;
  /** Called with each event, cleaned; for the ring that technicians read. */
  onEvent(listener: (id: EventId, fields: CleanFields) => void): Cancel;
}

/** `destination`: default standard output. `level`: the quietest that is written; default `info`. */
export interface LoggerOptions {
  readonly destination?: DestinationStream;
  readonly level?: Level;
  readonly clock?: Clock;
}

/** Makes a logger. What does not fit the catalogue is dropped and only counted (`dropped`): its name may be personal too. */
export function createLogger(options: LoggerOptions = {}): Logger {
  const {
    destination = pino.destination({ fd: 1, sync: true }),
    level = 'info',
    clock = systemClock,
  } = options;
  const out = pino(
    {
      level,
      base: null,
      formatters: { level: (label) => ({ level: label }) },
      timestamp: () => `,"time":"${new Date(clock.wallClockMs()).toISOString()}"`,
    },
    destination,
  );
  const listeners = new Set<(id: EventId, fields: CleanFields) => void>();
  return {
    emit(id, fields) {
      const clean = cleaned(id, fields);
      out[events[id].level]({ event: id, ...clean });
      for (const listener of listeners) listener(id, clean);
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

function cleaned(id: EventId, fields: object): CleanFields {
  const declared: Readonly<Record<string, Field<unknown>>> = events[id].fields;
  const clean: Record<string, string | number | boolean> = {};
  let dropped = 0;
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const kept = Object.hasOwn(declared, name) ? declared[name]?.clean(value) : undefined;
    if (typeof kept === 'string' || typeof kept === 'number' || typeof kept === 'boolean') clean[name] = kept;
    else dropped += 1;
  }
  return dropped === 0 ? clean : { ...clean, dropped };
}
