import { existsSync } from 'node:fs';
import { usb } from 'usb';
import type { Cancel } from '../../src/platform/clock.ts';

/** Where the kernel lists what is plugged in; a machine without USB has no such place, and the library no way to say so. */
const USB_BUS = '/sys/bus/usb/devices';

/**
 * Calls `listener` whenever something is plugged into USB, which is also what serial converters, HID scanners and printers behind
 * the kernel's own driver hang on. The kernel's event: names and permissions (udev) come a moment later.
 */
export function onPluggedIn(listener: () => void): Cancel {
  if (!existsSync(USB_BUS)) return () => undefined;
  const onConnect = () => {
    listener();
  };
  usb.addEventListener('connect', onConnect);
  return () => {
    usb.removeEventListener('connect', onConnect);
  };
}
