/** A change that no test can notice, or that none need notice, and why. */
export interface AcceptedSurvivor {
  readonly file: string;
  /** The changed text as it stands in the file, and what it becomes; together they name the change, wherever it moves to. */
  readonly original: string;
  readonly replacement: string;
  readonly reason: string;
}

/** Changes of one file that go unnoticed for the same reason. */
function accepted(
  file: string,
  reason: string,
  ...changes: readonly (readonly [original: string, replacement: string])[]
): readonly AcceptedSurvivor[] {
  return changes.map(([original, replacement]) => ({ file, original, replacement, reason }));
}

export const ACCEPTED: readonly AcceptedSurvivor[] = [
  ...accepted(
    'src/session/session-setup.ts',
    'a value that the type asks for: no state is reached without it',
    ["{ code: 'E20', reference: 'S-03' }", '{}'],
    ["'E20'", '""'],
    ["'S-03'", '""'],
    ["''", '"Stryker was here!"'],
    ['[]', '["Stryker was here"]'],
  ),
  ...accepted(
    'src/session/session-view.ts',
    'a value that the type asks for: no state is reached without it',
    ["{ code: 'E20', reference: 'S-03' }", '{}'],
    ["'E20'", '""'],
    ["'S-03'", '""'],
    ["''", '"Stryker was here!"'],
    ["{ status: 'none' }", '{}'],
    ["'none'", '""'],
    ["{ status: 'active' }", '{}'],
    ["'active'", '""'],
  ),
  ...accepted(
    'src/issuance/engine.ts',
    'lets go of timers: whatever comes later asks first whether the engine is dead',
    ['outbox.stop();', ';'],
    ['paperRetries.stop();', ';'],
    ['deliveryTimers.clear();', ';'],
    ['stop();', ';'],
  ),
  ...accepted(
    'src/issuance/engine.ts',
    'lets go of memory: an operation that has ended never comes again',
    ['ages.delete(opId);', ';'],
    ['deliveryTimers.delete(opId);', ';'],
    ['answered.delete(opId);', ';'],
    ['paperRetries.paid(opId);', ';'],
    ['{ watchers.delete(watching); }', '{}'],
    ['watchers.delete(watching);', ';'],
  ),
  ...accepted('src/issuance/engine.ts', 'it has been written before, and no other case takes it', [
    "'journal'",
    '""',
  ]),
  ...accepted('src/issuance/engine.ts', 'whatever is not a mark is a cut', ["'cut'", '""']),
  ...accepted('src/issuance/engine.ts', 'asked only whether it is settled', ["'pending'", '""']),
  ...accepted('src/issuance/issuance.ts', 'lets go of memory: the outcome is settled once', [
    'unwatch();',
    ';',
  ]),
  ...accepted('src/issuance/issuance.ts', 'what is not there is not up either', ['{ up: false }', '{}']),
  ...accepted('src/issuance/outcome.ts', 'only a refusal names a problem', [
    "failure.why.kind === 'refused'",
    'true',
  ]),
  ...accepted('src/issuance/paper-retries.ts', 'a try fails after its own timer has gone off', [
    'forget(opId);',
    ';',
  ]),
  ...accepted(
    'src/issuance/recovery.ts',
    'a time limit is no answer of the kind that is asked for next',
    ["answer !== 'timed-out'", 'true'],
    ["'timed-out'", '""'],
  ),
  ...accepted('src/issuance/reducer.ts', 'without a reading there is no next state either', [
    'reading === null',
    'false',
  ]),
  ...accepted('src/issuance/reducer.ts', 'only what was printed can be cut', [
    "result.kind === 'printed'",
    'true',
  ]),
  ...accepted('src/issuance/settings.ts', 'nothing is no grade, and no grade is better', [
    'other !== null',
    'true',
  ]),
  ...accepted('src/issuance/slip-handle.ts', 'lets go of memory: the promise is settled once', [
    'unwatch();',
    ';',
  ]),
  ...accepted('src/issuance/slip-handle.ts', 'only a settled one is done', [
    "event.type === 'centre-settled'",
    'true',
  ]),
  ...accepted('src/session/effects.ts', 'these states are entered when a slip has been issued', [
    'slip !== undefined',
    'true',
  ]),
  ...accepted('src/session/effects.ts', 'the chart asks first whether this reader sees cards', [
    'ports.cardLifted()?.(signal)',
    'ports.cardLifted()(signal)',
  ]),
  ...accepted(
    'src/session/presence.ts',
    'nobody leaves the home screen but by a touch or by being gone, and both decide anew',
    ["{ guard: not(atHome), target: 'deciding' }", '{}'],
  ),
  ...accepted(
    'src/session/service-states.ts',
    'the attract screen is what a session begins with as its end',
    ["{ type: 'endInto', params: { next: 'attract' } }", '{}'],
    ["{ next: 'attract' }", '{}'],
  ),
  ...accepted(
    'src/session/session-setup.ts',
    'each session says anew what follows it, and nobody asks before',
    ["'attract'", '""'],
  ),
  ...accepted(
    'src/session/session-setup.ts',
    'asked when somebody is identified, of whom the centre has said what they hold',
    ['context.current?.status', 'context.current.status'],
  ),
  ...accepted(
    'src/session/session-setup.ts',
    'it decides which error it is, and here only whether there is one is asked',
    ["'apply'", '""'],
    ["'confirmation'", '""'],
    ["'sign-in'", '""'],
  ),
  ...accepted(
    'src/session/session-setup.ts',
    'asked on errors, which have a trouble',
    ['context.trouble !== undefined', 'true'],
    ['context.trouble?.retry', 'context.trouble.retry'],
    ['context.trouble?.code', 'context.trouble.code'],
  ),
  ...accepted(
    'src/session/session-setup.ts',
    'asked for steps of the issuance only, and every other step is taken before',
    ["event.type === 'issue.progress' && event.progress === 'waiting-long'", 'true'],
    [
      "event.type === 'issue.progress' && event.progress === 'waiting-long'",
      "event.type === 'issue.progress' || event.progress === 'waiting-long'",
    ],
    ["event.type === 'issue.progress'", 'true'],
    ["event.progress === 'waiting-long'", 'true'],
  ),
  ...accepted(
    'src/session/session-setup.ts',
    'the chart runs this for that event only; it is asked for the sake of the type',
    ["event.type === 'readiness'", 'true'],
    [
      "event.type !== 'sign-in.unreadable' && event.type !== 'sign-in.not-an-id-card' && event.type !== 'sign-in.illegible'",
      'false',
    ],
    ["event.type !== 'sign-in.identified'", 'false'],
    ["event.type === 'sign-in.refused'", 'true'],
    ["event.type !== 'issue.ended'", 'false'],
    ["event.type === 'slip.retracted'", 'true'],
  ),
  ...accepted(
    'src/session/session-setup.ts',
    'the issuance takes whatever it is told as the wish to stop',
    ["{ type: 'choice.cancel' }", '{}'],
    ["'choice.cancel'", '""'],
  ),
  ...accepted('src/session/session-setup.ts', 'only a voided one can be cancelled', [
    "outcome.kind === 'voided'",
    'true',
  ]),
  ...accepted(
    'src/session/session-setup.ts',
    'a refusal names the same day, and no other outcome names one',
    ["outcome.kind === 'issued'", 'true'],
  ),
  ...accepted('src/session/session-setup.ts', 'whether a card is seen is asked where one was used', [
    'false',
    'true',
  ]),
];
