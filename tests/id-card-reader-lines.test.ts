import { describe, expect, test } from 'vitest';
import { createIdCardReaderDriver } from '../drivers/id-card-reader/id-card-reader.ts';
import { READER_BAUD_RATES } from '../drivers/id-card-reader/reach-reader.ts';
import { linkFaults } from '../drivers/transport/link-faults.ts';
import { createManualClock } from './fixtures/manual-clock.ts';
import { createScriptedLine } from './fixtures/scripted-line.ts';
import { createReader } from './fixtures/scripted-reader.ts';
import { commandVectors, hex, replyVectors, SAM_ID } from './fixtures/sdt-vectors.ts';

const never = new AbortController().signal;
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const STATUS = text(commandVectors.status);
const RESET = text(commandVectors.reset);
const GARBAGE = hex('7F 00 FC 80 7F 3E');

type AtWrongSpeed = 'nothing' | 'garbage' | 'damaged frames';

/** A reader on a line of which only one speed is right; every speed is a line of its own, as the agent makes them. */
function createLines({ right, atWrongSpeed = 'nothing' }: { right?: number; atWrongSpeed?: AtWrongSpeed }) {
  const clock = createManualClock();
  const asked: string[] = [];
  const state = { right, wakesByReset: false };
  const said = {
    nothing: undefined,
    garbage: GARBAGE,
    'damaged frames': hex('AA AA AA 96 69 00 04 00 00 90 00'),
  };
  const lines = READER_BAUD_RATES.map((speed) => {
    const line = createScriptedLine();
    line.onWrite = (written) => {
      asked.push(`${speed} ${written === STATUS ? 'status' : written === RESET ? 'reset' : 'other'}`);
      if (speed !== state.right) {
        const noise = said[atWrongSpeed];
        if (noise) line.say(noise);
        return;
      }
      if (written === RESET) state.wakesByReset = false;
      if (state.wakesByReset) return;
      line.say(written === text(commandVectors.samId) ? replyVectors.samId : replyVectors.ok);
    };
    return line;
  });
  const driver = createIdCardReaderDriver({ lines: lines.map(({ transport }) => transport), clock });
  const connect = async (forMs: number, signal = never) => {
    asked.length = 0;
    const connecting = driver.connect(signal);
    await clock.advance(forMs);
    return connecting;
  };
  return { clock, lines, asked, driver, connect, state };
}

test('the speeds are tried from the likeliest on', () => {
  expect(READER_BAUD_RATES).toEqual([115_200, 9600, 57_600, 38_400, 19_200]);
});

describe('a reader of unknown speed', () => {
  test.each(READER_BAUD_RATES)(
    'is found at %i, each wrong speed costs two short time-outs',
    async (right) => {
      const wrong = READER_BAUD_RATES.indexOf(right);
      const { asked, connect, lines } = createLines({ right });
      const outcome = await connect(1000 * wrong + 10);
      expect(outcome.ok && outcome.value.status()).toMatchObject({ device: 'online', samId: SAM_ID });
      expect(asked.filter((what) => what.endsWith('status'))).toHaveLength(2 * wrong + 1);
      expect(asked.some((what) => what.endsWith('reset'))).toBe(false);
      expect(lines.map(({ opened, closed }) => opened > 0 && !closed)).toEqual(
        READER_BAUD_RATES.map((speed) => speed === right),
      );
    },
  );

  test('is looked for first where it answered last, over any number of connections', async () => {
    const { asked, connect } = createLines({ right: 19_200 });
    for (const forMs of [4100, 10, 10]) {
      const outcome = await connect(forMs);
      if (!outcome.ok) throw new Error(outcome.error.code);
      await outcome.value.close();
    }
    expect(asked).toEqual(['19200 status', '19200 other']);
  });

  test('is found at another speed when it was changed', async () => {
    const { asked, connect, state } = createLines({ right: 9600 });
    const first = await connect(1100);
    if (!first.ok) throw new Error(first.error.code);
    await first.value.close();
    state.right = 115_200;
    expect((await connect(1100)).ok).toBe(true);
    expect(asked).toEqual(['9600 status', '9600 status', '115200 status', '115200 other']);
  });

  test('that hangs is woken by one reset where it answered last', async () => {
    const { asked, connect, state, clock } = createLines({ right: 9600 });
    const first = await connect(1100);
    if (!first.ok) throw new Error(first.error.code);
    await first.value.close();
    state.wakesByReset = true;
    expect((await connect(5100)).ok).toBe(true);
    expect(asked.filter((what) => what.endsWith('reset'))).toEqual(['9600 reset']);
    expect(asked.slice(-3)).toEqual(['9600 reset', '9600 status', '9600 other']);
    await clock.settle();
  });

  test('that answers nowhere is said not to answer; with damaged answers, or noise, that is said instead', async () => {
    for (const [atWrongSpeed, code] of [
      ['nothing', 'reader.no-answer'],
      ['garbage', 'reader.answer-damaged'],
      ['damaged frames', 'reader.answer-damaged'],
    ] as const) {
      const { clock, connect, lines } = createLines({ atWrongSpeed });
      expect(await connect(10_000)).toMatchObject({ ok: false, error: { code } });
      expect(lines.every(({ closed }) => closed)).toBe(true);
      expect(clock.pendingTasks()).toBe(0);
    }
  });

  test('is given up at any moment', async () => {
    for (const afterMs of [0, 1, 499, 501, 1700, 4400, 5200, 6100]) {
      const { clock, driver, lines } = createLines({});
      const abort = new AbortController();
      const connecting = driver.connect(abort.signal);
      await clock.advance(afterMs);
      abort.abort();
      await clock.settle();
      expect(await connecting).toMatchObject({ ok: false });
      expect(lines.every(({ opened, closed }) => opened === 0 || closed)).toBe(true);
      expect(clock.pendingTasks()).toBe(0);
    }
  });
});

