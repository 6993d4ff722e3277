import type { FuzzTarget } from './fuzz-target.ts';

/** How each decoder is loaded: only its own file is, so that a process begins quickly. */
export type TargetLoaders = Readonly<Record<string, () => Promise<FuzzTarget>>>;

const sdt = () => import('./targets/sdt.ts');
const records = () => import('./targets/id-card-records.ts');
const framing = () => import('./targets/scan-framing.ts');
const replies = () => import('./targets/scanner-replies.ts');
const printer = () => import('./targets/printer-answers.ts');
const simulatedPrinter = () => import('./targets/simulated-printer.ts');
const simulatedScanner = () => import('./targets/simulated-scanner.ts');
const usb = () => import('./targets/usb.ts');
const configuration = () => import('./targets/configuration.ts');
const codes = () => import('./targets/code-texts.ts');
const central = () => import('./targets/central-answers.ts');
const signatures = () => import('./targets/request-signatures.ts');
const bridge = () => import('./targets/bridge.ts');
const traces = () => import('./targets/traces.ts');
const traceLines = () => import('./targets/trace-lines.ts');
const uhid = () => import('./targets/uhid.ts');
const usbInterfaces = () => import('./targets/usb-interfaces.ts');
const survey = () => import('./targets/device-survey.ts');
const verdict = () => import('./targets/printer-verdict.ts');
const store = () => import('./targets/store.ts');
const shells = () => import('./targets/shells.ts');
const maintenance = () => import('./targets/maintenance.ts');
const simulatorControl = () => import('./targets/simulator-control.ts');

/** Every decoder of the project that eats bytes or text from outside, by its name. */
export const targetLoaders: TargetLoaders = {
  'sdt-frame': async () => (await sdt()).sdtFrame,
  'card-blocks': async () => (await sdt()).cardBlocks,
  'card-record': async () => (await records()).cardRecord,
  'newest-address': async () => (await records()).newestAddress,
  'sam-id': async () => (await records()).samId,
  'usb-pipe-joiner': async () => (await sdt()).usbPipeJoiner,

  'scan-framing-cr': async () => (await framing()).suffixTargets.CR,
  'scan-framing-crlf': async () => (await framing()).suffixTargets.CRLF,
  'scan-framing-tab': async () => (await framing()).suffixTargets.TAB,
  'scan-framing-none': async () => (await framing()).suffixTargets.none,
  'scan-framing-gm': async () => (await framing()).gmFraming,
  'scan-framing-ssi': async () => (await framing()).ssiFraming,
  'hid-pos-report': async () => (await framing()).hidPosReport,
  'hid-report-assembly': async () => (await framing()).hidReportAssembly,
  'scan-content': async () => (await framing()).scanContent,
  'scanner-replies-newland': async () => (await replies()).scannerReplies.newland,
  'scanner-replies-gm6x': async () => (await replies()).scannerReplies.gm6x,
  'scanner-replies-ssi': async () => (await replies()).scannerReplies.ssi,
  'scanner-replies-honeywell': async () => (await replies()).scannerReplies.honeywell,
  'scanner-reply-separation': async () => (await replies()).replySeparation,
  'scanner-identity-text': async () => (await replies()).identityText,

  'printer-status-common': async () => (await printer()).statusStreams.common,
  'printer-status-full': async () => (await printer()).statusStreams.full,
  'printer-status-star': async () => (await printer()).statusStreams.star,
  'printer-status-dialects': async () => (await printer()).statusDialectsTarget,
  'printer-profile': async () => (await printer()).printerProfile,
  'printer-findings': async () => (await printer()).printerFindings,
  'printer-identity': async () => (await printer()).printerIdentity,

  'usb-pipes': async () => (await usbInterfaces()).usbPipes,
  'usb-printer-class': async () => (await usbInterfaces()).printerClass,
  'device-survey': async () => (await survey()).deviceSurvey,
  'printer-verdict': async () => (await verdict()).verdict,

  'trace-masked-bytes': async () => (await traceLines()).traceMaskedBytes,
  'trace-lines': async () => (await traceLines()).traceLines,
  'trace-blanking-reader': async () => (await traces()).traceBlankingReader,
  'trace-blanking-scanner': async () => (await traces()).traceBlankingScanner,
  'trace-blanking-reports': async () => (await traces()).traceBlankingReports,
  'trace-blanking-printer': async () => (await traces()).traceBlankingPrinter,
  'simulator-trace-replay': async () => (await traceLines()).traceReplay,
  'simulator-trace-recording': async () => (await traceLines()).traceRecording,

  'simulator-sdt-requests': async () => (await sdt()).sdtRequests,
  'simulator-scanner-newland': async () => (await simulatedScanner()).simulatorScanners.newland,
  'simulator-scanner-gm6x': async () => (await simulatedScanner()).simulatorScanners.gm6x,
  'simulator-scanner-ssi': async () => (await simulatedScanner()).simulatorScanners.ssi,
  'simulator-scanner-honeywell': async () => (await simulatedScanner()).simulatorScanners.honeywell,
  'simulator-hid-report': async () => (await simulatedScanner()).simulatorHidReport,
  'simulator-printer-commands': async () => (await simulatedPrinter()).simulatorPrinterCommands,
  'simulator-printer-real-time': async () => (await simulatedPrinter()).simulatorPrinterRealTime,
  'simulator-printer': async () => (await simulatedPrinter()).simulatorPrinter,
  'simulator-usbip-requests': async () => (await usb()).usbIpRequests,
  'simulator-usb-control': async () => (await usb()).usbControl,
  'simulator-uhid-events': async () => (await uhid()).uhidEvents,
  'simulator-control': async () => (await simulatorControl()).simulatorControl,

  'configuration-toml': async () => (await configuration()).configurationToml,
  'printable-text': async () => (await codes()).printable,
  'qr-symbol': async () => (await codes()).qrTexts,
  'slip-document': async () => (await codes()).slipDocument,
  'sign-in-code': async () => (await codes()).signInCode,
  'centre-code-text': async () => (await codes()).centreCodeText,
  'central-answers': async () => (await central()).centralAnswers,
  'central-problems': async () => (await central()).centralProblems,
  'central-requests': async () => (await central()).centralRequests,
  'signature-dictionary': async () => (await signatures()).signatureDictionary,
  'request-signature': async () => (await signatures()).requestSignature,
  'bridge-messages': async () => (await bridge()).bridgeMessages,
  'bridge-cookie': async () => (await bridge()).bridgeCookie,
  'maintenance-requests': async () => (await maintenance()).maintenanceRequests,
  'shell-settings': async () => (await shells()).shellSettings,
  'shell-recovery': async () => (await shells()).shellRecovery,
  'stored-findings': async () => (await store()).storedFindings,
  'sealed-columns': async () => (await store()).sealedColumns,
};
