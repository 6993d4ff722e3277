/**
 * Where an operation stands in the kiosk's journal. `FOOTER` is the point of no return: left of it every doubt voids,
 * right of it the code stays valid and the doubt is told. Only what a sensor has seen of the paper voids there: not a dot of
 * the footer was printed, or the whole slip went back into the machine.
 */
export const JOURNAL_STATES = [
  'INTENT',
  'RESERVED',
  'PRINTING',
  'PRINTED',
  'ACTIVATING',
  'ACTIVE',
  'FOOTER',
  'DONE',
  'DONE_U',
  'VOIDING',
] as const;

export type JournalState = (typeof JOURNAL_STATES)[number];

/** What makes an operation move on. */
export type Trigger =
  | 'begin'
  | 'orphan' // the centre knows an open operation of this device that the journal does not
  | 'reserved'
  | 'refused' // a plain no to the first and only attempt: nothing can be reserved
  | 'proceed'
  | 'proof'
  | 'activated'
  | 'doubt'
  | 'unproven' // the footer may be on paper
  | 'nothing-printed' // the footer is certainly not on paper
  | 'delivered'
  | 'undelivered'
  | 'retracted' // the sensor at the exit saw the slip go back into the machine
  | 'settled' // the centre has the last word of this operation, the paper is still owed something
  | 'paper-cleared' // the paper is in order, the centre does not know yet
  | 'finished'; // both: the row goes

export interface Transition {
  readonly from: JournalState | 'NONE';
  readonly trigger: Trigger;
  readonly to: JournalState | 'CLOSED';
}

/**
 * Every move the protocol has; what is not here does not happen. The database's trigger (src/store/migrations) spells the
 * same pairs out literally, and a test compares the two.
 */
export const TRANSITIONS: readonly Transition[] = [
  { from: 'NONE', trigger: 'begin', to: 'INTENT' },
  { from: 'NONE', trigger: 'orphan', to: 'VOIDING' },

  { from: 'INTENT', trigger: 'reserved', to: 'RESERVED' },
  { from: 'INTENT', trigger: 'refused', to: 'CLOSED' },
  { from: 'INTENT', trigger: 'doubt', to: 'VOIDING' },

  { from: 'RESERVED', trigger: 'proceed', to: 'PRINTING' },
  { from: 'RESERVED', trigger: 'doubt', to: 'VOIDING' },

  { from: 'PRINTING', trigger: 'proof', to: 'PRINTED' },
  { from: 'PRINTING', trigger: 'doubt', to: 'VOIDING' },

  { from: 'PRINTED', trigger: 'proceed', to: 'ACTIVATING' },
  { from: 'PRINTED', trigger: 'doubt', to: 'VOIDING' },

  { from: 'ACTIVATING', trigger: 'activated', to: 'ACTIVE' },
  { from: 'ACTIVATING', trigger: 'doubt', to: 'VOIDING' },

  { from: 'ACTIVE', trigger: 'proceed', to: 'FOOTER' },
  { from: 'ACTIVE', trigger: 'doubt', to: 'VOIDING' },

  { from: 'FOOTER', trigger: 'proof', to: 'DONE' },
  { from: 'FOOTER', trigger: 'unproven', to: 'DONE_U' },
  { from: 'FOOTER', trigger: 'nothing-printed', to: 'VOIDING' },

  { from: 'DONE', trigger: 'delivered', to: 'DONE' },
  { from: 'DONE', trigger: 'undelivered', to: 'DONE_U' },
  { from: 'DONE', trigger: 'retracted', to: 'VOIDING' },
  { from: 'DONE', trigger: 'finished', to: 'CLOSED' },

  { from: 'DONE_U', trigger: 'settled', to: 'DONE_U' },
  { from: 'DONE_U', trigger: 'paper-cleared', to: 'DONE_U' },
  { from: 'DONE_U', trigger: 'finished', to: 'CLOSED' },

  { from: 'VOIDING', trigger: 'settled', to: 'VOIDING' },
  { from: 'VOIDING', trigger: 'paper-cleared', to: 'VOIDING' },
  { from: 'VOIDING', trigger: 'finished', to: 'CLOSED' },
];

/** Where `trigger` leads from `from`; null when the protocol has no such move. */
export function nextState(from: Transition['from'], trigger: Trigger): Transition['to'] | null {
  return TRANSITIONS.find((row) => row.from === from && row.trigger === trigger)?.to ?? null;
}
