import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DeviceAction, recordingOf } from '../drivers/simulators/replay/recorded-steps.ts';
import { ReplayScript } from '../drivers/simulators/replay/replay-script.ts';
import { parseMasked } from '../drivers/trace/masked-bytes.ts';
import type { TraceEvent } from '../drivers/trace/trace-lines.ts';

/** `+5 out 1b40`, `+2 in 16`, `+0 open`, `+9 end link.lost`: events, each so long after the one before, ms. */
function script(...lines: readonly string[]): ReplayScript {
  let atMs = 0;
  const events = lines.map((line): TraceEvent => {
    const [after = '', kind = '', ...rest] = line.split(' ');
    atMs += Number(after);
    const data = parseMasked(rest.join(' '));
    if (kind === 'open') return { atMs, kind };
    if (kind === 'end') return { atMs, kind, why: rest.join(' ') };
    if ((kind !== 'out' && kind !== 'in') || data === undefined) throw new Error(line);
    return { atMs, kind, data };
  });
  return new ReplayScript(recordingOf(events));
}
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const said = (actions: readonly DeviceAction[]) =>
  actions.map((action) => `${action.afterMs} ${action.kind === 'send' ? hex(action.bytes) : action.kind}`);
const writes = (replay: ReplayScript, text: string) =>
  said(replay.take(Uint8Array.from(Buffer.from(text, 'hex'))));

describe('a replay', () => {
  test('answers what was recorded with what was recorded, so long after', () => {
    const replay = script('0 open', '3 out 100401', '5 in 16', '10 out 1d7201', '250 in 00', '7 in 37');
    expect(said(replay.connected())).toEqual([]);
    expect(writes(replay, '100401')).toEqual(['5 16']);
    expect(writes(replay, '1d7201')).toEqual(['250 00', '257 37']);
    expect([replay.played, replay.waits, replay.mismatches]).toEqual([2, false, []]);
  });

  test('says by itself what the device said before anybody wrote', () => {
    expect(said(script('40 open', '30 in 4142', '5 in 0d').connected())).toEqual(['30 4142', '35 0d']);
  });

  test('takes commands in pieces, and several at once', () => {
    const replay = script('0 out 100401', '1 in 16', '1 out 100402', '1 in 12');
    expect(writes(replay, '10')).toEqual([]);
    expect(replay.waits).toBe(true);
    expect(writes(replay, '0401100402')).toEqual(['1 16', '1 12']);
  });

  test('takes anything for what was hidden, as much of it as there was', () => {
    const replay = script('0 out 1d76300002000200 xx*4 1b4a08', '9 in 14000000');
    expect(writes(replay, '1d76300002000200aabbccdd1b4a08')).toEqual(['9 14000000']);
  });

  test('gives back the process id of this run, not that of the record', () => {
    const replay = script('0 out 1d28480600303050303031', '9 in 37225030303100', '1 out 1d72 01', '1 in 00');
    expect(writes(replay, '1d28480600303041424344')).toEqual(['9 37224142434400']);
    // The same, and another id, once more.
    expect(writes(replay, '1d28480600303045464748')).toEqual(['9 37224546474800']);
  });

  test('answers again what is asked more often than it was, as it was answered last', () => {
    const replay = script('0 out 100401', '1 in 16', '9 out 100401', '1 in 1e', '9 out 1d7201', '1 in 00');
    writes(replay, '100401');
    expect(writes(replay, '1d7201')).toEqual([]);
    expect(replay.mismatches).toEqual([]);
    expect(said(replay.silence())).toEqual([]);
    expect(replay.mismatches).toHaveLength(1);
    expect(writes(replay, '100401')).toEqual(['1 1e']);
    expect(writes(replay, '100401')).toEqual(['1 1e']);
    expect(writes(replay, '1d7201')).toEqual(['1 00']);
    expect(writes(replay, '100401')).toEqual(['1 1e']);
  });

  test('of an answer that is given again leaves out what came of itself much later', () => {
    const replay = script('0 out 534341', '10 in 06', '3000 in 58580d');
    expect(writes(replay, '534341')).toEqual(['10 06', '3010 58580d']);
    expect(writes(replay, '534341')).toEqual(['10 06']);
  });

  test('passes over what was asked more often than it is now, if it only repeats', () => {
    const polled = ['0 out 2001', '1 in 80', '300 out 2001', '1 in 80', '300 out 2001', '1 in 80'];
    const replay = script(...polled, '9 out 11ff', '1 in 90');
    expect(writes(replay, '2001')).toEqual(['1 80']);
    expect(writes(replay, '11ff')).toEqual(['1 90']);
    expect([replay.played, replay.mismatches]).toEqual([4, []]);
  });

  test('does not pass over what brings something new', () => {
    const replay = script('0 out 2001', '1 in 80', '9 out 2001', '1 in 9f', '9 out 2002', '1 in 90');
    writes(replay, '2001');
    expect(writes(replay, '2002')).toEqual([]);
    replay.silence();
    expect(replay.mismatches).toEqual([{ afterStep: 1, expected: '2001', got: '2002' }]);
  });

  test('finds a known command behind what it does not know', () => {
    const replay = script('0 out 100401', '1 in 16');
    expect(writes(replay, 'ffff100401')).toEqual([]);
    expect(said(replay.silence())).toEqual(['1 16']);
    expect(replay.mismatches).toEqual([{ afterStep: 0, expected: '100401', got: 'ffff' }]);
  });

  test('pulls the cable where it was lost, puts it back where it was found, and not where the driver closed', () => {
    const lost = script('0 open', '1 out 11ff', '9 end link.lost', '500 open', '3 in 00');
    expect(writes(lost, '11ff')).toEqual(['9 pull-out', '509 plug-in', '512 00']);
    const closed = script('0 open', '1 out 11ff', '9 end closed', '500 open', '3 in 00');
    expect(writes(closed, '11ff')).toEqual(['512 00']);
  });

  test('of any trace, written to in any way, answers and never hangs', () => {
    const byte = fc.constantFrom('10', '04', '01', '1d', 'xx*1');
    const line = fc.oneof(
      fc.array(byte, { minLength: 1, maxLength: 3 }).map((bytes) => `1 out ${bytes.join(' ')}`),
      fc.constantFrom('1 in 16', '1 in 00', '400 in 12', '1 open', '1 end link.lost', '1 end closed'),
    );
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 12 }),
        fc.array(fc.array(fc.constantFrom(0x10, 0x04, 0x01, 0x1d, 0xff), { maxLength: 4 }), { maxLength: 8 }),
        (lines, written) => {
          const replay = script(...lines);
          for (const bytes of written) {
            replay.take(Uint8Array.from(bytes));
            replay.silence();
            expect(replay.waits).toBe(false);
          }
          expect(replay.mismatches.length).toBeLessThanOrEqual(20);
        },
      ),
    );
  });
});
