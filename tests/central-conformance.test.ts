import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { conformanceSubjects } from '../sandbox/citizens/conformance-subjects.ts';
import { shanghaiDay } from '../src/central-api/conformance/samples.ts';
import type { TestSubject } from '../src/central-api/conformance/parties.ts';
import { runConformance } from '../src/central-api/conformance/suite.ts';
import type { ConformanceOptions, ConformanceReport } from '../src/central-api/conformance/suite.ts';
import { systemClock } from '../src/platform/clock.ts';
import { systemRandom } from '../src/platform/random.ts';
import { isProblem, withLyingCentre } from './lying-centre.ts';
import type { Lie } from './lying-centre.ts';

const PARTIES = {
  device: 'device',
  otherDevice: 'device',
  portal: 'portal',
  verifier: 'verifier',
  operator: 'operator',
} as const;
const directory = mkdtempSync(path.join(tmpdir(), 'conformance-'));
const keysFile = path.join(directory, 'parties.json');
const subjectsFile = path.join(directory, 'subjects.json');
const keys: Record<string, { keyId: string; privateKeyPem: string }> = {};
const subjects = conformanceSubjects(shanghaiDay(Date.now())).subjects as readonly TestSubject[];

let centre: ChildProcess;
let ready: { readonly url: string; readonly caFile: string; readonly control: string };

beforeAll(async () => {
  const known = Object.entries(PARTIES).map(([party, role]) => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const keyId = `${party}-1`;
    const privateKeyPem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    keys[party] = { keyId, privateKeyPem };
    writeFileSync(path.join(directory, `${party}.pem`), privateKeyPem);
    return { keyId, role, publicKeyPem: publicKey.export({ format: 'pem', type: 'spki' }) };
  });
  writeFileSync(path.join(directory, 'keys.json'), JSON.stringify(known));
  const entries = Object.keys(PARTIES).map((party) => [
    party,
    { keyId: `${party}-1`, keyFile: `${party}.pem` },
  ]);
  writeFileSync(keysFile, JSON.stringify(Object.fromEntries(entries)));
  writeFileSync(subjectsFile, JSON.stringify({ subjects }));
  const data = path.join(directory, 'data');
  const files = ['--data', data, '--keys', path.join(directory, 'keys.json')];
  centre = spawn(
    process.execPath,
    ['sandbox/central-service/main.ts', '--port', '0', '--control', '0', ...files],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  if (centre.stdout === null) throw new Error('no output to wait for');
  for await (const line of createInterface(centre.stdout)) {
    ready = JSON.parse(line) as typeof ready;
    break;
  }
}, 60_000);

afterAll(() => {
  centre.kill();
  rmSync(directory, { recursive: true });
});

async function moveClock(ms: number): Promise<void> {
  const clock = `${ready.control}/clock`;
  const { offsetMs } = (await (await request(clock)).body.json()) as { offsetMs: number };
  const headers = { 'content-type': 'application/json' };
  const moved = await request(clock, {
    method: 'POST',
    headers,
    body: JSON.stringify({ offsetMs: offsetMs + Math.ceil(ms) }),
  });
  await moved.body.dump();
}

function check(change: Partial<ConformanceOptions> = {}): Promise<ConformanceReport> {
  return runConformance({
    url: ready.url,
    caPem: readFileSync(ready.caFile, 'utf8'),
    keys,
    subjects,
    only: [],
    longestPassMs: 0,
    passTime: moveClock,
    clock: systemClock,
    random: systemRandom,
    ...change,
  });
}

function failures(report: ConformanceReport) {
  return report.results
    .filter(({ outcome }) => outcome !== 'passed')
    .map(({ id, why }) => `${id}: ${why?.en}`);
}

