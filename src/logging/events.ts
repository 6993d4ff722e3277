/**
 * Every event the agent can log: what it means, how grave it is, and which fields it has. Nothing else can be logged, so
 * nothing personal can: a field is a number, a boolean, or a string of a narrow pattern (codes, ids of operations, states).
 */

/** What a string field may look like. */
export const FIELD_PATTERNS = {
  /**
   * Words of this program: states, kinds, fault codes, route names, screens, versions. Parts of up to 20 letters with at
   * most two digits behind them, so that no token, code or number of a person passes for one.
   */
  word: /^(?:[A-Za-z]{1,20}\d{0,2})(?:[._/-][A-Za-z]{0,20}\d{0,2})*$|^\d{1,3}\.\d{1,3}\.\d{1,3}$/,
  /** RFC 9562, lower case. */
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
} as const;

/** The longest word that may be logged, characters: fault codes are shorter, payloads are longer. */
export const LONGEST_WORD = 48;

type FieldKind = 'number' | 'boolean' | keyof typeof FIELD_PATTERNS;

interface EventDefinition {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly meaning: string;
  readonly fields: Readonly<Record<string, FieldKind>>;
}

/** The catalogue, by event id. */
export const EVENTS = {
  'agent.starting': {
    level: 'info',
    meaning: 'the agent begins',
    fields: { version: 'word', instance: 'uuid' },
  },
  'agent.stopping': { level: 'info', meaning: 'the agent was asked to end', fields: {} },
  'agent.fatal': {
    level: 'error',
    meaning: 'the journal failed; the agent ends and recovers when it is started again',
    fields: {},
  },
  'store.damaged': {
    level: 'error',
    meaning: 'the database was damaged and moved aside; a new one was made',
    fields: { code: 'word' },
  },
  'store.refused': { level: 'error', meaning: 'the database cannot be opened', fields: { kind: 'word' } },
  'bridge.listening': { level: 'info', meaning: 'the page can be loaded', fields: { port: 'number' } },
  'bridge.refused': { level: 'error', meaning: 'the page cannot be served', fields: { code: 'word' } },
  'bridge.shell': {
    level: 'info',
    meaning: 'a shell attached, or somebody without the right tried to',
    fields: { event: 'word' },
  },
  'device.connected': {
    level: 'info',
    meaning: 'a device answers',
    fields: { device: 'word', attempts: 'number' },
  },
  'device.connect-failed': {
    level: 'debug',
    meaning: 'a device does not answer; it is tried again',
    fields: { device: 'word', fault: 'word', attempts: 'number', retryInMs: 'number' },
  },
  'device.lost': {
    level: 'warn',
    meaning: 'the link to a device died',
    fields: { device: 'word', fault: 'word', retryInMs: 'number' },
  },
  'device.status': {
    level: 'info',
    meaning: 'the state of a device changed',
    fields: { device: 'word', state: 'word', fault: 'word' },
  },
  'centre.reachable': {
    level: 'info',
    meaning: 'whether the central service answers',
    fields: { reachable: 'boolean' },
  },
  'session.begin': { level: 'info', meaning: 'somebody chose a service', fields: { epoch: 'number' } },
  'session.end': {
    level: 'info',
    meaning: 'the session is over and everything personal is wiped',
    fields: { epoch: 'number', outcome: 'word', totalMs: 'number' },
  },
  'issuance.transition': {
    level: 'info',
    meaning: 'an operation moved on in the journal',
    fields: { opId: 'uuid', from: 'word', to: 'word', trigger: 'word', reason: 'word' },
  },
  'issuance.orphan': {
    level: 'error',
    meaning: 'the centre has an open operation that the journal had lost; it is voided',
    fields: { opId: 'uuid', state: 'word' },
  },
  'issuance.overdue': {
    level: 'error',
    meaning: 'an operation waits for the centre for too long',
    fields: { opId: 'uuid', ageMs: 'number' },
  },
  'issuance.paper-owed': {
    level: 'warn',
    meaning: 'paper hangs in the printer that must be marked or cut first',
    fields: { opId: 'uuid', debt: 'word' },
  },
  'issuance.final-refusal': {
    level: 'warn',
    meaning: 'the centre would not take the last word of an operation',
    fields: { opId: 'uuid', problem: 'word' },
  },
  'recovery.complete': {
    level: 'info',
    meaning: 'what the last run left was looked at',
    fields: { scanned: 'boolean', interrupted: 'number' },
  },
} as const satisfies Readonly<Record<string, EventDefinition>>;

export type EventId = keyof typeof EVENTS;

interface FieldTypes {
  number: number;
  boolean: boolean;
  word: string;
  uuid: string;
}

/** The fields of one event; each may be left out where there is nothing to say. */
export type EventFields<Id extends EventId> = {
  readonly [
    Name in keyof (typeof EVENTS)[Id]['fields']
  ]?: (typeof EVENTS)[Id]['fields'][Name] extends FieldKind
    ? FieldTypes[(typeof EVENTS)[Id]['fields'][Name]]
    : never;
};
