import {
  configurationKey,
  count,
  deviceName,
  errorCode,
  faultCode,
  flag,
  listed,
  milliseconds,
  oneOf,
  samId,
  uuid,
  version,
  warningCode,
} from './fields.ts';
import type { Field } from './fields.ts';

/** One kind of event: what it means, how loud it is, and everything it may say. */
interface EventKind {
  readonly meaning: string;
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'fatal';
  readonly fields: Readonly<Record<string, Field<unknown>>>;
  /** These may be left out. */
  readonly optional?: readonly string[];
}

const device = oneOf('idCardReader', 'qrScanner', 'receiptPrinter');
const JOURNAL = [
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
const TRIGGERS = [
  'begin',
  'orphan',
  'reserved',
  'refused',
  'proceed',
  'proof',
  'activated',
  'doubt',
  'unproven',
  'nothing-printed',
  'delivered',
  'undelivered',
  'settled',
  'paper-cleared',
  'finished',
  'retracted',
] as const;
const VOID_REASONS = [
  'reserve-unknown',
  'print-failed',
  'print-unknown',
  'evidence-too-weak',
  'activation-refused',
  'activation-unknown',
  'footer-not-printed',
  'cancelled',
  'interrupted',
  'orphan',
  'retracted',
] as const;
const ROUTES =
  'identify getPhoto getFullName reserve activate void confirm getOperation listOpenOperations listTerminals listNotices ' +
  'getNotice getRecording heartbeat';
const LAST_WORD_PROBLEMS =
  'signature-invalid clock-skew replayed role-forbidden subject-token-invalid invalid-request not-found rate-limited ' +
  'body-mismatch operation-void operation-not-pending operation-not-activated stale-epoch delivered-final internal';
/** What drivers warn of: odd, and no fault. Never what a card or a code says. */
const WARNINGS =
  'type-flag check-digit photo-undecodable newest-address-unread malformed-reply malformed-name malformed-sex malformed-ethnicCode ' +
  'malformed-birthDate malformed-address malformed-idNumber malformed-issuer malformed-validFrom malformed-validTo ' +
  'malformed-travelPermitNumber malformed-issueCount malformed-englishName malformed-chineseName malformed-nationality ' +
  'malformed-cardVersion malformed-acceptingAuthority malformed-renewalCount malformed-previousVersionLink scanner.no-answer ' +
  'scanner.setting-refused scanner.commands-not-carried reader.no-answer reader.answer-damaged reader.card-counterfeit-or-damaged ' +
  'reader.card-authentication reader.card-verification reader.card-data reader.card-read reader.card-select reader.ok ' +
  'reader.no-card reader.no-such-item reader.command-damaged reader.command-unknown reader.command-not-allowed reader.unclear-error';
const depth = oneOf('internal', 'external', 'interactive');
const SESSION_OUTCOMES = 'issued unconfirmed voided refused checked cancelled timed-out interrupted';

/** Every event the kiosk can log. An id never changes its meaning; long actions come in pairs. */
export const events = {
  'agent.starting': {
    meaning: 'the process runs, nothing is open yet',
    level: 'info',
    fields: { version, instance: uuid },
  },
  'agent.ready': {
    meaning: 'people can be served, as far as devices and centre allow',
    level: 'info',
    fields: { ms: milliseconds },
  },
  'agent.stopping': {
    meaning: 'asked to end: sessions, devices and store are closed',
    level: 'info',
    fields: {},
  },
  'agent.stopped': { meaning: 'everything is closed', level: 'info', fields: { ms: milliseconds } },
  'agent.fatal': {
    meaning:
      'the journal can no longer be trusted, or the program failed: the agent ends and recovers at its next start',
    level: 'fatal',
    fields: { cause: oneOf('journal', 'uncaught'), code: errorCode },
    optional: ['code'],
  },
  'configuration.loaded': {
    meaning: 'the configuration is valid',
    level: 'info',
    fields: { production: flag },
  },
  'configuration.problem': {
    meaning: 'the configuration is refused; standard error has the sentence',
    level: 'error',
    fields: { key: configurationKey, line: count },
    optional: ['key', 'line'],
  },
  'configuration.pictures': {
    meaning: 'photos of the machine cannot be shown; `kioskctl config check` names them',
    level: 'warn',
    fields: { unusable: count },
  },
  'store.opened': {
    meaning: 'the database is open and checked',
    level: 'info',
    fields: { schemaVersion: count, ms: milliseconds },
  },
  'store.damaged': {
    meaning: 'the database was damaged; it was moved aside and a new one made',
    level: 'error',
    fields: { code: errorCode },
  },
  'store.refused': {
    meaning: 'the database cannot be used',
    level: 'fatal',
    fields: { kind: oneOf('in-use', 'newer', 'unsafe', 'unavailable') },
  },
  'clock.behind': {
    meaning: "this machine's clock is behind the time the centre has told before: its battery may be dead",
    level: 'error',
    fields: { days: count },
  },
  'device.status': {
    meaning: 'a device changed its state',
    level: 'info',
    fields: {
      device,
      state: oneOf('starting', 'online', 'busy', 'userError', 'hardwareError', 'offline', 'noDevice'),
      fault: faultCode,
    },
    optional: ['fault'],
  },
  'device.connected': { meaning: 'a device answers', level: 'info', fields: { device, attempts: count } },
  'device.connect-failed': {
    meaning: 'a device does not answer; it is tried again for ever',
    level: 'warn',
    fields: { device, fault: faultCode, attempts: count, retryInMs: milliseconds },
  },
  'device.lost': {
    meaning: 'the link to a device died',
    level: 'warn',
    fields: { device, fault: faultCode, retryInMs: milliseconds },
  },
  'device.identified': {
    meaning: 'who a device says it is: for the audit of ID cards, and to know which unit had a fault',
    level: 'info',
    fields: { device, samId, model: deviceName, firmware: deviceName },
    optional: ['samId', 'model', 'firmware'],
  },
  'device.warning': {
    meaning: 'something about a device, a card or an answer is odd, and no fault',
    level: 'info',
    fields: { device, code: warningCode(...WARNINGS.split(' ')) },
  },
  'health-check.init': {
    meaning: 'a technician has a device looked at',
    level: 'info',
    fields: { device, depth },
  },
  'health-check.complete': {
    meaning: 'what a look at a device came to; cut short: somebody came, or whoever asked has gone',
    level: 'info',
    fields: { device, depth, passed: flag, failed: count, cutShort: flag, ms: milliseconds },
  },
  'printer.probe-stored': {
    meaning: 'what the printer really answers was found out, and is kept for this unit',
    level: 'info',
    fields: { processId: flag, paperStatus: flag, etb: flag, answersLate: flag, echoesTooEarly: flag },
    optional: ['echoesTooEarly'],
  },
  'scanner.provisioned': {
    meaning: "the kiosk's settings were stored in the scanner for good",
    level: 'info',
    fields: { complete: flag, stored: count },
  },
  'trace.init': {
    meaning: "a technician listens to a device's line, of which nothing personal is told",
    level: 'info',
    fields: { device },
  },
  'trace.complete': {
    meaning: 'nobody listens any more',
    level: 'info',
    fields: { device, lines: count, ms: milliseconds },
  },
  'session.begin': { meaning: 'somebody chose an errand', level: 'info', fields: { epoch: count } },
  'session.end': {
    meaning: 'the session is over and its data is wiped',
    level: 'info',
    fields: {
      epoch: count,
      outcome: listed(...SESSION_OUTCOMES.split(' ')),
      totalMs: milliseconds,
      signInMs: milliseconds,
      issueMs: milliseconds,
    },
    optional: ['signInMs', 'issueMs'],
  },
  'issuance.transition': {
    meaning: 'an operation moved on in the journal',
    level: 'info',
    fields: {
      opId: uuid,
      from: oneOf('NONE', ...JOURNAL),
      to: oneOf(...JOURNAL, 'CLOSED'),
      trigger: oneOf(...TRIGGERS),
      reason: oneOf(...VOID_REASONS),
    },
    optional: ['reason'],
  },
  'issuance.orphan': {
    meaning: 'the centre has an open operation that the journal had lost; it is being voided',
    level: 'error',
    fields: { opId: uuid, state: oneOf('pending', 'active', 'suspended') },
  },
  'issuance.overdue': {
    meaning: 'the centre has not taken the last word of an operation for long',
    level: 'error',
    fields: { opId: uuid, ageMs: milliseconds },
  },
  'issuance.paper-owed': {
    meaning: 'a void mark or a cut could not be printed yet',
    level: 'warn',
    fields: { opId: uuid, debt: oneOf('none', 'void-mark', 'cut') },
  },
  'issuance.final-refusal': {
    meaning: 'the centre would not take the last word of an operation',
    level: 'error',
    fields: {
      opId: uuid,
      problem: listed(...LAST_WORD_PROBLEMS.split(' ')),
    },
  },
  'recovery.init': { meaning: 'looking for what an earlier run left open', level: 'info', fields: {} },
  'recovery.complete': {
    meaning: 'what was left open is closed or queued',
    level: 'info',
    fields: { scanned: flag, interrupted: count },
  },
  'directory.refreshed': {
    meaning: 'the lists of terminals and notices were looked for at the centre',
    level: 'info',
    fields: { outcome: oneOf('complete', 'failed'), terminals: count, notices: count },
  },
  'help.called': {
    meaning:
      'somebody at the machine asked for help; reached: the call went out and was taken, as far as its way can tell',
    level: 'warn',
    fields: { via: oneOf('none', 'log', 'webhook', 'relay'), reached: flag },
  },
  'centre.reachable': {
    meaning: 'the centre answers, or does no longer; untrusted: its certificate, and nothing was sent',
    level: 'info',
    fields: {
      reachable: flag,
      trouble: oneOf('no-answer', 'untrusted', 'refused', 'clock-skew', 'out-of-order'),
    },
    optional: ['trouble'],
  },
  'centre.call': {
    meaning: 'one call to the centre and its answer; no status: there was none',
    level: 'debug',
    fields: {
      route: listed(...ROUTES.split(' ')),
      status: count,
      ms: milliseconds,
    },
    optional: ['status'],
  },
  'bridge.listening': { meaning: 'the page can be loaded', level: 'info', fields: { port: count } },
  'bridge.refused': { meaning: 'the bridge cannot listen', level: 'fatal', fields: { code: errorCode } },
  'bridge.shell': {
    meaning: 'a shell came, or something that is none',
    level: 'info',
    fields: { outcome: oneOf('attached', 'refused') },
  },
} as const satisfies Readonly<Record<string, EventKind>>;

/** The id of an event in the catalogue. */
export type EventId = keyof typeof events;

type ValueOf<F> = F extends Field<infer T> ? T : never;
type OptionalOf<K extends EventId> = (typeof events)[K] extends { readonly optional: readonly (infer O)[] }
  ? O
  : never;

/** What an event of this id says: every declared field, and no other. */
export type EventFields<K extends EventId> = {
  readonly [F in Exclude<keyof (typeof events)[K]['fields'], OptionalOf<K>>]: ValueOf<
    (typeof events)[K]['fields'][F]
  >;
} & {
  readonly [F in keyof (typeof events)[K]['fields'] & OptionalOf<K>]?: ValueOf<
    (typeof events)[K]['fields'][F]
  >;
};
