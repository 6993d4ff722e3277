import type { ConnectionEnd } from '../../src/devices/contract.ts';
import type { Cancel, Clock } from '../../src/platform/clock.ts';
import { ok } from '../../src/platform/result.ts';
import type { ByteLink, ByteTransport } from '../transport/byte-link.ts';
import type { ReportLink, ReportTransport } from '../transport/report-link.ts';
import { plainBytes } from './masked-bytes.ts';
import type { MaskedBytes } from './masked-bytes.ts';
import type { TraceBlanker } from './trace-blanker.ts';
import type { TraceEvent } from './trace-lines.ts';

/**
 * The place on a device's lines where a technician may listen. What listeners hear is blanked already. While nobody listens nothing
 * is copied, blanked or kept.
 */
export interface TracePoint {
  /** Tells each event from now on; times count from this call. */
  listen(listener: (event: TraceEvent) => void): Cancel;
  /** The same transport, seen from here. A device that is looked for on several lines has one point for all. */
  bytes(transport: ByteTransport): ByteTransport;
  reports(transport: ReportTransport): ReportTransport;
}

/** One who listens, with the state of what was heard. */
interface Listening {
  blanker: TraceBlanker;
  readonly tell: (event: UntimedEvent) => void;
}

type UntimedEvent = TraceEvent extends infer E ? (E extends TraceEvent ? Omit<E, 'atMs'> : never) : never;

/**
 * Makes the trace point of one device. `createBlanker` is called for each who listens and for each line that opens; `midway`: the
 * line has been open before, and something may be under way.
 */
export function createTracePoint(clock: Clock, createBlanker: (midway: boolean) => TraceBlanker): TracePoint {
  const all = new Set<Listening>();
  let open = 0;

  const flush = ({ blanker, tell }: Listening, because: 'command' | 'end') => {
    const rest = blanker.flush(because);
    if (rest.length > 0) tell({ kind: 'in', data: plainBytes(rest) });
  };
  const opened = () => {
    open += 1;
    for (const one of all) {
      flush(one, 'end');
      one.blanker = createBlanker(false);
      one.tell({ kind: 'open' });
    }
  };
  const ended = (end: ConnectionEnd) => {
    open -= 1;
    for (const one of all) {
      flush(one, 'end');
      one.tell({ kind: 'end', why: end.kind === 'lost' ? end.fault.code : 'closed' });
    }
  };
  const wrote = (bytes: Uint8Array) => {
    for (const one of all) {
      flush(one, 'command');
      const data: MaskedBytes = one.blanker.out(bytes, clock.monotonicMs());
      if (data.bytes.length > 0) one.tell({ kind: 'out', data });
    }
  };
  const heard = (bytes: Uint8Array) => {
    for (const { blanker, tell } of all) {
      const blanked = blanker.in(bytes, clock.monotonicMs());
      if (blanked.length > 0) tell({ kind: 'in', data: plainBytes(blanked) });
    }
  };
  /** What every kind of link has, seen from here. */
  const watched = <L extends ByteLink | ReportLink>(link: L): L => {
    opened();
    void link.ended.then(ended);
    return {
      ...link,
      write: (bytes: Uint8Array, signal?: AbortSignal) => {
        if (all.size > 0) wrote(bytes);
        return link.write(bytes, signal);
      },
    };
  };
  /** Before the driver: it overwrites what it has read. */
  const before =
    (listener: (bytes: Uint8Array) => void) =>
    (bytes: Uint8Array): void => {
      if (all.size > 0) heard(bytes);
      listener(bytes);
    };

  return {
    listen(listener) {
      const beganMs = clock.monotonicMs();
      const one: Listening = {
        blanker: createBlanker(open > 0),
        tell: (event) => {
          listener({ atMs: Math.round(clock.monotonicMs() - beganMs), ...event });
        },
      };
      all.add(one);
      return () => {
        if (all.delete(one)) flush(one, 'end');
      };
    },
    bytes: (transport) => ({
      description: transport.description,
      async open(signal) {
        const link = await transport.open(signal);
        if (!link.ok) return link;
        return ok({ ...watched(link.value), onData: (listener) => link.value.onData(before(listener)) });
      },
    }),
    reports: (transport) => ({
      description: transport.description,
      async open(signal) {
        const link = await transport.open(signal);
        if (!link.ok) return link;
        return ok({ ...watched(link.value), onReport: (listener) => link.value.onReport(before(listener)) });
      },
    }),
  };
}
