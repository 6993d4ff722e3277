import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

type Table = Readonly<Record<string, readonly string[]>>;
interface Configuration {
  readonly options: object;
  readonly overrides: readonly { readonly rules: Readonly<Record<string, readonly unknown[]>> }[];
}

const PROJECT = path.dirname(import.meta.dirname);
const configuration = JSON.parse(readFileSync(path.join(PROJECT, '.oxlintrc.json'), 'utf8')) as Configuration;
const { knows, packages } = configuration.overrides.flatMap(
  ({ rules }) => rules['rooms/arrows'] ?? [],
)[1] as {
  knows: Table;
  packages: Table;
};
const ROOMS = Object.keys(knows);

/** The rooms there are: folders of these, and `electron` itself. */
const foldersOf = (place: string) =>
  readdirSync(path.join(PROJECT, place), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${place}/${name}`);
const ROOMS_ON_DISK = [...['src', 'drivers', 'sandbox'].flatMap(foldersOf), 'electron'];

/** What lies in no room. */
const OUTSIDE = ['tests/fixtures/manual-clock.ts', 'scripts/fuzz.ts', 'assets/icons.svg', 'package.json'];
/** A file of a room, and one of a folder of it. */
const filesOf = (room: string) => [`${room}/anything.ts`, `${room}/folder/anything.ts`];
const namedPlaces = [...new Set(Object.values(knows).flat())].filter((place) => !ROOMS.includes(place));
const TARGETS = [...ROOMS.flatMap(filesOf), ...namedPlaces.map(fileIn), ...OUTSIDE];

/** From here the files of a room import: at its top, in a folder, in a folder of a folder. */
const LOOKOUTS = ['here.ts', 'one/here.tsx', 'one/two/here.ts'];

/** Every way to make a file know another one. */
const FORMS = [
  (from: string, at: number) => `import { a as a${at} } from '${from}';`,
  (from: string, at: number) => `import type { A as A${at} } from '${from}';`,
  (from: string) => `import '${from}';`,
  (from: string, at: number) => `export * as b${at} from '${from}';`,
  (from: string, at: number) => `export { a as c${at} } from '${from}';`,
  (from: string, at: number) => `export const d${at} = await import('${from}');`,
  (from: string, at: number) => `export type D${at} = import('${from}').A;`,
];

let project: string;
let complaints: ReadonlyMap<string, readonly Complaint[]>;

interface Complaint {
  readonly code: string;
  readonly message: string;
  readonly line: number;
}

/** One run of the linter over scratch files that stand where the rooms do: a second or two, however many files there are. */
beforeAll(() => {
  project = realpathSync(mkdtempSync(path.join(tmpdir(), 'room-rules-')));
  // Types are of no account here, and what is imported does not exist.
  put('.oxlintrc.json', JSON.stringify({ ...configuration, options: {} }));
  mkdirSync(path.join(project, 'scripts'));
  copyFileSync(path.join(PROJECT, 'scripts/room-arrows.mjs'), path.join(project, 'scripts/room-arrows.mjs'));
  for (const room of ROOMS) {
    for (const lookout of LOOKOUTS) putImports(`${room}/${lookout}`, TARGETS);
  }
  putEveryForm();
  putPackages();
  put('src/never-heard-of/here.ts', 'export const a = 1;\n');
  put('drivers/never-heard-of/deeper/here.ts', 'export const a = 1;\n');
  put('src/loose.ts', 'export const a = 1;\n');
  put('src/session/impure.ts', IMPURE.map((line, at) => `export const a${at} = () => ${line};\n`).join(''));
  complaints = lint();
}, 60_000);

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe('the rooms', () => {
  it('are exactly those of the table: a new one begins with its line there', () => {
    expect(ROOMS.toSorted()).toEqual(ROOMS_ON_DISK.toSorted());
    expect(Object.keys(packages).filter((room) => !ROOMS.includes(room))).toEqual([]);
  });

  it('know only what there is', () => {
    expect(namedPlaces.filter((place) => !existsSync(path.join(PROJECT, place)))).toEqual([]);
  });

  it.each(['src/never-heard-of/here.ts', 'drivers/never-heard-of/deeper/here.ts', 'src/loose.ts'])(
    'do not include %s, and the linter says so',
    (file) => expect(refusedLines(file)).toEqual([1]),
  );

  it.each(ROOMS)('%s knows what the table says and nothing else, from wherever in it', (room) => {
    const mayKnow = [room, ...(knows[room] ?? [])];
    const refused = TARGETS.filter(
      (target) => !mayKnow.some((place) => target === place || target.startsWith(`${place}/`)),
    );
    // Nobody may know the tests: there is a refusal everywhere.
    expect(refused).toContain('tests/fixtures/manual-clock.ts');
    for (const lookout of LOOKOUTS) {
      const lines = refusedLines(`${room}/${lookout}`);
      expect(lines.map((line) => TARGETS[line - 1])).toEqual(refused);
    }
  });

  it('cannot get round it by another form of import', () => {
    expect(refusedLines('src/cli/every-form.ts')).toEqual(FORMS.map((_, at) => at * 2 + 1));
  });

  it('import no file whose name is made up on the way', () => {
    expect(refusedLines('src/agent/made-up.ts')).toEqual([1]);
  });

  it.each(Object.keys(packages))('%s imports its own packages and no other', (room) => {
    expect(refusedLines(`${room}/packages.ts`)).toEqual([1, 2, 3]);
  });

  it('have no clock, chance or network where they are pure', () => {
    const told = complaints.get('src/session/impure.ts') ?? [];
    const restricted = told.filter(({ code }) => code.includes('no-restricted-'));
    expect(new Set(restricted.map(({ line }) => line)).size).toBe(IMPURE.length);
  });
});

/** What the table must never say, whatever it says: taken from docs/architecture.md, not from the table. */
describe('the table', () => {
  const CONTRACTS = ['src/devices', 'src/slip/print-document.ts', 'src/platform'];
  const LINES = ['drivers/transport', 'drivers/trace'];
  const PURE = ['src/view', 'src/copy', 'src/platform/clock.ts', 'src/platform/result.ts'];

  it.each([
    ['src/session', PURE],
    ['src/issuance', PURE],
    ['src/screens', [...PURE, 'src/bridge/client.ts', 'assets']],
    ['electron', ['src/shell-recovery', 'src/platform']],
    ['drivers/id-card-reader', [...CONTRACTS, ...LINES]],
    ['drivers/qr-scanner', [...CONTRACTS, ...LINES]],
    ['drivers/receipt-printer', [...CONTRACTS, ...LINES]],
    // The format of a trace is no codec.
    ['drivers/simulators', ['src/platform', 'drivers/trace/trace-lines.ts', 'drivers/trace/masked-bytes.ts']],
  ])('lets %s know nothing beyond %j', (room, most) => {
    expect((knows[room] ?? ['no such room']).filter((place) => !most.includes(place))).toEqual([]);
  });

  it('lets nothing in production know the sandbox, the simulators, the tests or the programs', () => {
    const production = ROOMS.filter((room) => !room.startsWith('sandbox/') && room !== 'drivers/simulators');
    const known = new Set(production.flatMap((room) => knows[room] ?? []));
    expect(known.size).toBeGreaterThan(20);
    expect(
      [...known].filter((place) => /^(sandbox|drivers\/simulators|tests|scripts)\b/u.test(place)),
    ).toEqual([]);
  });

  it('lets the sandbox know no driver', () => {
    const known = ROOMS.filter((room) => room.startsWith('sandbox/')).flatMap((room) => knows[room] ?? []);
    expect(known.filter((place) => place.startsWith('drivers/') && place !== 'drivers/simulators')).toEqual(
      [],
    );
  });

  it('lets only the composition root know session and issuance', () => {
    const knowing = ROOMS.filter((room) =>
      knows[room]?.some((place) => /^src\/(session|issuance)\b/u.test(place)),
    );
    expect(knowing).toEqual(['src/agent']);
  });

  it('gives session and issuance no module of Node', () => {
    expect([packages['src/session'], packages['src/issuance']]).toEqual([['xstate'], []]);
  });
});

const IMPURE = [
  'Date.now()',
  'new Date()',
  'performance.now()',
  'Math.random()',
  'crypto.randomUUID()',
  'setTimeout(() => {}, 1)',
  'setInterval(() => {}, 1)',
  'setImmediate(() => {})',
  'process.env',
  "fetch('http://127.0.0.1')",
];

/** One import a line, in the order of the targets. */
function putImports(file: string, targets: readonly string[]): void {
  put(file, targets.map((target, at) => `import { a as a${at} } from '${way(file, target)}';\n`).join(''));
}

/** Forbidden and allowed in turn, a line each. */
function putEveryForm(): void {
  const file = 'src/cli/every-form.ts';
  const targets = ['src/store/journal.ts', 'src/platform/clock.ts'].map((target) => way(file, target));
  const lines = FORMS.flatMap((form, at) => targets.map((from, which) => form(from, at * 2 + which)));
  put(file, `${lines.join('\n')}\n`);
  put('src/agent/made-up.ts', "export const a = (name: string) => import('../store/' + name);\n");
}

function putPackages(): void {
  for (const [room, own] of Object.entries(packages)) {
    const names = ['node:fs', 'better-sqlite3', '@trpc/server/adapters/fastify', ...own];
    put(`${room}/packages.ts`, names.map((name, at) => `import * as a${at} from '${name}';\n`).join(''));
  }
}

function fileIn(place: string): string {
  const real = path.join(PROJECT, place);
  return existsSync(real) && statSync(real).isDirectory() ? `${place}/anything.ts` : place;
}

function way(from: string, to: string): string {
  const relative = path.posix.relative(path.posix.dirname(from), to);
  return relative.startsWith('.') ? relative : `./${relative}`;
}

function put(file: string, text: string): void {
  const place = path.join(project, file);
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, text);
}

function lint(): ReadonlyMap<string, readonly Complaint[]> {
  const oxlint = path.join(PROJECT, 'node_modules/oxlint/bin/oxlint');
  const run = spawnSync(process.execPath, [oxlint, '--format', 'json'], {
    cwd: project,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    timeout: 50_000,
  });
  const { diagnostics } = JSON.parse(run.stdout) as {
    diagnostics: readonly {
      code: string;
      message: string;
      filename: string;
      labels: readonly { span: { line: number } }[];
    }[];
  };
  const found = new Map<string, Complaint[]>();
  for (const { code, message, filename, labels } of diagnostics) {
    const ofFile = found.get(filename) ?? [];
    found.set(filename, [...ofFile, { code, message, line: labels[0]?.span.line ?? 0 }]);
  }
  return found;
}

function refusedLines(file: string): readonly number[] {
  const told = (complaints.get(file) ?? []).filter(({ code }) => code === 'rooms(arrows)');
  return [...new Set(told.map(({ line }) => line))].toSorted((one, other) => one - other);
}
