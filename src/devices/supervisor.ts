import { sleep } from '../platform/clock.ts';
import type { Cancel, Clock } from '../platform/clock.ts';
import type { RandomSource } from '../platform/random.ts';
import type { DeviceConnection, DeviceDriver } from './contract.ts';
import type { DeviceFault, DeviceStatus } from './status.ts';

/** What happened to a supervised device, for the event log. */
export type SupervisorEvent =
  | { readonly kind: 'connected'; readonly afterAttempts: number }
  | {
      readonly kind: 'connect-failed';
      readonly fault: DeviceFault;
      readonly attempts: number;
      readonly retryInMs: number;
    }
  | { readonly kind: 'lost'; readonly fault: DeviceFault; readonly retryInMs: number };

export interface SupervisedDevice<S extends DeviceStatus, C extends DeviceConnection<S>> {
  readonly driver: DeviceDriver<C>;
  readonly clock: Clock;
  /** For jitter only. */
  readonly random: RandomSource;
  /** What is known while nobody answers (all parts unknown); `device` and `faults` are filled in. */
  readonly initialStatus: S;
  /** Pauses between attempts, ms: the first, the second, …, and the last for ever. Default 100 to 1500. */
  readonly retryDelaysMs?: readonly number[];
  readonly onEvent?: (event: SupervisorEvent) => void;
  /** Tells when something is plugged into this machine: it may be the device, so the pause is over and pauses are short again. */
  readonly onPluggedIn?: (listener: () => void) => Cancel;
}

/** Keeps one device connected for ever. */
export interface DeviceSupervisor<S extends DeviceStatus, C extends DeviceConnection<S>> {
  /** The live connection; undefined while there is none. */
  connection(): C | undefined;
  status(): S;
  /** Called after each change with the whole new status. */
  onStatus(listener: (status: S) => void): Cancel;
  /** Ends the connection and every attempt; nothing runs afterwards. A second call waits for the same end. */
  stop(): Promise<void>;
}

/**
 * Pauses between attempts, ms. Quick at first, because most losses are a loose cable; never longer than the last, so that a
 * device that was plugged in again is back within 3 s even after a week.
 */
const RETRY_DELAYS_MS = [100, 250, 500, 1000, 1500];

/** Up to a fifth more, so that a kiosk's devices do not knock in step. */
const JITTER = 0.2;

/** Failed attempts in a row before anybody is told that the device is gone: a short loss is no news. */
const FAILURES_BEFORE_OFFLINE = 3;

/** A connection that lived this long was a success; shorter ones count as failed attempts, so a flapping line backs off. */
const STABLE_AFTER_MS = 5000;

/**
 * Connects, and connects again whenever the connection ends, until stopped. The status is the connection's own while there
 * is one; otherwise `starting`, and after three failures in a row `offline` (it was there since start) or `noDevice` (it never
 * was), with the last fault.
 */
export function superviseDevice<S extends DeviceStatus, C extends DeviceConnection<S>>(
  device: SupervisedDevice<S, C>,
): DeviceSupervisor<S, C> {
  const { driver, clock, random, initialStatus, onEvent, retryDelaysMs = RETRY_DELAYS_MS } = device;
  const stopping = new AbortController();
  const listeners = new Set<(status: S) => void>();
  let connection: C | undefined;
  let seen = false;
  let failures = 0;
  let status: S = { ...initialStatus, device: 'starting', faults: [] };

  /** So many failures lie before something was plugged in: they say nothing of what is there now. */
  let failuresBeforePlug = 0;
  let plugged = new AbortController();
  const stopPlugged = device.onPluggedIn?.(() => {
    if (connection !== undefined) return;
    failuresBeforePlug = failures;
    plugged.abort();
  });
  const pause = async (ms: number) => {
    await sleep(clock, ms, AbortSignal.any([stopping.signal, plugged.signal]));
    plugged = new AbortController();
  };

  const publish = (next: S) => {
    status = next;
    for (const listener of listeners) listener(status);
  };
  const publishAbsence = (fault: DeviceFault) => {
    const gone = seen ? 'offline' : 'noDevice';
    const state = failures < FAILURES_BEFORE_OFFLINE ? 'starting' : gone;
    if (status.device === state && status.faults[0]?.code === fault.code) return;
    publish({ ...initialStatus, device: state, faults: [fault] });
  };
  const retryDelayMs = (): number => {
    const failed = Math.max(failures - failuresBeforePlug, 1);
    const delayMs = retryDelaysMs[Math.min(failed, retryDelaysMs.length) - 1] ?? 0;
    return delayMs * (1 + JITTER * random.fraction());
  };

  /** Lives through one connection; returns the fault that ended it, or undefined when we ended it ourselves. */
  const attend = async (live: C): Promise<DeviceFault | undefined> => {
    const sinceMs = clock.monotonicMs();
    connection = live;
    seen = true;
    const stopListening = live.onStatus(publish);
    publish(live.status());
    const close = () => {
      void live.close();
    };
    stopping.signal.addEventListener('abort', close, { once: true });
    if (stopping.signal.aborted) close();
    const end = await live.ended;
    stopping.signal.removeEventListener('abort', close);
    stopListening();
    connection = undefined;
    failures = clock.monotonicMs() - sinceMs >= STABLE_AFTER_MS ? 0 : failures + 1;
    failuresBeforePlug = 0;
    return end.kind === 'lost' ? end.fault : undefined;
  };

  const run = async () => {
    while (!stopping.signal.aborted) {
      const outcome = await driver.connect(stopping.signal);
      if (outcome.ok) {
        onEvent?.({ kind: 'connected', afterAttempts: failures + 1 });
        const fault = await attend(outcome.value);
        if (stopping.signal.aborted) break;
        const retryInMs = retryDelayMs();
        const known = fault ?? CLOSED_BY_US;
        onEvent?.({ kind: 'lost', fault: known, retryInMs });
        publishAbsence(known);
        await pause(retryInMs);
      } else {
        failures += 1;
        if (stopping.signal.aborted) break;
        const retryInMs = retryDelayMs();
        onEvent?.({ kind: 'connect-failed', fault: outcome.error, attempts: failures, retryInMs });
        publishAbsence(outcome.error);
        await pause(retryInMs);
      }
    }
    connection = undefined;
    stopPlugged?.();
    listeners.clear();
  };
  const stopped = run();

  return {
    connection: () => connection,
    status: () => status,
    onStatus(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    stop() {
      stopping.abort();
      return stopped;
    },
  };
}

/** Somebody closed the connection without stopping the supervisor: it is simply made anew. */
const CLOSED_BY_US: DeviceFault = { code: 'link.closed', action: 'suspend' };
