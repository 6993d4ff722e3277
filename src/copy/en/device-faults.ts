import type { TechnicianText } from '../technician-text.ts';

/** Every fault that a driver can give, in English. */
export const faults: TechnicianText['faults'] = {
  'link.port-missing': {
    what: 'the device is not there',
    why: 'It is unplugged, has no power, or path (serial) or vendorId and productId (USB) in the configuration are wrong.',
    remedy:
      'Check power and cable, unplug and plug it in again; then see with kioskctl devices whether it is there and how to write it.',
  },
  'link.port-busy': {
    what: 'another program holds the device',
    why: 'Something else has opened it: another agent, CUPS, or a terminal program.',
    remedy: 'Find it with fuser and stop it. Never give two devices the same line.',
  },
  'link.port-denied': {
    what: 'no permission to open the device',
    why: "The udev rules are not installed, or the agent's user is not in the device's group. Just after plugging in it is normal for a second.",
    remedy:
      'Install the rules from packaging/udev, add the user to the group suishen-kiosk, restart the agent; kioskctl devices names the file.',
  },
  'link.port-unusable': {
    what: 'the device cannot be opened',
    why: 'What path leads to is no serial or printer port, or the port cannot do this speed.',
    remedy: 'Run kioskctl devices, write path and baudRate as it says, then run config check.',
  },
  'link.refused': {
    what: 'the host is there, but nobody listens on its port',
    why: 'port in the configuration is wrong, network printing is off, or another machine holds the connection.',
    remedy:
      'Check port (9100 for most printers), power-cycle the device, and see whether another machine uses it.',
  },
  'link.unreachable': {
    what: 'the device is not found on the network',
    why: 'The network cable is loose, the device has no power, or its address is another one.',
    remedy: 'Check cable and power, ping the address in host; if it has changed, correct the configuration.',
  },
  'link.unknown-host': {
    what: "the device's host name is unknown",
    why: 'host in the configuration is wrong, or DNS does not work.',
    remedy: "Write the device's IP address into host, or check DNS.",
  },
  'link.timed-out': {
    what: 'the connection to the device timed out',
    why: 'The device has no power, hangs, or the line is broken.',
    remedy: 'Check power and cable, switch the device off for 10 seconds.',
  },
  'link.lost': {
    what: 'the connection to the device broke',
    why: 'The cable is loose, the device lost power, or it restarted.',
    remedy: 'The agent reconnects for ever. If it is not back in a minute, check cable and power.',
  },
  'link.closed': {
    what: 'the agent itself closed the connection',
    why: 'It is connecting anew, or stopping.',
    remedy: 'Look again in a few seconds.',
  },
  'link.unfit': {
    what: 'the device is there, and is not what the configuration says',
    why: 'What has these numbers has no interface of this kind (printer, reader, HID POS).',
    remedy: 'Run kioskctl devices, see what the device can be, and write the lines that it gives.',
  },
  'link.ambiguous': {
    what: 'two devices are alike, and nobody knows which is meant',
    why: 'Both have the same vendorId and productId, and the configuration names no serialNumber.',
    remedy:
      'Write its serialNumber (kioskctl devices lists it); of devices without one, leave only one plugged in.',
  },
  'link.keyboard-wedge': {
    what: 'the scanner types like a keyboard',
    why: 'It types what it reads into whatever has the focus; a kiosk cannot use that.',
    remedy:
      'Scan “USB HID POS” or “USB virtual COM” in its manual, then replug it; kioskctl devices says how for each maker.',
  },
  'printer.cover-open': {
    what: "the printer's cover is open",
    why: 'It was not closed after a change of paper, or somebody opened it.',
    remedy: 'Close the cover and press until it clicks.',
  },
  'printer.paper-out': {
    what: 'the printer has no paper',
    why: 'The roll is used up, or it does not lie right.',
    remedy: 'Put in a roll of thermal paper, pull its end past the cutter, close the cover.',
  },
  'printer.paper-jam': {
    what: 'paper jam or mechanical fault',
    why: 'Paper blocks the way, or a part does not move.',
    remedy:
      'Open the cover, take out the paper (no pointed tools) and every scrap, close it; if that does not help, replace the printer.',
  },
  'printer.cutter-fault': {
    what: 'the cutter is stuck',
    why: 'Paper blocks the knife, or its motor is broken.',
    remedy:
      'Power off, open the cover, take the paper out of the knife; if that does not help, replace the cutter.',
  },
  'printer.unrecoverable': {
    what: 'the printer reports an error it cannot recover from',
    why: 'Something is wrong with voltage, board or head.',
    remedy: 'Switch the printer off for 10 seconds; if it comes again, replace it.',
  },
  'printer.head-hot': {
    what: 'the print head is too hot',
    why: 'It printed too much at once, or gets no air.',
    remedy: 'It recovers in a few minutes; if it happens often, check the ventilation.',
  },
  'printer.offline': {
    what: 'the printer says that it is offline',
    why: 'Somebody presses the feed key, or the printer is getting ready.',
    remedy: 'Wait a minute; if it stays, power-cycle the printer.',
  },
  'printer.no-answer': {
    what: 'the printer does not answer',
    why: 'No power, a loose cable, a wrong speed, or it is no printer of this kind.',
    remedy:
      "Check power and cable; compare profile, baudRate (serial) or host and port (network) with the printer's self-test page.",
  },
  'printer.paper-too-narrow': {
    what: 'the paper is too narrow',
    why: 'The profile, or widthDots in the configuration, is narrower than the slip.',
    remedy: 'Write 384 for 58 mm paper, 576 for 80 mm; then run config check.',
  },
  'printer.not-processing': {
    what: 'the printer is online, but processes nothing',
    why: 'It hangs, or still sits on a job it did not finish.',
    remedy: 'Switch the printer off for 10 seconds.',
  },
  'printer.not-taking-data': {
    what: 'the printer takes no data',
    why: 'It hangs, its buffer is full, or the line is broken.',
    remedy: 'Switch the printer off for 10 seconds, check the data cable.',
  },
  'printer.no-proof': {
    what: 'the printer did not prove that the job was printed',
    why: 'It did not echo the number of the job; the paper may be half printed, or complete. Some printers never echo.',
    remedy:
      'Look at the exit; power-cycle the printer and print another test page. If it stays so, stand at the machine and run kioskctl printer probe --print: where it is E1 at most, set minimumEvidence to "E1"; a printer that proves nothing has to be replaced.',
  },
  'printer.fonts-missing': {
    what: 'the Chinese fonts for paper are not installed',
    why: 'The system lacks fonts-noto-cjk.',
    remedy: 'Run apt-get install fonts-noto-cjk fonts-hanazono, then restart the agent.',
  },
  'printer.absent': {
    what: 'the printer is not connected',
    why: 'The agent has no connection to it now.',
    remedy: 'Run kioskctl status and look at the printer.',
  },
  'printer.not-ready': {
    what: 'the printer is not ready',
    why: 'Its DSR stays off: switched off, busy, or the cable has no such wire.',
    remedy: 'Check power and cable; where the cable has no DSR, set flowControl to "none" or "xon-xoff".',
  },
  'printer.exit-jam': {
    what: 'the exit is jammed',
    why: 'A slip is stuck there, or something else is in it.',
    remedy: 'Open the exit, take the paper out, and look for anything else inside.',
  },
  'printer.presenter-fault': {
    what: 'the presenter does not work',
    why: 'The printer says so, or the sensor at the exit did not see the slip that came out.',
    remedy: 'Check its motor and sensor, and clean the sensor; if that does not help, replace the presenter.',
  },
  'printer.slip-at-exit': {
    what: 'a slip lies at the exit',
    why: 'Somebody did not take it, or paper is caught there.',
    remedy: 'Take it away and see whose it is; try again when the exit is empty.',
  },
  'printer.voltage-fault': {
    what: 'the printer has the wrong voltage',
    why: 'Its supply gives too much or too little.',
    remedy: 'See whether it is its own adapter and well connected; try another adapter.',
  },
  'printer.profile-unknown': {
    what: 'there is no such printer profile',
    why: 'The configuration names a profile that this program does not have.',
    remedy: 'Run config check, which lists the names; when in doubt leave the key out.',
  },
  'printer.profile-broken': {
    what: 'the file of the printer profile is broken',
    why: 'The profile in the program folder cannot be read, or is not as it must be.',
    remedy: 'Install the program again; if somebody changed that file, change it back.',
  },
  'reader.no-answer': {
    what: 'the ID-card reader does not answer',
    why: 'It hangs, the speed is wrong, a cable is loose, or it is no ID-card reader.',
    remedy: 'Switch it off for 10 seconds; if that does not help, set baudRate to "auto" on a serial line.',
  },
  'reader.answer-damaged': {
    what: "the ID-card reader's answer is damaged",
    why: 'Interference, a long cable, a wrong speed, or it is no ID-card reader.',
    remedy: 'Change the cable, keep it away from power lines; check baudRate and path.',
  },
  'reader.record-malformed': {
    what: 'the record on the card is malformed',
    why: 'The chip is incomplete, or the card moved while it was read.',
    remedy: 'Try another card; if all are like this, replace the reader.',
  },
  'reader.ok': { what: 'the ID-card reader is well', why: 'There is no fault.', remedy: 'Nothing to do.' },
  'reader.no-such-item': {
    what: 'the card lacks the item that was asked for',
    why: 'It was never written to this card.',
    remedy: 'Nothing to do.',
  },
  'reader.command-damaged': {
    what: 'the reader got a damaged command',
    why: 'Interference on the line, or a wrong speed.',
    remedy: 'It is sent again. If it happens often, change the cable and keep it away from power lines.',
  },
  'reader.command-unknown': {
    what: 'the reader does not know the command',
    why: 'It is no ID-card reader of the SDT protocol (GA 467).',
    remedy: 'Check the model and path; use a reader certified by the Ministry of Public Security.',
  },
  'reader.command-not-allowed': {
    what: 'the reader does not take this command now',
    why: 'The step before was not finished; the card may have moved.',
    remedy: 'Lift the card and lay it again; if it always happens, power-cycle the reader.',
  },
  'reader.unclear-error': {
    what: 'the reader reports an unclear error',
    why: 'Mostly a card that moved.',
    remedy: 'It is tried again. If it happens often, replace the reader.',
  },
  'reader.card-authentication': {
    what: 'the card was not authenticated',
    why: 'It lies badly, is damaged, or is not genuine.',
    remedy: 'Lay it again, flat. Only this card: the card is at fault; all cards: replace the reader.',
  },
  'reader.card-verification': {
    what: 'the content of the card was not verified',
    why: 'It lies badly, or the content of its chip is damaged.',
    remedy: 'Lay it again, flat. Only this card: the card is at fault; all cards: replace the reader.',
  },
  'reader.card-data': {
    what: 'the card was read wrongly',
    why: 'It moved while it was read, or its chip is damaged.',
    remedy: 'Lay it again, flat, and do not move it.',
  },
  'reader.not-an-id-card': {
    what: 'it is no identity card',
    why: 'Some other contactless card lies there (transit, bank).',
    remedy:
      'The machine is well; lay an ID card, a residence permit or a foreigner’s permanent residence card.',
  },
  'reader.card-read': {
    what: 'the card could not be read',
    why: 'It moved, or lies on another card.',
    remedy: 'Lay one card only, flat, and do not move it.',
  },
  'reader.self-test': {
    what: 'the reader failed its self-test',
    why: 'The security module (SAM) in it is broken.',
    remedy: 'Switch it off for 10 seconds; if it stays, replace the reader.',
  },
  'reader.not-authorised': {
    what: "the reader's security module is not authorised",
    why: 'The security module (SAM) was not activated, or its time is over.',
    remedy: "Ask the reader's maker for authorisation, or replace the reader.",
  },
  'reader.no-card': { what: 'no card lies there', why: 'There is no fault.', remedy: 'Nothing to do.' },
  'reader.card-select': {
    what: 'the card could not be selected',
    why: 'It moved, or two cards lie there.',
    remedy: 'Lay one card only, flat.',
  },
  'reader.card-counterfeit-or-damaged': {
    what: 'the card failed authentication twice',
    why: 'It failed again after it was laid anew: its chip is damaged, or it is not genuine.',
    remedy:
      'Try another card. Only this one: the card is at fault, the person goes to the counter; all cards: replace the reader.',
  },
  'scanner.no-answer': {
    what: 'the scanner does not answer commands',
    why: 'family in the configuration is not its own, it has no power, or the cable is bad.',
    remedy:
      'Check family against the model, check power and cable; for a scanner without commands write family = "passive".',
  },
  'scanner.setting-refused': {
    what: 'the scanner refused or lost a setting',
    why: 'Its model or firmware lacks it, or somebody scanned a set-up code.',
    remedy:
      "Run kioskctl scanner test, see which one it is, and set it with the codes in the scanner's manual.",
  },
  'scanner.commands-not-carried': {
    what: 'this cable carries no commands to the scanner',
    why: 'Nobody has published how this family takes commands over HID.',
    remedy: 'Use USB virtual COM, or write family = "passive" and only listen to it.',
  },
  'scanner.nothing-read': {
    what: 'no code was read in a minute',
    why: 'The window is dirty, the light is off, the code was too far, or framing or layout is not as it is set.',
    remedy: 'Clean the window and try again at 10 cm; then check framing or layout.',
  },
  'scanner.not-heard': {
    what: 'the beep was not heard',
    why: 'Its volume is off, or the beeper is broken.',
    remedy:
      'Set the volume as the manual says; if there is still no sound, replace it. Codes are read all the same.',
  },
  'slip.name': {
    what: 'the name does not fit on the slip',
    why: 'The name from the centre is empty or too long.',
    remedy: 'Program or centre is at fault: note the time and report it.',
  },
  'slip.date': {
    what: 'a date is malformed, the slip cannot be set',
    why: 'The clock of this machine or the date from the centre is wrong.',
    remedy: 'Check the clock of this machine; if it is right, note the time and report it.',
  },
  'slip.short-code': {
    what: 'the short code is malformed, the slip cannot be set',
    why: 'The short code from the centre has not 12 characters.',
    remedy: 'The centre is at fault: note the time and report it.',
  },
  'qr.empty': {
    what: 'the QR code has no content',
    why: 'Program or centre gave none.',
    remedy: 'Program or centre is at fault: note the time and report it.',
  },
  'qr.too-long': {
    what: 'the content of the QR code is too long',
    why: "The centre's content has more than 122 characters.",
    remedy: 'Program or centre is at fault: note the time and report it.',
  },
  'qr.not-alphanumeric': {
    what: 'the QR code has characters it cannot have',
    why: 'There is something else than capital letters and digits in it.',
    remedy: 'Program or centre is at fault: note the time and report it.',
  },
};
