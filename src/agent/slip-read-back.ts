import type { QrScannerConnection } from '../devices/contract.ts';
import type { ReadBack, ReadBackEvent } from '../session/ports.ts';
import type { LiveSession } from './live-session.ts';

/**
 * Holds what somebody puts under the scanner against the code that was printed for them. The session is told whether it is the
 * same, never what was scanned.
 */
export function createReadBack(parts: {
  scanner: () => QrScannerConnection | undefined;
  live: LiveSession;
}): ReadBack {
  return async (signal, onEvent) => {
    const connection = parts.scanner();
    const hold = parts.live.current();
    if (connection === undefined || hold === undefined) {
      onEvent({ kind: 'lost' });
      return;
    }
    const enough = new AbortController();
    const tell = (event: ReadBackEvent) => {
      if (enough.signal.aborted) return;
      if (event.kind === 'matches' || event.kind === 'lost') enough.abort();
      onEvent(event);
    };
    await connection.scan(AbortSignal.any([signal, hold.ended, enough.signal]), (event) => {
      if (event.kind === 'code') tell(verdictOn(hold.matches('token', event.text.trim())));
      else tell({ kind: event.kind === 'lost' ? 'lost' : 'illegible' });
    });
  };
}

/** Without a code in the vault there is nothing to compare with: as if the scanner were gone. */
function verdictOn(same: boolean | undefined): ReadBackEvent {
  if (same === undefined) return { kind: 'lost' };
  return { kind: same ? 'matches' : 'other' };
}
