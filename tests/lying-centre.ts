import path from 'node:path';

import { localServerIdentity } from '../sandbox/certificates/local-authority.ts';
import { systemClock } from '../src/platform/clock.ts';
import { systemRandom } from '../src/platform/random.ts';
import { TlsProxy } from './fixtures/tls-proxy.ts';

/** One exchange as the proxy sees it. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly json: Record<string, unknown>;
}
/** What the proxy answers instead; `undefined`: what the centre said. */
export type Lie = (real: Exchange) => { status: number; json: unknown } | undefined;

/** Stands between suite and centre and tells lies, as a centre with that mistake would. */
export async function withLyingCentre<T>(
  centre: { readonly url: string; readonly caFile: string },
  lie: Lie,
  use: (url: string, caFile: string) => Promise<T>,
  forwards: (method: string, path: string) => boolean = () => true,
): Promise<T> {
  const identity = await localServerIdentity(
    path.join(path.dirname(centre.caFile), 'lying'),
    systemClock,
    systemRandom,
  );
  const proxy = await TlsProxy.open(centre, identity);
  proxy.handle = async ({ method, path: target, send }) => {
    const real = forwards(method, target)
      ? await send()
      : { status: 0, headers: {}, body: Buffer.from('{}') };
    const told = lie({ method, path: target, status: real.status, json: parse(real.body) });
    if (told === undefined) return real;
    const body = Buffer.from(JSON.stringify(told.json));
    return { status: told.status, headers: { 'content-type': 'application/json' }, body };
  };
  try {
    return await use(`https://127.0.0.1:${proxy.port}`, identity.caFile);
  } finally {
    await proxy.close();
  }
}

function parse(body: Buffer): Record<string, unknown> {
  try {
    return JSON.parse(body.toString()) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** True for a refusal of this name. */
export function isProblem({ json }: Exchange, name: string): boolean {
  return json['type'] === `urn:suishen-offline-code:problem:${name}`;
}
