import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { EVENTS, type EventId } from '../src/logging/events.ts';
import { createLogger, WITHHELD } from '../src/logging/logger.ts';

function capture() {
  const lines: string[] = [];
  const logger = createLogger({ write: (line) => lines.push(line) });
  return { logger, lines };
}

/** An invented person: what must never be in a log. */
const CANARIES = ['测试一', '310199194912319999', 'OC1ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', '13800138000'];

describe('the log', () => {
  test('writes an event as one JSON line with its fields', () => {
    const { logger, lines } = capture();
    logger.emit('session.end', { epoch: 3, outcome: 'issued', totalMs: 1234 });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      event: 'session.end',
      epoch: 3,
      outcome: 'issued',
      totalMs: 1234,
    });
  });

  test('keeps fault codes, states, versions and operation ids readable', () => {
    const { logger, lines } = capture();
    logger.emit('device.lost', { device: 'idCardReader', fault: 'link.port-missing', retryInMs: 100 });
    logger.emit('issuance.transition', {
      opId: '3f0c8a52-7f3e-4f0e-9a1d-0b1c2d3e4f50',
      from: 'DONE_U',
      to: 'CLOSED',
      trigger: 'booted',
    });
    logger.emit('agent.starting', { version: '0.1.0' });
    expect(lines.join('')).not.toContain(WITHHELD);
  });

  test.each(CANARIES)('withholds a personal value in whatever field it is put: %#', (canary) => {
    const { logger, lines } = capture();
    for (const id of Object.keys(EVENTS) as EventId[]) {
      const fields = Object.fromEntries(Object.keys(EVENTS[id].fields).map((name) => [name, canary]));
      logger.emit(id, { ...fields, unheardOf: canary });
    }
    expect(lines.join('')).not.toContain(canary);
  });

  property.prop([fc.string({ unit: 'grapheme', minLength: 1 })])(
    'lets no text through that is not a word of this program',
    (text) => {
      const { logger, lines } = capture();
      logger.emit('device.status', { state: text });
      const { state } = JSON.parse(lines[0] ?? '') as { state: string };
      expect(state === WITHHELD || /^(?!.*\d{3})[A-Za-z0-9._/-]+$/.test(state)).toBe(true);
    },
  );
});
