import { createActor, waitFor } from 'xstate';
import type { Cancel } from '../platform/clock.ts';
import type { Choice, KioskView } from '../view/kiosk-view.ts';
import { defaultSessionLimits } from './limits.ts';
import type { SessionLimits } from './limits.ts';
import type { SessionPorts } from './ports.ts';
import { createSessionMachine } from './session-machine.ts';
import { viewOf } from './session-view.ts';
import type { SessionSnapshot } from './session-view.ts';

/** What a session may be told at its start; everything has a default. */
export interface SessionSettings extends Partial<SessionLimits> {
  /** The first epoch; after a restart one more than any that was used before, so that old choices stay stale. Default 1. */
  readonly firstEpoch?: number;
  /** When a slip is to be held under the scanner. Default: when the printer is not sure of it. */
  readonly readBack?: 'when-needed' | 'always';
}

/** `stale`: the choice's session is over. `not-offered`: it means nothing on this screen. Neither changes anything. */
export type ChoiceOutcome = 'accepted' | 'stale' | 'not-offered';

/** The kiosk as its screen needs it: one view, and choices upon it. */
export interface Session {
  view(): KioskView;
  /** Called with each new view. */
  onView(listener: (view: KioskView) => void): Cancel;
  choose(request: { readonly epoch: number; readonly choice: Choice }): ChoiceOutcome;
  /** A key of the page itself was pressed (再听一遍, 大字大声, languages): waiting begins anew, if the epoch is the living one. */
  pageKeyPressed(epoch: number): void;
  /** Ends whatever goes on; resolves when nothing personal is left (the vault's word). Nothing is accepted afterwards. */
  stop(): Promise<void>;
}

/** The statechart as a running actor on the injected clock. Inspected by tests; everything else uses `createSession`. */
export function createSessionActor(ports: SessionPorts, settings: SessionSettings = {}) {
  const { firstEpoch = 1, readBack = 'when-needed', ...limits } = settings;
  const machine = createSessionMachine(
    ports,
    { ...defaultSessionLimits, ...limits },
    { firstEpoch, readBack },
  );
  return createActor(machine, {
    clock: {
      setTimeout: (task: () => void, delayMs: number) => ports.clock.schedule(delayMs, task),
      clearTimeout: (cancel: Cancel | undefined) => cancel?.(),
    },
  });
}

/** Starts serving: attract screen, one person after the other, until `stop`. */
export function createSession(ports: SessionPorts, settings: SessionSettings = {}): Session {
  const actor = createSessionActor(ports, settings);
  return driveSession(actor, ports);
}

/** A session around an actor that was not started yet. */
export function driveSession(actor: ReturnType<typeof createSessionActor>, ports: SessionPorts): Session {
  const listeners = new Set<(view: KioskView) => void>();
  let stopped = false;
  let lastSent = '';
  let lastRecorded = '';

  /** A view follows from the states and facts of its snapshot, but for the time that is left. */
  let drawn: { readonly of: SessionSnapshot; readonly atMs: number; readonly view: KioskView } | undefined;
  const viewNow = (): KioskView => {
    const snapshot = actor.getSnapshot();
    const nowMs = ports.clock.monotonicMs();
    const timeless = drawn?.atMs === nowMs || drawn?.view.remainingMs === undefined;
    if (drawn === undefined || !timeless || !isSame(drawn.of, snapshot))
      drawn = { of: snapshot, atMs: nowMs, view: viewOf(snapshot, nowMs) };
    return drawn.view;
  };

  const view = (): KioskView => {
    const now = viewNow();
    return stopped ? { ...now, screen: { name: 'attract' }, choices: [] } : now;
  };

  const publish = () => {
    const snapshot = actor.getSnapshot();
    const next = viewNow();
    const inSession = snapshot.matches({ step: 'session' });
    const state = next.screen.name === 'error' ? next.screen.code : next.screen.name;
    const recorded = `${next.epoch} ${state}`;
    if (inSession && recorded !== lastRecorded) ports.records.update(next.epoch, { state });
    lastRecorded = recorded;
    const sent = JSON.stringify({ ...next, remainingMs: snapshot.context.deadlineMs });
    if (sent === lastSent) return;
    lastSent = sent;
    for (const listener of listeners) listener(next);
  };

  actor.subscribe(publish);
  actor.start();
  const forgetReadiness = ports.readiness.onChange((readiness) => {
    actor.send({ type: 'readiness', readiness });
  });

  const forgetDirectory = ports.directory.onChange((directory) => {
    actor.send({ type: 'directory', directory });
  });

  return {
    view,
    onView(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    choose({ epoch, choice }) {
      const now = view();
      if (epoch !== now.epoch) return 'stale';
      if (!now.choices.includes(choice)) return 'not-offered';
      actor.send({ type: `choice.${choice}` });
      actor.send({ type: 'touched' });
      return 'accepted';
    },
    pageKeyPressed(epoch) {
      if (epoch === view().epoch) actor.send({ type: 'page-key' });
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      forgetReadiness();
      forgetDirectory();
      actor.send({ type: 'stop' });
      await waitFor(
        actor,
        (snapshot) => !snapshot.matches({ step: 'session' }) && !snapshot.matches({ step: 'ending' }),
      );
      actor.stop();
    },
  };
}

/** Many an event (a touch, above all) leads back to where it came from. */
function isSame(a: SessionSnapshot, b: SessionSnapshot): boolean {
  return (
    a === b ||
    (a.context === b.context &&
      a._nodes.length === b._nodes.length &&
      a._nodes.every((node, at) => node === b._nodes[at]))
  );
}