/** A mistake a centre could make → the check that must notice it. */
const MISTAKES: readonly { mistake: string; noticedBy: string; lie: () => Lie }[] = [
  {
    mistake: 'takes another body under the same id for the first one',
    noticedBy: 'operation.other-body',
    lie: () => {
      let reserved: unknown;
      return (real) => {
        if (real.status === 201) reserved = real.json;
        return isProblem(real, 'body-mismatch') ? { status: 201, json: reserved } : undefined;
      };
    },
  },
  {
    mistake: 'makes a new code for a repeated reservation',
    noticedBy: 'operation.reserve-idempotent',
    lie: () => {
      let count = 0;
      return (real) => {
        if (real.status !== 201) return undefined;
        count += 1;
        const token = String(real.json['token']).replace(/^OC1./, `OC1${'ABCDEFGH'.charAt(count)}`);
        return { status: 201, json: { ...real.json, token } };
      };
    },
  },
  {
    mistake: 'counts 181 days',
    noticedBy: 'operation.valid-180-days',
    lie: () => (real) => {
      if (real.status !== 201) return undefined;
      const last = Date.parse(String(real.json['validUntil'])) + 86_400_000;
      return { status: 201, json: { ...real.json, validUntil: new Date(last).toISOString().slice(0, 10) } };
    },
  },
  {
    mistake: 'tells the code to whoever asks for the operation',
    noticedBy: 'operation.token-told-once',
    lie: () => {
      let token: unknown;
      return (real) => {
        if (real.status === 201) ({ token } = real.json);
        const asked = real.method === 'GET' && real.path.includes('/operations/');
        return asked ? { status: real.status, json: { ...real.json, token } } : undefined;
      };
    },
  },
  {
    mistake: 'activates a reservation that another one has overtaken',
    noticedBy: 'fencing.two-reservations',
    lie: () => {
      let activation: unknown;
      return (real) => {
        if (real.path.endsWith('/activate') && real.status === 200) activation = real.json;
        return isProblem(real, 'stale-epoch') ? { status: 200, json: activation } : undefined;
      };
    },
  },
  {
    mistake: 'does not say that the earlier code came back',
    noticedBy: 'restore.void-of-reissue',
    lie: () => (real) =>
      real.path.endsWith('/void') ? { status: 200, json: { ...real.json, restored: false } } : undefined,
  },
  {
    mistake: 'voids what was delivered',
    noticedBy: 'delivery.monotone-and-final',
    lie: () => (real) => {
      const operationId = real.path.split('/')[3];
      return isProblem(real, 'delivered-final')
        ? { status: 200, json: { operationId, state: 'void', restored: true } }
        : undefined;
    },
  },
  {
    mistake: 'lets a replayed request in',
    noticedBy: 'signature.replayed-nonce',
    lie: () => (real) =>
      isProblem(real, 'replayed')
        ? { status: 200, json: { receivedAt: '2026-11-22T00:00:00Z', nextInSeconds: 60 } }
        : undefined,
  },
  {
    mistake: 'shows the operators’ list to a kiosk',
    noticedBy: 'role.device-may-not-listUnconfirmed',
    lie: () => (real) =>
      isProblem(real, 'role-forbidden') ? { status: 200, json: { unconfirmed: [] } } : undefined,
  },
  {
    mistake: 'gives a code today to who turns 60 tomorrow',
    noticedBy: 'identification.turns-60-tomorrow',
    lie: () => (real) =>
      real.path === '/v1/identifications'
        ? { status: 200, json: { ...real.json, eligibility: { eligible: true, reasons: [] } } }
        : undefined,
  },
  {
    mistake: 'refuses with a bare status instead of a problem of the contract',
    noticedBy: 'identification.stranger',
    lie: () => (real) => (real.status === 404 ? { status: 404, json: { error: 'not found' } } : undefined),
  },
  {
    mistake: 'keeps a code that was reported lost',
    noticedBy: 'loss.active',
    lie: () => (real) =>
      real.json['state'] === 'revoked' ? { status: 200, json: { ...real.json, state: 'active' } } : undefined,
  },
];

