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
    bridge.fullName(epoch).then(
      (name) => {
        if (!over) setFullName(name);
      },
      () => {
        // The bridge is down: the masked name stays, and nothing else is asked of the person.
      },
    );
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
 * The portrait, fetched once and kept as an object URL in this page's memory, which ends with the session's reload.
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
    void this.#kept?.url.then((url) => {
      if (url !== undefined) URL.revokeObjectURL(url);
    });
    this.#kept = undefined;
  }
}

async function fetchAsObjectUrl(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url);
    return response.ok ? URL.createObjectURL(await response.blob()) : undefined;
  } catch {
    return undefined;
  }
}

/** The portrait of the person who is signed in. `undefined`: not here yet; `missing`: there is none. */
export function usePortrait(
  cache: PortraitCache,
  epoch: number,
  ref: string | undefined,
): string | 'missing' | undefined {
  const [portrait, setPortrait] = useState<string | 'missing'>();
  useEffect(() => {
    if (ref === undefined) return undefined;
    let gone = false;
    void cache.portrait(epoch, ref).then((url) => {
      if (!gone) setPortrait(url ?? 'missing');
    });
    return () => {
      gone = true;
    };
  }, [cache, epoch, ref]);
  return ref === undefined ? 'missing' : portrait;
}
