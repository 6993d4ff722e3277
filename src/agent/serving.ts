import { createHash } from 'node:crypto';
import type { CentralClient } from '../central-api/client.ts';
import type {
  IdCardReaderConnection,
  QrScannerConnection,
  ReceiptPrinterConnection,
} from '../devices/contract.ts';
import { createIssuance, type Issuance } from '../issuance/issuance.ts';
import type { IssuanceLogEntry, JournalPort } from '../issuance/ports.ts';
import { DEFAULT_LIMITS, type IssuanceLimits } from '../issuance/settings.ts';
import type { Clock } from '../platform/clock.ts';
import type { RandomSource } from '../platform/random.ts';
import type { SessionLimits } from '../session/limits.ts';
import type { IssueHandle, SessionPorts, SessionRecords } from '../session/ports.ts';
import { createSession, type Session } from '../session/session.ts';
import type { bodyDocument } from '../slip/slip-document.ts';
import type { Sessions } from '../store/sessions.ts';
import { createAddressPrinter } from './address-printer.ts';
import { createCentrePort, type IssuingCalls } from './issuance-centre.ts';
import { createPrinterPort } from './issuance-printer.ts';
import { LiveSession, type SessionHold } from './live-session.ts';
import { RunningOperations } from './running-operations.ts';
import { createSignIn } from './sign-in.ts';
import { createReadBack } from './slip-read-back.ts';

/** What serving people is made of. */
export interface ServingParts {
  readonly store: { readonly journal: JournalPort; readonly sessions: Pick<Sessions, 'begin' | 'lastEpoch'> };
  readonly central: IssuingCalls & Pick<CentralClient, 'identifyByIdCard' | 'identifyBySuishenCode'>;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly reader: () => IdCardReaderConnection | undefined;
  readonly scanner: () => QrScannerConnection | undefined;
  readonly printer: () => ReceiptPrinterConnection | undefined;
  readonly readiness: SessionPorts['readiness'];
  readonly limits: Partial<SessionLimits>;
  readonly issuanceLimits: Partial<IssuanceLimits>;
  readonly minimumEvidence: 'E1' | 'E2';
  /** Sets the body of a slip. Default: as it is to be on paper. */
  readonly makeBody?: typeof bodyDocument;
  /** When the person is asked to hold the slip under the scanner. */
  readonly readBack: 'when-needed' | 'always';
  /** The kiosk's private key (PEM); the journal's token hashes are keyed by it. */
  readonly privateKeyPem: string;
  /** What is told to everybody. */
  readonly directory: SessionPorts['directory'];
  /** The day at the centre, `YYYY-MM-DD`. */
  readonly today: () => string;
  /** Calls staff. */
  readonly callHelp: () => Promise<boolean>;
  readonly onSession: (event: SessionRowEvent) => void;
  readonly onIssuance: (entry: IssuanceLogEntry) => void;
  /** The journal can no longer be trusted: the agent must end and recover. */
  readonly onFatal: (error: unknown) => void;
}

/** A session's row as it is written; nothing personal. */
export type SessionRowEvent =
  | { readonly kind: 'begin'; readonly epoch: number }
  | ({ readonly kind: 'end'; readonly epoch: number } & Parameters<SessionRecords['end']>[1]);

/** People are served: one session after the other, each issuing through the same sandwich. */
export interface Serving {
  readonly session: Session;
  readonly issuance: Issuance;
  readonly live: LiveSession;
}

/** Puts session and issuance over store, devices and centre. */
export function startServing(parts: ServingParts): Serving {
  const { store, central, clock, random } = parts;
  const live = new LiveSession(store.sessions);
  const operations = new RunningOperations();
  const issuance = createIssuance(
    {
      journal: store.journal,
      centre: createCentrePort({
        central,
        operations,
        hashKey: createHash('sha256').update(parts.privateKeyPem).digest(),
      }),
      printer: createPrinterPort({
        printer: parts.printer,
        operations,
        ...(parts.makeBody && { makeBody: parts.makeBody }),
      }),
      clock,
      random,
      log: parts.onIssuance,
      fatal: parts.onFatal,
    },
    { minimumEvidence: parts.minimumEvidence, limits: { ...DEFAULT_LIMITS, ...parts.issuanceLimits } },
  );
  const session = createSession(
    {
      clock,
      readiness: parts.readiness,
      signIn: createSignIn({ reader: parts.reader, scanner: parts.scanner, central, live }),
      issue: (kind, onProgress) => {
        const opId = random.uuid();
        const hold = live.current();
        if (hold !== undefined) operations.begin(opId, hold);
        const handle = issuance.runIssuance({ opId, kind, onProgress });
        void handle.outcome.then((outcome) => {
          operations.end(opId);
          if (outcome.kind !== 'issued' && hold !== undefined) forgetCode(hold);
          return undefined;
        });
        return hold === undefined ? handle : forgettingCode(handle, hold);
      },
      readBack: createReadBack({ scanner: parts.scanner, live }),
      callHelp: parts.callHelp,
      directory: parts.directory,
      printAddresses: createAddressPrinter({
        issuance,
        printer: parts.printer,
        today: parts.today,
        clock,
        printMs: parts.issuanceLimits.printMs ?? DEFAULT_LIMITS.printMs,
        processId: () => `a${random.uuid().slice(0, 3).toUpperCase()}`,
      }),
      cardLifted: () => {
        const reader = parts.reader();
        return (
          reader?.whenCardLifted && ((signal) => reader.whenCardLifted?.(signal) ?? Promise.resolve(false))
        );
      },
      vault: {
        begin: () => random.uuid(),
        end: () => {
          live.end('interrupted');
          return Promise.resolve();
        },
      },
      records: {
        begin: ({ epoch }) => {
          live.begin(epoch);
          parts.onSession({ kind: 'begin', epoch });
        },
        update: (_epoch, { method }) => {
          if (method !== undefined) live.current()?.setMethod(method);
        },
        end: (epoch, row) => {
          live.end(row.outcome);
          parts.onSession({ kind: 'end', epoch, ...row });
        },
      },
    },
    { ...parts.limits, readBack: parts.readBack, firstEpoch: store.sessions.lastEpoch() + 1 },
  );
  return { session, issuance, live };
}

/** The vault keeps the code until nothing more will be said of its slip: as long as it may have to be read back. */
function forgettingCode(handle: IssueHandle, hold: SessionHold): IssueHandle {
  return {
    ...handle,
    answerForSlip: (answer) => {
      forgetCode(hold);
      return handle.answerForSlip(answer);
    },
  };
}

function forgetCode(hold: SessionHold): void {
  hold.drop('token');
  hold.drop('shortCode');
}
