import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHelpLine, type HelpCall, type HelpSettings } from '../src/help/help-line.ts';
import { systemClock } from '../src/platform/clock.ts';
import { issue, makeAuthority } from './fixtures/authority.ts';
import { createManualClock } from './fixtures/manual-clock.ts';

const calls: HelpCall[] = [];
let directory: string;
beforeEach(() => {
  calls.length = 0;
  directory = mkdtempSync(path.join(tmpdir(), 'help-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function lineOf(settings: Omit<HelpSettings, 'pulseMs'> & { pulseMs?: number }, clock = systemClock) {
  return createHelpLine(
    { pulseMs: 200, ...settings },
    {
      id: 'kiosk-7',
      clock,
      onCall: (call) => {
        calls.push(call);
      },
    },
  );
}

test('where no way to staff is configured nobody is called, and nobody is told otherwise', async () => {
  expect(await lineOf({ via: 'none' }).call()).toBe(false);
  expect(calls).toEqual([]);
});

test('the log is a way to staff; who presses again within a minute calls nobody twice', async () => {
  const clock = createManualClock();
  const line = lineOf({ via: 'log' }, clock);
  expect(await line.call()).toBe(true);
  expect(await line.call()).toBe(true);
  expect(calls).toEqual([{ via: 'log', reached: true }]);
  await clock.advance(61_000);
  expect(await line.call()).toBe(true);
  expect(calls.length).toBe(2);
});

describe('a webhook', () => {
  let server: Server;
  let settings: { via: 'webhook'; url: string; caFile: string };
  let answer: number | 'never';
  const heard: string[] = [];
  beforeEach(async () => {
    heard.length = 0;
    answer = 204;
    const authority = await makeAuthority();
    const shown = await issue(authority, { host: 'localhost' });
    const caFile = path.join(directory, 'ca.pem');
    writeFileSync(caFile, authority.certificatePem);
    server = createServer({ key: shown.privateKeyPem, cert: shown.certificatePem }, (request, response) => {
      let body = '';
      request.on('data', (piece: Buffer) => {
        body += piece.toString();
      });
      request.on('end', () => {
        heard.push(`${request.method ?? ''} ${request.url ?? ''} ${body}`);
        if (answer !== 'never') response.writeHead(answer).end();
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    settings = { via: 'webhook', url: `https://localhost:${port}/calls`, caFile };
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });

  test('is told which kiosk calls, and nothing else; its 2xx means that staff are told', async () => {
    expect(await lineOf(settings).call()).toBe(true);
    expect(heard).toEqual(['POST /calls {"kiosk":"kiosk-7","call":"help"}']);
    expect(calls).toEqual([{ via: 'webhook', reached: true }]);
  });

  test('that refuses, and one that is not there, called nobody; the next press tries again', async () => {
    answer = 500;
    const line = lineOf(settings);
    expect(await line.call()).toBe(false);
    answer = 200;
    expect(await line.call()).toBe(true);
    expect(await lineOf({ ...settings, url: 'https://127.0.0.1:1/' }).call()).toBe(false);
    expect(calls.map(({ reached }) => reached)).toEqual([false, true, false]);
  });

  test('whose certificate is of somebody else is told nothing', async () => {
    writeFileSync(settings.caFile, (await makeAuthority()).certificatePem);
    expect(await lineOf(settings).call()).toBe(false);
    expect(heard).toEqual([]);
  });

  test('that never answers is waited for three seconds', async () => {
    answer = 'never';
    const sinceMs = systemClock.monotonicMs();
    expect(await lineOf(settings).call()).toBe(false);
    expect(systemClock.monotonicMs() - sinceMs).toBeGreaterThan(2_900);
  });
});

describe('a relay', () => {
  test('is on for its pulse, and off again', async () => {
    const clock = createManualClock();
    const file = path.join(directory, 'value');
    writeFileSync(file, '0');
    expect(await lineOf({ via: 'relay', path: file }, clock).call()).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe('1');
    await clock.advance(200);
    await expect.poll(() => readFileSync(file, 'utf8')).toBe('0');
  });

  test('whose line is not there called nobody', async () => {
    const file = path.join(directory, 'gone/value');
    expect(await lineOf({ via: 'relay', path: file }).call()).toBe(false);
    expect(calls).toEqual([{ via: 'relay', reached: false }]);
  });
});
