import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Clock } from '../../src/platform/clock.ts';
import type { RandomSource } from '../../src/platform/random.ts';
import { localServerIdentity } from '../certificates/local-authority.ts';
import { CentreClock } from './centre-clock.ts';
import { controlServer } from './control-server.ts';
import { openCentreDatabase } from './database.ts';
import { Disturbances } from './disturbances.ts';
import { httpsServer } from './https-server.ts';
import { drawPortrait, seedCitizens } from './seeding.ts';
import type { SigningKey } from './signing-keys.ts';

/** How a sandbox centre is to run. */
export interface CentralServiceOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Loopback port of the sandbox's control, 0: any free one; absent: no control. */
  readonly controlPort?: number;
  /** Database and certificates live here. */
  readonly dataDirectory: string;
  readonly keys: ReadonlyMap<string, SigningKey>;
  /** PEM of the authority that clients must have a certificate of (mutual TLS); absent: none is asked for. */
  readonly clientCaPem?: string;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly onInternalError: (what: string) => void;
}

/** A running sandbox centre. */
export interface CentralService {
  readonly url: string;
  readonly caFile: string;
  readonly control: string | undefined;
  /** Lets held calls go, closes the sockets and the database. */
  close(): Promise<void>;
}

/**
 * Starts the sandbox's central service.
 *
 * @throws Error when the port is taken or the data directory cannot be written.
 */
export async function startCentralService(options: CentralServiceOptions): Promise<CentralService> {
  const { dataDirectory, random } = options;
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const identity = await localServerIdentity(path.join(dataDirectory, 'tls'), options.clock, random);
  const db = openCentreDatabase(path.join(dataDirectory, 'centre.sqlite'));
  const clock = new CentreClock(options.clock);
  const centre = { db, random, drawPortrait: (citizenId: string) => drawPortrait(citizenId, clock.nowMs()) };
  seedCitizens(centre, clock.nowMs());

  const disturbances = new Disturbances(options.clock);
  const { keys, onInternalError, clientCaPem } = options;
  const tls = { ...identity, ...(clientCaPem !== undefined && { clientCaPem }) };
  const server = httpsServer({ centre, clock, keys, disturbances, tls, onInternalError });
  await server.listen({ host: options.host, port: options.port });
  const cutConnections = () => server.server.closeAllConnections();
  const control = controlServer({ centre, clock, disturbances, cutConnections });
  if (options.controlPort !== undefined) {
    await control.listen({ host: '127.0.0.1', port: options.controlPort });
  }
  const portOf = (address: AddressInfo | string | null) =>
    typeof address === 'object' ? address?.port : undefined;
  return {
    url: `https://${options.host}:${portOf(server.server.address())}`,
    caFile: identity.caFile,
    control:
      options.controlPort === undefined ? undefined : `http://127.0.0.1:${portOf(control.server.address())}`,
    async close() {
      disturbances.releaseAll();
      await Promise.all([server.close(), control.close()]);
      db.close();
    },
  };
}
