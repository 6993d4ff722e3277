import { describe, expect, test } from 'vitest';
import type { PrinterFindings } from '../drivers/receipt-printer/printer-findings.ts';
import { loadProfile, profileNames } from '../drivers/receipt-printer/printer-profile.ts';
import { printerVerdict, type DrivenAs } from '../src/maintenance/printer-verdict.ts';

const answered = { bytes: '16', ms: 5 };
const findings: PrinterFindings = {
  version: 1,
  answers: { 'DLE EOT 1': answered, 'DLE EOT 2': answered, 'DLE EOT 3': answered, 'DLE EOT 4': answered },
  automaticStatus: true,
  answersLate: false,
  flowBytesSeen: false,
  exitSensorCandidates: [],
  proofs: { processId: true, paperStatus: true, etb: false },
  chineseRom: 'gb18030',
};
const masungAnswers = { ...findings.answers, 'DLE EOT 5': answered };
const seenByMasung = {
  exitSensorCandidates: ['DLE EOT 5'],
  exitSensorDialect: 'masung',
  answers: masungAnswers,
};
const noProof = { processId: false, paperStatus: false, etb: false };

function profileOf(name: string) {
  const loaded = loadProfile(name);
  if (!loaded.ok) throw new Error(loaded.error.code);
  return loaded.value;
}

function verdict(
  found: Partial<PrinterFindings>,
  driven: Partial<Omit<DrivenAs, 'profile'>> & { profile?: string },
) {
  const { profile = 'generic-80mm', ...how } = driven;
  return printerVerdict(
    { ...findings, ...found },
    {
      minimumEvidence: 'E2',
      transport: 'serial',
      flowControl: 'none',
      text: 'auto',
      ...how,
      profile: profileOf(profile),
    },
  ).map(({ mark, code }) => `${mark} ${code}`);
}

describe('what follows from what a printer answers', () => {
  test.each<[string, Partial<PrinterFindings>, Parameters<typeof verdict>[1], readonly string[]]>([
    ['it proves that it prints', {}, {}, ['well echoes-process-ids', 'well rom-gb18030']],
    [
      'it has no ids, and the kiosk wants them',
      { proofs: { ...noProof, paperStatus: true } },
      {},
      ['bad e1-at-most', 'well rom-gb18030'],
    ],
    [
      'it has no ids, and the kiosk does without',
      { proofs: { ...noProof, paperStatus: true } },
      { minimumEvidence: 'E1' },
      ['watch e1-accepted', 'well rom-gb18030'],
    ],
    ['it proves nothing', { proofs: noProof }, {}, ['bad proves-nothing', 'well rom-gb18030']],
    [
      'its echo lies',
      { echoesTooEarly: true },
      {},
      ['bad e1-at-most', 'watch echoes-too-early', 'well rom-gb18030'],
    ],
    [
      'it is slow, silent and full',
      { answersLate: true, automaticStatus: false, flowBytesSeen: true },
      {},
      [
        'watch answers-late',
        'watch no-automatic-status',
        'watch sends-flow-bytes',
        'well echoes-process-ids',
        'well rom-gb18030',
      ],
    ],
    [
      'XON and XOFF are configured',
      { flowBytesSeen: true },
      { flowControl: 'xon-xoff' },
      ['well echoes-process-ids', 'well rom-gb18030'],
    ],
    [
      'XON and XOFF come over the network',
      { flowBytesSeen: true },
      { transport: 'tcp' },
      ['well echoes-process-ids', 'well rom-gb18030'],
    ],
    [
      'there is no font in it, and the line is slow',
      { chineseRom: 'none' },
      { baudRate: 19_200 },
      ['bad line-too-slow-to-draw', 'well echoes-process-ids'],
    ],
    [
      'its font is not to be used, and the line is slow',
      {},
      { baudRate: 9_600, text: 'raster' },
      ['bad line-too-slow-to-draw', 'well echoes-process-ids'],
    ],
    [
      'there is no font in it, and the line is fast enough',
      { chineseRom: 'none' },
      { baudRate: 38_400 },
      ['well echoes-process-ids', 'well rom-none'],
    ],
    [
      'there may be an exit sensor',
      { exitSensorCandidates: ['DLE EOT 5'], answers: masungAnswers },
      { profile: 'masung' },
      ['watch exit-sensor-possible', 'well echoes-process-ids', 'well rom-gb18030'],
    ],
    [
      'there is one',
      { ...seenByMasung, exitSensorSeen: true },
      { profile: 'masung' },
      ['well echoes-process-ids', 'well exit-sensor-seen', 'well rom-gb18030'],
    ],
    [
      'there is none',
      { ...seenByMasung, exitSensorSeen: false },
      { profile: 'masung' },
      ['well echoes-process-ids', 'well rom-gb18030'],
    ],
    [
      'it answers where a Masung tells of its exit, and its profile does not read it',
      { answers: masungAnswers },
      {},
      ['watch answers-as-masung', 'well echoes-process-ids', 'well rom-gb18030'],
    ],
    [
      'it answers as a Custom does',
      { answers: { ...masungAnswers, 'DLE EOT 20': { bytes: '100f00000000', ms: 5 } } },
      { profile: 'snbc-bt-t080' },
      ['watch answers-as-custom', 'well echoes-process-ids', 'well rom-gb18030'],
    ],
    [
      'what another profile saw of the exit does not count',
      { ...seenByMasung, exitSensorSeen: true },
      {},
      ['watch answers-as-masung', 'well echoes-process-ids', 'well rom-gb18030'],
    ],
  ])('%s', (_name, found, driven, conclusions) => {
    expect(verdict(found, driven)).toEqual(conclusions);
  });

  test('nobody has read a line: worth a word on a slow line only', () => {
    const { chineseRom: _rom, ...unread } = findings;
    const of = (transport: 'serial' | 'tcp') =>
      printerVerdict(unread, {
        profile: profileOf('generic-80mm'),
        minimumEvidence: 'E2',
        transport,
        text: 'auto',
      }).map(({ code }) => code);
    expect(of('serial')).toContain('rom-unknown');
    expect(of('tcp')).not.toContain('rom-unknown');
  });
});

