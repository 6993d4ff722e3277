import type { DeviceDriver, QrScannerConnection, ScanEvent } from '../../src/devices/contract.ts';
import type { QrScannerStatus } from '../../src/devices/status.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { ok } from '../../src/platform/result.ts';
import type { ByteLink, ByteTransport } from '../transport/byte-link.ts';
import { linkFaults } from '../transport/link-faults.ts';
import { createSilenceWatch } from '../transport/silence-watch.ts';
import { scanTextOf } from './scan-content.ts';
import { createScanFramer } from './scan-framing.ts';
import type { ScanFrame, ScanSuffix } from './scan-framing.ts';

/** How the scanner separates codes; as it is set in the scanner. */
interface ScanFraming {
  readonly suffix: ScanSuffix;
  /** Silence that ends a code when there is no suffix, ms; 30–50 through USB. */
  readonly gapMs: number;
}

export interface QrScannerOptions {
  readonly transport: ByteTransport;
  readonly clock: Clock;
  readonly framing: ScanFraming;
  /** Longest code in bytes. Default 1024: city codes have 500 and less. */
  readonly maxLength?: number;
  /** The scanner sends AIM identifiers (`]Q1`). Default false. */
  readonly aimPrefix?: boolean;
}

/** A code that stays in view is sent again and again; it counts once until it was away this long, ms. */
const SAME_CODE_MS = 2000;

/** Silence after which a code that waits for its suffix counts as broken off: far longer than any pause inside one. */
const INCOMPLETE_AFTER_MS = 500;

const DEFAULT_MAX_LENGTH = 1024;

/** A scanner on a serial line, USB CDC or TCP that sends what it sees and is never asked anything. */
export function createQrScannerDriver(options: QrScannerOptions): DeviceDriver<QrScannerConnection> {
  return {
    async connect(signal) {
      const opened = await options.transport.open(signal);
      // Passive: there is no handshake, so an open port is all that can be known.
      return opened.ok ? ok(createScannerConnection(opened.value, options)) : opened;
    },
  };
}

/** One call of `scan`. */
interface Arming {
  readonly sinceMs: number;
  readonly signal: AbortSignal;
  readonly onEvent: (event: Scanned) => void;
  /** What was seen last, complaints too: something illegible that stays in view is complained of once. */
  last?: { readonly key: string; readonly seenAtMs: number };
}

type Scanned = Exclude<ScanEvent, { kind: 'lost' }>;

function eventOf(frame: ScanFrame, aimPrefix: boolean): Scanned {
  if (frame.kind !== 'complete') return { kind: 'unreadable', reason: frame.kind };
  const text = scanTextOf(frame.bytes, aimPrefix);
  return text.ok ? { kind: 'code', text: text.value } : { kind: 'unreadable', reason: text.error };
}

function createScannerConnection(link: ByteLink, options: QrScannerOptions): QrScannerConnection {
  const { clock, framing, maxLength = DEFAULT_MAX_LENGTH, aimPrefix = false } = options;
  const framer = createScanFramer(framing.suffix, maxLength);
  const armings = new Set<Arming>();
  const listeners = new Set<(status: QrScannerStatus) => void>();
  let scanner: QrScannerStatus['scanner'] = 'off';
  let over = false;

  const status = (): QrScannerStatus => ({ device: 'online', faults: [], scanner });
  const showArming = () => {
    const next = armings.size > 0 ? 'on' : 'off';
    if (next === scanner) return;
    scanner = next;
    for (const listener of listeners) listener(status());
  };
  const take = (frames: readonly ScanFrame[]) => {
    for (const frame of frames) {
      for (const arming of armings) announce(frame, arming);
      if (frame.kind === 'complete') frame.bytes.fill(0);
    }
  };
  const announce = (frame: ScanFrame, arming: Arming) => {
    // Begun before anybody asked: for the person before, or for nobody. Or the one who asked has just been served.
    if (frame.startedAtMs < arming.sinceMs || arming.signal.aborted) return;
    const event = eventOf(frame, aimPrefix);
    const key = event.kind === 'code' ? `code ${event.text}` : event.reason;
    const nowMs = clock.monotonicMs();
    const repeated = arming.last?.key === key && nowMs - arming.last.seenAtMs < SAME_CODE_MS;
    arming.last = { key, seenAtMs: nowMs };
    if (!repeated) arming.onEvent(event);
  };

  const silenceMs = framing.suffix === 'none' ? framing.gapMs : INCOMPLETE_AFTER_MS;
  const silence = createSilenceWatch(clock, silenceMs, () => {
    take(framer.silence());
  });
  link.onData((bytes) => {
    take(framer.push(bytes, clock.monotonicMs()));
    bytes.fill(0);
    if (framer.midFrame) silence.heard();
    else silence.stop();
  });
  const noteEnd = async () => {
    const end = await link.ended;
    over = true;
    silence.stop();
    framer.silence();
    listeners.clear();
    return end;
  };
  const ended = noteEnd();

  return {
    ended,
    status,
    onStatus(listener) {
      if (!over) listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    close: () => link.close(),
    async scan(signal, onEvent) {
      if (signal.aborted) return;
      const arming: Arming = { sinceMs: clock.monotonicMs(), signal, onEvent };
      armings.add(arming);
      showArming();
      const end = await Promise.race([ended, aborted(signal)]);
      armings.delete(arming);
      showArming();
      if (end !== 'aborted')
        onEvent({ kind: 'lost', fault: end.kind === 'lost' ? end.fault : linkFaults.closed });
    },
  };
}

function aborted(signal: AbortSignal): Promise<'aborted'> {
  return new Promise((resolve) => {
    signal.addEventListener(
      'abort',
      () => {
        resolve('aborted');
      },
      { once: true },
    );
  });
}
