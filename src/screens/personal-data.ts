import { useEffect, useState } from 'react';
import type { Clock } from '../platform/clock.ts';
import type { KioskBridge } from './kiosk-bridge.ts';

/** Longest time the full name stays on the glass, ms. */
const FULL_NAME_SHOWN_MS = 10_000;

/** The full name while the view says that it is to be seen, at most 10 s; fetched for that only, then dropped. */
export function useFullName(
  bridge: KioskBridge,
  clock: Clock,
  epoch: number,
  wanted: boolean,
): string | undefined {
  const [fullName, setFullName] = useState<string>();
  useEffect(() => {
    if (!wanted) return undefined;
    let over = false;
    const fetchName = async () => {
      const name = await bridge.fullName(epoch);
      if (!over) setFullName(name);
    };
    fetchName().catch(() => {
      // The bridge is down: the masked name stays, and nothing else is asked of the person.
    });
    const end = () => {
      over = true;
      setFullName(undefined);
    };
    const cancel = clock.schedule(FULL_NAME_SHOWN_MS, end);
    return () => {
      cancel();
      end();
    };
  }, [bridge, clock, epoch, wanted]);
  return wanted ? fullName : undefined;
}

/**
 * The portrait, fetched once and kept as an object URL in this page's memory while the person is to be seen.
 * A screen that comes back (after a help overlay) finds it here.
 */
export class PortraitCache {
  readonly #bridge: KioskBridge;
  #kept: { readonly ref: string; readonly url: Promise<string | undefined> } | undefined;

  constructor(bridge: KioskBridge) {
    this.#bridge = bridge;
  }

  /** The picture's object URL; undefined when it cannot be had. Never rejects. */
  portrait(epoch: number, ref: string): Promise<string | undefined> {
    if (this.#kept?.ref !== ref) {
      this.forget();
      this.#kept = { ref, url: fetchAsObjectUrl(this.#bridge.photoUrl(epoch, ref)) };
    }
    return this.#kept.url;
  }

  /** Frees the picture. */
  forget(): void {
    if (this.#kept !== undefined) void revoke(this.#kept.url);
    this.#kept = undefined;
  }
}

async function revoke(portrait: Promise<string | undefined>): Promise<void> {
  const url = await portrait;
  if (url !== undefined) URL.revokeObjectURL(url);
}

async function fetchAsObjectUrl(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url);
    return response.ok ? URL.createObjectURL(await response.blob()) : undefined;
  } catch {
    return undefined;
  }
}

/** The portrait of the person who is signed in, as far as it can be had. */
export type Portrait =
  | { readonly kind: 'coming' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'here'; readonly url: string };

/** The portrait behind a reference. */
export function usePortrait(cache: PortraitCache, epoch: number, ref: string | undefined): Portrait {
  const [portrait, setPortrait] = useState<Portrait>({ kind: 'coming' });
  useEffect(() => {
    if (ref === undefined) return undefined;
    let gone = false;
    const fetchPortrait = async () => {
      const url = await cache.portrait(epoch, ref);
      if (!gone) setPortrait(url === undefined ? { kind: 'missing' } : { kind: 'here', url });
    };
    void fetchPortrait();
    return () => {
      gone = true;
    };
  }, [cache, epoch, ref]);
  return ref === undefined ? { kind: 'missing' } : portrait;
}
