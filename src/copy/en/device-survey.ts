import type { TechnicianText } from '../technician-text.ts';

const USUAL = 'Scan “USB HID POS” or “USB virtual COM” in its own manual, then replug it.';

/** What `kioskctl devices` says in English. */
export const survey: TechnicianText['survey'] = {
  transports: {
    serial: 'serial',
    usb: 'USB',
    hid: 'USB HID POS',
    usblp: "the kernel's printer port (usblp)",
    tcp: 'network',
  },
  troubles: {
    'keyboard-wedge': { what: 'a scanner that types like a keyboard, cannot be used', remedy: '' },
    'perhaps-keyboard-wedge': {
      what: 'a keyboard, or a scanner that types',
      remedy: 'An ordinary keyboard is no matter. If it is the scanner: ',
    },
    'no-permission': {
      what: 'no permission to open it',
      remedy:
        'Install the rules from packaging/udev (udevadm control --reload && udevadm trigger) and add the user to the group suishen-kiosk.',
    },
    alike: {
      what: 'just like another one, nobody knows which is which',
      remedy: 'They have no serial numbers of their own: leave one plugged in, or take one that has.',
    },
    'one-way-printer': {
      what: 'a printer that cannot answer (07/01/01), cannot be used',
      remedy: 'It could never prove that it printed. Use its serial or network port, or another printer.',
    },
    'ask-which': {
      what: 'something serial; the line does not say what hangs on it',
      remedy: 'See to which device the cable leads, and paste that section.',
    },
    'unstable-name': {
      what: 'its name changes with the order of plugging in',
      remedy: 'Install the rules from packaging/udev: they give it a name of its own below /dev/kiosk.',
    },
    'other-kind': {
      what: 'the configuration takes it for something else',
      remedy: 'See below what it can be, and change the configuration.',
    },
    unknown: { what: 'nothing to do with the kiosk', remedy: 'Leave it alone.' },
  },
  switchOver: {
    newland:
      'Scan “Enter Setup” in its manual, then “USB HID POS” or “USB virtual COM”, then “Exit Setup”, and replug it.',
    honeywell: USUAL,
    zebra: `${USUAL} Models without a HID POS code: COM.`,
    datalogic: USUAL,
    mindeo: USUAL,
    grow: `${USUAL} For a GM65, COM is best.`,
    'unknown-maker': USUAL,
  },
  configured: {
    'plugged-in': 'plugged in',
    missing: 'not found',
    alike: 'two alike, nobody knows which',
    elsewhere: 'not plugged into this machine (network or virtual port)',
  },
};
