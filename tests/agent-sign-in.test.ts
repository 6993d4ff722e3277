import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { cardOf } from '../sandbox/citizens/card.ts';
import { citizens } from '../sandbox/citizens/citizens.ts';
import type { Citizen } from '../sandbox/citizens/citizen.ts';
import { createSignIn } from '../src/agent/sign-in.ts';
import { createCentralClient } from '../src/central-api/client.ts';
import type { CardReaderEvent, IdCardReaderConnection } from '../src/devices/contract.ts';
import { systemClock } from '../src/platform/clock.ts';
import { systemRandom } from '../src/platform/random.ts';
import type { SignInEvent } from '../src/session/ports.ts';
import { eventually, kioskInProcess, type KioskInProcess } from './fixtures/kiosk-in-process.ts';

const TODAY = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
const ordinary = citizens(TODAY).filter((one) => one.case === 'ordinary');
const [first, second, third] = ordinary as [Citizen, Citizen, Citizen];

let kiosk: KioskInProcess;
/** Identifications go on when the person has left, as on a centre's answer that was under way already. */
let deaf = false;
let identifications = 0;
/** Calls that still hold what a card said. */
let underWay = 0;

beforeAll(async () => {
  kiosk = await kioskInProcess((client) => ({
    ...client,
    identifyByIdCard: (proof, signal) => {
      identifications += 1;
      underWay += 1;
      return client.identifyByIdCard(proof, deaf ? undefined : signal).finally(() => {
        underWay -= 1;
      });
    },
    identifyBySuishenCode: (code, signal) => {
      identifications += 1;
      return client.identifyBySuishenCode(code, signal);
    },
  }));
}, 30_000);
afterAll(() => kiosk.stop());
afterEach(async () => {
  deaf = false;
  await kiosk.centre('/release', {});
  await kiosk.reader({ command: 'lift-card' }).catch(() => undefined);
});

function layingOf(citizen: Citizen): object {
  return { command: 'lay-card', card: cardOf(citizen) };
}

async function presentCard(): Promise<void> {
  if (kiosk.view().screen.name === 'attract') kiosk.choose('start');
  if (kiosk.view().screen.name === 'take-id-card') kiosk.choose('home');
  kiosk.choose('apply');
  kiosk.choose('use-id-card');
  await kiosk.until('present-id-card');
}

async function leave(): Promise<void> {
  kiosk.choose('not-me');
  await kiosk.until('error');
  kiosk.choose('home');
  await kiosk.reader({ command: 'lift-card' });
  await eventually(() => ['home', 'take-id-card'].includes(kiosk.view().screen.name), 'home');
  if (kiosk.view().screen.name === 'take-id-card') kiosk.choose('home');
}

async function suishenCodeOf(citizen: Citizen): Promise<string> {
  const portal = createCentralClient({
    url: kiosk.stack.centralUrl,
    caPem: readFileSync(kiosk.stack.caFile, 'utf8'),
    keyId: 'portal-sandbox',
    privateKeyPem: readFileSync(kiosk.stack.privateKeyFile('portal-sandbox'), 'utf8'),
    clock: systemClock,
    random: systemRandom,
  });
  const answer = await portal.issueSuishenCode(citizen.idNumber);
  await portal.close();
  if (!answer.ok) throw new Error('no code');
  return answer.value.code;
}

