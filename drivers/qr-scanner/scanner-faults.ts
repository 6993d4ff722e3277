import type { DeviceFault } from '../../src/devices/status.ts';

/** What can be wrong with a scanner beyond its line. None of them keeps it from being listened to. */
export const scannerFaults = {
  /** It does not answer the commands of the configured family. */
  noAnswer: { code: 'scanner.no-answer', action: 'configuration' },
  /** It does not take, or does not keep, something the kiosk sets. */
  settingRefused: { code: 'scanner.setting-refused', action: 'configuration' },
  /** No way is known to give this family's commands over this cable. */
  commandsNotCarried: { code: 'scanner.commands-not-carried', action: 'configuration' },
  /** No code was read in a minute. */
  nothingRead: { code: 'scanner.nothing-read', action: 'maintenance' },
  /** The beep was not heard. */
  notHeard: { code: 'scanner.not-heard', action: 'maintenance' },
} as const satisfies Record<string, DeviceFault>;

/** What a working scanner is warned of, once in each connection. */
export type ScannerWarning =
  | typeof scannerFaults.noAnswer.code
  | typeof scannerFaults.settingRefused.code
  | typeof scannerFaults.commandsNotCarried.code;
