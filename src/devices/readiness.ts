import type { Obstacle, Readiness, SignInMethod } from '../view/kiosk-view.ts';
import type { DeviceStatus, IdCardReaderStatus, QrScannerStatus, ReceiptPrinterStatus } from './status.ts';

/** Everything that decides what the kiosk can finish now. */
export interface KioskCondition {
  readonly idCardReader: IdCardReaderStatus;
  readonly qrScanner: QrScannerStatus;
  readonly receiptPrinter: ReceiptPrinterStatus;
  /** `unknown`: not asked yet since start. */
  readonly centre: 'reachable' | 'unreachable' | 'unknown';
  /** What the site wants a printer to prove before a code is activated. */
  readonly minimumEvidence: 'E1' | 'E2';
  /** As many operations are unresolved at the centre as are allowed; nobody new is begun before some of them are. */
  readonly backlog: boolean;
}

/**
 * Which services can be finished at this moment, and what stands against those that cannot. A service is offered only when
 * every step of it can be taken. Obstacles come with the one to name first in front.
 */
export function assessReadiness(condition: KioskCondition): Readiness {
  const { idCardReader, qrScanner, receiptPrinter, centre, minimumEvidence, backlog } = condition;
  const methods: SignInMethod[] = [];
  if (works(idCardReader)) methods.push('id-card');
  if (works(qrScanner)) methods.push('suishen-code');

  const canSignIn = methods.length > 0;
  const printing = printingObstacle(receiptPrinter, minimumEvidence);
  const obstacles = new Set<Obstacle>();
  if (centre === 'unreachable') obstacles.add('centre-unreachable');
  if (centre === 'unknown') obstacles.add('starting');
  if (!canSignIn) obstacles.add(starts(idCardReader) || starts(qrScanner) ? 'starting' : 'no-sign-in-device');
  if (printing) obstacles.add(printing);
  if (backlog) obstacles.add('backlog');
  // Nothing of the kiosk itself works: staff have to come whatever the centre does.
  if (obstacles.has('no-sign-in-device') && printing === 'printer-fault') obstacles.add('out-of-service');

  const check = canSignIn && centre === 'reachable';
  return {
    methods,
    issue: check && printing === undefined && !backlog,
    check,
    obstacles: MOST_TELLING_FIRST.filter((obstacle) => obstacles.has(obstacle)),
  };
}

const MOST_TELLING_FIRST: readonly Obstacle[] = [
  'out-of-service',
  'centre-unreachable',
  'no-sign-in-device',
  'cover-open',
  'no-paper',
  'printer-fault',
  'slip-at-exit',
  'backlog',
  'starting',
];

function works(status: DeviceStatus): boolean {
  return status.device === 'online' || status.device === 'busy';
}

function starts(status: DeviceStatus): boolean {
  return status.device === 'starting';
}

/**
 * Why nothing can be printed; undefined when it can. A printer that answers but has no paper sensor (`unknown`) may print:
 * the proof of print decides afterwards. One that is known to prove too little may not: each of its slips would be void.
 */
function printingObstacle(
  printer: ReceiptPrinterStatus,
  minimumEvidence: KioskCondition['minimumEvidence'],
): Obstacle | undefined {
  // Checked first: with the cover open the paper sensor sees nothing and says "out".
  if (printer.cover === 'open') return 'cover-open';
  if (printer.paper === 'out') return 'no-paper';
  if (starts(printer)) return 'starting';
  const broken = printer.paper === 'jammed' || printer.cutter === 'fault' || printer.media === 'jammed';
  if (!works(printer) || broken) return 'printer-fault';
  if (printer.evidence !== undefined && printer.evidence < minimumEvidence) return 'printer-fault';
  // The next person's slip would come out onto it; whoever takes it away makes room.
  return printer.media === 'present' ? 'slip-at-exit' : undefined;
}