describe('the conformance suite', () => {
  test('finds nothing wrong with the sandbox, twice in a row', async () => {
    for (const round of [1, 2]) {
      const report = await check();
      expect(
        failures(report).filter((line) => !line.includes('of waiting')),
        `round ${round}`,
      ).toEqual([]);
      expect(report.passed).toBeGreaterThan(60);
      expect(report.notRun).toBe(5);
    }
  }, 120_000);

  test.each(MISTAKES)(
    'notices a centre that $mistake',
    async ({ noticedBy, lie }) => {
      await withLyingCentre(ready, lie(), async (url, caFile) => {
        const report = await check({ url, caPem: readFileSync(caFile, 'utf8'), only: [noticedBy] });
        expect(report.results.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([`${noticedBy} failed`]);
      });
    },
    60_000,
  );

  test('notices a centre that forgets the void of an id it has not seen yet', async () => {
    const seen = new Set<string>();
    // Such voids never reach the centre: they leave no tombstone there.
    const forwards = (method: string, target: string) => {
      const id = target.split('/')[3] ?? '';
      if (method === 'PUT') seen.add(id);
      return !target.endsWith('/void') || seen.has(id);
    };
    const lie: Lie = ({ status, path: target }) =>
      status === 0
        ? { status: 200, json: { operationId: target.split('/')[3], state: 'void', restored: false } }
        : undefined;
    await withLyingCentre(
      ready,
      lie,
      async (url, caFile) => {
        const report = await check({ url, caPem: readFileSync(caFile, 'utf8'), only: ['tombstone.'] });
        expect(report.results.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
          'tombstone.void-before-reserve failed',
          'tombstone.void-pending passed',
        ]);
      },
      forwards,
    );
  }, 60_000);

  test('says what it did not run, and why', async () => {
    const { device } = keys;
    if (device === undefined) throw new Error('no device key');
    const report = await check({ keys: { device }, subjects: [], only: ['loss.active', 'operation.lease'] });
    expect(failures(report)).toEqual([
      'loss.active: no key of portal was given',
      'operation.lease: no test person “ordinary” was given',
    ]);
    const alone = await check({ keys: { device }, only: ['identification.stranger', 'operation.lease'] });
    expect(failures(alone)).toEqual(['operation.lease: takes 601 s of waiting']);
  });

  test('fails every check against a centre that is not there', async () => {
    const report = await check({ url: 'https://127.0.0.1:1', only: ['identification.stranger', 'fleet.'] });
    expect(report).toMatchObject({ passed: 0, failed: 2, notRun: 0 });
  });

  test('names nobody in its report', async () => {
    const report = await withLyingCentre(
      ready,
      (real) => (real.status === 200 ? { status: 200, json: {} } : undefined),
      (url, caFile) =>
        check({ url, caPem: readFileSync(caFile, 'utf8'), only: ['identification.', 'loss.'] }),
    );
    expect(report.failed).toBeGreaterThan(10);
    const told = JSON.stringify(report);
    for (const { name, idNumber } of subjects) {
      expect(told.includes(name) || told.includes(idNumber.slice(6))).toBe(false);
    }
  }, 60_000);
});

describe('npm run conformance', () => {
  const run = (...args: string[]) =>
    new Promise<{ code: number; out: string; complaint: string }>((resolve) => {
      execFile(process.execPath, ['scripts/conformance.ts', ...args], (error, out, complaint) => {
        resolve({ code: error ? Number(error.code) : 0, out, complaint });
      });
    });
  const common = () => ['--keys', keysFile, '--subjects', subjectsFile];

  test('prints plain lines and a summary, and ends with 0 when all is well', async () => {
    const { code, out } = await run(
      '--url',
      ready.url,
      '--ca',
      ready.caFile,
      ...common(),
      '--only',
      'tombstone.',
    );
    expect(code).toBe(0);
    expect(out).toContain('✓ 通过  先到的作废使迟到的预留无效  [tombstone.void-before-reserve]');
    expect(out.trimEnd().split('\n').slice(-2)).toEqual(['通过 2，不符 0，未执行 0', '检查过的都符合约定。']);
  }, 30_000);

  test('ends with 1 and names the check when the centre lies', async () => {
    await withLyingCentre(
      ready,
      (real) => (isProblem(real, 'body-mismatch') ? { status: 200, json: {} } : undefined),
      async (url, caFile) => {
        const args = ['--url', url, '--ca', caFile, ...common(), '--only', 'operation.other-body', '--json'];
        const { code, out } = await run(...args);
        expect(code).toBe(1);
        expect(JSON.parse(out)).toMatchObject({ failed: 1, results: [{ id: 'operation.other-body' }] });
        const english = await run(...args.slice(0, -1), '--lang', 'en');
        expect(english.out).toContain('✗ FAILED');
        expect(english.out.trimEnd().split('\n').at(-1)).toBe('Not conforming.');
      },
    );
  }, 60_000);

  test('ends with 78 and a sentence when a file cannot be used', async () => {
    writeFileSync(path.join(directory, 'bad.json'), '{"device": 1}');
    const bad = await run('--url', ready.url, '--keys', path.join(directory, 'bad.json'));
    expect(bad).toMatchObject({ code: 78, out: '' });
    expect(bad.complaint).toContain('device');
    const absent = await run('--url', ready.url, '--keys', path.join(directory, 'absent.json'));
    expect(absent.code).toBe(78);
  }, 30_000);
});

// Last, for it moves the centre half a year ahead.
test('the conformance suite finds nothing wrong with what only time brings about', async () => {
  const report = await check({
    longestPassMs: Number.POSITIVE_INFINITY,
    only: [
      'identification.suishen-code-expires',
      'identification.token-ends',
      'operation.lease',
      'restore.not-after',
      'verification.last-day',
    ],
  });
  expect(failures(report)).toEqual([]);
  expect(report.passed).toBe(5);
}, 60_000);
