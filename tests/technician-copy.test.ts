import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readerFaults } from '../drivers/id-card-reader/card-reading/card-reading.ts';
import { gm6x, gm6xProvisioning } from '../drivers/qr-scanner/families/gm6x.ts';
import { honeywell, honeywellProvisioning } from '../drivers/qr-scanner/families/honeywell.ts';
import { newland, newlandProvisioning } from '../drivers/qr-scanner/families/newland.ts';
import { ssi, ssiProvisioning } from '../drivers/qr-scanner/families/ssi.ts';
import { scannerFaults } from '../drivers/qr-scanner/scanner-faults.ts';
import { sdtStatusOf } from '../drivers/id-card-reader/sdt/sdt-status.ts';
import { faultsOf, noFlags } from '../drivers/receipt-printer/status/status.ts';
import { linkFaults } from '../drivers/transport/link-faults.ts';
import { technicianTexts } from '../src/copy/technician-languages.ts';
import { faultText, wordFor } from '../src/copy/technician-text.ts';
import { events } from '../src/logging/events.ts';

const root = path.resolve(import.meta.dirname, '..');
const PROVISIONED = [newlandProvisioning, gm6xProvisioning, ssiProvisioning, honeywellProvisioning];
const LANGUAGES = ['zh-CN', 'en'] as const;

const sources = globSync(
  ['drivers/*/**/*.ts', 'src/agent/*.ts', 'src/devices/*.ts', 'src/slip/*.ts', 'src/maintenance/*.ts'],
  { cwd: root },
)
  .filter((file) => !file.startsWith('drivers/simulators'))
  .map((file) => readFileSync(path.join(root, file), 'utf8'));

/** Codes that stand as words in the sources of those who can give them, behind what marks them. */
function wordsBehind(mark: RegExp): string[] {
  expect(sources.length).toBeGreaterThan(100);
  const word = new RegExp(`${mark.source}'((?:link|printer|reader|scanner|slip|qr)\\.[a-z][a-z0-9-]*)'`, 'g');
  return [...new Set(sources.flatMap((text) => [...text.matchAll(word)].map(([, code]) => code ?? '')))];
}

/** What a driver asks a person to do, or asks them, is said by these calls; a step is named by `step`, a constant or an argument. */
const prompts = wordsBehind(/(?:prompt|onPrompt)\(/);
/** The beep is a step and a question at once. */
const questions = [...wordsBehind(/question\(/), 'scanner.heard-beep'];
const named = wordsBehind(
  /(?:step: |step = |STEP = |begin\(|ask\(\s*|const (?:beep|light) = |printedStep\(printer, )/,
);

/** Settings make steps of their own name: `scanner.` and the setting. */
const settings = Object.values({ newland, gm6x, ssi: ssi('SSI'), honeywell }).flatMap((family) => [
  ...family.settings.map(({ setting }) => setting),
  ...family.notSupported,
]);
const provisioned = PROVISIONED.flatMap(({ settings: stored, notSupported }) => [
  ...stored.map(({ setting }) => setting),
  ...notSupported,
]);
const steps = [
  ...new Set([...named, ...[...settings, ...provisioned].map((setting) => `scanner.${setting}`)]),
];

/** Every word that looks like a code and is neither a step nor said to a person is a fault, or the name of an event in the log. */
function codesInSources(): string[] {
  const others: readonly string[] = [...steps, ...prompts, ...questions, ...Object.keys(events)];
  return wordsBehind(/(?:)/).filter((code) => !others.includes(code));
}

/** Codes that tables and functions of the drivers make. */
function codesOfTables(): string[] {
  const everyStatusByte = Array.from({ length: 256 }, (_, sw3) => sdtStatusOf(sw3).fault.code);
  const everyFlag = Object.keys(noFlags).flatMap((flag) => faultsOf({ ...noFlags, [flag]: true }));
  return [
    ...everyStatusByte,
    ...[
      ...Object.values(linkFaults),
      ...Object.values(readerFaults),
      ...Object.values(scannerFaults),
      ...everyFlag,
    ].map(({ code }) => code),
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

  test('name every step of a health check and of provisioning, and no other', () => {
    expect(steps.length).toBeGreaterThan(28);
    expect(Object.keys(technician.checks.steps).sort()).toEqual([...steps].sort());
  });

  test('say everything that a person is asked to do, or asked', () => {
    expect([prompts.length, questions.length]).toEqual([5, 4]);
    expect(Object.keys(technician.checks.prompts).sort()).toEqual([...prompts].sort());
    expect(Object.keys(technician.checks.questions).sort()).toEqual([...questions].sort());
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