describe('a port that cannot be opened', () => {
  test.each([linkFaults.portMissing, linkFaults.portBusy, linkFaults.portDenied])(
    'is reported at once and at no other speed tried (%#)',
    async (fault) => {
      const { lines, asked, connect } = createLines({ right: 9600 });
      lines[0]?.failNextOpen(fault);
      expect(await connect(0)).toEqual({ ok: false, error: fault });
      expect(asked).toEqual([]);
    },
  );

  test('at one speed only is tried at the others', async () => {
    const { lines, connect } = createLines({ right: 9600 });
    lines[0]?.failNextOpen(linkFaults.portUnusable);
    expect((await connect(100)).ok).toBe(true);
  });

  test('at any speed is reported as such', async () => {
    const refused = {
      description: 'refused',
      open: () => Promise.resolve({ ok: false as const, error: linkFaults.portUnusable }),
    };
    const clock = createManualClock();
    const driver = createIdCardReaderDriver({ lines: [refused, refused], clock });
    expect(await driver.connect(never)).toEqual({ ok: false, error: linkFaults.portUnusable });
  });

  test('because it died in the middle of a greeting ends the search', async () => {
    const { clock, lines, driver, asked } = createLines({});
    const connecting = driver.connect(never);
    await clock.advance(100);
    lines[0]?.lose();
    await clock.settle();
    expect(await connecting).toEqual({ ok: false, error: { code: 'link.lost', action: 'suspend' } });
    expect(asked).toEqual(['115200 status']);
  });
});

describe('a module that answers and is not well', () => {
  test('is reset once; one that is well then is online', async () => {
    const { clock, answers, commands, driver } = createReader({ status: replyVectors.selfTestFailed });
    answers.reset = () => {
      answers.status = replyVectors.ok;
      return replyVectors.ok;
    };
    const connecting = driver.connect(never);
    await clock.settle();
    const outcome = await connecting;
    expect(commands).toEqual(['status', 'reset', 'status', 'samId']);
    expect(outcome.ok && outcome.value.status().device).toBe('online');
  });

  test('is a hardware error when the reset did not help, and gets no second one', async () => {
    const { clock, commands, driver } = createReader({ status: replyVectors.selfTestFailed });
    const connecting = driver.connect(never);
    await clock.settle();
    const outcome = await connecting;
    expect(outcome.ok && outcome.value.status()).toMatchObject({
      device: 'hardwareError',
      faults: [{ code: 'reader.self-test' }],
    });
    await clock.advance(10_000);
    expect(commands.filter((name) => name === 'reset')).toHaveLength(1);
  });

  test('and falls ill while idle is reset once, not every three seconds', async () => {
    const { clock, answers, commands, driver } = createReader();
    const connecting = driver.connect(never);
    await clock.settle();
    const outcome = await connecting;
    if (!outcome.ok) throw new Error(outcome.error.code);
    answers.status = replyVectors.selfTestFailed;
    await clock.advance(20_000);
    expect(outcome.value.status()).toMatchObject({ device: 'hardwareError' });
    expect(commands.filter((name) => name === 'reset')).toHaveLength(1);
    answers.status = replyVectors.ok;
    await clock.advance(3100);
    expect(outcome.value.status()).toMatchObject({ device: 'online', faults: [] });
  });
});

test('a driver without any line is a mistake of its maker', () => {
  expect(() => createIdCardReaderDriver({ lines: [], clock: createManualClock() })).toThrow(RangeError);
});

test('what the cable says of the device is part of its identity, but for the number, which is the module’s', async () => {
  const clock = createManualClock();
  const line = createScriptedLine();
  line.onWrite = (written) => {
    line.say(written === text(commandVectors.samId) ? replyVectors.samId : replyVectors.ok);
  };
  const transport = {
    description: 'usb 0400:c35a',
    async open(signal: AbortSignal) {
      const opened = await line.transport.open(signal);
      if (!opened.ok) return opened;
      const identity = { maker: 'Example', model: 'IDR', serialNumber: '0001' };
      return { ok: true as const, value: { ...opened.value, identity } };
    },
  };
  const connecting = createIdCardReaderDriver({ lines: [transport], clock }).connect(never);
  await clock.settle();
  const outcome = await connecting;
  expect(outcome.ok && outcome.value.identity()).toEqual({
    maker: 'Example',
    model: 'IDR',
    serialNumber: SAM_ID,
  });
});