describe('signing in by ID card', () => {
  test('portrait and full name are there while the person is, the name only when asked for, and nothing afterwards', async () => {
    await presentCard();
    await kiosk.reader(layingOf(first));
    const { person } = await kiosk.until('confirm-identity');
    const { epoch } = kiosk.view();
    const ref = person.photoRef ?? '';
    expect((await kiosk.kiosk.photo(epoch, ref))?.subarray(1, 4)).toEqual(new Uint8Array([0x50, 0x4e, 0x47]));
    expect(await kiosk.kiosk.photo(epoch, 'another')).toBeUndefined();
    expect(await kiosk.kiosk.photo(epoch - 1, ref)).toBeUndefined();
    expect(await kiosk.kiosk.fullName(epoch)).toBeUndefined();
    kiosk.choose('show-full-name');
    expect(await kiosk.kiosk.fullName(epoch)).toBe(first.name);

    await kiosk.centre('/hold', { operation: 'getPhoto', when: 'after' });
    const late = kiosk.kiosk.photo(epoch, ref);
    await leave();
    expect(await late).toBeUndefined();
    expect(await kiosk.kiosk.fullName(epoch)).toBeUndefined();
    expect(kiosk.serving.live.current()).toBeUndefined();
  });

  test('who leaves while the centre thinks is given up on: the request ends with the session', async () => {
    await presentCard();
    await kiosk.centre('/hold', { operation: 'identify', when: 'before' });
    await kiosk.reader(layingOf(first));
    await kiosk.until('identifying');
    await heldAtTheCentre('identify');
    const hold = kiosk.serving.live.current();
    kiosk.choose('cancel');
    expect(hold?.ended.aborted).toBe(true);
    expect(hold?.signedIn()).toBeUndefined();
    expect(hold?.put('token', 'late')).toBe(false);
    // Before the centre answers: what the card said is held by nobody any more.
    await eventually(() => underWay === 0, 'the request to end');
    await heldAtTheCentre('identify');
  });

  test("a late answer about somebody who left never reaches the next person's vault", async () => {
    deaf = true;
    await presentCard();
    await kiosk.centre('/hold', { operation: 'identify', when: 'after' });
    await kiosk.reader(layingOf(first));
    await heldAtTheCentre('identify');
    kiosk.choose('cancel');
    await kiosk.reader({ command: 'lift-card' });

    await presentCard();
    await kiosk.reader(layingOf(second));
    await kiosk.until('confirm-identity');
    const own = kiosk.serving.live.current()?.signedIn();
    expect(own).toBeDefined();
    await kiosk.centre('/release', {});
    await new Promise((resolve) => setTimeout(resolve, 300));

    expect(kiosk.serving.live.current()?.signedIn()).toEqual(own);
    kiosk.choose('show-full-name');
    expect(await kiosk.kiosk.fullName(kiosk.view().epoch)).toBe(second.name);
    await leave();
  });

  test('what the reader says is told in the words of the session', async () => {
    const seen = await eventsOf([
      { kind: 'reading' },
      { kind: 'unreadable', fault: { code: 'reader.record-malformed', action: 'clear' } },
      { kind: 'notAnIdCard' },
      { kind: 'lost', fault: { code: 'link.lost', action: 'maintenance' } },
    ]);
    expect(seen).toEqual(['reading', 'unreadable', 'not-an-id-card', 'device-lost']);
  });

  test.each(['kwok-meiling', 'lindqvist', 'abernathy', 'an-ruolan'])(
    'the card of %s, of another kind, leads to the confirmation and to the name the centre knows',
    async (id) => {
      const citizen = citizens(TODAY).find((one) => one.id === id);
      if (citizen === undefined) throw new Error(`nobody is called ${id}`);
      await presentCard();
      await kiosk.reader(layingOf(citizen));
      await kiosk.until('confirm-identity');
      kiosk.choose('show-full-name');
      expect(await kiosk.kiosk.fullName(kiosk.view().epoch)).toBe(citizen.name);
      await leave();
    },
  );
});

describe('signing in by 随申码', () => {
  async function scan(text: string): Promise<void> {
    if (kiosk.view().screen.name === 'attract') kiosk.choose('start');
    if (kiosk.view().screen.name === 'take-id-card') kiosk.choose('home');
    kiosk.choose('apply');
    kiosk.choose('use-suishen-code');
    await kiosk.until('present-suishen-code');
    await eventually(async () => {
      await kiosk.scanner({ command: 'show-code', text });
      return kiosk.view().screen.name !== 'present-suishen-code';
    }, 'the code to be read');
  }

  test('a paper code and a stranger’s code are told apart here; the centre never sees them', async () => {
    const before = identifications;
    await scan(`OC1${'A'.repeat(26)}`);
    expect(await kiosk.until('error')).toMatchObject({ code: 'E06-paper' });
    kiosk.choose('home');
    await kiosk.until('home');
    await scan('https://pay.example/abc');
    expect(await kiosk.until('error')).toMatchObject({ code: 'E06' });
    kiosk.choose('home');
    await kiosk.until('home');
    expect(identifications).toBe(before);
  });

  test('a living code signs in once; shown again it is used up', async () => {
    const code = await suishenCodeOf(third);
    await scan(code);
    await kiosk.until('confirm-identity');
    await leave();
    await scan(code);
    expect(await kiosk.until('error')).toMatchObject({ code: 'E06' });
    kiosk.choose('home');
    await kiosk.until('home');
    expect(kiosk.fatal).toEqual([]);
  });
});

async function heldAtTheCentre(operation: string): Promise<void> {
  await eventually(async () => {
    const state = (await (await fetch(`${kiosk.stack.centralControl}/hold`)).json()) as {
      waiting: { operation: string }[];
    };
    return state.waiting.some((one) => one.operation === operation);
  }, `${operation} to be held`);
}

/** What the session is told of these events of a reader. */
async function eventsOf(events: readonly CardReaderEvent[]): Promise<string[]> {
  const seen: string[] = [];
  const reader: Pick<IdCardReaderConnection, 'readCard'> = {
    readCard: (_signal, onEvent) => {
      for (const event of events) onEvent(event);
      return Promise.resolve();
    },
  };
  kiosk.serving.live.begin(kiosk.view().epoch + 1_000);
  const signIn = createSignIn({
    reader: () => reader as IdCardReaderConnection,
    scanner: () => undefined,
    central: {} as never,
    live: kiosk.serving.live,
  });
  await signIn.byIdCard(new AbortController().signal, (event: SignInEvent) => seen.push(event.kind));
  kiosk.serving.live.end('cancelled');
  return seen;
}
