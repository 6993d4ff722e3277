import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

import { Agent, request } from 'undici';

import { localServerIdentity } from '../sandbox/certificates/local-authority.ts';
import { systemClock } from '../src/platform/clock.ts';
import { systemRandom } from '../src/platform/random.ts';

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
  const upstream = new Agent({ connect: { ca: readFileSync(centre.caFile, 'utf8') } });
  const proxy: Server = createServer(
    { cert: identity.certificatePem, key: identity.privateKeyPem },
    (incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        void (async () => {
          const { method = '', url: target = '' } = incoming;
          const { host: _, connection: __, ...headers } = incoming.headers;
          const real = forwards(method, target)
            ? await request(`${centre.url}${target}`, {
                dispatcher: upstream,
                method: method as 'GET',
                headers: headers as Record<string, string>,
                body: chunks.length > 0 ? Buffer.concat(chunks) : null,
              })
            : undefined;
          const body = real ? Buffer.from(await real.body.bytes()) : Buffer.from('{}');
          const status = real?.statusCode ?? 0;
          const told = lie({ method, path: target, status, json: parse(body) });
          if (told === undefined) {
            outgoing.writeHead(status, { 'content-type': String(real?.headers['content-type']) }).end(body);
            return;
          }
          outgoing
            .writeHead(told.status, { 'content-type': 'application/json' })
            .end(JSON.stringify(told.json));
        })();
      });
    },
  );
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve);
  });
  try {
    return await use(`https://127.0.0.1:${(proxy.address() as AddressInfo).port}`, identity.caFile);
  } finally {
    proxy.closeAllConnections();
    proxy.close();
    await upstream.destroy();
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
