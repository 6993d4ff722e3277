import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readerFaults } from '../drivers/id-card-reader/card-reading.ts';
import { sdtStatusOf } from '../drivers/id-card-reader/sdt-status.ts';
import { faultsOf, noFlags } from '../drivers/receipt-printer/status.ts';
import { linkFaults } from '../drivers/transport/link-faults.ts';
import { faultText, technicianTexts, wordFor } from '../src/copy/technician-text.ts';

const root = path.resolve(import.meta.dirname, '..');
const LANGUAGES = ['zh-CN', 'en'] as const;

/** Codes that stand as words in the sources of those who can give a fault. */
function codesInSources(): string[] {
  const files = globSync(['drivers/*/**/*.ts', 'src/agent/*.ts', 'src/devices/*.ts', 'src/slip/*.ts'], {
    cwd: root,
  }).filter((file) => !file.startsWith('drivers/simulators'));
  expect(files.length).toBeGreaterThan(30);
  return files.flatMap((file) =>
    [
      ...readFileSync(path.join(root, file), 'utf8').matchAll(
        /'((?:link|printer|reader|scanner|slip|qr)\.[a-z][a-z0-9-]*)'/g,
      ),
    ].map(([, code]) => code ?? ''),
  );
}

/** Codes that tables and functions of the drivers make. */
function codesOfTables(): string[] {
  const everyStatusByte = Array.from({ length: 256 }, (_, sw3) => sdtStatusOf(sw3).fault.code);
  const everyFlag = Object.keys(noFlags).flatMap((flag) => faultsOf({ ...noFlags, [flag]: true }));
  return [
    ...everyStatusByte,
    ...[...Object.values(linkFaults), ...Object.values(readerFaults), ...everyFlag].map(({ code }) => code),
  ];
}

const codes = [...new Set([...codesInSources(), ...codesOfTables()])];

describe.each(LANGUAGES)('the technician’s words in %s', (language) => {
  const { technician } = technicianTexts(language);

  test('say of every fault a driver can give what it is, why, and what to do', () => {
    expect(codes.length).toBeGreaterThan(40);
    for (const code of codes) {
      const text = faultText(technician, code);
      expect(text.what, code).not.toBe(code);
      expect(text.why, code).toMatch(/[。.]$/);
      expect(text.remedy, code).toMatch(/[。.]$/);
    }
  });

  test('have no sentence for a fault that nothing can give', () => {
    expect(Object.keys(technician.faults).filter((code) => !codes.includes(code))).toEqual([]);
  });

  test('give an unknown code back as it is, and an unpublished reader status with its number', () => {
    expect(faultText(technician, 'printer.on-fire')).toEqual({ what: 'printer.on-fire' });
    expect(faultText(technician, 'toString')).toEqual({ what: 'toString' });
    expect(faultText(technician, 'reader.status-50').what).toContain('0x50');
    expect(wordFor(technician.states, 'levitating')).toBe('levitating');
    expect(wordFor(technician.states, 'constructor')).toBe('constructor');
  });
});

function pathsOf(value: unknown, at: string): string[] {
  if (typeof value !== 'object' || value === null) return [at];
  return Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, `${at}.${key}`));
}

test('both languages have the same keys, and no sentence is empty or left in the other language', () => {
  const zh = technicianTexts('zh-CN');
  const en = technicianTexts('en');
  expect(pathsOf(en, '').sort()).toEqual(pathsOf(zh, '').sort());
  for (const { what, why, remedy } of Object.values(zh.technician.faults)) {
    for (const sentence of [what, why, remedy]) expect(sentence).toMatch(/\p{Script=Han}/u);
  }
  for (const { what, why, remedy } of Object.values(en.technician.faults)) {
    for (const sentence of [what, why, remedy]) expect(sentence).toMatch(/^[^\p{Script=Han}]{8,}$/u);
  }
});
