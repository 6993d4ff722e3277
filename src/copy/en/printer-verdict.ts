import type { TechnicianText } from '../technician-text.ts';

/** What `kioskctl printer probe` concludes, in English. */
export const verdict: TechnicianText['verdict'] = {
  'echoes-process-ids': { what: 'echoes ids: it can prove that it printed (E2)', remedy: '' },
  'counts-etb': { what: 'counts ETB: it can prove that it printed (E2)', remedy: '' },
  'echoes-too-early': {
    what: 'echoes an id before the paper can have moved; that proves nothing',
    remedy: 'Its echoes are not believed any more; if there is newer firmware, install it.',
  },
  'e1-at-most': {
    what: 'echoes no ids: E1 at most, and the configuration wants E2, so no code can be activated',
    remedy:
      'Set minimumEvidence to "E1" and leave readBack at "when-needed" (people scan their slip), or take a printer that echoes ids.',
  },
  'e1-accepted': {
    what: 'echoes no ids: E1 at most, which is allowed; each person is asked to scan the slip',
    remedy: 'People find that tiresome; take a printer that echoes ids if you can.',
  },
  'proves-nothing': {
    what: 'can prove nothing at all, and cannot be used',
    remedy: 'Check profile and line; if it stays so, replace the printer.',
  },
  'answers-late': {
    what: 'answers late: each answer is that to the question before',
    remedy: 'This is known now, and everything is asked twice; nothing to do.',
  },
  'no-automatic-status': {
    what: 'does not report by itself',
    remedy: 'It is asked all the time instead; an open cover or a missing roll is noticed a little later.',
  },
  'sends-flow-bytes': {
    what: 'says “slower” with XON/XOFF, and the configuration does not listen',
    remedy: 'Write flowControl = "xon-xoff", or large slips lose bytes.',
  },
  'exit-sensor-seen': { what: 'the sensor at the exit works', remedy: '' },
  'exit-sensor-possible': {
    what: 'there may be a sensor at the exit',
    remedy: 'Stand at the machine and run kioskctl printer test interactive to find out.',
  },
  'answers-as-masung': {
    what: 'there may be a sensor at the exit that its profile does not read: it answers DLE EOT 5',
    remedy:
      'If it is a Masung, write profile = "masung" ("citizen-ppu-700" for that Citizen), then stand at the machine and run kioskctl printer test interactive. Otherwise there is nothing to do.',
  },
  'answers-as-custom': {
    what: 'there may be a sensor at the exit that its profile does not read: it answers DLE EOT 20',
    remedy:
      'If it is a Custom, write profile = "custom-vkp80", then stand at the machine and run kioskctl printer test interactive. Otherwise there is nothing to do.',
  },
  'rom-gb18030': { what: 'has Chinese characters in its memory (GB18030)', remedy: '' },
  'rom-gb2312': {
    what: 'has Chinese characters in its memory (GB2312); rare ones are drawn here',
    remedy: '',
  },
  'rom-none': { what: 'has no Chinese characters in its memory; everything is drawn here', remedy: '' },
  'rom-unknown': {
    what: 'nobody knows whether it has Chinese characters; a serial line is slow without them',
    remedy: 'Stand at the machine, run kioskctl printer probe --print and read the line.',
  },
  'line-too-slow-to-draw': {
    what: 'There is no Chinese font to use in the printer, and the line is too slow for pictures: no slip is finished in time',
    remedy: 'Set printer and baudRate to 38400 or more (115200 is best), or connect it by USB or network.',
  },
  'profile-status-unanswered': {
    what: 'does not answer questions that its profile relies on',
    remedy: 'The profile is wrong, or the line works in one direction only; check the model.',
  },
  'profile-promises-echo': {
    what: 'its profile says that it echoes ids, and it does not',
    remedy: 'Use profile = "generic-80mm" ("generic-58mm" for 58 mm), or switch this on in the printer.',
  },
  'profile-promises-paper-status': {
    what: 'its profile says that it answers GS r, and it does not',
    remedy: 'Some models answer on serial lines only; use one, or check the model.',
  },
  'profile-promises-etb': {
    what: 'its profile says that it counts ETB, and it does not',
    remedy: 'It may be in ESC/POS mode; switch it to Star Line, or use another profile.',
  },
  'profile-promises-rom': {
    what: 'its profile says that it has Chinese characters, and it has none',
    remedy: 'This is known now, and everything is drawn here; nothing to do.',
  },
  'profile-promises-exit': {
    what: 'its profile says that it has a sensor at the exit, and it sees no paper',
    remedy: 'Clean the sensor and test again; if there is none, use a profile without it.',
  },
};
