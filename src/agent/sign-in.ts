import type { CentralClient, CentralError } from '../central-api/client.ts';
import {
  PAPER_CODE_PREFIX,
  SUISHEN_CODE_PREFIX,
  type CurrentCode,
  type Identification,
} from '../central-api/schemas.ts';
import type { CardReaderEvent, IdCardReaderConnection, QrScannerConnection } from '../devices/contract.ts';
import { holderName, type IdCard } from '../devices/id-card.ts';
import type { Result } from '../platform/result.ts';
import type { SignIn, SignInEvent, SignInProblem } from '../session/ports.ts';
import type { CurrentCodeView } from '../view/kiosk-view.ts';
import type { LiveSession, SessionHold } from './live-session.ts';

/** With so many days left a code counts as running out. */
const EXPIRING_DAYS = 15;

/** The two ways to sign in, from the device to the centre's answer. What proves who somebody is goes to the centre and nowhere else. */
export function createSignIn(parts: {
  reader: () => IdCardReaderConnection | undefined;
  scanner: () => QrScannerConnection | undefined;
  central: Pick<CentralClient, 'identifyByIdCard' | 'identifyBySuishenCode'>;
  live: LiveSession;
}): { byIdCard: SignIn; bySuishenCode: SignIn } {
  /** Asks the centre who it is. Nothing is told and nothing kept when the person has left meanwhile. */
  const identify = async (
    hold: SessionHold,
    signal: AbortSignal,
    onEvent: (event: SignInEvent) => void,
    ask: (until: AbortSignal) => Promise<Result<Identification, CentralError>>,
  ): Promise<void> => {
    onEvent({ kind: 'identifying' });
    const answer = await ask(AbortSignal.any([signal, hold.ended]));
    if (signal.aborted || hold.ended.aborted) return;
    onEvent(conclude(hold, answer));
  };
  const conclude = (hold: SessionHold, answer: Result<Identification, CentralError>): SignInEvent => {
    if (!answer.ok) return eventOfError(answer.error);
    const { identificationId, subjectToken, person, eligibility, currentCode } = answer.value;
    const kept = hold.put('identificationId', identificationId) && hold.put('subjectToken', subjectToken);
    if (!kept) return { kind: 'refused', problem: 'other' };
    return {
      kind: 'identified',
      person: {
        maskedName: person.maskedName,
        maskedIdNumber: person.maskedIdNumber,
        ...(person.photoRef === undefined ? {} : { photoRef: person.photoRef }),
      },
      eligibility,
      current: currentCodeView(currentCode),
    };
  };

  return {
    byIdCard: async (signal, onEvent) => {
      const connection = parts.reader();
      const hold = parts.live.current();
      if (connection === undefined || hold === undefined) {
        onEvent({ kind: 'device-lost' });
        return;
      }
      let card: IdCard | undefined;
      await connection.readCard(signal, (event) => {
        if (event.kind === 'card') card = event.card;
        else onEvent(eventOfReader(event));
      });
      if (card === undefined || signal.aborted) return;
      const proof = {
        name: holderName(card),
        idNumber: card.idNumber,
        validFrom: isoDate(card.validFrom),
        validTo: card.validTo === 'long-term' ? ('long-term' as const) : isoDate(card.validTo),
        readerId: connection.status().samId ?? 'unknown',
      };
      await identify(hold, signal, onEvent, (until) => parts.central.identifyByIdCard(proof, until));
    },
    bySuishenCode: async (signal, onEvent) => {
      const connection = parts.scanner();
      const hold = parts.live.current();
      if (connection === undefined || hold === undefined) {
        onEvent({ kind: 'device-lost' });
        return;
      }
      const code = await firstCode(connection, signal, onEvent);
      if (code === undefined || signal.aborted) return;
      const problem = localProblem(code);
      if (problem !== undefined) {
        onEvent({ kind: 'refused', problem });
        return;
      }
      await identify(hold, signal, onEvent, (until) => parts.central.identifyBySuishenCode(code, until));
    },
  };
}

function eventOfReader(event: Exclude<CardReaderEvent, { kind: 'card' }>): SignInEvent {
  switch (event.kind) {
    case 'reading':
      return { kind: 'reading' };
    case 'lost':
      return { kind: 'device-lost' };
    case 'notAnIdCard':
      return { kind: 'not-an-id-card' };
    case 'unreadable':
      return { kind: 'unreadable' };
  }
}

/** Scans until there is one code; what the scanner could not read is told, and it goes on. */
async function firstCode(
  connection: QrScannerConnection,
  signal: AbortSignal,
  onEvent: (event: SignInEvent) => void,
): Promise<string | undefined> {
  const enough = new AbortController();
  let code: string | undefined;
  await connection.scan(AbortSignal.any([signal, enough.signal]), (event) => {
    if (code !== undefined) return;
    if (event.kind === 'code') {
      code = event.text;
      enough.abort();
    } else {
      onEvent({ kind: event.kind === 'lost' ? 'device-lost' : 'illegible' });
    }
  });
  return code;
}

/** What can be told without the centre: nobody's payment code or web address is sent there. */
function localProblem(code: string): SignInProblem | undefined {
  if (code.startsWith(PAPER_CODE_PREFIX)) return 'paper-code';
  return code.startsWith(SUISHEN_CODE_PREFIX) ? undefined : 'code-foreign';
}

const PROBLEMS: Readonly<Record<string, SignInProblem>> = {
  'unknown-person': 'unknown-person',
  'suishen-code-expired': 'code-expired',
  'suishen-code-used': 'code-used',
  'suishen-code-foreign': 'code-foreign',
  'paper-code-not-accepted': 'paper-code',
};

function eventOfError(error: CentralError): SignInEvent {
  if (error.kind !== 'problem' || error.status >= 500) return { kind: 'unreachable' };
  return { kind: 'refused', problem: PROBLEMS[error.name] ?? 'other' };
}

function currentCodeView(current: CurrentCode): CurrentCodeView {
  if (current.status === 'none') return { status: 'none' };
  const { validUntil, daysLeft } = current;
  const runsOut = current.status === 'active' && daysLeft <= EXPIRING_DAYS;
  return { status: runsOut ? 'expiring' : current.status, validUntil, daysLeft };
}

/** `1953-04-12` of `19530412`. */
function isoDate(compact: string): string {
  return `${compact.slice(0, 4)}-${compact.slice(4, 6)}-${compact.slice(6, 8)}`;
}