describe('what a profile promises and the unit does not keep', () => {
  test.each<[string, string, Partial<PrinterFindings>, string]>([
    ['epson-eu', 'ids', { proofs: { ...noProof, paperStatus: true } }, 'bad profile-promises-echo'],
    ['epson-eu', 'ids that mean something', { echoesTooEarly: true }, 'bad profile-promises-echo'],
    ['custom-vkp80', 'GS r', { proofs: noProof }, 'bad profile-promises-paper-status'],
    ['star-tup900', 'ETB', { proofs: noProof }, 'bad profile-promises-etb'],
    ['clone-80mm', 'Chinese characters', { chineseRom: 'none' }, 'watch profile-promises-rom'],
    [
      'citizen-ppu-700',
      'a sensor at the exit',
      { exitSensorSeen: false, exitSensorDialect: 'citizen' },
      'bad profile-promises-exit',
    ],
    [
      'masung',
      'an answer to DLE EOT 5',
      { answers: { ...findings.answers, 'DLE EOT 5': null } },
      'bad profile-status-unanswered',
    ],
    ['custom-vkp80', 'full status', { answers: { 'DLE EOT 20': null } }, 'bad profile-status-unanswered'],
    [
      'generic-80mm',
      'its state',
      { answers: { ...findings.answers, 'DLE EOT 3': null } },
      'bad profile-status-unanswered',
    ],
  ])('%s: %s', (profile, _what, found, conclusion) => {
    expect(verdict(found, { profile })).toContain(conclusion);
  });

  test('is not asked of questions that a family does not have', () => {
    const custom = { answers: { 'DLE EOT 1': null, 'DLE EOT 20': answered } };
    expect(verdict(custom, { profile: 'custom-vkp80' })).not.toContain('bad profile-status-unanswered');
    expect(verdict({ answers: {} }, { profile: 'star-tup900' })).not.toContain(
      'bad profile-status-unanswered',
    );
  });

  test('is put first, for every profile there is', () => {
    for (const profile of profileNames()) {
      const marks = verdict({ proofs: noProof, exitSensorSeen: false }, { profile }).map(
        (one) => one.split(' ')[0],
      );
      expect(marks[0]).toBe('bad');
      expect(marks).toEqual(
        [...marks].sort((a = '', b = '') => 'bad watch well'.indexOf(a) - 'bad watch well'.indexOf(b)),
      );
    }
  });
});
