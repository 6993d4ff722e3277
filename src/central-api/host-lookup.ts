import { lookup as systemLookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { Clock } from '../platform/clock.ts';

type Asked = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** After so long the addresses of before are tried, ms; a probe waits 3 s. */
const PATIENCE_MS = 1_000;

interface Known {
  addresses: readonly LookupAddress[] | undefined;
  /** Those who wait for the question that is under way; undefined: none is. */
  waiting: Set<Waiting> | undefined;
}

type Waiting = (error: NodeJS.ErrnoException | null) => void;

/**
 * The system's name lookup for a network that goes away. The system may think for twenty seconds about one name, and each thought
 * holds one of the four threads that files and serial lines are read by: so there is one question at a time for a name. Where no
 * answer comes in time, the addresses of before are good enough, for whoever answers there has to prove its name.
 */
export function createHostLookup(clock: Pick<Clock, 'schedule'>, ask: Asked = systemLookup): LookupFunction {
  const hosts = new Map<string, Known>();

  const question = (hostname: string, known: Known): Set<Waiting> => {
    const waiting = new Set<Waiting>();
    known.waiting = waiting;
    ask(hostname, { all: true }, (error, addresses) => {
      known.waiting = undefined;
      const answered = error === null && addresses.length > 0;
      if (answered) known.addresses = addresses;
      for (const one of waiting) one(answered ? null : (error ?? notFound(hostname)));
    });
    return waiting;
  };

  return (hostname, { all, family }, callback) => {
    const known = hosts.get(hostname) ?? { addresses: undefined, waiting: undefined };
    hosts.set(hostname, known);
    const answer: Waiting = (error) => {
      waiting.delete(answer);
      cancel();
      const fitting = (known.addresses ?? []).filter((one) => family === undefined || fits(one, family));
      const [first] = fitting;
      if (first === undefined) callback(error ?? notFound(hostname), '', 0);
      else if (all === true) callback(null, [...fitting]);
      else callback(null, first.address, first.family);
    };
    const cancel = clock.schedule(PATIENCE_MS, () => {
      if (known.addresses !== undefined) answer(null);
    });
    const waiting = known.waiting ?? question(hostname, known);
    waiting.add(answer);
  };
}

function fits(address: LookupAddress, family: number | string): boolean {
  return family === 0 || address.family === Number(String(family).replace('IPv', ''));
}

function notFound(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`no address of ${hostname}`), { code: 'ENOTFOUND' });
}
