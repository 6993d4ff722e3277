import type { TechnicianText } from '../technician-text.ts';
import { checks } from './device-checks.ts';
import { faults } from './device-faults.ts';
import { survey } from './device-survey.ts';
import { verdict } from './printer-verdict.ts';

/** The technician's words in English. */
export const technician: TechnicianText = {
  faults,
  checks,
  survey,
  verdict,
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
  provesTooLittle: {
    what: 'the printer proves too little for a code to be activated, so nothing is printed for people now',
    why: 'It echoes no ids; the configuration (minimumEvidence) wants stronger evidence than it has given.',
    remedy:
      'Stand at the machine, run kioskctl printer probe --print and do as it says: where it is E1 at most, set minimumEvidence to "E1", or take a printer that echoes ids.',
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
    card: 'card',
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
    card: { present: 'not taken', notPresent: 'none' },
    scanner: { on: 'armed', off: 'at rest', inoperative: 'does not work' },
  },
  methods: { 'id-card': 'ID card', 'suishen-code': '随申码' },
  obstacles: {
    'centre-unreachable': 'the centre cannot be reached',
    'no-paper': 'the printer has no paper',
    'cover-open': "the printer's cover is open",
    'slip-at-exit': 'a slip lies at the exit',
    backlog: 'the centre has not heard the end of too many operations',
    'printer-fault': 'the printer cannot be used',
    'no-sign-in-device': 'neither ID-card reader nor scanner works',
    starting: 'still starting',
    'out-of-service': 'nothing of this machine works',
  },
  screens: {
    attract: 'waiting for people',
    home: 'home',
    'how-to': 'how it works',
    'choose-method': 'choice of sign-in',
    'bring-id-card': 'bring your ID card',
    'present-id-card': 'lay your ID card',
    'present-suishen-code': 'show your 随申码',
    'suishen-code-help': 'how to open the 随申码',
    identifying: 'reading',
    'confirm-identity': 'is this you',
    printing: 'printing',
    'take-slip': 'take your slip',
    'read-back': 'read the slip back',
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
