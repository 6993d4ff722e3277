import type { ConnectionEnd, ScanEvent } from '../../../src/devices/contract.ts';
import type { Clock } from '../../../src/platform/clock.ts';
import { linkFaults } from '../../transport/link-faults.ts';
import { contentOf } from '../scan-content.ts';
import type { ScanContent } from '../scan-content.ts';
import type { ScanFrame } from '../framing/scan-framing.ts';

/** What somebody who scans is told: a code, a reason why there is none, or that the link is lost. */
export type Scanned =
  | { readonly kind: 'code'; readonly content: ScanContent }
  | Exclude<ScanEvent, { readonly kind: 'code' }>;

/** Who is scanning now, and what they are told. */
export interface ScanArming {
  /** Armed until `signal` aborts or the link ends. What was scanned before, or had begun before, is dropped. */
  scan(signal: AbortSignal, onEvent: (event: Scanned) => void): Promise<void>;
  /** Hands frames to whoever scans, and overwrites them. */
  take(frames: readonly ScanFrame[]): void;
  readonly armed: boolean;
  /** Resolves when nobody scans, or when `signal` aborts. */
  whenIdle(signal: AbortSignal): Promise<void>;
}

/** A code that stays in view is sent again and again; it counts once until it was away this long, ms. */
const SAME_CODE_MS = 2000;

/** One call of `scan`. */
interface Arming {
  readonly sinceMs: number;
  readonly signal: AbortSignal;
  readonly onEvent: (event: Scanned) => void;
  /** What was seen last, complaints too: something illegible that stays in view is complained of once. */
  last?: { readonly key: string; readonly seenAtMs: number };
}

export interface ScanArmingOptions {
  readonly clock: Clock;
  readonly aimPrefix: boolean;
  readonly ended: Promise<ConnectionEnd>;
  /** Somebody has begun to scan, or the last one has stopped. */
  readonly onArmed: (armed: boolean) => void;
}

/** Makes the arming of one connection, whatever way its codes come in. */
export function createScanArming({ clock, aimPrefix, ended, onArmed }: ScanArmingOptions): ScanArming {
  const armings = new Set<Arming>();
  let idle = Promise.withResolvers<void>();
  idle.resolve();

  const announce = (frame: ScanFrame, arming: Arming) => {
    // Begun before anybody asked: for the person before, or for nobody. Or the one who asked has just been served.
    if (frame.startedAtMs < arming.sinceMs || arming.signal.aborted) return;
    const event = eventOf(frame, aimPrefix);
    const key =
      event.kind === 'code' ? `code ${event.content.text}` : event.kind === 'lost' ? '' : event.reason;
    const nowMs = clock.monotonicMs();
    const repeated = arming.last?.key === key && nowMs - arming.last.seenAtMs < SAME_CODE_MS;
    arming.last = { key, seenAtMs: nowMs };
    if (!repeated) arming.onEvent(event);
  };
  const arm = (arming: Arming) => {
    armings.add(arming);
    if (armings.size > 1) return;
    idle = Promise.withResolvers<void>();
    onArmed(true);
  };
  const disarm = (arming: Arming) => {
    armings.delete(arming);
    if (armings.size > 0) return;
    onArmed(false);
    idle.resolve();
  };

  return {
    async scan(signal, onEvent) {
      if (signal.aborted) return;
      const arming: Arming = { sinceMs: clock.monotonicMs(), signal, onEvent };
      arm(arming);
      const end = await Promise.race([ended, aborted(signal)]);
      disarm(arming);
      if (end !== 'aborted')
        onEvent({ kind: 'lost', fault: end.kind === 'lost' ? end.fault : linkFaults.closed });
    },
    take(frames) {
      for (const frame of frames) {
        for (const arming of armings) announce(frame, arming);
        if (frame.kind === 'complete') frame.bytes.fill(0);
      }
    },
    get armed() {
      return armings.size > 0;
    },
    async whenIdle(signal) {
      while (armings.size > 0 && !signal.aborted) await Promise.race([idle.promise, aborted(signal)]);
    },
  };
}

function eventOf(frame: ScanFrame, aimPrefix: boolean): Scanned {
  const content = contentOf(frame, aimPrefix);
  return content.ok
    ? { kind: 'code', content: content.value }
    : { kind: 'unreadable', reason: content.error };
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
