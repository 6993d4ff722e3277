import type { DeviceFault } from '../../src/devices/status.ts';

/** What can be wrong with a line, whatever the device at its end. All of them are worth another try. */
export const linkFaults = {
  /** The device node is not there: unplugged, or the path in the settings is wrong. */
  portMissing: { code: 'link.port-missing', action: 'maintenance' },
  /** Another program holds the port. */
  portBusy: { code: 'link.port-busy', action: 'configuration' },
  /** No permission. Also for a moment after every plug, until udev has set owner and mode. */
  portDenied: { code: 'link.port-denied', action: 'configuration' },
  /** The path leads to something that is no serial port, or the port cannot do this speed. */
  portUnusable: { code: 'link.port-unusable', action: 'configuration' },
  /** TCP: the host is there, nobody listens on the port. */
  refused: { code: 'link.refused', action: 'maintenance' },
  /** TCP: no way to the host. */
  unreachable: { code: 'link.unreachable', action: 'maintenance' },
  /** TCP: the host's name means nothing. */
  unknownHost: { code: 'link.unknown-host', action: 'configuration' },
  /** The line did not open in time. */
  timedOut: { code: 'link.timed-out', action: 'maintenance' },
  /** USB, HID: the device is there, and something about it is not what the settings say (class, endpoints, layout). */
  unfit: { code: 'link.unfit', action: 'configuration' },
  /** USB, HID: several devices answer to the same numbers, and the settings name none of them by its serial number. */
  ambiguous: { code: 'link.ambiguous', action: 'configuration' },
  /** HID: a scanner that types like a keyboard; it must be switched to HID POS or serial first. */
  keyboardWedge: { code: 'link.keyboard-wedge', action: 'configuration' },
  /** The line was open and died: cable, power, the other side. */
  lost: { code: 'link.lost', action: 'suspend' },
  /** We closed the line ourselves, or gave up opening it. */
  closed: { code: 'link.closed', action: 'suspend' },
} as const satisfies Record<string, DeviceFault>;
