import type { DeviceConnection } from '../../src/devices/contract.ts';
import type { DeviceStatus } from '../../src/devices/status.ts';
import type { DeviceSupervisor } from '../../src/devices/supervisor.ts';

/** The three drivers. */
export type DriverName = 'id-card-reader' | 'qr-scanner' | 'receipt-printer';

/** A family or make of device beside the plainest one of its kind, by its name in the configuration. */
export type UnitName = 'gm6x' | 'ssi' | 'custom-vkp80' | 'star-tup900';

/** What a bench may be told beside what it is of. */
export interface BenchOptions {
  /** Undefined: the plainest one of its kind. */
  readonly unit?: UnitName | undefined;
  /** Of the supervisor, ms. */
  readonly retryDelaysMs?: readonly number[];
}

/** What a driver is reached by. `cdc`: a serial port on USB. `usb-split`: heads and bodies on pipes of their own. */
export type CableName = 'pty' | 'tcp' | 'cdc' | 'usb' | 'usb-split' | 'usblp' | 'hid';

/** A simulated device as a program of its own. */
export interface SimulatedDevice {
  /** Sends a control command that must be taken; rejects with what the simulator says otherwise. */
  tell(command: string, details?: object): Promise<void>;
  state(): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

/** What one piece of work came to. */
export type WorkOutcome =
  /** The driver said so; `times` is how often. */
  | { readonly kind: 'done'; readonly times: number }
  /** The device or its answer was missing; what was there is not claimed. */
  | { readonly kind: 'lost' }
  /** The driver said nothing at all until the bench gave up waiting. */
  | { readonly kind: 'overdue' }
  | { readonly kind: 'cancelled' };

/** A place in what goes over the cable during one piece of work: after so many bytes to the device, or from it. */
export type Place = { readonly in: number } | { readonly out: number };

/** What one piece of work looks like on the cable. */
export interface Conversation {
  /** Sizes of what the driver sent, piece by piece. */
  readonly in: readonly number[];
  /** Sizes of what the device answered. */
  readonly out: readonly number[];
}

/** How a case spoils what the device says. */
export type Spoiling = 'garbage' | 'split' | 'merged' | 'stale' | 'slow' | 'silent';

/**
 * One driver over one cable, supervised as in the agent, with the device at the other end. Every row of the conformance table
 * has one; the cases know nothing else.
 */
export interface DeviceBench {
  readonly supervisor: DeviceSupervisor<DeviceStatus, DeviceConnection>;
  /** Ms in which everything is done on a quiet machine; tests allow more. */
  readonly limits: {
    /** One piece of work. */
    readonly workMs: number;
    /** The longest a piece of work takes when the device does not answer at all. */
    readonly silentMs: number;
    /** Until a device that went silent, its cable in place, is no longer called online. */
    readonly noticedMs: number;
  };
  /**
   * A card read, a code scanned, a slip printed: something whose result can be counted at the device and at the driver.
   * `meanwhile` runs when it is in the middle of it.
   */
  work(options?: {
    readonly signal?: AbortSignal;
    readonly meanwhile?: () => Promise<void>;
  }): Promise<WorkOutcome>;
  /** Rejects when the device did something that no driver may ever make it do, e.g. print what belongs to an earlier job. */
  inOrder(): Promise<void>;
  unplug(): Promise<void>;
  /** The cable is pulled out when so much of the next piece of work has gone over it. */
  unplugAt(place: Place): Promise<void>;
  /** What went over the cable since the last call. */
  conversation(): Conversation;
  /** In another port, where the cable has such a thing. */
  replug(): Promise<void>;
  spoil(how: Spoiling): Promise<void>;
  /** All is well again. */
  calm(): Promise<void>;
  stop(): Promise<void>;
}
