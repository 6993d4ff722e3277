import type { TechnicianText } from '../technician-text.ts';

const faults: TechnicianText['faults'] = {
  'link.port-missing': {
    what: 'the serial device is not there',
    why: 'It is unplugged, has no power, or path in the configuration is wrong.',
    remedy:
      'Check power and cable, unplug and plug it in again; then see whether the file of path exists (ls -l).',
  },
  'link.port-busy': {
    what: 'another program holds the serial port',
    why: 'Some other program has opened this port.',
    remedy: 'Find it with fuser and stop it. Never give two devices the same port.',
  },
  'link.port-denied': {
    what: 'no permission to open the serial port',
    why: "The agent's user is not in the group of the port, or the udev rules are not installed.",
    remedy:
      'Add the user to the group of the device file (mostly dialout), check the udev rules, restart the agent.',
  },
  'link.port-unusable': {
    what: 'this path cannot be used as a serial port',
    why: 'path in the configuration is no serial port, or the port cannot do this speed.',
    remedy: "Correct path and baudRate by the device's manual, then run config check.",
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
    why: 'No power, a loose cable, a wrong speed, or it is no ESC/POS printer.',
    remedy:
      "Check power and cable; compare baudRate (serial) or host and port (network) with the printer's self-test page.",
  },
  'printer.paper-too-narrow': {
    what: 'the slip is too wide for the paper',
    why: 'widthDots in the configuration is less than this slip needs.',
    remedy: '384 for paper of 58 mm, 576 for 80 mm; then run config check.',
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
    why: 'It did not echo the number of the job; the paper may be half printed, or complete.',
    remedy: 'Look at the exit; power-cycle the printer and print another test page.',
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
  'reader.no-answer': {
    what: 'the ID-card reader does not answer',
    why: 'It hangs, the speed is wrong, or the cable is loose.',
    remedy: 'Switch the reader off for 10 seconds; then check baudRate (115200 for most).',
  },
  'reader.answer-damaged': {
    what: "the ID-card reader's answer is damaged",
    why: 'Interference, a long cable, a wrong speed, or it is no ID-card reader.',
    remedy: 'Change the cable, keep it away from power lines; check baudRate and path.',
  },
  'reader.unsupported-card': {
    what: 'this kind of card is not served yet',
    why: "It is a foreigner's card or a residence permit; the kiosk serves resident ID cards.",
    remedy: 'The machine is well; the person goes to the counter.',
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
    what: 'this is no ID card',
    why: 'It is another contactless card (bus, bank).',
    remedy: 'The machine is well; lay a resident ID card.',
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

/** The technician's words in English. */
export const technician: TechnicianText = {
  faults,
  unknownReaderStatus: (byte) => ({
    what: `the ID-card reader gives the unpublished status 0x${byte}`,
    why: 'No public source knows this status.',
    remedy: "It is tried again. If it happens often, tell the number to the reader's maker.",
  }),
  paperLow: {
    what: 'paper is running low',
    why: 'The roll has a few turns left.',
    remedy: 'Have a roll of thermal paper ready, and change it while nobody is served.',
  },
  devices: { idCardReader: 'ID-card reader', qrScanner: 'QR scanner', receiptPrinter: 'printer' },
  states: {
    starting: 'connecting',
    online: 'well',
    busy: 'at work',
    userError: 'needs site staff',
    hardwareError: 'fault',
    offline: 'lost',
    noDevice: 'never answered',
  },
  actions: {
    clear: 'site staff can do it',
    maintenance: 'a technician has to come',
    reset: 'power-cycle the device',
    configuration: 'a matter of settings',
    suspend: 'recovers by itself',
  },
  parts: {
    paper: 'paper',
    cover: 'cover',
    cutter: 'cutter',
    media: 'exit',
    scanner: 'scanning',
    samId: 'security module',
  },
  partStates: {
    paper: { full: 'there', low: 'low', out: 'out', jammed: 'jammed' },
    cover: { open: 'open', closed: 'closed' },
    cutter: { ok: 'well', fault: 'fault' },
    media: {
      present: 'paper not taken',
      notPresent: 'empty',
      jammed: 'jammed',
      retracted: 'taken back',
    },
    scanner: { on: 'armed', off: 'at rest', inoperative: 'does not work' },
  },
  methods: { 'id-card': 'ID card', 'suishen-code': '随申码' },
  obstacles: {
    'centre-unreachable': 'the centre cannot be reached',
    'no-paper': 'the printer has no paper',
    'cover-open': "the printer's cover is open",
    'printer-fault': 'the printer cannot be used',
    'no-sign-in-device': 'neither ID-card reader nor scanner works',
    starting: 'still starting',
    'out-of-service': 'nothing of this machine works',
  },
  screens: {
    attract: 'waiting for people',
    home: 'home',
    'choose-method': 'choice of sign-in',
    'bring-id-card': 'bring your ID card',
    'present-id-card': 'lay your ID card',
    'present-suishen-code': 'show your 随申码',
    'suishen-code-help': 'how to open the 随申码',
    identifying: 'reading',
    'confirm-identity': 'is this you',
    printing: 'printing',
    'take-slip': 'take your slip',
    finished: 'finished',
    'confirm-reissue': 'reissue?',
    'code-status': 'my code',
    'take-id-card': 'take your ID card',
    error: 'an error',
  },
  evidence: {
    E0: 'E0: bytes were sent, nothing proves that they were printed',
    E1: 'E1: the printer says that it processed the data, and no error came',
    E2: 'E2: the printer echoed the number of this job, which proves it was printed',
    E3: 'E3: the code on the paper was read back, the best there is',
  },
};
